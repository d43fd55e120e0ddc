/** What a RUN says: its scripts and the package-manager calls in them. */
import { packageCalls } from '../shell/package-calls';
import type { PackageCall } from '../shell/packages';
import type { ShellScript } from '../shell/script';
import { scriptsOf } from '../shell/scripts-of';
import type { Step } from './model';
import { perStep } from './per-step';

export interface RunContent {
  readonly scripts: readonly ShellScript[];
  readonly calls: readonly PackageCall[];
  /** All scripts parsed, shell known, no Windows. */
  readonly isKnown: boolean;
}

/** The content of a RUN. */
export const runContent = perStep((run: Step): RunContent => {
  const scripts = run.stage.isWindows ? [] : scriptsOf(run.body, run.before.shell);
  return {
    scripts,
    calls: scripts.flatMap((script) => packageCalls(script)),
    isKnown: scripts.length > 0 && scripts.every((script) => script.known),
  };
});
