/** What a rebuild costs: E[T] = Σ (1 − pᵢ)·cᵢ, where pᵢ is how likely step i is a cache hit and cᵢ its time in seconds. */
import type { Instruction } from '../syntax/tree';

/** A number and where it is from: measured in a build or a history, or taken from a table of defaults. */
export interface Amount {
  readonly value: number;
  readonly source: 'measured' | 'assumed';
}

/** What is known of one instruction. */
export interface StepCost {
  /** cᵢ. */
  readonly seconds: Amount;
  /** 1 − pᵢ: the share of rebuilds that run the step. */
  readonly rebuilds: Amount;
  /** Bytes of the layer; null where no image was measured. */
  readonly size: Amount | null;
  /** Bytes of the layer that later ones delete or replace; null where no image was measured. */
  readonly wasted: number | null;
  /** Seconds that an edit of the instruction costs: its own and those of every step that it makes miss. */
  readonly editCost: Amount;
  /** What was measured is of an earlier text of the instruction. */
  readonly isStale: boolean;
}

/** The costs of a whole Dockerfile. */
export interface CostModel {
  /** The costs of an instruction; null of one that is no step (ARG before FROM, a broken one). */
  of(instruction: Instruction): StepCost | null;
  /** E[T] of a rebuild of the final stage and all that it needs. */
  readonly expected: Amount;
  /** Commits that the shares were learned from; 0 where they are assumed. */
  readonly commits: number;
}
