/** Adds lines to the ignore file of a build context, or makes one that has them. */
import type { BuildContext } from '../context/context';
import { isIgnored, parseIgnore } from '../context/dockerignore';
import { proposeIgnoreFile } from '../context/unwanted';
import type { Model } from '../model/model';
import { contextUseOf } from './context-use';
import type { FileCreation } from './rule';

/** The change that keeps these paths out of the context; null where the ignore file is not beside the Dockerfile. */
export function ignorePaths(model: Model, context: BuildContext, paths: readonly string[]): FileCreation | null {
  const { ignoreFile, dockerfilePath } = context;
  if (dockerfilePath?.includes('/') || ignoreFile?.path.includes('/')) return null;
  // The last line that matches decides: what is added at the end holds against every `!`.
  if (!ignoreFile) {
    const proposed = proposeIgnoreFile(context, contextUseOf(model));
    const rules = parseIgnore(proposed);
    const missing = paths.filter((path) => !isIgnored(rules, path));
    return { path: '.dockerignore', content: missing.length === 0 ? proposed : `${proposed}\n${lines(missing, '\n')}` };
  }
  return ignorePatterns(ignoreFile, paths.map(asPattern));
}

/** The change that adds patterns to the end of an ignore file. */
export function ignorePatterns(
  { path, text }: NonNullable<BuildContext['ignoreFile']>,
  patterns: readonly string[],
): FileCreation {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : eol;
  return { path, follows: text, content: `${gap}${patterns.map((pattern) => `${pattern}${eol}`).join('')}` };
}

const lines = (paths: readonly string[], eol: string): string =>
  paths.map((path) => `${asPattern(path)}${eol}`).join('');

/** A path as a pattern that matches nothing else. */
const asPattern = (path: string): string => path.replace(/[\\*?[\]]/g, '\\$&').replace(/^(?=[#!])/, '\\');
