/** Go: the program is one file; with cgo switched off it needs nothing of the system. */
import * as l10n from '@vscode/l10n';
import { normalizePath } from '../../model/paths';
import { insert } from '../edits';
import type { Edit, Fix, Refusal } from '../rule';
import { isCompiler, isHeaders } from './build-tools';
import { lastBuild, notMade, splitCompiled, unknownStart } from './compiled';
import { projectFile } from './project-files';
import { lineOf, type RunCommand, type StageShape } from './stage-shape';
import { type StartCommand, startPath } from './start-command';
import { alpineOf, debianRelease, hasBuilder } from './toolchain-image';

/** Splits a stage that builds with `go`; null where it does not. */
export function splitGo(shape: StageShape): Fix | Refusal | null {
  const { stage, start } = shape;
  const builds = shape.commands.filter(isGoBuild);
  const [first] = builds;
  const last = lastBuild(shape, isPartOfBuild);
  if (!first || !last || !(hasBuilder(stage, 'golang') || installsGo(shape))) return null;
  if (!start) return unknownStart();
  const program = builtProgram(shape, start, builds);
  if (program === null) return notMade(start.program, first);
  const linking = linkingOf(shape, builds);
  if ('refused' in linking) return linking;
  const isFound = start.program.includes('/') || /^\/usr(?:\/local)?\/bin\//.test(program);
  return splitCompiled(shape, last, {
    isBuild: isPartOfBuild,
    takes: [`${program} ${isFound ? program : `/usr/local/bin/${start.program}`}`],
    isStatic: linking.isStatic,
    isSameBase: stage.rootImage?.name === 'alpine',
    base: (needsShell) => runtimeBase(shape, linking.isStatic, needsShell),
    edits: linking.edits,
    tool: 'Go',
  });
}

const isTop = ({ command }: RunCommand): boolean => command.nesting === 'top' || command.nesting === 'group';

const isGoBuild = (one: RunCommand): boolean =>
  one.call?.manager === 'go' && /^(?:build|install)$/.test(one.call.subcommand) && isTop(one);

const isPartOfBuild = ({ call, command }: RunCommand): boolean =>
  call?.manager === 'go' || /^(?:gofmt|git|update-ca-certificates)$/.test(command.name ?? '');

const installsGo = ({ commands }: StageShape): boolean =>
  commands.some(({ call }) => call?.manager === 'apk' && call.packages.some(({ name }) => name === 'go'));

/** The path of the program that the image starts, as one of the builds makes it; null where none surely does. */
function builtProgram(shape: StageShape, start: StartCommand, builds: readonly RunCommand[]): string | null {
  const wanted = startPath(start);
  for (const build of builds) {
    const made = outputOf(shape, build, wanted ?? start.program);
    if (made === null) continue;
    const isFound = /^\/(?:go|usr|usr\/local)?\/?s?bin\/[^/]+$/.test(made) && made.endsWith(`/${start.program}`);
    if (wanted === null ? isFound : made === wanted) return made;
  }
  return null;
}

