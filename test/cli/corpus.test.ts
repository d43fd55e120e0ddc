/** The command on real files: all are read, none makes it stumble, and it is fast. */
import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { reportMissing, sharedPath } from '../harness/paths';
import { layerwise } from './command';

/** Far above the budget of 3 ms, which the benchmark holds it to: here other suites may keep the machine busy. */
const patience = 40;

describe('command on the corpus', () => {
  it('checks every file in one process', function () {
    this.timeout(60_000);
    const folder = sharedPath('corpus/dockerfiles');
    if (!folder) {
      reportMissing('corpus/dockerfiles', 'the command is not tried on real files');
      this.skip();
    }
    const paths = readdirSync(folder).map((name) => join(folder, name));
    const started = Date.now();
    const { status, stdout, stderr } = layerwise(['check', '--format', 'json', ...paths]);
    const perFile = (Date.now() - started) / paths.length;
    assert.equal(stderr, '');
    assert.equal(status, 1);
    const rows = JSON.parse(stdout) as {
      file: string;
      findings: { line: number; endLine: number; message: string }[];
    }[];
    assert.deepEqual(
      rows.map((row) => row.file),
      paths,
    );
    for (const { findings } of rows)
      for (const { line, endLine, message } of findings) assert.ok(line >= 1 && endLine >= line && message !== '');
    assert.ok(perFile < patience, `${perFile.toFixed(1)} ms a file`);
  });
});
