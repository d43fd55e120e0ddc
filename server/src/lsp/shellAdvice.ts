/**
 * ShellCheck's findings in open documents. It is asked in the background when nobody has typed for a moment, and only about
 * scripts that it was not asked about before; what it answers is shown with the next diagnostics. Until then, and without it,
 * everything else is as it always is.
 */
import type { Analysis } from '../analysis/analysis';
import { shellSources } from '../analysis/shell-findings';
import { createReportCache, type ShellComment, type ShellReports } from '../shell/shellcheck';

/** Runs the program about scripts and hands over answers as they come; false where there is no such program. */
export type ShellcheckSource = (
  sources: readonly string[],
  onAnswer: (source: string, comments: readonly ShellComment[]) => void,
  signal: AbortSignal,
) => Promise<boolean>;

export interface ShellAdviceOptions {
  readonly source: ShellcheckSource | undefined;
  /** Whether programs may be run at all. */
  readonly trusted: boolean;
  /** Called when there are new answers about a document. */
  onChange(uri: string): void;
  log(error: unknown): void;
}

export interface ShellAdvice {
  /** What is known of a document's scripts: another object after every answer. Null where nothing is to be asked. */
  reports(uri: string, isEnabled: boolean): ShellReports | null;
  /** Asks about what is not known yet, after a moment without another call for the document. */
  ask(uri: string, analysis: Analysis): void;
  forget(uri: string): void;
  /** The user trusts the workspace now. */
  trust(): void;
  /** Looks for the program again. */
  retry(): void;
}

/** Milliseconds without a change before ShellCheck is asked. */
const settleTime = 300;
/** Scripts whose answers are kept, of all documents together. */
const keptScripts = 2000;

interface Entry {
  reports: ShellReports;
  timer: ReturnType<typeof setTimeout> | undefined;
  running: AbortController | undefined;
  /** There are answers that were not told yet. */
  hasNews: boolean;
}

export function createShellAdvice({ source, trusted, onChange, log }: ShellAdviceOptions): ShellAdvice {
  const cache = createReportCache(keptScripts);
  const entries = new Map<string, Entry>();
  let isTrusted = trusted;
  let isMissing = source === undefined;

  const freshReports = (): ShellReports => ({ get: cache.get });
  const entryOf = (uri: string): Entry => {
    const existing = entries.get(uri);
    if (existing) return existing;
    const entry: Entry = { reports: freshReports(), timer: undefined, running: undefined, hasNews: false };
    entries.set(uri, entry);
    return entry;
  };

  const run = async (uri: string, entry: Entry, analysis: Analysis): Promise<void> => {
    const unknown = shellSources(analysis.model).filter((text) => !cache.get(text));
    if (unknown.length > 0 && source) {
      const running = new AbortController();
      entry.running = running;
      try {
        const answer = (text: string, comments: readonly ShellComment[]) => {
          cache.set(text, comments);
          entry.hasNews = true;
        };
        if (!(await source(unknown, answer, running.signal))) isMissing = true;
      } catch (error) {
        if (running.signal.aborted) return;
        // A program that fails once would fail at every pause.
        isMissing = true;
        log(error);
      }
      if (entry.running === running) entry.running = undefined;
    }
    if (!entry.hasNews || entries.get(uri) !== entry) return;
    entry.hasNews = false;
    entry.reports = freshReports();
    onChange(uri);
  };

  const stop = (entry: Entry | undefined) => {
    clearTimeout(entry?.timer);
    entry?.running?.abort();
  };

  return {
    reports: (uri, isEnabled) => (isEnabled && isTrusted && !isMissing ? entryOf(uri).reports : null),
    ask(uri, analysis) {
      const entry = entryOf(uri);
      stop(entry);
      entry.timer = setTimeout(() => void run(uri, entry, analysis), settleTime);
    },
    forget(uri) {
      stop(entries.get(uri));
      entries.delete(uri);
    },
    trust() {
      isTrusted = true;
    },
    retry() {
      isMissing = source === undefined;
    },
  };
}