/** What a build writes; where it has no name for it, the one that is wanted, if it can be that. */
function outputOf(shape: StageShape, { call, directory, run }: RunCommand, wanted: string): string | null {
  if (!call) return null;
  const name = wanted.slice(wanted.lastIndexOf('/') + 1);
  const isPossible = couldBe(
    shape,
    call.operands.map(({ unquoted }) => unquoted),
    directory,
    name,
  );
  if (call.subcommand === 'install') {
    const { scope } = run.before;
    const folder = scope.get('GOBIN')?.value ?? `${scope.get('GOPATH')?.value ?? '/go'}/bin`;
    return isPossible ? `${folder}/${name}` : null;
  }
  const given = call.flags.find((flag) => flag.name === '-o');
  if (!given) return directory !== null && isPossible ? normalizePath(`${directory}/${name}`) : null;
  const out = given.value;
  if (out === null || /[$`*]/.test(out) || (directory === null && !out.startsWith('/'))) return null;
  const path = normalizePath(out.startsWith('/') ? out : `${directory}/${out}`);
  const isFolder = /\/$|^\.\.?$/.test(out) || wanted === `${path}/${name}`;
  return isFolder ? `${path}/${name}` : path;
}

/** Whether building these packages can make a program of this name. */
function couldBe(shape: StageShape, operands: readonly string[], directory: string | null, name: string): boolean {
  const [only = '.', ...others] = operands;
  if (others.length > 0 || only.endsWith('...') || only.endsWith('.go')) return true;
  if (only !== '.' && only !== './') {
    const path = only.replace(/@.*$/, '').replace(/\/$/, '');
    return path === name || path.endsWith(`/${name}`);
  }
  const module = /^module\s+"?(\S+?)"?\s*$/m.exec(projectFile(shape, 'go.mod') ?? '')?.[1]?.replace(/\/v\d+$/, '');
  // Without a module the folder gives the name.
  if (module === undefined) return shape.context === null || directory === null || directory.endsWith(`/${name}`);
  return module === name || module.endsWith(`/${name}`);
}

interface Linking {
  readonly isStatic: boolean;
  readonly edits: readonly Edit[];
}

/** Modules that are C for the most part. */
const cModules = /mattn\/go-sqlite3|confluent-kafka-go|godror|go-oci8|libgit2\/git2go|go-gl\/|gographics\/imagick/;

function linkingOf(shape: StageShape, builds: readonly RunCommand[]): Linking | Refusal {
  const settings = builds.map(cgoSetting);
  if (settings.every((value) => value === '0')) return { isStatic: true, edits: [] };
  const installed = shape.commands.flatMap(({ call }) => (call?.action === 'install' ? call.packages : []));
  const hasCompiler = installed.some(
    ({ name }) => name !== null && ((isCompiler(name) && !/^go/.test(name)) || isHeaders(name)),
  );
  const isAsked = settings.some((value) => value !== null && value !== '0');
  if (hasCompiler || isAsked || cModules.test(projectFile(shape, 'go.mod') ?? ''))
    return { isStatic: false, edits: [] };
  // Without a C compiler, as in golang's image for Alpine, cgo is off by itself.
  if (shape.family === 'apk') return { isStatic: true, edits: [] };
  const edits = builds.flatMap(({ command, run }) =>
    command.assignments.length === 0 && command.prefixes.length === 0 && !run.isExec
      ? [insert(run.at(command.span).start, 'CGO_ENABLED=0 ')]
      : [],
  );
  if (edits.length === builds.length) return { isStatic: true, edits };
  const line = builds[0] ? lineOf(builds[0].run) : 0;
  return { refused: l10n.t('`CGO_ENABLED=0` cannot simply be put in front of `go` on line {0}.', line) };
}

/** The value of CGO_ENABLED for a build, `0` where it is linked statically anyway; null where nobody sets it. */
function cgoSetting({ command, run, call }: RunCommand): string | null {
  if (call?.flags.some(({ value }) => /-extldflags[ =]["']?-static/.test(value ?? ''))) return '0';
  const own = command.assignments.find(({ name }) => name === 'CGO_ENABLED');
  if (own) return own.value?.value ?? '?';
  if (run.scripts.some((script) => script.variables.some(({ name }) => name === 'CGO_ENABLED'))) return '?';
  const variable = run.before.scope.get('CGO_ENABLED');
  return variable ? (variable.value ?? '?') : null;
}

function runtimeBase(shape: StageShape, isStatic: boolean, needsShell: boolean): string | Refusal {
  const { stage } = shape;
  if (shape.family === 'apk') return stage.rootImage?.name === 'alpine' ? stage.baseText : alpineOf(stage);
  if (isStatic && !needsShell) return 'gcr.io/distroless/static-debian12';
  const release = debianRelease(stage);
  if (release !== null) return `debian:${release}-slim`;
  if (isStatic) return 'debian:bookworm-slim';
  return {
    refused: l10n.t(
      'A program that uses cgo needs the C library it was built against, and which release of Debian `{0}` has is not in its tag.',
      stage.baseText,
    ),
  };
}
