/** The order of a stage's steps that costs least, proven to make the same image by what each step reads and writes. Pure. */
import type { BuildContext } from '../context/context';
import type { ContextHistory } from '../context/history';
import { costOfOrder, leastCostOrder, type OrderProblem } from './best-order';
import { isBuilt, stepSeconds } from './build-costs';
import { swapRefusal } from './dependencies';
import type { Measurements } from './measurements';
import type { Model, Stage, Step } from './model';
import { replayHistory } from './replay';

/** A better order of one stage. */
export interface StageOrder {
  readonly stage: Stage;
  /** All steps of the stage in their new order. */
  readonly steps: readonly Step[];
  /** Expected seconds of the stage in a rebuild, before and after. */
  readonly before: number;
  readonly after: number;
  /** No order that is proven equal takes less. */
  readonly bound: number;
}

/** Longer stages are left alone. */
const stepLimit = 400;
/** Seconds of a rebuild, and the part of it, below which no move is worth looking at: more where changes are only assumed. */
const leastGains = { git: { seconds: 0.2, share: 0.01 }, assumed: { seconds: 0.5, share: 0.03 } } as const;

/** The stages that gain by another order, in the order of the file. */
export function betterOrders(
  model: Model,
  context: BuildContext | null,
  history: ContextHistory,
  measurements: Measurements | null,
): StageOrder[] {
  const problems = orderProblems(model, context, history, measurements);
  const least = leastGains[history.source];
  return [...problems].flatMap(([stage, problem]): StageOrder[] => {
    const original = problem.costs.map((_, index) => index);
    const before = costOfOrder(problem, original);
    const { order, cost, bound } = leastCostOrder(problem);
    if (before - cost < Math.max(least.seconds, before * least.share)) return [];
    const steps = order.flatMap((index) => stage.steps[index] ?? []);
    return [{ stage, steps, before, after: cost, bound }];
  });
}

/** Whether steps may stand in this order: every two that changed places can be swapped as they stand now, too. */
export function isProvenOrder(steps: readonly Step[], earlier: (step: Step) => number): boolean {
  return steps.every((above, index) =>
    steps.slice(index + 1).every((below) => earlier(above) < earlier(below) || swapRefusal(above, below) === null),
  );
}

/** What is to be put in order: the stages that are built and have anything to gain. */
export function orderProblems(
  model: Model,
  context: BuildContext | null,
  history: ContextHistory,
  measurements: Measurements | null,
): ReadonlyMap<Stage, OrderProblem> {
  const { triggers, weight } = replayHistory(model, context, history);
  const problems = new Map<Stage, OrderProblem>();
  if (weight === 0) return problems;
  const weights = triggers.map((trigger) => trigger.weight / weight);
  const secondsOf = stepSeconds(model, context, measurements);
  /** The changes that reach a stage. */
  const reaching = new Map<Stage, ReadonlySet<number>>();
  for (const stage of model.stages) {
    const base = stage.parent ? (reaching.get(stage.parent) ?? none) : none;
    const hits = stage.steps.map((step) => {
      const hit = new Set(base);
      for (const [index, trigger] of triggers.entries()) if (trigger.steps.includes(step)) hit.add(index);
      for (const use of stage.uses)
        if (use.instruction === step.instruction) for (const index of reaching.get(use.stage) ?? none) hit.add(index);
      return hit;
    });
    reaching.set(stage, new Set([...base, ...hits.flatMap((hit) => [...hit])]));
    const gains = hits.some((hit) => hit.size > base.size);
    if (!gains || stage.isWindows || !isBuilt(model, stage) || stage.steps.length > stepLimit) continue;
    problems.set(stage, {
      costs: stage.steps.map((step) => secondsOf(step.instruction).value),
      hits,
      weights,
      fixed: (above, below) => mustStay(stage.steps[above], stage.steps[below]),
    });
  }
  return problems;
}

const none: ReadonlySet<number> = new Set();

const mustStay = (above: Step | undefined, below: Step | undefined): boolean =>
  !above || !below || swapRefusal(above, below) !== null;
