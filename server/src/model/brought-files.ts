/** Which file of the build context stands at a path of the image when a step runs. */
import type { BuildContext } from '../context/context';
import { isIncluded, matchSource } from '../context/sources';
import type { CopyPath, CopyStep, RunStep, Step } from './model';
import { isWithin, normalizePath } from './paths';
import { perStep } from './per-step';
import { rootOf } from './source-installs';

export interface BroughtFile {
  readonly copy: CopyStep;
  readonly source: CopyPath;
  /** Its path in the build context; null where that is not known, and the source names a file like it. */
  readonly path: string | null;
}

/**
 * The file at an absolute path, as the last COPY or ADD before a RUN left it. `absent`: surely none is there; `unknown` where
 * something else may have made it, or where the build context is not known.
 */
export function broughtFile(
  run: RunStep,
  path: string,
  context: BuildContext | null,
): BroughtFile | 'absent' | 'unknown' {
  const known = context?.complete ? context : null;
  const name = path.slice(path.lastIndexOf('/') + 1);
  let isCertain = known !== null && !run.mounts.some(({ type }) => type === 'bind') && !makesAnything(run);
  for (const step of [run, ...stepsBefore(run)]) {
    if (step.keyword === 'RUN') {
      if (step.body.raw.includes(name) && mayChange(step.body.raw, name)) return 'unknown';
      if (isCertain && makesAnything(step)) isCertain = false;
      continue;
    }
    if (step.keyword !== 'COPY' && step.keyword !== 'ADD') continue;
    const copy = step as CopyStep;
    const root = rootOf(copy);
    if (copy.fromText !== null || copy.body.heredocs.length > 0) {
      if (isWithin(path, root) || isWithin(root, path)) return 'unknown';
      continue;
    }
    for (const source of copy.sources) {
      const found = known ? inContext(copy, source, root, path, known) : byName(copy, source, root, path);
      if (found === 'unknown') isCertain = false;
      else if (found) return found;
    }
  }
  return isCertain ? 'absent' : 'unknown';
}

/** Commands that bring or write files whose names nobody knows. */
const makesFiles =
  /\b(?:git\s+(?:clone|pull|init|submodule)|svn\s|hg\s+clone|tar\s+-?\w*x|unzip|rsync|generate-lockfile|pip-compile|lock|init)\b/;

const makesAnything = perStep(({ body }: Step): boolean => makesFiles.test(body.raw));

/** Whether a script may remove, write or move a file of a name. */
function mayChange(script: string, name: string): boolean {
  return script
    .split(/&&|\|\||[;\n]/)
    .some((part) => part.includes(name) && /(?:^|\s)(?:rm|mv|cp|sed|tee|ln|unlink|jq|touch)\s|>/.test(part));
}

/** The steps before a RUN, of its stage and those it is built on, the last first. */
function* stepsBefore(run: RunStep): Iterable<Step> {
  for (let stage: RunStep['stage'] | null = run.stage; stage; stage = stage.parent) {
    const steps = stage === run.stage ? stage.steps.slice(0, run.index) : stage.steps;
    yield* [...steps].reverse();
  }
}

function inContext(
  copy: CopyStep,
  source: CopyPath,
  root: string,
  path: string,
  context: BuildContext,
): BroughtFile | 'unknown' | null {
  if (source.value === null) return isWithin(path, root) ? 'unknown' : null;
  if (/:\/\/|^git@/.test(source.value)) return null;
  const { matched, certain } = matchSource(context, source.value);
  for (const entry of matched) {
    const isFolder = entry === '' || context.entries.get(entry)?.type === 'directory';
    if (isFolder) {
      if (!isWithin(path, root)) continue;
      const below = path.slice(root.length).replace(/^\//, '');
      const file = entry === '' ? below : `${entry}/${below}`;
      const kind = context.entries.get(file)?.type;
      if (kind === 'file' && isIncluded(context, file)) return { copy, source, path: file };
      if (kind === 'link') return 'unknown';
      continue;
    }
    if (isTarget(copy, root, path, entry)) return { copy, source, path: entry };
  }
  return certain ? null : 'unknown';
}

function byName(copy: CopyStep, source: CopyPath, root: string, path: string): BroughtFile | null {
  const { value } = source;
  if (value === null || /[*?[]|:\/\//.test(value)) return null;
  const name = value.slice(value.lastIndexOf('/') + 1);
  const wanted = path.slice(path.lastIndexOf('/') + 1);
  return name === wanted && isTarget(copy, root, path, value) ? { copy, source, path: null } : null;
}

/** Whether a copied file lands at a path: below the destination, or as the destination itself. */
function isTarget(copy: CopyStep, root: string, path: string, file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (normalizePath(`${root}/${name}`) === path) return true;
  return root === path && copy.sources.length === 1 && !copy.destination?.text.endsWith('/');
}

/** A folder and those above it. */
export function foldersUpwards(folder: string): readonly string[] {
  const parts = normalizePath(folder)
    .split('/')
    .filter((part) => part !== '');
  return parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`).concat('/');
}
