/** Build contexts of documents: gathered in the background, kept, gathered anew when files come and go. */
import type { BuildContext } from '../context/context';

/** Gathers the build context of the Dockerfile with this URI; null where there is none (not a file on a disk). */
export type ContextSource = (uri: string) => Promise<BuildContext | null>;

export interface Contexts {
  /** What is known now; starts gathering at the first question. */
  known(uri: string): BuildContext | null;
  /** Resolves when the first gathering is over. */
  gathered(uri: string): Promise<void>;
  /** Files changed: the contexts that may hold them are gathered anew, shortly after the last change. */
  filesChanged(uris: readonly string[]): void;
  forget(uri: string): void;
}

interface Entry {
  context: BuildContext | null;
  first: Promise<void>;
  timer: ReturnType<typeof setTimeout> | undefined;
  gathering: boolean;
  stale: boolean;
}

/** Milliseconds without a further change before a context is gathered anew: installs and builds change files by the thousand. */
const settleTime = 300;

export function createContexts(
  source: ContextSource,
  onChange: (uri: string) => void,
  log: (error: unknown) => void,
): Contexts {
  const entries = new Map<string, Entry>();

  const gather = async (uri: string, entry: Entry): Promise<void> => {
    if (entry.gathering) {
      entry.stale = true;
      return;
    }
    entry.gathering = true;
    try {
      entry.context = await source(uri);
    } catch (error) {
      log(error);
      entry.context = null;
    }
    entry.gathering = false;
    if (entries.get(uri) !== entry) return;
    onChange(uri);
    if (!entry.stale) return;
    entry.stale = false;
    await gather(uri, entry);
  };

  const entryOf = (uri: string): Entry => {
    const existing = entries.get(uri);
    if (existing) return existing;
    const entry: Entry = {
      context: null,
      first: Promise.resolve(),
      timer: undefined,
      gathering: false,
      stale: false,
    };
    entries.set(uri, entry);
    entry.first = gather(uri, entry);
    return entry;
  };

  return {
    known: (uri) => entryOf(uri).context,
    gathered: (uri) => entryOf(uri).first,
    filesChanged(uris) {
      for (const [uri, entry] of entries) {
        const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
        if (!uris.some((changed) => changed.startsWith(folder) && changed !== uri)) continue;
        clearTimeout(entry.timer);
        entry.timer = setTimeout(() => void gather(uri, entry), settleTime);
      }
    },
    forget(uri) {
      clearTimeout(entries.get(uri)?.timer);
      entries.delete(uri);
    },
  };
}
