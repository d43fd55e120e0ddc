/** Optimize: safe fixes to convergence, then what the author may take on top, and what could not be done and why. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../context/context';
import type { ContextHistory } from '../context/history';
import { assumedHistory } from '../model/assumed-history';
import { buildModel } from '../model/build';
import { buildCosts } from '../model/build-costs';
import { imageLayerCount } from '../model/layer-count';
import type { Measurements } from '../model/measurements';
import type { Config } from '../rules/config';
import { type Fix, isRefusal } from '../rules/rule';
import { parseDockerfile } from '../syntax/parse';
import type { Analysis, OptimizePlan, StepEffect, SuggestedStep } from './analysis';
import { analyze } from './analyze';
import { applyEdits, finish, fixInPasses, fixOf, toStep } from './fixes';

export interface OptimizeOptions {
  readonly config: Config;
  readonly context: BuildContext | null;
  /** What the costs are computed from; those of `previous` where not given. */
  readonly history?: ContextHistory | null;
  readonly measurements?: Measurements | null;
  readonly previous?: Analysis | undefined;
  /** Asked between slices of the work; true ends it with what is done so far. */
  readonly isCancelled?: () => boolean;
}

/** Plans the optimization of a file. Nothing is written; `text` is the file with the safe fixes applied. */
export function optimize(text: string, options: OptimizeOptions): OptimizePlan {
  return finish(optimizeInSlices(text, options));
}

/** The same a slice at a time, so that a caller can let others have a turn in between, or stop asking. */
export function* optimizeInSlices(text: string, options: OptimizeOptions): Generator<undefined, OptimizePlan> {
  const before = analyze(text, options);
  const outcome = yield* fixInPasses(text, { ...options, previous: before });
  const after = outcome.analysis;
  return {
    before,
    after,
    text: outcome.text,
    layersBefore: imageLayerCount(before.model),
    layersAfter: imageLayerCount(after.model),
    ...rebuildCosts(before, after),
    applied: outcome.applied,
    suggested: yield* suggestions(after, options),
    refused: outcome.refused,
  };
}

/** E[T] before and after, under one history: assumed changes depend on what the Dockerfile names. */
function rebuildCosts(before: Analysis, after: Analysis): Pick<OptimizePlan, 'rebuildCostBefore' | 'rebuildCostAfter'> {
  if (!before.model.finalStage) return { rebuildCostBefore: null, rebuildCostAfter: null };
  const { measurements } = before;
  const history = before.history?.commits.length ? before.history : assumedHistory(before.model, before.context);
  const expected = ({ model, context }: Analysis) => buildCosts(model, context, { history, measurements }).expected;
  const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
  return { rebuildCostBefore: round(expected(before).value), rebuildCostAfter: round(expected(after).value) };
}

/** Findings are taken in the order of the document, so the list is the same however the text came about. */
function* suggestions(after: Analysis, options: OptimizeOptions): Generator<undefined, SuggestedStep[]> {
  const suggested: SuggestedStep[] = [];
  for (const finding of after.findings) {
    if (finding.rule.fix === 'none') continue;
    if (options.isCancelled?.()) break;
    const fix = fixOf(after, finding);
    if (!fix || isRefusal(fix) || fix.safety !== 'suggestion') continue;
    let effect: StepEffect | undefined;
    suggested.push({
      ...toStep(after, finding, fix),
      get effect() {
        effect ??= effectOf(after, fix);
        return effect;
      },
    });
    yield;
  }
  return suggested;
}

/** What a fix would bring if it alone were taken. */
function effectOf(after: Analysis, fix: Fix): StepEffect {
  const { dockerfile, model } = after;
  const taken = parseDockerfile(applyEdits(dockerfile.text, fix.edits), dockerfile);
  return {
    layersBefore: imageLayerCount(model),
    layersAfter: imageLayerCount(buildModel(taken, model.builder)),
    saves: fix.saves ?? null,
  };
}

/** An effect in words; null where there is nothing to tell. */
export function describeEffect({ layersBefore, layersAfter, saves }: StepEffect): string | null {
  const parts = layersBefore === layersAfter ? [] : [l10n.t('layers {0} → {1}', layersBefore, layersAfter)];
  if (saves !== null) parts.push(l10n.t('saves {0}', saves));
  return parts.length === 0 ? null : parts.join('; ');
}
