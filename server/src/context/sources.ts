/** What a COPY or ADD takes from the build context: source patterns against its entries, after the ignore file. Pure. */
import type { BuildContext } from './context';
import { type IgnoreRules, isIgnored, noIgnoreRules, parseIgnore } from './dockerignore';
import { cleanPath, compileGlob, hasWildcards } from './go-paths';

/** What a source of COPY or ADD finds in the build context. Paths are relative to the context; '' is the context itself. */
export interface SourceMatch {
  /** The cleaned source, without slashes around it; '' for the whole context. */
  readonly path: string;
  readonly isPattern: boolean;
  /** `../x`: BuildKit stays inside the context, the legacy builder refuses. */
  readonly leavesContext: boolean;
  /** The files and folders it takes, in the order of the listing. */
  readonly matched: readonly string[];
  /** What it would take, were it not for the ignore file. */
  readonly ignored: readonly string[];
  /** False where finding nothing proves nothing: the listing was cut, or the path leads through a link or a folder that nobody listed. */
  readonly certain: boolean;
}

/** Folders that are listed by name only: they are huge, and what is in them is not the author's. */
export const unlistedFolders: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** Finds what a source of COPY or ADD (variables expanded, quotes removed, no URL) takes. Kept for the context. */
export function matchSource(context: BuildContext, source: string): SourceMatch {
  const { matches } = viewOf(context);
  const known = matches.get(source);
  if (known) return known;
  const match = findMatch(context, source);
  // Whoever types a path asks for each of its beginnings.
  if (matches.size > mostMatches) matches.clear();
  matches.set(source, match);
  return match;
}

const mostMatches = 1000;

function findMatch(context: BuildContext, source: string): SourceMatch {
  const path = cleanPath(`/${source}`).slice(1);
  const leavesContext = /^\.\.(?:\/|$)/.test(cleanPath(source));
  const isPattern = hasWildcards(path);
  const found = isPattern ? matchPattern(context, path) : path === '' || context.entries.has(path) ? [path] : [];
  const matched = found.filter((entry) => isIncluded(context, entry));
  const ignored = found.filter((entry) => !isIncluded(context, entry));
  const certain = context.complete && isListed(context, path) && !(isPattern && isOdd(path));
  return { path, isPattern, leavesContext, matched, ignored, certain };
}

/** Whether an entry is in the context that the builder sees: it is not ignored, or something below it is not. */
export function isIncluded(context: BuildContext, path: string): boolean {
  return path === '' || viewOf(context).included.has(path);
}

/** The files and links at or below a path ('' for all) that the builder sees. */
export function filesBelow(context: BuildContext, path: string): readonly string[] {
  const all = viewOf(context).files;
  if (path === '') return all;
  const prefix = `${path}/`;
  return all.filter((file) => file === path || file.startsWith(prefix));
}

/** The rules of the context's ignore file; none where it has no such file. */
export function ignoreRulesOf(context: BuildContext): IgnoreRules {
  return viewOf(context).rules;
}

/** The same where the context may not be known: then nothing is ignored. */
export const ignoreRulesFor = (context: BuildContext | null): IgnoreRules =>
  context ? ignoreRulesOf(context) : noIgnoreRules;

/**
 * Patterns that BuildKit reads in two ways, once as in an ignore file when it fetches the context and once as a glob when it
 * copies, with different outcomes: a leading `!`, `**` beside other characters, and what an expression would take as special.
 */
function isOdd(pattern: string): boolean {
  return /^!|[{}|^]/.test(pattern) || pattern.split('/').some((part) => part.includes('**') && part !== '**');
}

/** Whether the listing can tell what is at this path. */
function isListed(context: BuildContext, path: string): boolean {
  const parts = path.split('/');
  for (let length = 1; length < parts.length; length += 1) {
    const name = parts[length - 1] ?? '';
    if (hasWildcards(name)) break;
    const parent = parts.slice(0, length).join('/');
    const entry = context.entries.get(parent);
    if (entry?.type === 'link') return false;
    if (entry && unlistedFolders.has(name)) return false;
  }
  return true;
}

/** As BuildKit walks: the part before the first wildcard is a folder, the rest a glob over the paths in it; what matched is not entered. */
function matchPattern(context: BuildContext, path: string): string[] {
  const parts = path.split('/');
  const first = parts.findIndex(hasWildcards);
  const folder = parts.slice(0, first).join('/');
  const glob = compileGlob(parts.slice(first).join('/'));
  if (!glob) return [];
  const prefix = folder === '' ? '' : `${folder}/`;
  const depth = parts.length - first;
  const matches: string[] = [];
  for (const entry of context.entries.keys()) {
    if (!entry.startsWith(prefix)) continue;
    const below = entry.slice(prefix.length);
    // A class may match a slash, so deeper paths are only skipped where the glob has none.
    if (!path.includes('[') && below.split('/').length !== depth) continue;
    if (glob.test(below) && !matches.some((match) => entry.startsWith(`${match}/`))) matches.push(entry);
  }
  return matches;
}

interface ContextView {
  readonly rules: IgnoreRules;
  readonly included: ReadonlySet<string>;
  readonly files: readonly string[];
  readonly matches: Map<string, SourceMatch>;
}

/** Asked again for every instruction of a file, computed once for a context. */
const views = new WeakMap<BuildContext, ContextView>();

function viewOf(context: BuildContext): ContextView {
  const known = views.get(context);
  if (known) return known;
  const rules = context.ignoreFile ? parseIgnore(context.ignoreFile.text) : noIgnoreRules;
  const included = new Set<string>();
  const files: string[] = [];
  for (const [path, entry] of context.entries) {
    if (isIgnored(rules, path)) continue;
    if (entry.type !== 'directory') files.push(path);
    for (let at = path; at !== '' && !included.has(at); at = at.slice(0, Math.max(0, at.lastIndexOf('/'))))
      included.add(at);
  }
  const view = { rules, included, files, matches: new Map<string, SourceMatch>() };
  views.set(context, view);
  return view;
}
