/** Which paths of the build context a step reads, whether they are there now or were there once. */
import { compilePattern } from '../context/dockerignore';
import { cleanPath, compileGlob, hasWildcards } from '../context/go-paths';
import type { CopyStep, RunStep, Step } from './model';

/**
 * Whether a step reads a path of the context (relative, '/'-separated). One that ends in a slash is a folder in which something
 * changed. The ignore file is the caller's to ask.
 */
export type TakesPath = (path: string) => boolean;

/** What a step takes from the build context: a test of paths; null where it takes nothing, or nobody knows what. */
export function contextTest(step: Step): TakesPath | null {
  if (step.keyword === 'COPY' || step.keyword === 'ADD') return copyTest(step as CopyStep);
  return step.keyword === 'RUN' ? mountTest(step as RunStep) : null;
}

/** A source that is fetched from elsewhere. */
export const isRemote = (source: string): boolean => /^[a-z][a-z0-9+.-]*:\/\/|^git@/i.test(source);

function copyTest(copy: CopyStep): TakesPath | null {
  if (copy.fromText !== null) return null;
  const tests = copy.sources.flatMap(({ value }) => (value !== null && !isRemote(value) ? [sourceTest(value)] : []));
  if (tests.length === 0) return null;
  const excluded = excludesOf(copy);
  return (path) => tests.some((takes) => takes(path)) && !excluded(path);
}

/** `--exclude` patterns are those of ignore files, relative to the context for a COPY of it. */
function excludesOf(copy: CopyStep): TakesPath {
  const patterns = copy.body.flags.flatMap(({ name, value }) => {
    const test = name === 'exclude' && value !== null ? compilePattern(cleanPath(value)) : null;
    return test ? [test] : [];
  });
  if (patterns.length === 0) return () => false;
  return (path) => prefixesOf(path).some((prefix) => patterns.some((matches) => matches(prefix)));
}

function mountTest(run: RunStep): TakesPath | null {
  const tests = run.mounts.flatMap((mount) =>
    mount.type === 'bind' && mount.from === null && !/[$]/.test(mount.source ?? '')
      ? [sourceTest(mount.source ?? '')]
      : [],
  );
  return tests.length === 0 ? null : (path) => tests.some((takes) => takes(path));
}

/** A source names a file, a folder with all below it, or a pattern for either. */
function sourceTest(source: string): TakesPath {
  const path = cleanPath(`/${source}`).slice(1);
  if (path === '') return () => true;
  const meetsFolder = (candidate: string) => candidate.endsWith('/') && `${fixedPart(path)}/`.startsWith(candidate);
  if (!hasWildcards(path))
    return (candidate) => candidate === path || candidate.startsWith(`${path}/`) || meetsFolder(candidate);
  const glob = compileGlob(path);
  if (!glob) return () => false;
  return (candidate) => prefixesOf(candidate).some((prefix) => glob.test(prefix)) || meetsFolder(candidate);
}

/** The folders of a pattern above its first wildcard. */
function fixedPart(pattern: string): string {
  const parts = pattern.split('/');
  const first = parts.findIndex(hasWildcards);
  return first < 0 ? pattern : parts.slice(0, first).join('/');
}

/** `a/b/c` → `a`, `a/b`, `a/b/c`. */
function prefixesOf(path: string): string[] {
  const parts = path.replace(/\/$/, '').split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
