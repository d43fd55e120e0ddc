/** Every safe fix, on the examples of its rule: the image built afterwards is the same, or differs as the rule declares. */
import { strict as assert } from 'node:assert';
import { parseFixture } from '../../server/src/rules/fixture';
import { rules } from '../../server/src/rules/registry.generated';
import type { Rule } from '../../server/src/rules/rule';
import { discardImage } from './harness/build';
import type { Builder, Engine } from './harness/engine';
import { formatProof } from './harness/proof';
import { makeBuildable } from './harness/realify';
import { applySafeFixes, proveFixes } from './optimized';
import { failOn, forEachInParallel, isBad, isGood, requireEngine } from './prove';

interface Example {
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, string>>;
  readonly builder: Builder;
}

describe('safe fixes on the examples of their rules', () => {
  for (const rule of rules.filter((one) => one.fix === 'safe'))
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

/** The examples of a rule that its safe fix changes. */
function examplesOf(rule: Rule): Example[] {
  return rule.examples.flatMap((example) => {
    if ('ok' in example || example.good === undefined) return [];
    const dockerfile = parseFixture(example.bad).text;
    const { files = {}, builder = 'buildkit' } = example;
    const context = Object.keys(files).length > 0 ? files : undefined;
    const isSafe = applySafeFixes(dockerfile, { builder, context, only: [rule.id] }).text !== dockerfile;
    return isSafe ? [{ dockerfile, files, builder }] : [];
  });
}

async function proveExample(engine: Engine, rule: Rule, { dockerfile, files, builder }: Example): Promise<string> {
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
