/** The pairs of test/fixtures/pairs, which are what safe fixes make of hard files: both build to the same image. */
import { rules } from '../../server/src/rules/registry.generated';
import { readPairs } from '../harness/pairs';
import { discardImage } from './harness/build';
import { provePair } from './harness/proof';
import { makeBuildable } from './harness/realify';
import { checkProofs, requireEngine } from './prove';

describe('pairs of hard files', () => {
  for (const { rule: id, name, before, after, files, builder } of readPairs())
    it(`${id}: ${name}`, async function () {
      const engine = await requireEngine(this);
      const buildable = await makeBuildable(engine, before, files);
      if ('reason' in buildable) throw new Error(`cannot be built: ${buildable.reason}`);
      if (buildable.leftOut > 0) throw new Error(`builds only without some of its commands: ${buildable.text}`);
      const { context, base, toBuildable } = buildable;
      const changes = rules.find((rule) => rule.id === id)?.changes ?? {};
      const builders = builder && { builders: [builder] };
      const pair = { before: toBuildable(before), after: toBuildable(after), context, changes, ...builders };
      checkProofs(pair, await provePair(engine, pair));
      discardImage(base);
    });
});
