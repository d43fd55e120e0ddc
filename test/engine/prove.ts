/**
 * `prove(name, pair)` is a test: the images before and after an edit are the same, or differ as declared. It is skipped,
 * after one loud line, where there is no engine to build with; with CI=true as root on Debian it fails there.
 */
import { strict as assert } from 'node:assert';
import { prepareBaseImages, removeStandIns } from './harness/base-images';
import { removeLeftovers } from './harness/build';
import { type Engine, getEngine, isEngineDemanded, stopEngine } from './harness/engine';
import { formatProof, isBad, isGood, type Pair, type Proof, provePair } from './harness/proof';

/** Milliseconds that one pair may take. */
const patience = 120_000;

/** Defines a test that builds a pair with each builder and compares. */
export function prove(name: string, pair: Pair): void {
  it(name, async function () {
    this.timeout(patience);
    const engine = await requireEngine(this);
    checkProofs(pair, await provePair(engine, pair));
  });
}

/** Fails unless the proofs of a pair are good: on BuildKit always, on the legacy builder where it can build the file. */
export function checkProofs(pair: Pair, proofs: readonly Proof[]): void {
  const wrong = proofs.filter(
    (proof) => !isGood(proof) && !(proof.builder === 'legacy' && proof.verdict === 'before-fails'),
  );
  failOn(wrong.map((proof) => formatProof(proof, pair)));
  assert.ok(proofs.some(isGood), 'no builder could build the first Dockerfile');
}

/** Fails with what went wrong, if anything did. */
export function failOn(failures: readonly string[], what = ''): void {
  if (failures.length === 0) return;
  const error = new Error(`${what}\n${failures.join('\n\n')}`.trim());
  // Where this line stands says nothing about the failure.
  error.stack = error.message;
  throw error;
}

/** The engine for a test or hook with both base images in it; skips the test where there is none. */
export async function requireEngine(test: Mocha.Context): Promise<Engine> {
  test.timeout(Math.max(test.timeout(), patience));
  const engine = await getEngine();
  if (!engine) {
    if (isEngineDemanded()) throw new Error('with CI=true, as root on Debian, proofs must not be skipped');
    test.skip();
  }
  await prepareBaseImages(engine);
  return engine;
}

/** Works on items, so many at a time, in their order. */
export async function forEachInParallel<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
  workers = 3,
): Promise<void> {
  let next = 0;
  const one = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: workers }, one));
}

/** How proofs went, by verdict: `buildkit equal 120, legacy equal 98, …`. */
export function countVerdicts(proofs: readonly Proof[]): string {
  const counts = new Map<string, number>();
  for (const { builder, verdict } of proofs) {
    const key = `${builder} ${verdict}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .map(([key, count]) => `${key} ${count}`)
    .sort()
    .join(', ');
}

export { isBad, isGood, type Pair, type Proof, provePair };

// The engine serves all test files of the run, and ends with the last of them.
after(async function () {
  this.timeout(60_000);
  await stopEngine(async (engine) => {
    // What ends with its engine need not be removed from it.
    if (engine.isPrivate) return;
    await removeLeftovers(engine);
    await removeStandIns(engine);
  });
});
