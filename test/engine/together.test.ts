/**
 * Safe fixes that meet in one file: examples of several rules are put together into one Dockerfile, so that every two
 * rules that can meet do so in one of them, and all fixes are applied to it.
 */
import { strict as assert } from 'node:assert';
import type { Rule } from '../../server/src/rules/rule';
import { discardImage } from './harness/build';
import type { Engine } from './harness/engine';
import { formatProof } from './harness/proof';
import { makeBuildable } from './harness/realify';
import { readRoughly } from './harness/rough-reader';
import { applySafeFixes, isBroken, proveFixes, shrink } from './optimized';
import { countVerdicts, failOn, forEachInParallel, isBad, isGood, type Proof, requireEngine } from './prove';
import { examplesOf, type FixExample, safeRules } from './rule-examples';

/** Rules in one file: with more of them fewer files are needed, but fixes get in each other's way more often. */
const rulesPerFile = 5;
/** Examples of each rule that are tried for a pair that could not be built otherwise. */
const examplesTried = 4;
/** Milliseconds after which an ordinary run proves no more files; a full run proves all. */
const time = process.env.LAYERWISE_FULL ? Number.POSITIVE_INFINITY : 150_000;

interface Together {
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, string>>;
  /** The rules whose safe fixes are applied to it. */
  readonly rules: readonly string[];
}

describe('safe fixes that meet in one file', () => {
  it('every two of them', async function () {
    this.timeout(3_600_000);
    const engine = await requireEngine(this);
    const { files, met, possible } = putTogether();
    const started = Date.now();
    const proofs: Proof[] = [];
    const proven = new Set<string>();
    const failures: string[] = [];
    const unbuildable: string[] = [];
    let tried = 0;
    const proveOne = async (file: Together) => {
      if (Date.now() - started > time) return;
      tried++;
      const result = await proveTogether(engine, file);
      proofs.push(...result.proofs);
      if (result.failure) failures.push(result.failure);
      else if (result.proofs.every(isGood) && result.proofs.length > 0)
        for (const pair of pairsOf(result.rules)) proven.add(pair);
      else unbuildable.push(`${result.reason}\n${file.dockerfile}`);
    };
    await forEachInParallel(files, proveOne);
    // What a file does not build, or builds only without one of its examples, is tried with two examples alone.
    await forEachInParallel([...met], async (pair) => {
      for (const file of filesWith(pair)) if (!proven.has(pair)) await proveOne(file);
    });
    const left = [...met].filter((pair) => !proven.has(pair));
    const share = `${proven.size} of ${met.size} pairs of rules that meet proven, ${possible} pairs in all`;
    console.log(`    ${share}, in ${tried} files: ${countVerdicts(proofs)}`);
    failOn(failures, `${failures.length} files build to another image`);
    if (left.length > 0) console.log(`    not proven: ${left.join(', ')}`);
    assert.ok(left.length <= met.size / 10, `cannot be built:\n${unbuildable.join('\n\n')}`);
  });
});

async function proveTogether(
  engine: Engine,
  { dockerfile, files }: Together,
): Promise<{ proofs: readonly Proof[]; rules: readonly string[]; failure?: string; reason?: string | undefined }> {
  const buildable = await makeBuildable(engine, dockerfile, files);
  if ('reason' in buildable) return { proofs: [], rules: [], reason: buildable.reason };
  const { text, context, toBuildable, base } = buildable;
  const known = Object.keys(files).length > 0 ? files : undefined;
  const options = { context, known, toBuildable };
  try {
    const proven = await proveFixes(engine, text, options);
    const bad = proven?.proofs.find(isBad);
    if (!proven || !bad)
      return { proofs: proven?.proofs ?? [], rules: proven?.rules ?? [], reason: proven?.proofs[0]?.error };
    const small = await shrink(text, (smaller) => isBroken(engine, smaller, options));
    const shown = (await proveFixes(engine, small, options)) ?? proven;
    const failure = `${shown.rules.join(', ')}: ${formatProof(shown.proofs.find(isBad) ?? bad, shown.pair)}`;
    return { proofs: proven.proofs, rules: proven.rules, failure };
  } finally {
    discardImage(base);
  }
}

