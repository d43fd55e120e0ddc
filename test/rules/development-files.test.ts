/** Files whose names say that their image is to develop in. */
import assert from 'node:assert/strict';
import { analyze } from '../../server/src/analysis/analyze';
import { contextFromFiles } from '../../server/src/context/memory';
import { defaultConfig } from '../../server/src/rules/config';

const config = { ...defaultConfig, select: ['dev-dependencies-installed'] };
const text =
  'FROM php:8.4-cli\nWORKDIR /srv\nCOPY composer.json composer.lock ./\nRUN composer install\nCMD ["php", "a.php"]\n';
const files = { 'composer.json': '{"require-dev": {"a/b": "1"}}', 'composer.lock': '{}', 'a.php': '' };
const findingsAt = (path: string): number =>
  analyze(text, { config, context: contextFromFiles({ ...files, [path]: text }, path) }).findings.length;

describe('dependencies for development', () => {
  it('are wanted in an image to develop in', () => {
    for (const path of ['Dockerfile.dev', 'dev.Dockerfile', 'docker/development/Dockerfile', 'Dockerfile-test'])
      assert.equal(findingsAt(path), 0, path);
  });

  it('are told in others', () => {
    for (const path of ['Dockerfile', 'Dockerfile.prod', 'devices/Dockerfile']) assert.equal(findingsAt(path), 1, path);
  });
});
