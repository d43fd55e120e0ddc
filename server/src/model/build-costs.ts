/** Puts the cost model of a Dockerfile together: what each step takes, how often a rebuild runs it, what an edit costs. Pure. */
import type { BuildContext } from '../context/context';
import type { ContextHistory } from '../context/history';
import type { Instruction } from '../syntax/tree';
import { assumedHistory } from './assumed-history';
import { invalidatedBy } from './cache';
import type { Amount, CostModel, StepCost } from './cost';
import { usualSeconds } from './default-costs';
import { type Measured, type Measurements, matchMeasurements } from './measurements';
import type { Model, Stage } from './model';
import { replayHistory } from './replay';

/** What is known beyond the Dockerfile and its context. */
export interface CostFacts {
  /** Null where there is none: then what usually happens is assumed. */
  readonly history: ContextHistory | null;
  readonly measurements: Measurements | null;
}

/** Computes the costs of a Dockerfile. Single answers are worked out when they are first asked for. */
export function buildCosts(model: Model, context: BuildContext | null, facts: CostFacts): CostModel {
  const history = facts.history?.commits.length ? facts.history : assumedHistory(model, context);
  const replay = replayHistory(model, context, history);
  const shareSource = history.source === 'git' ? 'measured' : 'assumed';
  const measured = matchMeasurements(model, facts.measurements);
  const secondsOf = times(model, context, measured);
  const built = (stage: Stage) => isBuilt(model, stage);

  const costOf = (instruction: Instruction): StepCost | null => {
    const stage = model.stageOf(instruction);
    if (!stage) return null;
    const entry = measured.get(instruction);
    const rebuilt = [instruction, ...invalidatedBy(model, instruction)].filter((later) => {
      const place = model.stageOf(later);
      return place === stage || (place !== null && built(place));
    });
    return {
      seconds: secondsOf(instruction),
      rebuilds: { value: replay.share(instruction), source: shareSource },
      size: entry && entry.size !== null ? { value: entry.size, source: 'measured' } : null,
      wasted: entry?.wasted ?? null,
      editCost: total(rebuilt.map(secondsOf)),
      isStale: entry?.isStale ?? false,
    };
  };

  const costs = new Map<Instruction, StepCost | null>();
  let expected: Amount | undefined;
  return {
    of(instruction) {
      let cost = costs.get(instruction);
      if (cost === undefined) {
        cost = costOf(instruction);
        costs.set(instruction, cost);
      }
      return cost;
    },
    get expected() {
      expected ??= expectedTime(model, secondsOf, replay.share, shareSource);
      return expected;
    },
    commits: history.source === 'git' ? history.commits.length : 0,
  };
}

type TimeOf = (instruction: Instruction) => Amount;

/** cᵢ of every instruction: measured where it was, else what is usual. */
export function stepSeconds(model: Model, context: BuildContext | null, measurements: Measurements | null): TimeOf {
  return times(model, context, matchMeasurements(model, measurements));
}

function times(model: Model, context: BuildContext | null, measured: ReadonlyMap<Instruction, Measured>): TimeOf {
  const known = new Map<Instruction, Amount>();
  for (const step of model.steps) {
    const seconds = measured.get(step.instruction)?.seconds ?? null;
    known.set(
      step.instruction,
      seconds === null
        ? { value: usualSeconds(step, context), source: 'assumed' }
        : { value: seconds, source: 'measured' },
    );
  }
  return (instruction) => known.get(instruction) ?? nothing;
}

const nothing: Amount = { value: 0, source: 'assumed' };

/** E[T]: what the steps take that the image needs, each as often as a rebuild runs it. */
function expectedTime(
  model: Model,
  secondsOf: TimeOf,
  share: (instruction: Instruction) => number,
  shareSource: Amount['source'],
): Amount {
  const amounts = model.steps
    .filter((step) => isBuilt(model, step.stage))
    .map(({ instruction }): Amount => {
      const amount = secondsOf(instruction);
      return { value: amount.value * share(instruction), source: amount.source };
    });
  const sum = total(amounts);
  return { value: sum.value, source: shareSource === 'measured' ? sum.source : 'assumed' };
}

/** Whether a plain build makes a stage: BuildKit leaves out what the last one does not need. */
export function isBuilt(model: Model, stage: Stage): boolean {
  return model.builder === 'legacy' || stage.isNeeded;
}

/** A sum is measured where all that counts in it is. */
function total(amounts: readonly Amount[]): Amount {
  let value = 0;
  let source: Amount['source'] = 'measured';
  for (const amount of amounts) {
    value += amount.value;
    if (amount.source === 'assumed' && amount.value > 0) source = 'assumed';
  }
  return { value, source: value === 0 ? 'assumed' : source };
}