/** Files in which every two rules meet that can; `met` are these pairs. */
function putTogether(): {
  readonly files: readonly Together[];
  readonly met: ReadonlySet<string>;
  readonly possible: number;
} {
  const rules = safeRules.filter((rule) => examplesOf(rule).length > 0);
  const open = new Set(pairsOf(rules.map(({ id }) => id)));
  const possible = open.size;
  const met = new Set<string>();
  const files: Together[] = [];
  for (const first of rules)
    for (const second of rules) {
      if (!open.has(pairOf(first.id, second.id))) continue;
      const file = growFile(first, second, rules, open);
      open.delete(pairOf(first.id, second.id));
      if (!file) continue;
      files.push(file);
      for (const pair of pairsOf(file.rules)) {
        open.delete(pair);
        met.add(pair);
      }
    }
  return { files, met, possible };
}

/** A file with two rules in it, and with others as long as they add pairs that are still open; undefined where they do not meet. */
function growFile(first: Rule, second: Rule, rules: readonly Rule[], open: ReadonlySet<string>): Together | undefined {
  let file = meet(examplesOf(first), examplesOf(second), [first.id, second.id]);
  for (const rule of file ? rules : []) {
    if (!file || file.rules.length >= rulesPerFile) break;
    const { rules: present } = file;
    if (present.includes(rule.id) || !present.some((id) => open.has(pairOf(id, rule.id)))) continue;
    const { dockerfile, files } = file;
    file = meet([{ dockerfile, files, builder: 'buildkit' }], examplesOf(rule), [...present, rule.id]) ?? file;
  }
  return file;
}

/** Files with two rules alone, of different examples. */
function filesWith(pair: string): Together[] {
  const [first, second] = pair.split(' + ').map((id) => safeRules.find((rule) => rule.id === id));
  if (!first || !second) return [];
  const files: Together[] = [];
  for (const one of examplesOf(first).slice(0, examplesTried))
    for (const other of examplesOf(second).slice(0, examplesTried)) {
      const file = meet([one], [other], [first.id, second.id]);
      if (file) files.push(file);
    }
  return files;
}

/** The first two of the examples that, put together, still get the fixes of all the rules. */
function meet(
  one: readonly FixExample[],
  other: readonly FixExample[],
  wanted: readonly string[],
): Together | undefined {
  for (const above of one)
    for (const below of other)
      for (const [upper, lower] of [
        [above, below],
        [below, above],
      ] as const) {
        if (upper.builder !== 'buildkit' || lower.builder !== 'buildkit') continue;
        const dockerfile = append(upper.dockerfile, lower.dockerfile);
        const files = { ...upper.files, ...lower.files };
        const known = Object.keys(files).length > 0 ? files : undefined;
        const { rules } = applySafeFixes(dockerfile, { known });
        if (wanted.every((id) => rules.includes(id))) return { dockerfile, files, rules };
      }
  return undefined;
}

/** The instructions of the second file go into the last stage of the first, or after it where there are more stages. */
function append(first: string, second: string): string {
  const froms = readRoughly(second).filter(({ keyword }) => keyword === 'FROM');
  const [from] = froms;
  if (froms.length !== 1 || !from || from.start > 0) return `${first.trimEnd()}\n\n${second}`;
  return `${first.trimEnd()}\n${second.slice(from.end + 1)}`;
}

function pairsOf(rules: readonly string[]): string[] {
  return rules.flatMap((first, index) => rules.slice(index + 1).map((second) => pairOf(first, second)));
}

function pairOf(first: string, second: string): string {
  return first === second ? '' : [first, second].sort().join(' + ');
}
