/** What Docker itself says of every real file, check by check: what we miss, and what we say beyond it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze } from '../../server/src/analysis/analyze';
import { defaultConfig } from '../../server/src/rules/config';
import { isBuildKitName } from '../../server/src/rules/suppress';
import { reportMissing, sharedPath } from '../harness/paths';

interface Verdict {
  readonly file: string;
  readonly warnings: readonly (readonly [check: string, line: number])[] | null;
  readonly error: string | null;
}

/** Rows are counted by file, check and line. */
interface Tally {
  right: number;
  readonly beyond: string[];
  readonly missed: string[];
}

/** Base images in Docker's answers bring no variables, real ones do: there we say less, but nothing wrong. */
const variableCheck = 'UndefinedVar';
/** Nothing of it can show in an empty build context. */
const contextCheck = 'CopyIgnoredFile';

/** What Docker does before it looks for images; the other checks it never comes to where it refuses one. */
const checksOfParsing: ReadonlySet<string> = new Set([
  'ConsistentInstructionCasing',
  'DuplicateStageName',
  'FromAsCasing',
  'InvalidDefaultArgInFrom',
  'InvalidDefinitionDescription',
  'MaintainerDeprecated',
  'NoEmptyContinuation',
  'ReservedStageName',
  'StageNameCasing',
]);

const config = defaultConfig;

describe('docker build --check on real files', function () {
  this.timeout(120_000);

  it('says the same, line by line', function () {
    const [facts, folder] = [sharedPath('facts/check-truth.jsonl'), sharedPath('corpus/dockerfiles')];
    if (!facts || !folder) {
      reportMissing('facts/check-truth.jsonl', 'what Docker says of real files is not compared');
      return this.skip();
    }
    const tallies = new Map<string, Tally>();
    for (const line of readFileSync(facts, 'utf8').trim().split('\n')) {
      const verdict = JSON.parse(line) as Verdict;
      // Docker does not know the comments by which others ignore findings.
      const text = readFileSync(join(folder, verdict.file), 'utf8').replace(
        /(hadolint|layerwise) ignore/g,
        '$1_ignore',
      );
      if (verdict.warnings) tally(verdict, text, tallies);
    }
    print(tallies);
    judge(tallies);
  });
});

function tally({ file, warnings, error }: Verdict, text: string, tallies: Map<string, Tally>): void {
  const theirs = new Set((warnings ?? []).map(([check, line]) => `${check} ${line}`));
  const ours = new Set<string>();
  const { findings, dockerfile } = analyze(text, { config, context: null });
  for (const { aliases, at } of findings)
    for (const alias of aliases)
      if (isBuildKitName(alias)) ours.add(`${alias} ${dockerfile.lines.lineAt(at.start) + 1}`);
  for (const row of new Set([...theirs, ...ours])) {
    const [check = '', line = ''] = row.split(' ');
    if (isLeftOut(check, line, theirs, error)) continue;
    const counts = tallies.get(check) ?? { right: 0, beyond: [], missed: [] };
    tallies.set(check, counts);
    if (theirs.has(row) && ours.has(row)) counts.right++;
    else if (ours.has(row)) counts.beyond.push(`${file}:${line}`);
    else counts.missed.push(`${file}:${line}`);
  }
}

function isLeftOut(check: string, line: string, theirs: ReadonlySet<string>, error: string | null): boolean {
  if (check === contextCheck) return true;
  // A path that begins with a variable is relative only because that is empty in Docker's answers.
  if (check === 'WorkdirRelativePath' && theirs.has(`${variableCheck} ${line}`)) return true;
  // Where Docker refuses the file, it has not looked at what comes after.
  return error !== null && !theirs.has(`${check} ${line}`) && !checksOfParsing.has(check);
}

function print(tallies: ReadonlyMap<string, Tally>): void {
  const row = (...[name, ...cells]: string[]) =>
    console.log(`    ${(name ?? '').padEnd(32)}${cells.map((cell) => cell.padStart(11)).join('')}`);
  row('check', 'right', 'beyond', 'missed', 'precision', 'recall');
  for (const [check, counts] of [...tallies].sort())
    row(
      check,
      ...[counts.right, counts.beyond.length, counts.missed.length].map(String),
      percent(precision(counts)),
      percent(recall(counts)),
    );
  for (const [check, { beyond, missed }] of tallies) {
    if (check === variableCheck) continue;
    for (const place of beyond) console.log(`    beyond: ${check} ${place}`);
    for (const place of missed) console.log(`    missed: ${check} ${place}`);
  }
}

const precision = ({ right, beyond }: Tally): number => right / (right + beyond.length || 1);
const recall = ({ right, missed }: Tally): number => right / (right + missed.length || 1);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function judge(tallies: ReadonlyMap<string, Tally>): void {
  const all: Tally = { right: 0, beyond: [], missed: [] };
  for (const [check, counts] of tallies) {
    const wrong = `${check}\nbeyond: ${counts.beyond.join(', ')}\nmissed: ${counts.missed.join(', ')}`;
    if (check === variableCheck) {
      assert.deepEqual(counts.beyond, [], wrong);
      continue;
    }
    all.right += counts.right;
    all.beyond.push(...counts.beyond.map((place) => `${check} ${place}`));
    all.missed.push(...counts.missed.map((place) => `${check} ${place}`));
    if (counts.right + counts.missed.length < 5) continue;
    assert.ok(precision(counts) >= 0.95, `precision of ${wrong}`);
    assert.ok(recall(counts) >= 0.95, `recall of ${wrong}`);
  }
  console.log(`    all but ${variableCheck}: precision ${percent(precision(all))}, recall ${percent(recall(all))}`);
  assert.ok(precision(all) >= 0.995, all.beyond.join('\n'));
  assert.ok(recall(all) >= 0.995, all.missed.join('\n'));
}
