/** What a final image keeps of its build: found in the stage and in those it is built on. */
import * as l10n from '@vscode/l10n';
import { ecosystemOf } from '../../model/ecosystems';
import type { RunStep, Stage } from '../../model/model';
import { isRunStep } from '../../model/steps';
import type { PackageOperand } from '../../shell/packages';
import type { Span } from '../../syntax/span';
import { quotable } from '../places';
import { isBuildTool, isCompiler } from './build-tools';
import { isBuildCall, leavesDevDependencies } from './node';
import { lineOf, type RunCommand, type StageShape } from './stage-shape';
import { toolOf } from './toolchain-image';

export interface Leftover {
  readonly at: Span;
  readonly message: string;
}

/** What stays in the image for nothing but a build; null where nothing surely does. */
export function leftoverOf(shape: StageShape): Leftover | null {
  return ofBase(shape) ?? ofPackages(shape) ?? ofNodeModules(shape);
}

const compiles =
  /^(?:g?make|cmake|ninja|meson|gcc|g\+\+|cc|c\+\+|clang|clang\+\+|rustc|cargo|go|javac|mvn|mvnw|gradle|gradlew|stack|cabal|ghc|swift|bazel|configure|node-gyp)(?:-\d+)?$/;

/** The base image is a toolchain, and the stage uses it. */
function ofBase({ stage, commands }: StageShape): Leftover | null {
  const tool = toolOf(stage);
  if (tool === null || !stage.baseSpan) return null;
  const build = commands.find(isCompilation);
  if (!build) return null;
  return {
    at: stage.from.at(stage.baseSpan),
    message: l10n.t(
      'The final image stands on `{0}`: compiler and build tools stay in it, for nothing but `{1}` on line {2}.',
      stage.baseText,
      wordsOf(build),
      lineOf(build.run),
    ),
  };
}

const isCompilation = ({ call, command }: RunCommand): boolean => {
  if (!compiles.test(command.name ?? '')) return false;
  if (call && /^(?:go|cargo)$/.test(call.manager)) return /^(?:build|b|install)$/.test(call.subcommand);
  return !call || call.action === 'build';
};

interface Installed {
  readonly run: RunStep;
  readonly operand: PackageOperand;
  readonly name: string;
}

/** Build tools are installed and not removed again, and something is built with them. */
function ofPackages(shape: StageShape): Leftover | null {
  const { stage } = shape;
  const installed = chainOf(stage).flatMap(toolsOf);
  const compiled = installed.filter(({ name }) => isCompiler(name) || /^(?:g?make|cmake)$/.test(name));
  // Headers alone come with many things; without a compiler nobody builds.
  if (compiled.length === 0) return null;
  const removed = removals(stage);
  if (removed === null) return null;
  const left = installed.filter(({ run, name }) => !removed.has(name) && !isVirtual(run, name, removed));
  const [first, ...others] = left;
  if (!first || !left.some(({ name }) => isCompiler(name))) return null;
  const user = userOf(shape, first.run);
  if (!user || !stage.baseSpan) return null;
  const at = first.run.stage === stage ? first.run.at(first.operand.word.span) : stage.from.at(stage.baseSpan);
  const [what, line] = [wordsOf(user), lineOf(user.run)];
  const message =
    others.length === 0
      ? l10n.t('`{0}` stays in the final image, for nothing but `{1}` on line {2}.', first.name, what, line)
      : others.length === 1
        ? l10n.t(
            '`{0}` and `{1}` stay in the final image, for nothing but `{2}` on line {3}.',
            first.name,
            others[0]?.name ?? '',
            what,
            line,
          )
        : l10n.t(
            '`{0}` and {1} more packages for building stay in the final image, for nothing but `{2}` on line {3}.',
            first.name,
            others.length,
            what,
            line,
          );
  return { at, message };
}

function chainOf(stage: Stage): RunStep[] {
  const own = stage.steps.filter(isRunStep);
  return stage.parent ? [...chainOf(stage.parent), ...own] : own;
}

