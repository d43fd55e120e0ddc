/** The history of a build context from git: which commits changed which of its files. Asked only in a trusted workspace. */
import { statSync } from 'node:fs';
import * as l10n from '@vscode/l10n';
import { createLogParser, logFormat } from '../git-log';
import type { ContextCommit, ContextHistory } from '../history';
import { askGit, type GitOptions, streamGit } from './git';
import type { ProgramEnd } from './programs';

export interface HistoryOptions {
  /** Ends the work; the promise is rejected then. */
  readonly signal?: AbortSignal;
  /** Milliseconds that git may take; what it said until then is used. */
  readonly timeout?: number;
  /** The git program, for tests. */
  readonly program?: string;
}

/** As many commits are looked at, of those that touch the context. */
export const commitLimit = 500;
/** Milliseconds that git may take unless told. */
const usualTimeout = 15_000;

/** Histories already read, by folder: they hold as long as the checked-out commit does. */
export type HistoryCache = Map<string, { readonly head: string; readonly history: ContextHistory }>;

/**
 * Reads the history of the folder that is a build context. Never fails: where there is none, `commits` is empty and `notes` says
 * why. Rejects only when `signal` is aborted.
 */
export async function readHistory(
  root: string,
  options: HistoryOptions = {},
  cache: HistoryCache = new Map(),
): Promise<ContextHistory> {
  if (!isFolder(root)) return nothing(l10n.t('There is no folder to read a history of.'));
  const { signal, timeout = usualTimeout, program } = options;
  const git: GitOptions = { folder: root, signal, timeout, program };
  // One after the other: outside of a repository the first fails, without a commit the second does.
  const place = await askGit(['rev-parse', '--is-inside-work-tree', '--is-shallow-repository'], git);
  if (place.kind !== 'done') return nothing(describe(place));
  const [inside, shallow] = place.text.trim().split(/\s+/);
  if (inside !== 'true') return nothing(noRepository());
  const head = await askGit(['rev-parse', '--verify', '--quiet', 'HEAD'], git);
  if (head.kind !== 'done') return nothing(l10n.t('The repository has no commit yet.'));
  const key = `${head.text.trim()} ${shallow}`;
  const known = cache.get(root);
  if (known?.head === key) return known.history;
  const history = await readLog(git, shallow === 'true');
  if (history.isWhole) cache.set(root, { head: key, history });
  return history;
}

async function readLog(git: GitOptions, isShallow: boolean): Promise<ContextHistory & { readonly isWhole: boolean }> {
  const partial = await askGit(['config', '--get', 'extensions.partialClone'], git);
  // Renames of changed files are told by their content, which a partial clone would have to fetch.
  let read = await readCommits(git, partial.kind === 'done' ? '-M100%' : '-M');
  // Where content is missing, as in a damaged repository, renames without a change are found all the same.
  if (read.end.kind === 'failed') {
    const exact = await readCommits(git, '-M100%');
    if (exact.commits.length > read.commits.length) read = exact;
  }
  const { commits, end } = read;
  const notes: string[] = [];
  if (commits.length > 0)
    notes.push(
      commits.length === 1
        ? l10n.t('How often files change is learned from the one commit that changed the build context.')
        : l10n.t(
            'How often files change is learned from the last {0} commits that changed the build context.',
            commits.length,
          ),
    );
  else if (end.kind === 'done') notes.push(l10n.t('No commit in the git history changed the build context.'));
  if (isShallow) notes.push(l10n.t('The clone is shallow: older commits are not known.'));
  if (end.kind === 'timeout') notes.push(l10n.t('Reading the git history took too long; older commits were left out.'));
  else if (end.kind !== 'done') notes.push(describe(end));
  return { source: 'git', commits, notes, isWhole: end.kind === 'done' };
}

async function readCommits(git: GitOptions, renames: string): Promise<{ commits: ContextCommit[]; end: ProgramEnd }> {
  const parser = createLogParser();
  const range = ['--first-parent', '-m', renames, '-l400', '--no-ext-diff', '--no-textconv', '--relative'];
  const args = ['log', ...range, ...logFormat, `--max-count=${commitLimit + 1}`, 'HEAD', '--', '.'];
  const end = await streamGit(args, git, (text) => parser.push(text));
  return { commits: parser.commits().slice(0, commitLimit), end };
}

const nothing = (note: string): ContextHistory => ({ source: 'git', commits: [], notes: [note] });

const noRepository = (): string => l10n.t('The build context is not in a git repository.');

function describe(end: ProgramEnd): string {
  switch (end.kind) {
    case 'missing':
      return l10n.t('git was not found, so no history of the build context can be read.');
    case 'timeout':
      return l10n.t('git did not answer in time, so the history of the build context is not known.');
    case 'failed':
      if (/not a git repository/i.test(end.message)) return noRepository();
      if (/dubious ownership/i.test(end.message))
        return l10n.t('git does not read this repository because it belongs to somebody else (safe.directory).');
      return l10n.t('git could not read the history of the build context: {0}', firstLine(end.message));
    case 'done':
      return '';
  }
}

const firstLine = (text: string): string => text.split('\n')[0]?.replace(/^(?:fatal|error): /, '') ?? '';

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
