/** The way in: a text becomes an analysis. Pure and synchronous; never throws. */
import type { BuildContext } from '../context/context';
import type { ContextHistory } from '../context/history';
import { buildModel } from '../model/build';
import type { Measurements } from '../model/measurements';
import type { Config } from '../rules/config';
import { type RuleRun, runRules } from '../rules/engine';
import type { ShellReports } from '../shell/shellcheck';
import { parseDockerfile } from '../syntax/parse';
import type { Analysis, ReportedFinding } from './analysis';
import { shellFindings } from './shell-findings';

export interface AnalyzeOptions {
  readonly config: Config;
  readonly context: BuildContext | null;
  /** What the costs are computed from, where it is known; those of `previous` where not given. No finding depends on them. */
  readonly history?: ContextHistory | null;
  readonly measurements?: Measurements | null;
  /** What ShellCheck said of scripts, where it may be asked; that of `previous` where not given. */
  readonly shell?: ShellReports | null;
  /** The analysis of an earlier version of the same document: what did not change is taken over. */
  readonly previous?: Analysis | undefined;
}

/** Analyses one version of a document. The findings are computed when they are first asked for. */
export function analyze(text: string, options: AnalyzeOptions): Analysis {
  const { config, context, previous } = options;
  const dockerfile =
    previous && previous.dockerfile.text === text ? previous.dockerfile : parseDockerfile(text, previous?.dockerfile);
  const model =
    previous && previous.dockerfile === dockerfile && previous.config.builder === config.builder
      ? previous.model
      : buildModel(dockerfile, config.builder);
  // Held until the rules have run, so that a chain of versions that nobody asked about does not pile up.
  let earlier = previous;
  let run: RuleRun | undefined;
  const runOnce = (): RuleRun => {
    run ??= runRules(model, config, context, earlier?.lastRun);
    earlier = undefined;
    return run;
  };
  const shell = (options.shell === undefined ? previous?.shell : options.shell) ?? null;
  let merged: readonly ReportedFinding[] | undefined;
  return {
    dockerfile,
    model,
    config,
    context,
    history: (options.history === undefined ? previous?.history : options.history) ?? null,
    measurements: (options.measurements === undefined ? previous?.measurements : options.measurements) ?? null,
    shell,
    get findings() {
      const { findings } = runOnce();
      if (!shell) return findings;
      merged ??= mergeByPlace(findings, shellFindings(model, config, shell));
      return merged;
    },
    get lastRun() {
      return run ?? earlier?.lastRun;
    },
  };
}

/** Two lists, each in the order of the document, as one. */
function mergeByPlace(
  first: readonly ReportedFinding[],
  second: readonly ReportedFinding[],
): readonly ReportedFinding[] {
  return second.length === 0 ? first : [...first, ...second].sort((a, b) => a.at.start - b.at.start);
}
