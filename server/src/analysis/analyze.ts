/** The way in: a text becomes an analysis. Pure and synchronous; never throws. */
import type { BuildContext } from '../context/context';
import { buildModel } from '../model/build';
import type { Config } from '../rules/config';
import { type RuleRun, runRules } from '../rules/engine';
import { parseDockerfile } from '../syntax/parse';
import type { Analysis } from './analysis';

export interface AnalyzeOptions {
  readonly config: Config;
  readonly context: BuildContext | null;
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
  return {
    dockerfile,
    model,
    config,
    context,
    get findings() {
      return runOnce().findings;
    },
    get lastRun() {
      return run ?? earlier?.lastRun;
    },
  };
}
