/** What a stage installs with its distribution's package manager, and what of that its final image goes on to need. */
import * as l10n from '@vscode/l10n';
import type { Stage, Step } from '../../model/model';
import type { PackageCall } from '../../shell/packages';
import type { Refusal } from '../rule';
import {
  familyOf,
  isBuildTool,
  isHeaders,
  type LibraryBase,
  type PackageFamily,
  runtimeLibraries,
} from './build-tools';
import { lineOf, type StageShape } from './stage-shape';
import { releaseOf } from './toolchain-image';

export interface NeededPackages {
  /** As to be written behind the install command. */
  readonly packages: readonly string[];
  /** apt is told to leave recommended packages out. */
  readonly isLean: boolean;
}

export interface NeedOptions {
  /** Nothing of the system's libraries is loaded at run time. */
  readonly isStatic: boolean;
  /** More packages that only the build needs. */
  readonly isBuildOnly?: (name: string) => boolean;
}

/**
 * The packages that have to be installed again where only what was built is taken over: libraries in place of their headers,
 * and whatever is no build tool.
 */
export function neededPackages(shape: StageShape, last: Step, options: NeedOptions): NeededPackages | Refusal {
  const needed: string[] = [];
  const named = new Set(shape.commands.flatMap(({ call }) => call?.packages.map(({ name }) => name) ?? []));
  let isLean = true;
  for (const { run, call } of shape.commands) {
    if (call?.action !== 'install' || run.index > last.index) continue;
    const family = familyOf(call.manager);
    if (!family) {
      if (/^(?:yum|dnf|microdnf|tdnf|zypper|pacman)$/.test(call.manager))
        return {
          refused: l10n.t(
            'Which packages of `{0}` on line {1} the program needs is not known.',
            call.manager,
            lineOf(run),
          ),
        };
      continue;
    }
    if (call.opaque || call.packages.some(({ name, isFile }) => name === null || isFile))
      return { refused: l10n.t('Line {0} installs packages whose names are not in the text.', lineOf(run)) };
    for (const { name, word } of call.packages) {
      if (name === null) continue;
      // The author may have named the library besides its headers.
      const found =
        isHeaders(name) && named.has(name.replace(/-dev(?:el)?$/, ''))
          ? []
          : librariesFor(shape, name, family, options);
      if (found === null)
        return {
          refused: l10n.t(
            '`{0}` on line {1} brings a library that the program may need, and it is not known which package holds it.',
            name,
            lineOf(run),
          ),
        };
      const kept = found === 'itself' ? [word.text] : found;
      needed.push(...kept.filter((text) => !needed.includes(text)));
      if (kept.length > 0 && family === 'apt') isLean &&= hasNoRecommends(call);
    }
  }
  return { packages: needed, isLean };
}

function librariesFor(
  shape: StageShape,
  name: string,
  family: PackageFamily,
  options: NeedOptions,
): readonly string[] | 'itself' | null {
  if (isHeaders(name)) return options.isStatic ? [] : runtimeLibraries(name, libraryBase(shape, family));
  if (isBuildTool(name) || options.isBuildOnly?.(name)) return [];
  return 'itself';
}

const libraryBase = ({ stage }: StageShape, family: PackageFamily): LibraryBase => ({
  family,
  language: languageOf(stage),
  release: releaseOf(stage),
});

function languageOf({ rootImage }: Stage): LibraryBase['language'] {
  if (!rootImage?.isOfficial) return null;
  return rootImage.name === 'python' || rootImage.name === 'ruby' ? rootImage.name : null;
}

const hasNoRecommends = (call: PackageCall): boolean =>
  call.flags.some(
    ({ name, value }) => name === '--no-install-recommends' || /install-recommends=(?:false|0)/i.test(value ?? ''),
  );

/** A RUN that installs packages, one line each. */
export function installLines(family: PackageFamily, { packages, isLean }: NeededPackages, backslash: string): string[] {
  const list = [...packages].sort().join(' ');
  if (family === 'apk') return [`RUN apk add --no-cache ${list}`];
  return [
    `RUN apt-get update ${backslash}`,
    `    && apt-get install -y ${isLean ? '--no-install-recommends ' : ''}${list} ${backslash}`,
    '    && rm -rf /var/lib/apt/lists/*',
  ];
}
