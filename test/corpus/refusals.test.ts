/** Where Docker refuses a file we report an error, on the same line; where it accepts one, no error about syntax. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportMissing, sharedPath } from '../harness/paths';
import { compareRefusals, formatDifference, type RefusalCase } from '../harness/refusals';
import { acceptedByDocker, refusedByDocker, unknownToDocker } from './docker-verdicts';

/** The share of files and cases on which we have to agree. */
const agreement = 0.99;

describe('what Docker refuses', function () {
  this.timeout(120_000);

  it('of real files', function () {
    const [facts, folder] = [sharedPath('facts/check-truth.jsonl'), sharedPath('corpus/dockerfiles')];
    if (!facts || !folder) {
      reportMissing('facts/check-truth.jsonl', 'refusals of real files are not compared');
      return this.skip();
    }
    const cases = readLines<{ file: string; error: string | null }>(facts).map(({ file, error }): RefusalCase => {
      const line = /on line (\d+)/.exec(error ?? '')?.[1];
      return {
        name: file,
        text: readFileSync(join(folder, file), 'utf8'),
        ...(error !== null && { error }),
        ...(line && { errorLine: Number(line) }),
      };
    });
    judge(cases);
  });

  it('of the cases of another validator', function () {
    const path = sharedPath('peers/rcjsuen_utils_validate.jsonl');
    if (!path) {
      reportMissing('peers/rcjsuen_utils_validate.jsonl', 'refusals of syntax cases are not compared');
      return this.skip();
    }
    const cases = readLines<ValidatorCase>(path).flatMap(({ id, dockerfile: text, expected }): RefusalCase[] => {
      const number = Number(id.replace(/\D/g, ''));
      if (unknownToDocker.has(number)) return [];
      const error = expected.find(({ severity }) => severity === 1);
      const isRefused = refusedByDocker.has(number) || (error !== undefined && !acceptedByDocker.has(number));
      return [{ name: id, text, ...(isRefused && { error: error?.message ?? 'refused' }) }];
    });
    judge(cases);
  });
});

interface ValidatorCase {
  readonly id: string;
  readonly dockerfile: string;
  readonly expected: readonly { readonly severity: number; readonly message: string }[];
}

function readLines<Row>(path: string): Row[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

function judge(cases: readonly RefusalCase[]): void {
  const { compared, differences } = compareRefusals(cases);
  const share = 1 - differences.length / compared;
  console.log(`    ${compared} compared, ${differences.length} differ: agreement ${(100 * share).toFixed(2)} %`);
  for (const difference of differences) console.log(`      ${formatDifference(difference)}`);
  assert.ok(share >= agreement, differences.map(formatDifference).join('\n'));
}
