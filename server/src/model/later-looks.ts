/** Who needs, further down, a folder that a clean-up would empty: other commands, and stages that copy or mount it. */
import type { ShellCommand } from '../shell/script';
import type { CopyStep, Model, RunStep, Stage, Step } from './model';
import { isWithin } from './paths';
import { isCopyStep, isRunStep } from './steps';

/**
 * The first step from a command of a RUN on, in its stage or in one that is built FROM it, copies from it or mounts it,
 * that names the folder, what is in it, or a folder above it that need not be there without it; null where there is none.
 * `~` stands for whatever home directory.
 */
export function laterLook(model: Model, run: RunStep, command: ShellCommand, folder: string): Step | null {
  const place = atHome(folder);
  const ownScript = run.scripts.find((script) => script.commands.includes(command));
  const behind = ownScript?.commands.filter((other) => other.start > command.start) ?? [];
  if (behind.some((other) => commandLooks(other, place))) return run;
  return lookFrom(model, run.stage, run.index + 1, place);
}

function lookFrom(model: Model, stage: Stage, from: number, folder: string): Step | null {
  const own = stage.steps.slice(from).find((step) => isRunStep(step) && commandsLook(step, folder));
  if (own) return own;
  for (const other of model.allStages) {
    const user = other.steps.find(
      (step) =>
        (isCopyStep(step) && step.fromStage === stage && copyLooks(step, folder)) ||
        (isRunStep(step) && mountLooks(step, stage, folder)),
    );
    const found = user ?? (other.parent === stage ? lookFrom(model, other, 0, folder) : null);
    if (found) return found;
  }
  return null;
}

function commandsLook(run: RunStep, folder: string): boolean {
  return run.scripts.some((script) => script.commands.some((command) => commandLooks(command, folder)));
}

function commandLooks({ name, args }: ShellCommand, folder: string): boolean {
  if (name === 'rm' || name === 'mkdir' || (name === 'find' && args.some((arg) => arg.unquoted === '-delete')))
    return false;
  return args.some((arg) => {
    const path = atHome(arg.unquoted);
    return path.startsWith('/') && (isWithin(path, folder) || (isWithin(folder, path) && !isAlwaysThere(path)));
  });
}

function copyLooks(copy: CopyStep, folder: string): boolean {
  const destination = copy.destinationPath === null ? null : atHome(copy.destinationPath);
  return copy.sources.some(({ value }) => {
    if (value === null) return false;
    const path = atHome(`/${value}`.replace(/^\/+/, '/'));
    if (isWithin(path, folder)) return true;
    // In the image that it is copied into, the same folder is emptied, which the clean-up says; another one it does not.
    return isWithin(folder, path) && (!isAlwaysThere(path) || destination !== path);
  });
}

function mountLooks(run: RunStep, stage: Stage, folder: string): boolean {
  return run.mounts.some(({ from, source }) => {
    const isOfStage =
      from !== null && (from.toLowerCase() === stage.name?.toLowerCase() || from === String(stage.index));
    const path = atHome(source ?? '/');
    return isOfStage && path !== '/' && (isWithin(path, folder) || isWithin(folder, path));
  });
}

/** A path without a slash at its end, every home directory being root's. */
function atHome(path: string): string {
  return path.replace(/^(?:~|\$HOME\b|\$\{HOME\}|\/home\/[^/]+)(?=\/|$)/, '/root').replace(/(?<=.)\/+$/, '');
}

const alwaysThere = new Set('/ /root /usr /usr/local /usr/local/share /opt /var /var/lib /var/cache'.split(' '));

/** Folders that an image has anyway. */
function isAlwaysThere(path: string): boolean {
  return alwaysThere.has(path);
}
