/** Every safe fix, on the examples of its rule: the image built afterwards is the same, or differs as the rule declares. */
import { strict as assert } from 'node:assert';
import type { Rule } from '../../server/src/rules/rule';
import { discardImage } from './harness/build';
import type { Engine } from './harness/engine';
import { formatProof } from './harness/proof';
import { makeBuildable } from './harness/realify';
import { proveFixes } from './optimized';
import { failOn, forEachInParallel, isBad, isGood, requireEngine } from './prove';
import { examplesOf, type FixExample, safeRules } from './rule-examples';

describe('safe fixes on the examples of their rules', () => {
  for (const rule of safeRules)
    it(rule.id, async function () {
      this.timeout(300_000);
      const engine = await requireEngine(this);
      const examples = examplesOf(rule);
      const figures = { proven: 0, unbuildable: [] as string[] };
      const failures: string[] = [];
      await forEachInParallel(examples, async (example) => {
        const outcome = await proveExample(engine, rule, example);
        if (outcome === 'proven') figures.proven++;
        else if (outcome.startsWith('cannot be built')) figures.unbuildable.push(outcome);
        else failures.push(outcome);
      });
      failOn(failures);
      const share = `${figures.proven} of ${examples.length} proven`;
      assert.ok(figures.proven > 0 || examples.length === 0, `${share}\n${figures.unbuildable.join('\n')}`);
    });
});

async function proveExample(engine: Engine, rule: Rule, { dockerfile, files, builder }: FixExample): Promise<string> {
  const buildable = await makeBuildable(engine, dockerfile, files);
  if ('reason' in buildable) return `cannot be built: ${buildable.reason}\n${dockerfile}`;
  const { context, toBuildable, base } = buildable;
  const known = Object.keys(files).length > 0 ? files : undefined;
  try {
    const proven = await proveFixes(engine, dockerfile, { builder, context, known, toBuildable, only: [rule.id] });
    const bad = proven?.proofs.find(isBad);
    if (proven && bad) return formatProof(bad, proven.pair);
    return proven?.proofs.every(isGood) ? 'proven' : `cannot be built: ${proven?.proofs[0]?.error}`;
  } finally {
    discardImage(base);
  }
}
