/** Random Dockerfiles, optimized: the image is the same, or differs as the applied rules declare. */
import { strict as assert } from 'node:assert';
import type { ContextHistory } from '../../server/src/context/history';
import { seededRandom } from '../harness/corpus';
import { recordingBase, standIn } from './harness/base-images';
import { formatProof } from './harness/proof';
import { takeOutSyntax } from './harness/syntax-line';
import { isBroken, proveFixes, shrink } from './optimized';
import { countVerdicts, failOn, forEachInParallel, isBad, type Proof, requireEngine } from './prove';
import { bases, randomContext, sampleDockerfiles } from './random';

/** How many are tried: LAYERWISE_RANDOM says it, else it is 2,000 in a full run and 200 in an ordinary one. */
const count = Number(process.env.LAYERWISE_RANDOM ?? (process.env.LAYERWISE_FULL ? 2000 : 200));
/** LAYERWISE_SEED tries others than usual. */
const seed = Number(process.env.LAYERWISE_SEED ?? 20);
/** With the legacy builder, every so many of them. */
const legacyEvery = 4;
/** Every so many of them is optimized, with its steps in the order that costs least. */
const orderedEvery = 2;
/** As many failures are made small for the report. */
const shrunkFailures = 3;

/** How often the files of the context change, by chance; undefined where the order of steps is left alone. */
function historyOf(index: number): ContextHistory | undefined {
  if (index % orderedEvery !== 0) return undefined;
  const random = seededRandom(index + seed);
  const commits = Object.keys(randomContext).map((path) => ({ paths: [path], weight: 1 + Math.floor(random() * 9) }));
  return { source: 'git', commits, notes: [] };
}

describe('random Dockerfiles, optimized', () => {
  it(`${count} build to the same image`, async function () {
    this.timeout(count * 20_000);
    const engine = await requireEngine(this);
    // Where only checks were made, the same names may stand for an image without programs.
    for (const base of bases) if (base !== recordingBase) await standIn(engine, base);
    const all: Proof[] = [];
    const rules = new Map<string, number>();
    const failures: string[] = [];
    let unchanged = 0;
    await forEachInParallel(sampleDockerfiles(count, seed), async (dockerfile, index) => {
      const builder = index % legacyEvery === legacyEvery - 1 ? ('legacy' as const) : ('buildkit' as const);
      const options = {
        builder,
        context: randomContext,
        base: recordingBase,
        toBuildable: takeOutSyntax,
        history: historyOf(index),
      };
      const proven = await proveFixes(engine, dockerfile, options);
      if (!proven) unchanged++;
      for (const rule of proven?.rules ?? []) rules.set(rule, (rules.get(rule) ?? 0) + 1);
      all.push(...(proven?.proofs ?? []));
      const bad = proven?.proofs.find(isBad);
      if (!proven || !bad) return;
      const small =
        failures.length < shrunkFailures
          ? await shrink(dockerfile, (text) => isBroken(engine, text, options))
          : dockerfile;
      const shown = await proveFixes(engine, small, options);
      const proof = shown?.proofs.find(isBad) ?? bad;
      failures.push(`number ${index}, ${shown?.rules.join(', ')}: ${formatProof(proof, shown?.pair ?? proven.pair)}`);
    });
    console.log(`    ${countVerdicts(all)}, unchanged ${unchanged}`);
    console.log(
      `    ${[...rules]
        .sort((a, b) => b[1] - a[1])
        .map((entry) => entry.join(' '))
        .join(', ')}`,
    );
    failOn(failures, `${failures.length} of ${count} build to another image`);
    const built = all.filter(({ verdict }) => verdict !== 'before-fails').length;
    assert.ok(built > all.length * 0.7, `only ${built} of ${all.length} could be built`);
  });
});
