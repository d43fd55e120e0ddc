/** Rust: the program is one file that needs the C library, and now and then a library in C. */
import * as l10n from '@vscode/l10n';
import { isWithin } from '../../model/paths';
import type { Fix, Refusal } from '../rule';
import { lastBuild, notMade, splitCompiled, unknownStart } from './compiled';
import { projectFile } from './project-files';
import type { RunCommand, StageShape } from './stage-shape';
import { startPath } from './start-command';
import { alpineOf, debianRelease, hasBuilder } from './toolchain-image';

/** Splits a stage that builds with `cargo`; null where it does not. */
export function splitRust(shape: StageShape): Fix | Refusal | null {
  const { stage, start } = shape;
  const isBuild = ({ call, command }: RunCommand) =>
    call?.manager === 'cargo' || /^(?:rustup|rustc|git)$/.test(command.name ?? '');
  const builds = shape.commands.filter(
    ({ call }) => call?.manager === 'cargo' && /^(?:build|b|install)$/.test(call.subcommand),
  );
  const [first] = builds;
  const last = lastBuild(shape, isBuild);
  if (!first || !last || !hasBuilder(stage, 'rust')) return null;
  if (!start) return unknownStart();
  const program = builtProgram(shape, builds);
  if (program === null) return notMade(start.program, first);
  const libraries = librariesOf(shape);
  if ('refused' in libraries) return libraries;
  const isAlpine = shape.family === 'apk';
  const release = debianRelease(stage) ?? (isAlpine ? null : 'bookworm');
  const pinned = isAlpine || debianRelease(stage) ? null : withRelease(shape);
  if (!isAlpine && !debianRelease(stage) && pinned === null)
    return {
      refused: l10n.t(
        'Which release of Debian `{0}` stands on is not in its tag, and the program needs its C library.',
        stage.baseText,
      ),
    };
  return splitCompiled(shape, last, {
    isBuild,
    takes: [`${program} ${start.program.includes('/') ? program : `/usr/local/bin/${start.program}`}`],
    isStatic: isAlpine,
    isSameBase: false,
    base: () => (isAlpine ? alpineOf(stage) : `debian:${release}-slim`),
    ...(isAlpine ? {} : { packages: libraries.packages }),
    buildBase: pinned,
    tool: 'Rust',
  });
}

/** The base with the release of Debian in its tag, so that both stages have the same C library; null for a tag that is not a plain version. */
function withRelease({ stage }: StageShape): string | null {
  const found = /^(.*:(?:1|1\.[7-9]\d(?:\.\d+)?))(-slim)?$/.exec(stage.baseText);
  return found ? `${found[1]}${found[2] ?? ''}-bookworm` : null;
}

function builtProgram({ start, stage }: StageShape, builds: readonly RunCommand[]): string | null {
  if (!start) return null;
  const wanted = startPath(start);
  const installed = builds.some(
    ({ call }) => call?.subcommand === 'install' && !call.flags.some(({ name }) => name === '--root'),
  );
  const cargoBin = '/usr/local/cargo/bin';
  if (installed && (wanted === null || isWithin(wanted, cargoBin))) return wanted ?? `${cargoBin}/${start.program}`;
  if (wanted === null) return null;
  const target = stage.steps.at(-1)?.before.scope.get('CARGO_TARGET_DIR');
  if (target) return null;
  const isMade = builds.some(({ call, directory, run }) => {
    if (call?.subcommand === 'install' || directory === null) return false;
    // What is built into a mount is gone after the RUN.
    if (run.mounts.some(({ target: path }) => path?.includes('target'))) return false;
    const isRelease = call?.flags.some(({ name }) => name === '--release' || name === '-r') === true;
    const folder = `${directory === '/' ? '' : directory}/target`;
    return (
      isWithin(wanted, folder) &&
      /^(?:\/[\w-]+)?\/(release|debug)\/[\w-]+$/.exec(wanted.slice(folder.length))?.[1] ===
        (isRelease ? 'release' : 'debug')
    );
  });
  return isMade ? wanted : null;
}

/** Crates that link a library of the system, with its package in Debian 12; null where it is not known. */
const crates: Readonly<Record<string, string | null>> = {
  'openssl-sys': 'libssl3',
  'pq-sys': 'libpq5',
  'mysqlclient-sys': null,
  'rdkafka-sys': null,
  'alsa-sys': null,
  'libudev-sys': null,
  'gtk-sys': null,
  'glib-sys': null,
  'gstreamer-sys': null,
  opencv: null,
  'hdf5-sys': null,
};

function librariesOf(shape: StageShape): { readonly packages: readonly string[] } | Refusal {
  const lock = projectFile(shape, 'Cargo.lock') ?? '';
  const names = new Set([...lock.matchAll(/^name = "([^"]+)"/gm)].map((match) => match[1] ?? ''));
  const packages: string[] = [];
  for (const [crate, library] of Object.entries(crates)) {
    if (!names.has(crate) || (crate === 'openssl-sys' && names.has('openssl-src'))) continue;
    if (library === null)
      return {
        refused: l10n.t(
          'The crate `{0}` in Cargo.lock links a library of the system, and which packages it needs is not known.',
          crate,
        ),
      };
    packages.push(library);
  }
  return { packages };
}
