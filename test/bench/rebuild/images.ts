/** Builds each project as it is written and as Optimize leaves it, and compares the images. */
import { optimize } from '../../../server/src/analysis/optimize';
import { contextFromFiles } from '../../../server/src/context/memory';
import { defaultConfig } from '../../../server/src/rules/config';
import type { Engine } from '../../engine/harness/engine';
import { formatProof, isGood, provePair } from '../../engine/harness/proof';
import { makeBuildable } from '../../engine/harness/realify';
import { joinChanges } from '../../engine/optimized';
import type { Project } from './projects';

/** How many pairs are the same, and what is wrong with the others. */
export async function compareImages(
  engine: Engine,
  pairs: readonly { readonly project: Project; readonly optimized: string }[],
): Promise<{ readonly same: number; readonly different: readonly string[] }> {
  let same = 0;
  const different: string[] = [];
  for (const { project, optimized } of pairs) {
    const { dockerfile, files, history } = project;
    const buildable = await makeBuildable(engine, dockerfile, files);
    if ('reason' in buildable) {
      different.push(`${project.name}: cannot be built: ${buildable.reason}`);
      continue;
    }
    const { toBuildable, context } = buildable;
    const { applied } = optimize(dockerfile, { config: defaultConfig, context: contextFromFiles(files), history });
    const changes = joinChanges(applied.map(({ rule }) => rule.changes));
    const pair = {
      before: toBuildable(dockerfile),
      after: toBuildable(optimized),
      context,
      changes,
      builders: ['buildkit'] as const,
    };
    const proofs = await provePair(engine, pair);
    const bad = proofs.filter((proof) => !isGood(proof));
    if (bad.length === 0) same++;
    else different.push(...bad.map((proof) => `${project.name}\n${formatProof(proof, pair)}`));
  }
  return { same, different };
}
