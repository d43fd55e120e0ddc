/** What client and server say to each other beyond LSP. Positions are those of LSP: 0-based lines, UTF-16 columns. */

export interface WirePosition {
  readonly line: number;
  readonly character: number;
}

export interface WireRange {
  readonly start: WirePosition;
  readonly end: WirePosition;
}

export interface WireEdit {
  readonly range: WireRange;
  readonly newText: string;
}

/** What the client hands over at the start. All of it may be missing in other editors. */
export interface InitializationOptions {
  /** The messages of the display language, English text → translation. */
  readonly l10n?: Readonly<Record<string, string>>;
  /** The link to a rule's page, `{id}` standing for the rule; no links where it is missing. */
  readonly rulePage?: string;
  /** Markdown may hold VS Code's icons, `$(name)`. */
  readonly themeIcons?: boolean;
  /** The user trusts the files that are open: programs of this machine may be run on them. */
  readonly trusted?: boolean;
  /** The client shows layers, and wants to be told when they may be other ones though no text changed. */
  readonly showsLayers?: boolean;
  /** A folder of the workspace's own, outside of it, where what was measured is kept; it need not exist yet. */
  readonly storage?: string;
  /** Settings for clients that cannot be asked for them. */
  readonly settings?: unknown;
}

/** `layerwise/trusted`, from the client: the user trusts the workspace from now on. No parameters. */
export const trustedNotification = 'layerwise/trusted';

export interface DocumentParams {
  readonly textDocument: { readonly uri: string };
}

/** `layerwise/optimize`: what Optimize would do with a document. DocumentParams → OptimizeResult | null. */
export const optimizeRequest = 'layerwise/optimize';

export interface OptimizeResult {
  /** The version of the document that the plan was made for. */
  readonly version: number;
  readonly layersBefore: number;
  readonly layersAfter: number;
  /** The document with all safe fixes applied. */
  readonly text: string;
  /** Small edits that make `text` of the document. */
  readonly edits: readonly WireEdit[];
  /** Safe fixes; lines are those of the document. */
  readonly applied: readonly OptimizeStep[];
  /** What the author must judge; lines are those of `text`. */
  readonly suggested: readonly OptimizeStep[];
  /** What could not be repaired; lines are those of `text`. */
  readonly refused: readonly OptimizeRefusal[];
  /** All that can be taken or left on its own, in coordinates of the document, none overlapping. */
  readonly choices: readonly OptimizeChoice[];
}

export interface OptimizeStep {
  readonly rule: string;
  readonly line: number;
  readonly title: string;
  readonly reason: string;
  readonly risk: string | null;
  /** Of a suggestion: what it would bring if it alone were taken, in words; null where there is nothing to tell. */
  readonly effect: string | null;
}

export interface OptimizeRefusal {
  readonly rule: string;
  readonly line: number;
  readonly reason: string;
}

export interface OptimizeChoice {
  readonly label: string;
  readonly description: string;
  /** Ticked at the start. */
  readonly safe: boolean;
  readonly edits: readonly WireEdit[];
}

/** `layerwise/layers`: the layers of the last stage, for the status bar. DocumentParams → LayersResult | null. */
export const layersRequest = 'layerwise/layers';

export interface LayersResult {
  readonly version: number;
  readonly builder: 'buildkit' | 'legacy';
  /** Layers on top of the base image. */
  readonly count: number;
  /** The last stage's name; null without one. */
  readonly stage: string | null;
  readonly stages: number;
  /** The image at the bottom, as written; null where there is none. */
  readonly base: string | null;
  /** What the layers are made of: the last stage and those it is built FROM, in the order of the image. */
  readonly instructions: readonly LayerInstruction[];
}

export interface LayerInstruction {
  readonly line: number;
  readonly text: string;
  readonly layer: 'layer' | 'empty' | 'none' | 'depends';
  /** Number of the layer among those of the Dockerfile, from 1; null where it makes none. */
  readonly number: number | null;
  readonly why: string;
}

/** `layerwise/rulePage`: a rule's page as Markdown. RulePageParams → string | null. */
export const rulePageRequest = 'layerwise/rulePage';

export interface RulePageParams {
  /** Id or alias. */
  readonly id: string;
}

/** `layerwise/rules`: the catalogue, for choosing a rule. → RuleSummary[]. */
export const rulesRequest = 'layerwise/rules';

export interface RuleSummary {
  readonly id: string;
  readonly category: string;
  readonly summary: string;
}
