/** Reads what `git log --raw -z` prints, piece by piece as it comes, into commits with the paths that they changed. Pure. */
import type { ContextCommit } from './history';

/** The options of `git log` that the parser understands the output of. */
export const logFormat: readonly string[] = ['--raw', '-z', '--no-abbrev', '--format=%x1e%H %P'];

/** Commits that change more files than this are taken to change everything. */
export const pathLimit = 2_000;

export interface LogParser {
  /** Takes in the next piece of the output. */
  push(text: string): void;
  /** The commits so far, newest first. Those without a parent are left out: a first build is no rebuild. */
  commits(): ContextCommit[];
}

/**
 * Follows renames: older commits name a file as it is called now. Where a shallow clone ends, the oldest commit has no parent
 * and seems to add everything; it is left out like every first commit.
 */
export function createLogParser(): LogParser {
  const commits: ContextCommit[] = [];
  /** Name at the time of the commit that is being read → name now. */
  const names = new Map<string, string>();
  let rest = '';
  let commit: OpenCommit | null = null;
  let change: { readonly status: string; readonly isFolder: boolean; readonly paths: string[] } | null = null;

  const nowOf = (path: string) => names.get(path) ?? path;

  const finishCommit = () => {
    if (commit) {
      // Names of the time before the commit hold for all older ones.
      for (const path of commit.added) names.delete(path);
      for (const [before, now] of commit.renamed) names.set(before, now);
      if (commit.hasParent && commit.count > 0)
        commits.push({ paths: commit.count > pathLimit ? null : [...commit.paths], weight: 1 });
    }
    commit = null;
  };

  const finishChange = (open: OpenCommit) => {
    if (!change) return;
    const [path = '', to] = change.paths;
    const slash = change.isFolder ? '/' : '';
    open.count++;
    if (to !== undefined && change.status === 'R') {
      const now = nowOf(to);
      open.renamed.set(path, now);
      open.added.push(to);
      open.paths.add(path).add(now);
    } else if (to !== undefined) {
      open.added.push(to);
      open.paths.add(nowOf(to));
    } else {
      open.paths.add(nowOf(path) + slash);
      if (change.status === 'A') open.added.push(path);
    }
    change = null;
  };

  const take = (token: string) => {
    if (change) {
      change.paths.push(token);
      const wanted = change.status === 'R' || change.status === 'C' ? 2 : 1;
      if (commit && change.paths.length === wanted) finishChange(commit);
      return;
    }
    if (token.startsWith('\x1e')) {
      finishCommit();
      const parents = token.slice(1).split(' ').slice(1).join('');
      commit = { hasParent: parents !== '', count: 0, paths: new Set(), added: [], renamed: new Map() };
      return;
    }
    const meta = /^\n?:(\d+) (\d+) \S+ \S+ ([A-Z])/.exec(token);
    if (!meta) return;
    const isFolder = meta[1] === submodule || meta[2] === submodule;
    change = { status: meta[3] ?? 'M', isFolder, paths: [] };
  };

  return {
    push(text) {
      const tokens = (rest + text).split('\0');
      rest = tokens.pop() ?? '';
      for (const token of tokens) take(token);
    },
    commits() {
      finishCommit();
      return commits;
    },
  };
}

interface OpenCommit {
  readonly hasParent: boolean;
  count: number;
  readonly paths: Set<string>;
  readonly added: string[];
  /** Name before → name now. */
  readonly renamed: Map<string, string>;
}

/** The mode of an entry that is another repository: of its files only that something changed is known. */
const submodule = '160000';
