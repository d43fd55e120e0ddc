/** What is known of the configuration that well-known base images bring: who they run as and where they start. */
import type { Stage, Step } from './model';
import { resolvePath } from './paths';
import { expandIn } from './variables';

/** Official images that run as root, with their working directory. Only what has been so in all their versions is here. */
const rootImages: ReadonlyMap<string, string> = new Map([
  ...`alpine debian ubuntu busybox centos fedora amazonlinux rockylinux almalinux oraclelinux archlinux photon node python ruby
  rust perl openjdk eclipse-temurin amazoncorretto sapmachine maven nginx postgres mysql mariadb mongo buildpack-deps gcc erlang
  elixir haskell julia r-base bash swift dart clojure pypy mono docker`
    .split(/\s+/)
    .map((name) => [name, '/'] as const),
  ['golang', '/go'],
  ['php', '/var/www/html'],
  ['httpd', '/usr/local/apache2'],
  ['tomcat', '/usr/local/tomcat'],
  ['redis', '/data'],
  ['caddy', '/srv'],
  ['composer', '/app'],
]);

/** Whether the image at the root of a stage surely runs as root. */
export function baseRunsAsRoot(stage: Stage): boolean {
  return isKnownBase(stage) || rootOf(stage).isScratch;
}

/** The working directory that the base brings; null where it is not known. */
export function baseWorkdir(stage: Stage): string | null {
  const image = stage.rootImage;
  if (!isKnownBase(stage)) return rootOf(stage).isScratch ? '/' : null;
  // Only the variants with a web server work among its files.
  if (image?.name === 'php' && !/apache|fpm/.test(image.tag ?? '')) return '/';
  return rootImages.get(image?.name ?? '') ?? null;
}

/** Where a step starts, the base's own working directory included. */
export function startDirectory(step: Step): string | null {
  const { workdir, workdirSet } = step.before;
  if (workdir !== null) return workdir;
  const start = baseWorkdir(step.stage);
  return workdirSet && start !== null ? followWorkdirs(step, start) : start;
}

/** Where relative WORKDIRs lead from the directory of the base; null where one of them is not known. */
function followWorkdirs(step: Step, start: string): string | null {
  const steps = [...step.stage.steps.slice(0, step.index)];
  for (let stage = step.stage.parent; stage; stage = stage.parent) steps.unshift(...stage.steps);
  let directory: string | null = start;
  for (const { keyword, body, before } of steps) {
    if (keyword !== 'WORKDIR') continue;
    const path = expandIn(body.rest, before.scope, body.escape);
    directory = path === null ? null : resolvePath(directory, path);
    if (directory === null && path === null) return null;
  }
  return directory;
}

/** Whether a step surely runs, and makes folders, as root. */
export function runsAsRoot(step: Step): boolean {
  const { user } = step.before;
  if (user === null) return baseRunsAsRoot(step.stage);
  return /^(?:root|0)(?::(?:root|0))?$/.test(user);
}

/** Official images that bring no variable but PATH, in all their versions. */
const plainImages: ReadonlySet<string> = new Set('alpine amazonlinux busybox centos debian ubuntu'.split(' '));

/** Whether the base of a stage surely brings no variable but PATH, whatever the build is called with. */
export function baseBringsOnlyPath(stage: Stage): boolean {
  const root = rootOf(stage);
  if (root.isScratch) return root.baseText === 'scratch';
  const { image, baseText } = root;
  if (!image?.isOfficial || !plainImages.has(image.name)) return false;
  // A variable in the tag keeps the image what it is.
  return !baseText.includes('$') || /^[^$]*[^$/][:@]/.test(baseText);
}

function isKnownBase({ rootImage }: Stage): boolean {
  return rootImage?.isOfficial === true && rootImages.has(rootImage.name);
}

function rootOf(stage: Stage): Stage {
  let at = stage;
  while (at.parent) at = at.parent;
  return at;
}
