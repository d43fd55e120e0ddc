/** Whether something in a stage may have put a program where commands are looked up. */
import type { BuildContext } from '../context/context';
import { isSurelyFile, targetPath } from './dependencies';
import type { CopyStep, RunStep, Stage, Step } from './model';
import { isWithin, normalizePath } from './paths';
import { isCopyStep, isRunStep } from './steps';

/** The steps of a stage and of those it is built FROM, up to but not with the given one. */
export function stepsBefore(step: Step): readonly Step[] {
  const steps = step.stage.steps.slice(0, step.index);
  for (let parent: Stage | null = step.stage.parent; parent; parent = parent.parent) steps.unshift(...parent.steps);
  return steps;
}

/**
 * Whether a COPY, an ADD, a mount or a RUN before a step may bring one of some programs: by its name, with a folder, or by
 * commands that nobody can read. `files` tells what a source is, where the context is known; `started` are programs that
 * are started by name, and so no folders.
 */
export function mayBeBrought(
  step: Step,
  programs: readonly string[],
  files: BuildContext | null,
  started: readonly string[] = [],
): boolean {
  if (isRunStep(step) && hasMountOnPrograms(step)) return true;
  return stepsBefore(step).some((earlier) => {
    if (isCopyStep(earlier)) return copyMayBring(earlier, programs, files, started);
    return isRunStep(earlier) && runMayBring(earlier, programs);
  });
}

const folders = ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/busybox'];

function hasMountOnPrograms(run: RunStep): boolean {
  return run.mounts.some(
    ({ type, target }) => type === 'bind' && (target === null || meetsPrograms(normalizePath(`/${target}`))),
  );
}

const meetsPrograms = (path: string): boolean =>
  folders.some((folder) => isWithin(folder, path) || isWithin(path, folder));

function copyMayBring(
  copy: CopyStep,
  programs: readonly string[],
  files: BuildContext | null,
  started: readonly string[],
): boolean {
  const target = targetPath(copy);
  if (target === null) return copy.destination?.value?.startsWith('/') !== false || copy.keyword === 'ADD';
  const path = normalizePath(target);
  if (!meetsPrograms(path)) return false;
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (programs.includes(last)) return true;
  const isFolder = target.endsWith('/') || folders.includes(path) || folders.some((folder) => isWithin(folder, path));
  // `COPY tool /usr/local/bin/tool`: whatever it is, it lies below that name.
  if (!isFolder) return false;
  return copy.sources.some((source) => {
    const { value } = source;
    const name = value?.slice(value.lastIndexOf('/') + 1) ?? '';
    if (value === null || name === '' || /[*?[]/.test(name) || programs.includes(name)) return true;
    if (copy.keyword !== 'ADD' && path === '/' && started.includes(`/${name}`)) return false;
    return copy.keyword === 'ADD' || !isSurelyFile(copy, source, files);
  });
}

function runMayBring(run: RunStep, programs: readonly string[]): boolean {
  if (!run.isKnown) return true;
  for (const script of run.scripts) {
    if (script.functions.some(({ name }) => programs.includes(name))) return true;
    for (const { name, args } of script.commands) {
      if (name !== null && programs.includes(name)) continue;
      if (args.some(({ unquoted }) => programs.some((program) => endsIn(unquoted, program)))) return true;
    }
  }
  // Whatever a package is called, one with the program's name in it brings it.
  return run
    .calls(undefined, 'install')
    .some(
      ({ packages, opaque }) =>
        opaque || packages.some(({ name }) => name === null || programs.some((program) => name.includes(program))),
    );
}

const endsIn = (word: string, program: string): boolean => word === program || word.endsWith(`/${program}`);