function toolsOf(run: RunStep): Installed[] {
  if (!run.isKnown) return [];
  return run
    .calls(undefined, 'install')
    .filter((call) => ecosystemOf(call.manager).kind === 'system' && /^(?:top|group)$/.test(call.command.nesting))
    .flatMap((call) =>
      call.packages.flatMap((operand) =>
        operand.name !== null && isBuildTool(operand.name) ? [{ run, operand, name: operand.name }] : [],
      ),
    );
}

/** Names of packages and of groups of them that are removed somewhere; null where that cannot be told. */
function removals(stage: Stage): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const run of chainOf(stage)) {
    for (const call of run.calls(undefined, 'remove')) {
      if (ecosystemOf(call.manager).kind !== 'system') continue;
      if (call.opaque || call.packages.some(({ name }) => name === null)) return null;
      for (const { name } of call.packages) names.add(name ?? '');
    }
    // A script may do anything, and `apt-mark auto` makes autoremove take whatever nothing needs.
    if (run.scripts.some((script) => !script.known || script.commands.some(({ name }) => name === 'apt-mark')))
      return null;
  }
  return names;
}

/** Whether a package is in a group (`apk add --virtual .build`) that is removed. */
function isVirtual(run: RunStep, name: string, removed: ReadonlySet<string>): boolean {
  return run
    .calls('apk', 'install')
    .some(
      (call) =>
        call.packages.some((operand) => operand.name === name) &&
        call.flags.some((flag) => /^(?:-t|--virtual)$/.test(flag.name) && removed.has(flag.value ?? '')),
    );
}

/** What the tools were installed for: something that compiles, at the install or after it. */
function userOf({ commands }: StageShape, install: RunStep): RunCommand | null {
  const after = commands.filter(({ run }) => run.stage !== install.stage || run.index >= install.index);
  return (
    after.find(({ command }) => compiles.test(command.name ?? '')) ??
    after.find(
      ({ call }) =>
        call !== null &&
        call.action === 'install' &&
        /^(?:pip|pipenv|poetry|uv|npm|yarn|pnpm|gem|bundle|composer)$/.test(call.manager),
    ) ??
    null
  );
}

/** The project is built where its devDependencies are installed, and they are not taken out again. */
function ofNodeModules(shape: StageShape): Leftover | null {
  const { commands, start } = shape;
  const buildAt = commands.findIndex(({ call }) => call !== null && isBuildCall(call));
  const build = commands[buildAt];
  if (!build?.call) return null;
  const { manager } = build.call;
  const isProject = ({ call }: RunCommand) =>
    call?.manager === manager && call.action === 'install' && call.packages.length === 0;
  const install = commands.slice(0, buildAt).filter(isProject).at(-1);
  const call = install?.call;
  if (!install || !call || leavesDevDependencies(call, install.run)) return null;
  const isCleaned = commands
    .slice(buildAt)
    .some(
      ({ call: later, command }) =>
        (later?.manager === manager && (/prune/.test(later.subcommand) || isProject({ ...build, call: later }))) ||
        (command.name === 'rm' && command.args.some(({ unquoted }) => unquoted.includes('node_modules'))),
    );
  if (isCleaned || start?.args.some((word) => /dev|watch|test|debug|storybook/.test(word))) return null;
  return {
    at: install.run.at(call.nameSpan),
    message: l10n.t(
      'The devDependencies stay in the final image, for nothing but `{0}` on line {1}.',
      wordsOf(build),
      lineOf(build.run),
    ),
  };
}

/** The first words of a command, as its author knows it. */
function wordsOf({ command, call, run }: RunCommand): string {
  if (!call) return command.name ?? '';
  const written = run.body.raw.slice(call.nameSpan.from, call.nameSpan.to).replace(/\\\s+|\s+/g, ' ');
  const more = call.action === 'run' ? call.operands.slice(0, 1).map(({ unquoted }) => ` ${unquoted}`) : [];
  return quotable(written + more.join(''));
}
