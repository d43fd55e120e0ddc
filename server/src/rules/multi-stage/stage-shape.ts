/** The final stage as the writers of a second one look at it: what is installed in it, what it runs, what each step is for. */
import type { BuildContext } from '../../context/context';
import { startDirectory } from '../../model/base-config';
import type { CopyStep, Model, RunStep, Stage, Step } from '../../model/model';
import { isWithin } from '../../model/paths';
import { isCopyStep, isRunStep } from '../../model/steps';
import { type Directories, directoriesOf } from '../../shell/directories';
import type { PackageCall } from '../../shell/packages';
import type { ShellCommand } from '../../shell/script';
import { familyOf, type PackageFamily } from './build-tools';
import { type StartCommand, startCommandOf } from './start-command';

export interface StageShape {
  readonly model: Model;
  readonly stage: Stage;
  readonly context: BuildContext | null;
  readonly start: StartCommand | null;
  /** By the packages it installs, else by the name of its base. */
  readonly family: PackageFamily | null;
  readonly commands: readonly RunCommand[];
}

/** A command of a RUN of the stage. */
export interface RunCommand {
  readonly run: RunStep;
  readonly command: ShellCommand;
  /** The package-manager call that it is, if any. */
  readonly call: PackageCall | null;
  /** Where it runs; null where unknown. */
  readonly directory: string | null;
}

export function shapeOf(model: Model, stage: Stage, context: BuildContext | null): StageShape {
  const commands = stage.steps.filter(isRunStep).flatMap(commandsOf);
  const managers = commands.flatMap(({ call }) => (call ? [familyOf(call.manager)] : []));
  return {
    model,
    stage,
    context,
    start: startCommandOf(stage),
    family: managers.find((family) => family !== null) ?? familyOfBase(stage),
    commands,
  };
}

function commandsOf(run: RunStep): RunCommand[] {
  const calls = new Map(run.calls().map((call) => [call.command, call]));
  return run.scripts.flatMap((script) => {
    const directories: Directories = directoriesOf(script);
    return script.commands.map((command) => ({
      run,
      command,
      call: calls.get(command) ?? null,
      directory: joinDirectory(startDirectory(run), directories.get(command) ?? null),
    }));
  });
}

function joinDirectory(start: string | null, below: string | null): string | null {
  if (below === null || below.startsWith('~')) return null;
  if (below.startsWith('/')) return below;
  if (below === '') return start;
  return start === null ? null : `${start === '/' ? '' : start}/${below}`;
}

/** Debian's kin or Alpine, by the tag or the name of the base. */
export function familyOfBase({ rootImage }: Stage): PackageFamily | null {
  if (!rootImage) return null;
  const { name, tag } = rootImage;
  if (name === 'alpine' || /(?:^|-)alpine/.test(tag ?? '')) return 'apk';
  return rootImage.isOfficial && debianBased.has(name) ? 'apt' : null;
}

const debianBased = new Set(
  'debian ubuntu python node golang rust ruby perl openjdk maven gcc buildpack-deps php eclipse-temurin gradle'.split(
    ' ',
  ),
);

/** What a RUN does, for somebody who splits the stage. */
export type RunRole =
  /** Builds, or fetches what is built: stays behind. */
  | { readonly kind: 'build' }
  /** Users, folders, modes: wanted in both stages. */
  | { readonly kind: 'setup' }
  /** Nobody can tell. */
  | { readonly kind: 'unknown'; readonly command: ShellCommand | null };

const neutralCommands =
  /^(?:cd|set|export|true|:|ls|pwd|env|test|\[|date|uname|which|command|rm|rmdir|sleep|exit|unset|nproc|getconf|trap)$/;
const setupCommands = /^(?:addgroup|adduser|groupadd|useradd|usermod|chown|chmod|chgrp|install|touch|mkdir)$/;

/** The role of a RUN; `builds` says which commands of it are part of the build. */
export function roleOf(shape: StageShape, run: RunStep, builds: (command: RunCommand) => boolean): RunRole {
  if (!run.isKnown) return { kind: 'unknown', command: null };
  let isSetup = false;
  let isBuild = false;
  for (const one of shape.commands.filter((other) => other.run === run)) {
    const { command, call } = one;
    const name = command.name ?? '';
    // The program that the image starts is tried out.
    if (builds(one) || (shape.start && baseName(shape.start.program) === name)) isBuild = true;
    else if (call && familyOf(call.manager)) continue;
    else if (command.name === null && command.nameWord === null) continue;
    else if (neutralCommands.test(name) || (/^(?:echo|printf|cat)$/.test(name) && writesNothing(command))) continue;
    else if (setupCommands.test(name)) isSetup = true;
    else return { kind: 'unknown', command };
  }
  if (isSetup && isBuild && !hasOnlyFolders(shape, run)) {
    const command = shape.commands.find(
      (one) => one.run === run && setupCommands.test(one.command.name ?? ''),
    )?.command;
    return { kind: 'unknown', command: command ?? null };
  }
  return isSetup && !isBuild ? { kind: 'setup' } : { kind: 'build' };
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const writesNothing = (command: ShellCommand): boolean =>
  command.redirects.every(
    ({ operator, target }) =>
      !operator.includes('>') || target?.value?.startsWith('/dev/') === true || operator === '>&',
  );

/** `mkdir` and `chmod` beside a build are part of it. */
const hasOnlyFolders = (shape: StageShape, run: RunStep): boolean =>
  shape.commands.every(
    ({ run: other, command }) =>
      other !== run || !setupCommands.test(command.name ?? '') || /^(?:mkdir|touch|chmod)$/.test(command.name ?? ''),
  );

/** The steps up to one, itself included. */
export const stepsUpTo = (stage: Stage, last: Step): readonly Step[] => stage.steps.slice(0, last.index + 1);

/** Whether a COPY only brings what is built: it lands below one of the folders in which that happens. */
export function feedsBuild(copy: CopyStep, folders: readonly string[]): boolean {
  const path = copy.destinationPath?.replace(/(.)\/$/, '$1');
  return path !== undefined && path !== null && folders.some((folder) => isWithin(path, folder));
}

/** The COPYs and ADDs up to a step. */
export const copiesUpTo = (stage: Stage, last: Step): readonly CopyStep[] => stepsUpTo(stage, last).filter(isCopyStep);

/** The line of a step as people count. */
export const lineOf = (step: Step): number => step.instruction.line + 1;
