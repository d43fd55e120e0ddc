/** C and C++: the program goes over to the base that it was built on, which has the C library it needs. */
import * as l10n from '@vscode/l10n';
import { isWithin, normalizePath } from '../../model/paths';
import type { Fix, Refusal } from '../rule';
import { lastBuild, notMade, splitCompiled, unknownStart } from './compiled';
import type { RunCommand, StageShape } from './stage-shape';
import { startPath } from './start-command';
import { debianRelease, hasBuilder } from './toolchain-image';

const compilers = /^(?:gcc|cc|clang|g\+\+|c\+\+|clang\+\+)(?:-\d+)?$/;
const makers =
  /^(?:make|gmake|cmake|ninja|meson|scons|configure|autogen\.sh|bootstrap|autoreconf|autoconf|automake|libtoolize|aclocal|ldconfig|strip|ar|ranlib|ld|as|patch|git|tar|unzip|curl|wget|pkg-config)$/;

/** Splits a stage that builds C or C++; null where it does not. */
export function splitNative(shape: StageShape): Fix | Refusal | null {
  const { stage, start } = shape;
  const isBuild = ({ command, call }: RunCommand) =>
    !call && (compilers.test(command.name ?? '') || makers.test(command.name ?? ''));
  const builds = shape.commands.filter(
    (one) =>
      isBuild(one) &&
      (compilers.test(one.command.name ?? '') || /^(?:g?make|ninja|cmake|meson)$/.test(one.command.name ?? '')),
  );
  const last = lastBuild(shape, isBuild);
  const [first] = builds;
  if (!first || !last) return null;
  if (!start) return unknownStart();
  const isGcc = hasBuilder(stage, 'gcc');
  if (!isGcc && shape.family === null) return null;
  const isCpp = builds.some(({ command }) => !/^(?:gcc|cc|clang)(?:-\d+)?$/.test(command.name ?? ''));
  const isStatic = builds.every(
    ({ command }) => compilers.test(command.name ?? '') && command.args.some(({ unquoted }) => unquoted === '-static'),
  );
  const taken = takenFrom(shape, builds);
  if (taken === null) return notMade(start.program, builds.at(-1) ?? first);
  const isInstalled = taken.length > 0 && taken.every((paths) => /^\/(?:usr\/local|opt\/[^/ ]+) /.test(paths));
  return splitCompiled(shape, last, {
    isBuild,
    takes: taken,
    isStatic,
    isSameBase: !isGcc,
    base: () => runtimeBase(shape, isGcc, isCpp && !isStatic),
    ...(isCpp && !isStatic && shape.family === 'apk' && { packages: ['libstdc++'] }),
    ...(isInstalled && shape.family === 'apt' && { more: ['RUN ldconfig'] }),
    tool: l10n.t('the compiler'),
  });
}

function runtimeBase({ stage }: StageShape, isGcc: boolean, needsItsLibraries: boolean): string | Refusal {
  if (!isGcc) return stage.baseText;
  if (needsItsLibraries)
    return {
      refused: l10n.t('`{0}` has a newer C++ library than Debian, and the program may need it.', stage.baseText),
    };
  const release = debianRelease(stage);
  if (release !== null) return `debian:${release}-slim`;
  return { refused: l10n.t('Which release of Debian `{0}` stands on is not in its tag.', stage.baseText) };
}

/** What to take over: the program that the image starts, or all that `make install` put in its place; null where that is not sure. */
function takenFrom(shape: StageShape, builds: readonly RunCommand[]): readonly string[] | null {
  const { start } = shape;
  if (!start) return null;
  const wanted = startPath(start);
  const prefix = installPrefix(shape, builds);
  if (prefix !== null && (wanted === null || isWithin(wanted, prefix))) return [`${prefix} ${prefix}`];
  const isFound = (path: string) =>
    /^\/usr(?:\/local)?\/s?bin\/[^/]+$/.test(path) && path.endsWith(`/${start.program}`);
  if (wanted === null) {
    const made = builds.map(writtenBy).find((path) => path !== null && isFound(path));
    return made ? [`${made} ${made}`] : null;
  }
  const isMade = builds.some((build) => {
    if (compilers.test(build.command.name ?? '')) return writtenBy(build) === wanted;
    // What make leaves lies below the folder it runs in.
    return build.directory !== null && isWithin(wanted, build.directory) && !isInstall(wordsOf(build));
  });
  return isMade ? [`${wanted} ${wanted}`] : null;
}

/** The file that a compiler is told to write; null for everything else. */
function writtenBy(build: RunCommand): string | null {
  const { command, directory } = build;
  const out = compilers.test(command.name ?? '') ? outputOf(wordsOf(build)) : null;
  if (out === null || (directory === null && !out.startsWith('/'))) return null;
  return normalizePath(out.startsWith('/') ? out : `${directory}/${out}`);
}

const wordsOf = ({ command }: RunCommand): readonly string[] => command.args.map(({ unquoted }) => unquoted);

function outputOf(words: readonly string[]): string | null {
  if (words.includes('-c')) return null;
  const index = words.indexOf('-o');
  const out = index >= 0 ? words[index + 1] : words.find((word) => /^-o./.test(word))?.slice(2);
  if (out === undefined) return 'a.out';
  return /[$`*]/.test(out) ? null : out;
}

const isInstall = (words: readonly string[]): boolean =>
  words.some((word) => /^install(?:-strip|\/strip)?$|^--install$/.test(word));

/** Where `make install` puts things; null without one, or where a prefix says something that is not known to be apart. */
function installPrefix(shape: StageShape, builds: readonly RunCommand[]): string | null {
  const installs = builds.some((build) => isInstall(wordsOf(build)));
  if (!installs) return null;
  const prefixes = shape.commands.flatMap(({ command }) =>
    [
      ...command.args.map(({ unquoted }) => unquoted),
      ...command.assignments.map(({ name, value }) => `${name}=${value?.unquoted ?? ''}`),
    ]
      .map((word) => /^(?:--prefix|-DCMAKE_INSTALL_PREFIX(?::PATH)?|PREFIX|prefix|DESTDIR)=(.*)$/.exec(word)?.[1])
      .filter((value) => value !== undefined),
  );
  if (prefixes.length === 0) return '/usr/local';
  const [only] = new Set(prefixes);
  if (new Set(prefixes).size > 1 || only === undefined) return null;
  return /^\/(?:usr\/local|opt\/[\w.-]+)\/?$/.test(only) ? normalizePath(only) : null;
}
