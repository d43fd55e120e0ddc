/** Optimize: safe fixes to convergence, then what the author may take on top, and what could not be done and why. */
import type { BuildContext } from '../context/context';
import { imageLayerCount } from '../model/layer-count';
import type { Config } from '../rules/config';
import { isRefusal } from '../rules/rule';
import type { Analysis, OptimizePlan, RefusedStep, Step } from './analysis';
import { analyze } from './analyze';
import { fixAll, fixOf, toStep } from './fixes';

export interface OptimizeOptions {
  readonly config: Config;
  readonly context: BuildContext | null;
  readonly previous?: Analysis | undefined;
  readonly isCancelled?: () => boolean;
}

/** Plans the optimization of a file. Nothing is written; `text` is the file with the safe fixes applied. */
export function optimize(text: string, options: OptimizeOptions): OptimizePlan {
  const { config, context } = options;
  const before = analyze(text, { config, context, previous: options.previous });
  const outcome = fixAll(text, { ...options, previous: before });
  const after = outcome.analysis;
  const suggested: Step[] = [];
  const refused: RefusedStep[] = [...outcome.refused];
  for (const finding of after.findings) {
    if (finding.rule.fix === 'none') continue;
    const fix = fixOf(after, finding);
    if (fix && !isRefusal(fix) && fix.safety === 'suggestion') suggested.push(toStep(after, finding, fix));
  }
  return {
    before,
    after,
    text: outcome.text,
    layersBefore: imageLayerCount(before.model),
    layersAfter: imageLayerCount(after.model),
    rebuildCostBefore: null,
    rebuildCostAfter: null,
    applied: outcome.applied,
    suggested,
    refused,
  };
}
