/**
 * What is known of documents beyond their text and context: the history of the context's files, and measurements. Nothing is
 * looked up before somebody asks for costs; then it happens in the background, and whoever shows costs is told.
 */

import type { Recording } from '../analysis/import/recorded';
import type { ContextHistory } from '../context/history';
import type { CostFacts } from '../model/build-costs';
import type { Measurements } from '../model/measurements';

/** Where knowledge comes from; on a platform without files or programs there is none. */
export interface KnowledgeSource {
  /** The history of the context of the Dockerfile with this URI; null where it is no file. Runs git. */
  history(uri: string, signal: AbortSignal): Promise<ContextHistory | null>;
  /** Measurements that were kept in a folder. */
  readKept(folder: string, uri: string): Promise<Measurements | null>;
  /** Keeps measurements; null drops them. */
  keep(folder: string, uri: string, measurements: Measurements | null): Promise<void>;
  /** Reads a file that somebody wants to import. */
  readRecording(path: string, signal: AbortSignal): Promise<Recording>;
  /** Builds the Dockerfile with this URI and records it. Runs docker. */
  build(uri: string, signal: AbortSignal, onProgress: (message: string) => void): Promise<BuildRecord>;
}

/** A build that was made to measure. */
export interface BuildRecord {
  /** The log, and the image where one came about. */
  readonly recordings: readonly Recording[];
  /** Localized: why it failed; null where it did not. */
  readonly failure: string | null;
  /** Localized lines on what Docker keeps on this machine. */
  readonly details: readonly string[];
}

export interface KnowledgeOptions {
  readonly source: KnowledgeSource | undefined;
  /** Whether programs may be run at all. */
  readonly trusted: boolean;
  /** The folder where measurements are kept; undefined where they last as long as the server. */
  readonly storage: string | undefined;
  /** Called when there is news of a document. */
  onChange(uri: string): void;
  log(error: unknown): void;
}

export interface Knowledge {
  readonly source: KnowledgeSource | undefined;
  readonly isTrusted: boolean;
  /** What is known now: the same object until there is news. Looks nothing up. */
  known(uri: string): CostFacts;
  /** Looks up what there is, again after a while; resolves when that is over. Never rejects. */
  learn(uri: string): Promise<void>;
  /** The same, waiting no longer than this many milliseconds: what comes later is told by `onChange`. */
  learnWithin(uri: string, patience: number): Promise<void>;
  /** Takes in measurements; null drops those that are there. */
  setMeasurements(uri: string, measurements: Measurements | null): Promise<void>;
  forget(uri: string): void;
  /** The user trusts the workspace now. */
  trust(): void;
}

/** Milliseconds for which a history is taken to be up to date. */
const freshTime = 10_000;

const unknown: CostFacts = { history: null, measurements: null };

interface Entry {
  facts: CostFacts;
  learning: Promise<void> | undefined;
  abort: AbortController;
  learnedAt: number;
  readKept: boolean;
}

export function createKnowledge({ source, trusted, storage, onChange, log }: KnowledgeOptions): Knowledge {
  const entries = new Map<string, Entry>();
  let isTrusted = trusted;

  const entryOf = (uri: string): Entry => {
    const existing = entries.get(uri);
    if (existing) return existing;
    const entry: Entry = {
      facts: unknown,
      learning: undefined,
      abort: new AbortController(),
      learnedAt: Number.NEGATIVE_INFINITY,
      readKept: false,
    };
    entries.set(uri, entry);
    return entry;
  };
  const tell = (uri: string, entry: Entry, news: Partial<CostFacts>) => {
    const facts = { ...entry.facts, ...news };
    if (facts.history === entry.facts.history && facts.measurements === entry.facts.measurements) return;
    entry.facts = facts;
    if (entries.get(uri) === entry) onChange(uri);
  };

  const lookUp = async (uri: string, entry: Entry, from: KnowledgeSource): Promise<void> => {
    if (storage !== undefined && !entry.readKept) {
      entry.readKept = true;
      const measurements = await from.readKept(storage, uri).catch(report);
      // Somebody may have measured meanwhile, which is newer.
      if (measurements && !entry.facts.measurements) tell(uri, entry, { measurements });
    }
    if (!isTrusted || Date.now() - entry.learnedAt < freshTime) return;
    const history = await from.history(uri, entry.abort.signal).catch((error: unknown) => {
      if (!entry.abort.signal.aborted) log(error);
      return null;
    });
    entry.learnedAt = Date.now();
    if (history) tell(uri, entry, { history });
  };
  const report = (error: unknown): null => {
    log(error);
    return null;
  };

  const learn = (uri: string): Promise<void> => {
    if (!source) return Promise.resolve();
    const entry = entryOf(uri);
    entry.learning ??= lookUp(uri, entry, source).finally(() => {
      entry.learning = undefined;
    });
    return entry.learning;
  };

  return {
    source,
    get isTrusted() {
      return isTrusted;
    },
    known: (uri) => entries.get(uri)?.facts ?? unknown,
    learn,
    async learnWithin(uri, patience) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patient = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patience);
      });
      await Promise.race([learn(uri), patient]);
      clearTimeout(timer);
    },
    async setMeasurements(uri, measurements) {
      const entry = entryOf(uri);
      entry.readKept = true;
      tell(uri, entry, { measurements });
      if (source && storage !== undefined) await source.keep(storage, uri, measurements).catch(report);
    },
    forget(uri) {
      entries.get(uri)?.abort.abort();
      entries.delete(uri);
    },
    trust() {
      isTrusted = true;
      for (const entry of entries.values()) entry.learnedAt = Number.NEGATIVE_INFINITY;
    },
  };
}
