/** `--shellcheck` with the real program: what the formats say of its findings, and what `fix` does with them. */
import { strict as assert } from 'node:assert';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as sarif from 'sarif';
import { ensureShellcheck } from '../harness/shellcheck';
import { type Folder, layerwise, makeFolder } from './command';

const text = 'FROM debian:12\nARG A B\nRUN set -e; \\\n    # a comment\n    rm $A `cat $B` \\\n    $C\n';
const only = ['--shellcheck', '--select', 'SC2086,SC2046,SC2006'] as const;

describe('command: --shellcheck', function () {
  this.timeout(60_000);
  let folder: Folder;

  before(function () {
    this.timeout(300_000);
    if (!ensureShellcheck()) this.skip();
    folder = makeFolder({ Dockerfile: text, 'good.Dockerfile': 'FROM debian:12\nRUN true\n' });
  });
  after(() => folder?.remove());

  const run = (...args: string[]) => layerwise(args, { cwd: folder.path });

  it('reports findings as rules of their own', () => {
    const { status, stdout, stderr } = run('check', '--format', 'json', ...only, '.');
    assert.equal(stderr, '');
    assert.equal(status, 1);
    const [first, second] = JSON.parse(stdout) as { file: string; findings: Record<string, unknown>[] }[];
    assert.equal(second?.findings.length, 0);
    assert.deepEqual(
      first?.findings.map(({ rule, category, severity, line, column }) => [rule, category, severity, line, column]),
      [
        ['SC2086', 'shell', 'info', 5, 8],
        ['SC2046', 'shell', 'warning', 5, 11],
        ['SC2006', 'shell', 'hint', 5, 11],
        ['SC2086', 'shell', 'info', 5, 16],
        ['SC2086', 'shell', 'info', 6, 5],
      ],
    );
    assert.deepEqual(first?.findings[0], {
      rule: 'SC2086',
      category: 'shell',
      severity: 'info',
      aliases: [],
      message: 'Double quote to prevent globbing and word splitting.',
      line: 5,
      column: 8,
      endLine: 5,
      endColumn: 10,
      fix: { title: 'Take ShellCheck’s repair', safety: 'suggestion' },
    });
  });

  it('reports nothing of it without the option', () => {
    const { status, stdout } = run('check', '--format', 'json', '--select', 'SC2086', 'Dockerfile');
    assert.equal(status, 0);
    assert.deepEqual((JSON.parse(stdout) as { findings: unknown[] }[])[0]?.findings, []);
  });

  it('names code, place and repair in the text, in annotations and in SARIF', () => {
    assert.match(run('check', ...only, 'Dockerfile').stdout, /Dockerfile:5:8: info: Double quote .* \[SC2086\]\n/);
    assert.match(
      run('check', '--format', 'github', ...only, 'Dockerfile').stdout,
      /^::notice file=Dockerfile,line=5,endLine=5,col=8,endColumn=10,title=SC2086::Double quote/m,
    );
    const log = JSON.parse(run('check', '--format', 'sarif', ...only, 'Dockerfile').stdout) as sarif.Log;
    const [result] = log.runs[0]?.results ?? [];
    assert.equal(result?.ruleId, 'SC2086');
    assert.equal(result.fixes?.[0]?.artifactChanges[0]?.replacements.length, 2);
    const rule = log.runs[0]?.tool.driver.rules?.find(({ id }) => id === 'SC2086');
    assert.equal(rule?.helpUri, 'https://www.shellcheck.net/wiki/SC2086');
  });

  it('takes severities and names from a configuration file', () => {
    const config = folder.write('own.yaml', 'severity:\n  SC2086: error\n  SC2046: off\nignore: [SC2006]\n');
    const { stdout, stderr } = run('check', '--format', 'json', '--shellcheck', '--config', config, 'Dockerfile');
    assert.equal(stderr, '');
    const rows = (JSON.parse(stdout) as { findings: { rule: string; severity: string }[] }[])[0]?.findings ?? [];
    const shell = rows.filter(({ rule }) => rule.startsWith('SC'));
    assert.deepEqual(new Set(shell.map(({ rule, severity }) => `${rule} ${severity}`)), new Set(['SC2086 error']));
  });

  it('fixes with suggestions until it finds nothing more to fix, and only then', () => {
    assert.ok(!run('fix', '--stdout', ...only, 'Dockerfile').stdout.includes('"$A"'));
    const { stdout } = run('fix', '--suggestions', '--stdout', ...only, 'Dockerfile');
    assert.equal(
      stdout,
      'FROM debian:12\nARG A B\nRUN set -e; \\\n    # a comment\n    rm "$A" $(cat "$B") \\\n    "$C"\n',
    );
    folder.write('copy/Dockerfile', text);
    const { status } = run('fix', '--suggestions', ...only, 'copy/Dockerfile');
    assert.equal(readFileSync(join(folder.path, 'copy/Dockerfile'), 'utf8'), stdout);
    // SC2046 has no repair and is a warning.
    assert.equal(status, 1);
  });

  it('explains a code', () => {
    const { status, stdout } = layerwise(['explain', 'sc2086']);
    assert.equal(status, 0);
    assert.match(stdout, /^# SC2086\n/);
    assert.match(stdout, /https:\/\/www\.shellcheck\.net\/wiki\/SC2086/);
    assert.equal(layerwise(['explain', 'SC99']).status, 2);
  });

  it('goes on without it where it fails, and says so once', function () {
    if (process.platform === 'win32') return this.skip();
    const broken = folder.write('bin/shellcheck', '#!/bin/sh\necho "out of order" >&2\nexit 4\n');
    chmodSync(broken, 0o755);
    const env = { PATH: `${join(folder.path, 'bin')}:${process.env.PATH}` };
    const options = { cwd: folder.path, env };
    const { status, stdout, stderr } = layerwise(
      ['check', '--shellcheck', '--format', 'json', 'Dockerfile', 'good.Dockerfile'],
      options,
    );
    assert.equal(status, 2);
    assert.equal(stderr, 'shellcheck: out of order\n');
    assert.equal((JSON.parse(stdout) as unknown[]).length, 2);
  });
});
