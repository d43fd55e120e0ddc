/**
 * A history for a build context without one: changes as they usually spread over kinds of files. Source code changes all
 * the time, manifests and libraries now and then. One and the same history can be replayed before and after a change of the
 * Dockerfile, so that the two compare.
 */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../context/context';
import type { ContextCommit, ContextHistory } from '../context/history';
import { filesBelow } from '../context/sources';
import { contextTest } from './context-sources';
import type { CopyStep, Model, RunStep } from './model';
import { type Volatility, volatilityOfPath } from './volatility';

/** Of all rebuilds, so many begin with a change of such files; what no file is of goes to the others. */
const shares: Readonly<Record<Volatility, number>> = { often: 0.85, usual: 0.1, rare: 0.05 };

/** Files that stand for all of their kind in a long listing. */
const fileLimit = 3_000;

/** What usually happens to the files of a context, or to what the Dockerfile takes where the files are not known. */
export function assumedHistory(model: Model, context: BuildContext | null): ContextHistory {
  const files = context ? filesBelow(context, '') : [];
  const paths = files.length > 0 ? sample(files) : mentionedPaths(model);
  const byKind = new Map<Volatility, string[]>();
  for (const path of paths) {
    const kind = kindOf(path);
    const same = byKind.get(kind);
    if (same) same.push(path);
    else byKind.set(kind, [path]);
  }
  const commits: ContextCommit[] = [...byKind].flatMap(([kind, members]) =>
    members.map((path) => ({ paths: [path], weight: shares[kind] / members.length })),
  );
  const notes = [l10n.t('How often files change is assumed by their kind: there is no history to learn from.')];
  return { source: 'assumed', commits, notes };
}

function sample(files: readonly string[]): readonly string[] {
  const every = Math.ceil(files.length / fileLimit);
  return every === 1 ? files : files.filter((_, index) => index % every === 0);
}

/** A file that is neither a manifest nor of a known kind is part of the application more often than not. */
function kindOf(path: string): Volatility {
  const own = volatilityOfPath(path);
  if (own !== 'usual') return own;
  const folder = path.includes('/') ? volatilityOfPath(path.slice(0, path.indexOf('/'))) : 'usual';
  return folder;
}

/** Files as they would be, were the Dockerfile right: what it names, manifests, and code that only a whole folder brings. */
function mentionedPaths(model: Model): string[] {
  const paths = new Set(['package.json', 'requirements.txt', 'src/main.py']);
  for (const step of model.steps) {
    if (!contextTest(step)) continue;
    for (const source of namesOf(step as CopyStep | RunStep)) {
      const path = source
        .replace(/^[./]+/, '')
        .replace(/\/+$/, '')
        .replace(/[*?]/g, '')
        .replace(/\[[^\]]*\]/g, '');
      if (path === '') continue;
      paths.add(/\.\w+$/.test(path) ? path : `${path}/${fileInside(path)}`);
    }
  }
  return [...paths];
}

/** A file that changes as often as its folder is said to. */
const fileInside = (folder: string): string =>
  ({ often: 'main.py', usual: 'file', rare: 'file.conf' })[volatilityOfPath(folder)];

const namesOf = (step: CopyStep | RunStep): string[] =>
  'sources' in step
    ? step.sources.flatMap(({ value }) => value ?? [])
    : step.mounts.flatMap(({ source }) => source ?? []);
