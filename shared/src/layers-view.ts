/** What the layers view, the lenses and the rebuild marks are drawn from. Lines are 0-based, sizes bytes, times seconds. */
import type { DocumentParams } from './protocol';

/** `layerwise/layersView`: LayersViewParams → LayersView | null. */
export const layersViewRequest = 'layerwise/layersView';

/** `layerwise/layersChanged`: a notification to clients that show layers; answers may be other ones though no text changed. */
export const layersChangedNotification = 'layerwise/layersChanged';

export interface LayersViewParams extends DocumentParams {
  /** A line of the instruction that is to be edited; null for none. */
  readonly line: number | null;
  /** Whether the answer is to tell of the Dockerfile after Optimize, too. */
  readonly optimized?: boolean;
  /** False where only the states are wanted: then no history is looked up, and numbers are null. True if not given. */
  readonly costs?: boolean;
}

/** A number and where it is from: measured in a real build or history, or taken from a table of defaults. */
export interface Amount {
  readonly value: number;
  readonly source: 'measured' | 'assumed';
}

export interface LayersView {
  /** The version of the document that this tells of. */
  readonly version: number;
  readonly builder: 'buildkit' | 'legacy';
  readonly stages: readonly StageView[];
  /** Which stage uses which, one edge a use. */
  readonly edges: readonly StageEdge[];
  /** First line of the instruction that the edit is of; null for none. */
  readonly editedLine: number | null;
  /** What an edit there rebuilds, in seconds; null without an edit. */
  readonly editCost: Amount | null;
  /** E[T], the expected time of a rebuild. */
  readonly expectedCost: Amount | null;
  /** Bytes of the final image's layers above its base; null where nothing was measured. */
  readonly size: number | null;
  /** Bytes that later layers hide. */
  readonly wasted: number | null;
  /** Sentences that say what the numbers rest on, and what is missing or stale. */
  readonly basis: readonly string[];
  /** The same after Optimize, where asked for and where it changes anything. */
  readonly optimized: LayersView | null;
}

export interface StageEdge {
  /** Index of the stage that is used. */
  readonly from: number;
  /** Index of the stage that uses it. */
  readonly to: number;
  readonly kind: 'base' | 'copy' | 'mount';
  /** Line of the instruction that uses it. */
  readonly line: number;
}

export interface StageView {
  readonly index: number;
  readonly name: string | null;
  /** The image or stage at the bottom, as written. */
  readonly base: string;
  readonly line: number;
  readonly isFinal: boolean;
  /** False where neither the final stage nor a stage it uses needs it. */
  readonly isNeeded: boolean;
  readonly steps: readonly StepView[];
}

export interface StepView {
  readonly line: number;
  readonly endLine: number;
  readonly keyword: string;
  /** The instruction on one line, shortened. */
  readonly text: string;
  readonly layer: 'layer' | 'empty' | 'none' | 'depends';
  /** Number of the layer in its stage, from 1; null where it makes none. */
  readonly number: number | null;
  readonly why: string;
  /** Bytes of its layer; null where nothing was measured. */
  readonly size: Amount | null;
  /** Bytes of its layer that later layers delete or replace. */
  readonly wasted: number | null;
  /** Time of the step. */
  readonly seconds: Amount | null;
  /** How often a rebuild has to run it, 0 to 1. */
  readonly rebuilds: Amount | null;
  /** Time of all that an edit of it rebuilds. */
  readonly editCost: Amount | null;
  /** The measurement is of an earlier text of the instruction. */
  readonly isStale: boolean;
  /** Under the chosen edit; null without one. */
  readonly state: 'cached' | 'edited' | 'rebuilt' | null;
}
