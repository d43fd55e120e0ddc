/** Replays the history of a build context: which steps would each commit have rebuilt? Pure. */
import type { BuildContext } from '../context/context';
import { isIgnored } from '../context/dockerignore';
import type { ContextCommit, ContextHistory } from '../context/history';
import { ignoreRulesFor } from '../context/sources';
import type { Instruction } from '../syntax/tree';
import { invalidatedBy } from './cache';
import { contextTest, type TakesPath } from './context-sources';
import type { Model, Step } from './model';

/** The steps that a commit changes the input of, and how many rebuilds begin like that. */
export interface Trigger {
  /** Steps that take a changed file, in the order of the file; empty where none does. */
  readonly steps: readonly Step[];
  readonly weight: number;
}

export interface Replay {
  /** Commits that hit the same steps are one trigger. */
  readonly triggers: readonly Trigger[];
  /** Sum of all weights. */
  readonly weight: number;
  /** The share of rebuilds that run an instruction, 0 to 1. */
  share(instruction: Instruction): number;
}

/** Replays a history against a Dockerfile as it is now. */
export function replayHistory(model: Model, context: BuildContext | null, history: ContextHistory): Replay {
  const triggers = triggersOf(model, context, history);
  const weight = triggers.reduce((sum, trigger) => sum + trigger.weight, 0);
  const reach = new Map<Step, readonly Instruction[]>();
  const reachOf = (step: Step): readonly Instruction[] => {
    const known = reach.get(step) ?? [step.instruction, ...invalidatedBy(model, step.instruction)];
    reach.set(step, known);
    return known;
  };
  const rebuilt = new Map<Instruction, number>();
  for (const trigger of triggers) {
    const missed = new Set(trigger.steps.flatMap(reachOf));
    for (const instruction of missed) rebuilt.set(instruction, (rebuilt.get(instruction) ?? 0) + trigger.weight);
  }
  return {
    triggers,
    weight,
    share: (instruction) => (weight === 0 ? 0 : (rebuilt.get(instruction) ?? 0) / weight),
  };
}

interface Taker {
  readonly step: Step;
  readonly takes: TakesPath;
}

function triggersOf(model: Model, context: BuildContext | null, history: ContextHistory): Trigger[] {
  const takers: Taker[] = model.steps.flatMap((step) => {
    const takes = contextTest(step);
    return takes ? [{ step, takes }] : [];
  });
  const rules = ignoreRulesFor(context);
  const ofPath = new Map<string, readonly number[]>();
  const takersOf = (path: string): readonly number[] => {
    const known = ofPath.get(path);
    if (known) return known;
    const found = isIgnored(rules, path.replace(/\/$/, ''))
      ? []
      : takers.flatMap(({ takes }, index) => (takes(path) ? [index] : []));
    ofPath.set(path, found);
    return found;
  };
  const everything = takers.map((_, index) => index);
  const bySteps = new Map<string, { hit: readonly number[]; weight: number }>();
  for (const commit of history.commits) {
    const hit = hitBy(commit, takersOf, everything);
    const key = hit.join();
    const same = bySteps.get(key);
    if (same) same.weight += commit.weight;
    else bySteps.set(key, { hit, weight: commit.weight });
  }
  return [...bySteps.values()].map(({ hit, weight }) => ({
    steps: hit.flatMap((index) => takers[index]?.step ?? []),
    weight,
  }));
}

function hitBy(
  { paths }: ContextCommit,
  takersOf: (path: string) => readonly number[],
  everything: readonly number[],
): readonly number[] {
  if (paths === null) return everything;
  const hit = new Set<number>();
  for (const path of paths) {
    for (const index of takersOf(path)) hit.add(index);
    if (hit.size === everything.length) break;
  }
  return [...hit].sort((a, b) => a - b);
}
