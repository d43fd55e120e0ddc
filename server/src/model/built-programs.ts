/** Programs that a stage links against glibc, and the paths they are left at. */
import { directoriesOf } from '../shell/directories';
import { packageCalls } from '../shell/package-calls';
import type { PackageCall } from '../shell/packages';
import type { ShellCommand, ShellScript } from '../shell/script';
import { startDirectory } from './base-config';
import { baseContents } from './image-contents';
import type { RunStep, Stage } from './model';
import { isWithin, normalizePath, resolvePath } from './paths';
import { rootOf } from './stages';
import { isRunStep } from './steps';

export interface GlibcProgram {
  readonly run: RunStep;
  readonly script: ShellScript;
  readonly command: ShellCommand;
  /** `go`: only where cgo is used, which net and os/user do; `rust` and `c`: always. */
  readonly language: 'go' | 'rust' | 'c';
  /** Whether cgo was asked for by name. */
  readonly isAsked: boolean;
  /** Whether a path of the stage is the program, or a folder with it. */
  holds(path: string): boolean;
}

const known = new WeakMap<Stage, readonly GlibcProgram[]>();

/** The programs that the RUNs of a stage and of those below it build for glibc, as far as that is certain. */
export function glibcPrograms(stage: Stage): readonly GlibcProgram[] {
  let found = known.get(stage);
  if (!found) {
    found = baseContents(stage)?.libc === 'glibc' ? chainOf(stage).flatMap(programsOf) : [];
    known.set(stage, found);
  }
  return found;
}

function chainOf(stage: Stage): readonly RunStep[] {
  const own = stage.steps.filter(isRunStep);
  return stage.parent ? [...chainOf(stage.parent), ...own] : own;
}

/** Spares the RUNs in which nothing of this is written a closer look. */
const mayBuild = /\b(?:go|cargo|gcc|cc|clang)\b|[gc]\+\+/;

function programsOf(run: RunStep): GlibcProgram[] {
  if (!run.isKnown || !mayBuild.test(run.body.raw)) return [];
  return run.scripts.flatMap((script) => {
    const calls = new Map(packageCalls(script).map((call) => [call.command, call]));
    return script.commands.flatMap((command) => {
      if (command.nesting === 'function' || command.quoted) return [];
      const call = calls.get(command);
      const found = call ? ofCall(run, script, call) : ofCompiler(run, script, command);
      return found ? [found] : [];
    });
  });
}

function ofCall(run: RunStep, script: ShellScript, call: PackageCall): GlibcProgram | null {
  if (call.manager === 'go') return ofGo(run, script, call);
  return call.manager === 'cargo' ? ofRust(run, script, call) : null;
}

/** Where a command runs; null where unknown. */
function directoryOf(run: RunStep, script: ShellScript, command: ShellCommand): string | null {
  const below = directoriesOf(script).get(command) ?? null;
  return below === null || below.startsWith('~') ? null : resolvePath(startDirectory(run), below || '.');
}

