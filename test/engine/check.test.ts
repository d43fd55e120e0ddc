/** Docker's own checks, asked for many files at a time, say what they say of one. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportMissing, sharedPath } from '../harness/paths';
import { checkDockerfiles } from './harness/check';
import { requireEngine } from './prove';

/** Every so many real files is asked about; all of them in a full run. */
const everyNth = process.env.LAYERWISE_FULL ? 1 : 8;

describe('docker build --check', () => {
  it('names rules and lines, and goes on after a file that does not parse', async function () {
    const engine = await requireEngine(this);
    if (engine.description.includes('trixie')) this.skip();
    const checks = await checkDockerfiles(engine, [
      'FROM localhost/base as A\nMAINTAINER me\nCMD a b\n',
      'FROM localhost/base\nNONSENSE\n',
      '# syntax=docker/dockerfile:1\nFROM not/there:1\nMAINTAINER $' + '{me}\n',
      'FROM localhost/base\nRUN true\n',
    ]);
    assert.deepEqual(
      checks.map(({ warnings }) => warnings),
      [
        [
          ['FromAsCasing', 1],
          ['StageNameCasing', 1],
          ['MaintainerDeprecated', 2],
          ['JSONArgsRecommended', 3],
        ],
        [],
        [['MaintainerDeprecated', 3]],
        [],
      ],
    );
    assert.deepEqual(
      checks.map(({ error }) => error?.slice(0, 47)),
      [undefined, 'dockerfile parse error on line 2: unknown instr', undefined, undefined],
    );
  });

  it('agrees with what it said of real files one by one', async function () {
    this.timeout(300_000);
    const [facts, folder] = [sharedPath('facts/check-truth.jsonl'), sharedPath('corpus/dockerfiles')];
    if (!facts || !folder) {
      reportMissing('corpus', 'Docker is not asked about real files');
      this.skip();
    }
    const engine = await requireEngine(this);
    if (engine.description.includes('trixie')) this.skip();
    const lines = readFileSync(facts, 'utf8').trim().split('\n');
    const truth = lines.filter((_, index) => index % everyNth === 0).map((line) => JSON.parse(line) as Truth);
    const checks = await checkDockerfiles(
      engine,
      truth.map(({ file }) => readFileSync(join(folder, file), 'utf8')),
    );
    for (const [index, { file, warnings, error }] of truth.entries()) {
      assert.deepEqual(checks[index]?.warnings, warnings ?? [], file);
      assert.equal(checks[index]?.error !== undefined, error !== null, file);
    }
  });
});

interface Truth {
  readonly file: string;
  readonly warnings: [string, number][] | null;
  readonly error: string | null;
}
