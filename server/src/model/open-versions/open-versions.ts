/** Which dependencies a manifest leaves open: its versions are ranges, tags that move, or not there at all. */
import { openRequirements } from '../requirements';
import { openInComposer, openInPackageJson } from './json';
import { openInPom } from './pom';
import { openInGemfile, openInGradle } from './scripts';
import { openInCargo, openInPipfile, openInPyproject } from './toml';

/** A dependency whose version is left open. */
export interface OpenVersion {
  readonly name: string;
  /** What it says instead of a version (`^1.0`, `[1,2)`, `*`); '' where it says nothing. */
  readonly range: string;
}

/** The dependencies that a manifest leaves open, in its order; none where it cannot be read. go.mod has no ranges. */
export function openVersions(path: string, text: string): readonly OpenVersion[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  try {
    return (readers[name] ?? (/\.(?:txt|in|pip)$/.test(name) ? openRequirements : () => []))(text);
  } catch {
    // Broken manifests are for their own tools to report.
    return [];
  }
}

const readers: Readonly<Record<string, (text: string) => readonly OpenVersion[]>> = {
  'package.json': openInPackageJson,
  'composer.json': openInComposer,
  'Cargo.toml': openInCargo,
  'pyproject.toml': openInPyproject,
  Pipfile: openInPipfile,
  'pom.xml': openInPom,
  Gemfile: openInGemfile,
  'build.gradle': openInGradle,
  'build.gradle.kts': openInGradle,
};