/** The value that a command sees of a variable: undefined where nobody sets it, null where it is not known. */
function settingOf(run: RunStep, script: ShellScript, command: ShellCommand, name: string): string | null | undefined {
  const own = command.assignments.find((one) => one.name === name);
  if (own) return own.value?.value ?? null;
  const prefixed = new RegExp(`\\b${name}=(\\S*)`).exec(script.text.slice(command.start, command.end))?.[1];
  if (prefixed !== undefined && command.prefixes.length > 0)
    return /^["']?[\w-]*["']?$/.test(prefixed) ? prefixed : null;
  if (script.variables.some((one) => one.name === name)) return null;
  const variable = run.before.scope.get(name);
  return variable ? variable.value : undefined;
}

/** Go compiles with cgo in its image on Debian, which has gcc: only there it is certain. */
function ofGo(run: RunStep, script: ShellScript, call: PackageCall): GlibcProgram | null {
  const { command, subcommand } = call;
  if (!/^(?:build|install)$/.test(subcommand) || rootOf(run.stage).image?.name !== 'golang') return null;
  const text = script.text.slice(command.start, command.end);
  if (/-static\b|netgo|purego|static_build|-buildmode|-compiler|\$\(|\$\{?\w*(?:FLAGS|ARGS|TAGS|OPT)/i.test(text))
    return null;
  if (/go env -w/.test(run.body.raw)) return null;
  const cgo = settingOf(run, script, command, 'CGO_ENABLED');
  if (cgo === null || (cgo !== undefined && cgo !== '1')) return null;
  const system = settingOf(run, script, command, 'GOOS');
  const processor = settingOf(run, script, command, 'GOARCH');
  if (system === null || (system !== undefined && system !== 'linux')) return null;
  // A build for another processor has no cgo.
  if (processor === null || (processor !== undefined && processor !== 'amd64')) return null;
  if (settingOf(run, script, command, 'GOFLAGS') !== undefined) return null;
  const directory = directoryOf(run, script, command);
  const output = call.flags.find(({ name }) => name === '-o');
  const written = output ? (output.valueWord?.value ?? output.value) : undefined;
  if (output && (written === null || written === undefined || written.includes('$'))) return null;
  const path = written === undefined ? null : resolvePath(directory, written ?? '.');
  const binaries = settingOf(run, script, command, 'GOBIN');
  const bin = binaries === undefined ? '/go/bin' : binaries;
  return {
    run,
    script,
    command,
    language: 'go',
    isAsked: cgo === '1',
    holds(copied) {
      if (subcommand === 'install') return bin !== null && isWithin(copied, bin);
      if (written === undefined) return directory !== null && isNamedIn(copied, directory);
      return path !== null && (isWithin(copied, path) || (copied !== '/' && isWithin(path, copied)));
    },
  };
}

/** A file right in a folder, without an ending: what a compiler leaves there. */
const isNamedIn = (path: string, directory: string): boolean => {
  const below =
    directory === '/' ? path.slice(1) : path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : '';
  return /^[\w-]+$/.test(below);
};

function ofRust(run: RunStep, script: ShellScript, call: PackageCall): GlibcProgram | null {
  const { command, subcommand, flags } = call;
  if (!/^(?:build|b|install|zigbuild)$/.test(subcommand)) return null;
  const target = flags.find(({ name }) => name === '--target');
  const triple = target ? (target.valueWord?.value ?? target.value) : undefined;
  if (target && (!triple || triple.includes('$') || !/linux-gnu/.test(triple))) return null;
  if (/crt-static|musl/.test(run.body.raw)) return null;
  for (const name of ['RUSTFLAGS', 'CARGO_BUILD_TARGET', 'CARGO_TARGET_DIR', 'CARGO_BUILD_RUSTFLAGS'])
    if (settingOf(run, script, command, name) !== undefined) return null;
  const directory = directoryOf(run, script, command);
  const roots = flags.find(({ name }) => name === '--root');
  if (roots && !(roots.valueWord?.value ?? roots.value)) return null;
  const bin = roots ? resolvePath(directory, `${roots.valueWord?.value ?? roots.value}/bin`) : '/usr/local/cargo/bin';
  const copies = movesOf(run.stage);
  return {
    run,
    script,
    command,
    language: 'rust',
    isAsked: false,
    holds(copied) {
      if (subcommand === 'install') return bin !== null && isWithin(copied, bin);
      const isBuilt = (path: string) =>
        directory !== null &&
        isWithin(path, normalizePath(`${directory}/target`)) &&
        /\/target(?:\/[\w-]+linux-gnu\w*)?\/(?:release|debug)\/[\w-]+$/.test(path);
      return isBuilt(copied) || copies.some(({ from, to }) => to === copied && isBuilt(from));
    },
  };
}

interface Move {
  readonly from: string;
  readonly to: string;
}

/** `cp` and `mv` of one file to another path in a stage. */
function movesOf(stage: Stage): readonly Move[] {
  return chainOf(stage).flatMap((run) =>
    run.scripts.flatMap((script) =>
      script.commands.flatMap((command) => {
        if (command.name !== 'cp' && command.name !== 'mv') return [];
        const operands = command.args.filter(({ unquoted }) => !unquoted.startsWith('-'));
        const directory = directoryOf(run, script, command);
        const [from, to] = operands.map(({ value }) => (value === null ? null : resolvePath(directory, value)));
        if (operands.length !== 2 || !from || !to) return [];
        const name = from.slice(from.lastIndexOf('/') + 1);
        return [
          { from, to },
          { from, to: normalizePath(`${to}/${name}`) },
        ];
      }),
    ),
  );
}

const compilers = /^(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(?:-\d+)?$/;

function ofCompiler(run: RunStep, script: ShellScript, command: ShellCommand): GlibcProgram | null {
  if (!compilers.test(command.name ?? '')) return null;
  const words = command.args.map(({ value }) => value);
  if (
    words.some(
      (word) => word === null || /^-(?:static\S*|c|S|E|shared|nostdlib|M\w*)$|^--static|musl|^--target/.test(word),
    )
  )
    return null;
  const at = words.indexOf('-o');
  const written = at >= 0 ? words[at + 1] : (words.find((word) => /^-o./.test(word ?? ''))?.slice(2) ?? 'a.out');
  const path = written ? resolvePath(directoryOf(run, script, command), written) : null;
  if (path === null || /\.(?:o|so|a)(?:$|\.)/.test(path)) return null;
  return {
    run,
    script,
    command,
    language: 'c',
    isAsked: false,
    holds: (copied) => copied === path || (copied !== '/' && isWithin(path, copied)),
  };
}
