/** What the fix of secret-copied writes into the ignore file: lines that hold against what is there. */
import assert from 'node:assert/strict';
import { analyze } from '../../server/src/analysis/analyze';
import { fixOf } from '../../server/src/analysis/fixes';
import { isIgnored, parseIgnore } from '../../server/src/context/dockerignore';
import { contextFromFiles } from '../../server/src/context/memory';
import { defaultConfig } from '../../server/src/rules/config';
import { type FileCreation, isRefusal } from '../../server/src/rules/rule';

describe('lines for the ignore file', () => {
  it('are added behind what is there, also behind a last line without its end', () => {
    const change = changeFor({ '.env': 'A=1', '.dockerignore': 'node_modules' });
    assert.deepEqual(change, { path: '.dockerignore', follows: 'node_modules', content: '\n.env\n' });
  });

  it('keep the ends of line', () => {
    const change = changeFor({ '.env': 'A=1', '.dockerignore': 'node_modules\r\n' });
    assert.equal(change?.content, '.env\r\n');
  });

  it('hold against exceptions', () => {
    const change = changeFor({ 'a/.env': 'A=1', '.dockerignore': '*\n!a\n' });
    assert.ok(change);
    assert.ok(isIgnored(parseIgnore(`${change.follows}${change.content}`), 'a/.env'));
    assert.ok(!isIgnored(parseIgnore(`${change.follows}${change.content}`), 'a/main.js'));
  });

  it('match nothing but the file, whatever characters are in its name', () => {
    const change = changeFor({ '[a]/#1/id_rsa': 'x', '#/.env': 'A=1', '.dockerignore': '' });
    assert.ok(change);
    const rules = parseIgnore(change.content);
    assert.ok(isIgnored(rules, '[a]/#1/id_rsa') && isIgnored(rules, '#/.env'));
    assert.ok(!isIgnored(rules, 'a/#1/id_rsa'));
  });

  it('come with the lines of a new file where there is none', () => {
    const change = changeFor({ 'package.json': '{}', 'deploy/id_rsa': 'x', '.env': 'A=1' });
    assert.equal(change?.follows, undefined);
    const rules = parseIgnore(change?.content ?? '');
    assert.ok(['.git', '.env', 'deploy/id_rsa'].every((path) => isIgnored(rules, path)));
  });

  it('are refused where the file is named by another COPY', () => {
    const files = { '.env': 'A=1', '.dockerignore': '' };
    assert.equal(changeFor(files, 'FROM scratch\nCOPY . /a\nCOPY .env /b\n'), null);
  });
});

/** The change that the fix of the first finding makes; null where it is refused. */
function changeFor(files: Readonly<Record<string, string>>, text = 'FROM scratch\nCOPY . /a\n'): FileCreation | null {
  const config = { ...defaultConfig, select: ['secret-copied'] };
  const analysis = analyze(text, { config, context: contextFromFiles(files) });
  const [finding] = analysis.findings;
  assert.ok(finding, 'nothing is found');
  const fix = fixOf(analysis, finding);
  return fix && !isRefusal(fix) ? (fix.creates?.[0] ?? null) : null;
}
