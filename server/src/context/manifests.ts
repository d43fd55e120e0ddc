/** Which files of a build context are worth reading beforehand: those that say what a project needs and how. Pure. */

/** Larger files are never read whole. */
export const textLimit = 1_000_000;

const names = new Set(
  [
    '.dockerignore .gitignore .npmrc .yarnrc .yarnrc.yml .nvmrc .python-version .tool-versions',
    'package.json package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml pnpm-workspace.yaml bun.lock bunfig.toml lerna.json',
    'pyproject.toml Pipfile Pipfile.lock poetry.lock uv.lock pdm.lock setup.py setup.cfg environment.yml environment.yaml',
    'Gemfile Gemfile.lock composer.json composer.lock go.mod go.sum go.work Cargo.toml Cargo.lock',
    'pom.xml build.gradle build.gradle.kts settings.gradle settings.gradle.kts gradle.lockfile gradle.properties build.sbt',
    'packages.lock.json packages.config global.json Directory.Packages.props Directory.Build.props nuget.config NuGet.Config',
    'mix.exs mix.lock deno.json deno.jsonc deno.lock',
  ].flatMap((line) => line.split(' ')),
);

/** Whether a path names a manifest, a lockfile or the configuration of a package manager. */
export function isManifest(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    names.has(name) ||
    /^(?:requirements|constraints).*\.(?:txt|in|pip)$/.test(name) ||
    /\.(?:csproj|fsproj|vbproj|sln|slnx|gemspec|dockerignore)$/.test(name) ||
    /(?:^|\/)requirements\/[^/]+\.txt$/.test(path)
  );
}
