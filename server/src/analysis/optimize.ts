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
import type { Analysis, FixOutcome, OptimizePlan, Step, StepEffect, SuggestedStep } from './analysis';
import { analyze } from './analyze';
import { applyEdits, finish, fixInPasses, fixOf, toStep } from './fixes';
import { orderRule, reorder } from './least-cost';

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
  const history = historyOf(before);
  // What is known of this project's files decides over what is usual for files of their kind.
  let outcome = yield* fixed(before, history, history.source === 'git' ? [orderRule.id] : [], options);
  if (isDearer(outcome.analysis, before, history)) {
    // An order that is better for most projects is not so for this one.
    const kept = yield* fixed(before, history, orderRules, options);
    if (isDearer(outcome.analysis, kept.analysis, history)) outcome = kept;
  }
  const after = outcome.analysis;
  return {
    before,
    after,
    text: outcome.text,
    layersBefore: imageLayerCount(before.model),
    layersAfter: imageLayerCount(after.model),
    ...rebuildCosts(before, after, history),
    applied: outcome.applied,
    suggested: yield* suggestions(after, options),
    refused: outcome.refused,
  };
}

/** The rules that only change what a rebuild has to do. */
const orderRules: readonly string[] = [orderRule.id, 'source-copied-before-install'];

function* fixed(
  before: Analysis,
  history: ContextHistory,
  left: readonly string[],
  options: OptimizeOptions,
): Generator<undefined, FixOutcome> {
  const passes = { ...options, ...(left.length > 0 ? { without: new Set(left) } : {}) };
  // Before anything is merged or appended less stands in the way of a step; afterwards there may be other steps to move.
  let start = before;
  const moved: Step[] = [];
  for (let round = 0; round < before.model.stages.length && left !== orderRules; round++) {
    const better = reorder(start, history);
    if (!better) break;
    moved.push(better.step);
    start = better.analysis;
    yield;
  }
  const outcome = yield* fixInPasses(start.dockerfile.text, { ...passes, previous: start });
  const all = { ...outcome, applied: [...moved, ...outcome.applied] };
  return left === orderRules ? all : yield* inBestOrder(all, passes, history);
}

const isDearer = (analysis: Analysis, other: Analysis, history: ContextHistory): boolean =>
  expectedCost(analysis, history) > expectedCost(other, history) + 1e-6;

/** One history for before and after: assumed changes depend on what the Dockerfile names. */
const historyOf = ({ history, model, context }: Analysis): ContextHistory =>
  history?.commits.length ? history : assumedHistory(model, context);

const expectedCost = ({ model, context, measurements }: Analysis, history: ContextHistory): number =>
  buildCosts(model, context, { history, measurements }).expected.value;

/** Puts the steps of stages in the order that costs least, and fixes what that makes possible; keeps what costs less in the end. */
function* inBestOrder(
  outcome: FixOutcome,
  options: OptimizeOptions,
  history: ContextHistory,
): Generator<undefined, FixOutcome> {
  let best = outcome;
  for (let round = 0; round < best.analysis.model.stages.length + 2 && !options.isCancelled?.(); round++) {
    const better = reorder(best.analysis, history);
    if (!better) break;
    yield;
    const next = yield* fixInPasses(better.analysis.dockerfile.text, { ...options, previous: better.analysis });
    if (expectedCost(next.analysis, history) >= expectedCost(best.analysis, history)) break;
    const creates = new Map([...best.creates, ...next.creates].map((file) => [file.path, file]));
    best = {
      ...next,
      applied: [...best.applied, better.step, ...next.applied],
      creates: [...creates.values()],
      passes: best.passes + 1 + next.passes,
    };
  }
  return best;
}

function rebuildCosts(
  before: Analysis,
  after: Analysis,
  history: ContextHistory,
): Pick<OptimizePlan, 'rebuildCostBefore' | 'rebuildCostAfter'> {
  if (!before.model.finalStage) return { rebuildCostBefore: null, rebuildCostAfter: null };
  const cost = (analysis: Analysis) => Math.round(expectedCost(analysis, history) * 1000) / 1000;
  return { rebuildCostBefore: cost(before), rebuildCostAfter: cost(after) };
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
