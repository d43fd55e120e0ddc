/** The results that the facade hands out. Everything is plain, immutable data in document offsets. */
import type { BuildContext } from '../context/context';
import type { ContextHistory } from '../context/history';
import type { Measurements } from '../model/measurements';
import type { Model } from '../model/model';
import type { Config } from '../rules/config';
import type { RuleRun } from '../rules/engine';
import type { FileCreation, Finding, Fix, Rule, Severity } from '../rules/rule';
import type { ShellReports } from '../shell/shellcheck';
import type { Span } from '../syntax/span';
import type { Dockerfile } from '../syntax/tree';

/** One version of a document, analysed. */
export interface Analysis {
  readonly dockerfile: Dockerfile;
  readonly model: Model;
  readonly config: Config;
  readonly context: BuildContext | null;
  /** How the files of the context changed in the past; null where nobody knows. `costs` reads it. */
  readonly history: ContextHistory | null;
  /** What was measured in builds of it; null where nothing was. `costs` reads it. */
  readonly measurements: Measurements | null;
  /** What ShellCheck said of the scripts in it; null where it is not asked. */
  readonly shell: ShellReports | null;
  /** In the order of the document; suppressed ones are not in it. */
  readonly findings: readonly ReportedFinding[];
  /** The latest findings of this version or an earlier one, with what the next version can take over; undefined before anybody asked. */
  readonly lastRun: RuleRun | undefined;
}

/** A finding with what the engine adds to it. */
export interface ReportedFinding extends Finding {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly aliases: readonly string[];
  /** The finding of an earlier version that this one is, moved by characters but not by lines; what was made of it may be kept. */
  readonly origin?: ReportedFinding;
}

/** A fix that was applied or could be. Its line is that of the text in which it was found. */
export interface Step {
  readonly rule: Rule;
  /** 0-based line in the text that the step started from (after earlier steps were applied). */
  readonly line: number;
  readonly title: string;
  /** Why: the finding's message. */
  readonly reason: string;
  readonly risk: string | null;
  readonly fix: Fix;
  /** The text in whose coordinates the fix's edits are. */
  readonly base: Dockerfile;
}

/** A fix that the author must judge, with what it would bring. */
export interface SuggestedStep extends Step {
  /** If this one alone were taken; worked out when it is first asked for. */
  readonly effect: StepEffect;
}

export interface StepEffect {
  /** Layers of the image on top of its base. */
  readonly layersBefore: number;
  readonly layersAfter: number;
  /** What the image loses in bytes or a rebuild in time, in words (`20 to 50 MB of package lists`), where it is known. */
  readonly saves: string | null;
}

export interface RefusedStep {
  readonly rule: Rule;
  /** 0-based. */
  readonly line: number;
  readonly reason: string;
}

/** The outcome of applying fixes until nothing changes. */
export interface FixOutcome {
  readonly text: string;
  readonly applied: readonly Step[];
  readonly refused: readonly RefusedStep[];
  readonly creates: readonly FileCreation[];
  readonly passes: number;
  /** The analysis of the final text. */
  readonly analysis: Analysis;
}

/** What Optimize would do with a file. */
export interface OptimizePlan {
  readonly before: Analysis;
  readonly after: Analysis;
  readonly text: string;
  readonly layersBefore: number;
  readonly layersAfter: number;
  /** E[T] in seconds, both under the same history; null where there is no stage. */
  readonly rebuildCostBefore: number | null;
  readonly rebuildCostAfter: number | null;
  readonly applied: readonly Step[];
  /** Fixes that the author must judge, in the coordinates of `text` and in its order. */
  readonly suggested: readonly SuggestedStep[];
  readonly refused: readonly RefusedStep[];
}

/** A hover: Markdown about the text at `span`. */
export interface HoverInfo {
  readonly span: Span;
  readonly markdown: string;
}
