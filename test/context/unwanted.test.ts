/** What a proposed `.dockerignore` leaves out of the context, and what it must not. */
import assert from 'node:assert/strict';
import { analyze } from '../../server/src/analysis/analyze';
import { fixAll } from '../../server/src/analysis/fixes';
import { isIgnored, parseIgnore } from '../../server/src/context/dockerignore';
import { contextFromFiles } from '../../server/src/context/memory';
import { defaultConfig } from '../../server/src/rules/config';

const config = { ...defaultConfig, select: ['missing-dockerignore'] };

/** The proposal for a project; fails where there is none, or where it is not the end of the finding. */
function proposalFor(text: string, files: Readonly<Record<string, string>>): (path: string) => boolean {
  const { creates } = fixAll(text, { config, context: contextFromFiles(files), suggestions: true });
  const [file] = creates;
  assert.ok(file, 'nothing is proposed');
  assert.equal(file.path, '.dockerignore');
  assert.ok(file.content.endsWith('\n') && !file.content.endsWith('\n\n'));
  const after = contextFromFiles({ ...files, [file.path]: file.content });
  assert.deepEqual(analyze(text, { config, context: after }).findings, []);
  const rules = parseIgnore(file.content);
  assert.deepEqual(rules.problems, []);
  return (path) => isIgnored(rules, path);
}

describe('proposed .dockerignore', () => {
  it('leaves out what is installed or built in the image', () => {
    const ignored = proposalFor('FROM node:22\nCOPY . .\nRUN npm ci\n', { 'package.json': '{}', 'src/a.js': '' });
    for (const path of ['.git', 'node_modules', 'packages/a/node_modules', '.env', 'Dockerfile'])
      assert.ok(ignored(path), path);
    for (const path of ['package.json', 'src/a.js', '.env.production', 'dist/a.js']) assert.ok(!ignored(path), path);
  });

  it('keeps modules that nothing in the file installs', () => {
    const files = { 'package.json': '{}', 'node_modules/': '' };
    assert.ok(!proposalFor('FROM node:22\nCOPY . .\nCMD ["node", "a.js"]\n', files)('node_modules'));
  });

  it('keeps what an instruction or a mount names', () => {
    const text = [
      'FROM rust:1 AS build',
      'COPY . .',
      'RUN --mount=type=bind,source=.env,target=/e cargo build',
      'FROM scratch',
      'COPY target/release/tool /tool',
      'COPY Dockerfile.txt /',
      '',
    ].join('\n');
    const ignored = proposalFor(text, { 'Cargo.toml': '' });
    for (const path of ['target', 'target/release/tool', '.env', 'Dockerfile.txt']) assert.ok(!ignored(path), path);
    assert.ok(ignored('.git'));
  });

  it('keeps the history where versions are made from it', () => {
    const scm = { 'pyproject.toml': '[build-system]\nrequires = ["setuptools_scm"]\n' };
    assert.ok(!proposalFor('FROM python:3\nCOPY . .\nRUN pip install .\n', scm)('.git'));
    const tags = 'FROM golang:1\nCOPY . .\nRUN go build -ldflags "-X main.v=$(git describe)"\n';
    assert.ok(!proposalFor(tags, { 'go.mod': '' })('.git'));
    const make = 'FROM golang:1\nCOPY . .\nRUN make\n';
    assert.ok(!proposalFor(make, { Makefile: 'V := $(shell git describe --tags)\n' })('.git'));
    assert.ok(proposalFor(make, { Makefile: 'all:\n\tgo build\n' })('.git'));
    const cargo = 'FROM rust:1\nCOPY . .\nRUN cargo build --release\n';
    const script = 'fn main() { Command::new("git").args(["describe"]).output(); }\n';
    assert.ok(!proposalFor(cargo, { 'Cargo.toml': '', 'build.rs': script })('.git'));
    assert.ok(!proposalFor(cargo, { 'Cargo.toml': '[build-dependencies]\nvergen = "9"\n' })('.git'));
  });
});
