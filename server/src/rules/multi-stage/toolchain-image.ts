/** Official images that bring a compiler, and what their tags tell of what lies below it. */
import { parseImageReference } from '../../model/images';
import type { Stage } from '../../model/model';
import { officialTag } from '../official-tags';

/** Whether a stage stands on an official image of this name. */
export const hasBuilder = ({ rootImage }: Stage, name: string): boolean =>
  rootImage?.isOfficial === true && rootImage.name === name;

/** Official images that hold a compiler or build tool, and the program of it that people type. */
const toolchains: Readonly<Record<string, string>> = {
  golang: 'go',
  rust: 'cargo',
  gcc: 'gcc',
  maven: 'mvn',
  gradle: 'gradle',
  openjdk: 'javac',
  'eclipse-temurin': 'javac',
  amazoncorretto: 'javac',
  swift: 'swift',
  haskell: 'ghc',
};

/** The tool that the base image of a stage is there for; null where it is none, or a JRE. */
export function toolOf({ rootImage }: Stage): string | null {
  if (!rootImage?.isOfficial || /(?:^|-)jre|headless/.test(rootImage.tag ?? '')) return null;
  return Object.hasOwn(toolchains, rootImage.name) ? (toolchains[rootImage.name] ?? null) : null;
}

/** The release of Debian that the tag of a stage's base names; null where it names none, or is put together. */
export function debianRelease({ rootImage, baseText }: Stage): string | null {
  if (baseText.includes('$')) return null;
  return /(?:^|-)(trixie|bookworm|bullseye|buster)(?:$|-)/.exec(rootImage?.tag ?? '')?.[1] ?? null;
}

const releases: Readonly<Record<string, string>> = {
  '12': 'bookworm',
  '13': 'trixie',
  '11': 'bullseye',
  '24.04': 'noble',
  '22.04': 'jammy',
  '20.04': 'focal',
};

/** The release of Debian or Ubuntu below a stage, by its name; null where the tag does not tell. */
export function releaseOf(stage: Stage): string | null {
  const { rootImage, baseText } = stage;
  const tag = rootImage?.tag ?? '';
  if (!rootImage?.isOfficial || baseText.includes('$')) return null;
  const named = /(?:^|-)(trixie|bookworm|bullseye|noble|jammy|focal)(?:$|-)/.exec(tag)?.[1];
  if (named !== undefined || !/^(?:debian|ubuntu)$/.test(rootImage.name)) return named ?? null;
  const version = /^\d+(?:\.04)?/.exec(tag)?.[0] ?? '';
  return Object.hasOwn(releases, version) ? (releases[version] ?? null) : null;
}

/** The Alpine that a tag such as `1.22-alpine3.19` names; a current one where it names none. */
export function alpineOf({ rootImage }: Stage): string {
  const named = /alpine-?(\d+\.\d+)/.exec(rootImage?.tag ?? '')?.[1];
  const alpine = parseImageReference('alpine');
  return `alpine:${named ?? (alpine && officialTag(alpine)) ?? '3'}`;
}
