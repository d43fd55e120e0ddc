/** Safe fixes on real Dockerfiles made buildable: all of a file's fixes together, and each rule's alone. */
import { strict as assert } from 'node:assert';
import { type CorpusFile, corpusFiles, hasRealCorpus, seededRandom } from '../harness/corpus';
import { discardImage } from './harness/build';
import type { Engine } from './harness/engine';
import { formatProof } from './harness/proof';
import { makeBuildable } from './harness/realify';
import { applySafeFixes, proveFixes } from './optimized';
import { countVerdicts, failOn, forEachInParallel, isBad, isGood, type Proof, requireEngine } from './prove';
import { safeRules } from './rule-examples';

const isFull = !!process.env.LAYERWISE_FULL;
/** Files that an ordinary run tries; a full run tries all. LAYERWISE_FILES says another number. */
const files = Number(process.env.LAYERWISE_FILES ?? (isFull ? Number.POSITIVE_INFINITY : 120));
/** Milliseconds after which an ordinary run tries no more of them. */
const time = isFull ? Number.POSITIVE_INFINITY : 150_000;
/** Real files on which each rule is proven alone. */
const filesPerRule = isFull ? 25 : 1;
/** Characters; longer files come last when files are picked for a rule. */
const longFile = 2500;
const seed = Number(process.env.LAYERWISE_SEED ?? 3);

describe('safe fixes on real Dockerfiles', () => {
  it('all fixes of a file together', async function () {
    this.timeout(3_600_000);
    const engine = await requireEngine(this);
    const figures = { unchanged: 0, unbuildable: 0, proofs: [] as Proof[], failures: [] as string[] };
    const started = Date.now();
    const chosen = shuffledFiles().slice(0, files);
    let tried = 0;
    await forEachInParallel(chosen, async (file) => {
      if (Date.now() - started > time) return;
      tried++;
      if (applySafeFixes(file.text).text === file.text) {
        figures.unchanged++;
        return;
      }
      const proven = await proveFile(engine, file);
      if (proven.reason) figures.unbuildable++;
      figures.proofs.push(...proven.proofs);
      if (proven.failure) figures.failures.push(proven.failure);
      // A full run takes long: whoever waits for it sees how it goes.
      if (isFull && proven.failure) console.log(proven.failure);
      if (isFull && tried % 100 === 0) console.log(`    ${tried} files: ${countVerdicts(figures.proofs)}`);
    });
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    const { unchanged, unbuildable, proofs, failures } = figures;
    console.log(
      `    ${tried} files in ${seconds} s: ${countVerdicts(proofs)}; unchanged ${unchanged}, not buildable ${unbuildable}`,
    );
    failOn(failures, `${failures.length} files build to another image`);
    if (hasRealCorpus()) assert.ok(unbuildable < tried * 0.5, 'most files could not be made buildable');
  });

  for (const rule of safeRules)
    it(`${rule.id} alone`, async function () {
      this.timeout(1_800_000);
      const engine = await requireEngine(this);
      let proven = 0;
      let tried = 0;
      const failures: string[] = [];
      const reasons: string[] = [];
      for (const file of filesFixedBy(rule.id)) {
        if (proven >= filesPerRule || tried >= filesPerRule * 6) break;
        if (applySafeFixes(file.text, { only: [rule.id] }).text === file.text) continue;
        tried++;
        const result = await proveFile(engine, file, rule.id);
        if (result.failure) failures.push(result.failure);
        else if (result.proofs.some(isGood)) proven++;
        else reasons.push(`${file.name}: ${result.reason ?? result.proofs[0]?.error}`);
      }
      failOn(failures);
      if (hasRealCorpus() && tried > 0) assert.ok(proven > 0, `none could be built of\n${reasons.join('\n\n')}`);
    });
});

/** Makes a file buildable and proves its fixes, or those of one rule, with both builders; says why when it cannot be built. */
async function proveFile(
  engine: Engine,
  file: CorpusFile,
  rule?: string,
): Promise<{ readonly proofs: readonly Proof[]; readonly failure?: string; readonly reason?: string }> {
  const buildable = await makeBuildable(engine, file.text);
  if ('reason' in buildable) return { proofs: [], reason: buildable.reason };
  const { text, context, toBuildable, base } = buildable;
  try {
    const proofs: Proof[] = [];
    for (const builder of engine.builders) {
      const only = rule === undefined ? {} : { only: [rule] };
      const proven = await proveFixes(engine, text, { known: undefined, builder, context, toBuildable, ...only });
      proofs.push(...(proven?.proofs ?? []));
      const bad = proven?.proofs.find(isBad);
      if (proven && bad)
        return { proofs, failure: `${file.name}, ${proven.rules.join(', ')}: ${formatProof(bad, proven.pair)}` };
    }
    return { proofs };
  } finally {
    discardImage(base);
  }
}

let fixed: ReadonlyMap<string, readonly CorpusFile[]> | undefined;

/** The files to which a rule's safe fix is applied when all are; short ones first, since they are built sooner. */
function filesFixedBy(rule: string): readonly CorpusFile[] {
  if (!fixed) {
    const byRule = new Map<string, CorpusFile[]>();
    const isLong = (file: CorpusFile) => Number(file.text.length > longFile);
    for (const file of [...shuffledFiles()].sort((a, b) => isLong(a) - isLong(b)))
      for (const id of applySafeFixes(file.text).rules) byRule.set(id, [...(byRule.get(id) ?? []), file]);
    fixed = byRule;
  }
  return fixed.get(rule) ?? [];
}

let shuffled: readonly CorpusFile[] | undefined;

/** All files in an order that only the seed decides. */
function shuffledFiles(): readonly CorpusFile[] {
  if (shuffled) return shuffled;
  const random = seededRandom(seed);
  const order = [...corpusFiles()].sort((a, b) => (a.name < b.name ? -1 : 1)).map((file) => ({ file, at: random() }));
  shuffled = order.sort((a, b) => a.at - b.at).map(({ file }) => file);
  return shuffled;
}
