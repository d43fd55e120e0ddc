/** `--shellcheck`: asks the ShellCheck of this machine about the scripts of the files at hand. */
import * as l10n from '@vscode/l10n';
import type { Analysis } from '../analysis/analysis';
import { shellSources } from '../analysis/shell-findings';
import { findShellcheck, runShellcheck } from '../shell/node/shellcheck';
import { createReportCache, type ShellReports } from '../shell/shellcheck';

/** ShellCheck, ready to be asked. */
export interface ShellAdviser {
  /** What it said so far; analyses that are given it find what it found. */
  readonly reports: ShellReports;
  /** Asks about all scripts that it was not asked about yet. An analysis whose findings were read before has to be made anew. */
  consult(analyses: readonly Analysis[]): Promise<void>;
}

/** Scripts whose answers are kept. Files are done one after the other, so that only neighbours share them. */
const keptScripts = 20_000;

/** Finds the program; null where there is none. Where it fails, that is told once and nothing more is asked. */
export function openAdviser(onError: (error: unknown) => void): ShellAdviser | null {
  const program = findShellcheck();
  if (program === undefined) return null;
  const reports = createReportCache(keptScripts);
  let hasFailed = false;
  return {
    reports,
    async consult(analyses) {
      if (hasFailed) return;
      const sources = new Set(analyses.flatMap(({ model }) => shellSources(model)));
      const unknown = [...sources].filter((source) => !reports.get(source));
      try {
        await runShellcheck(program, unknown, reports.set);
      } catch (error) {
        hasFailed = true;
        onError(error);
      }
    },
  };
}

/** What to say where it was asked for and is not there. */
export const missingShellcheck = (): string =>
  l10n.t('`--shellcheck` is not available: there is no program `shellcheck` on PATH');
