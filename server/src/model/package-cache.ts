/** Which package-manager calls of a RUN leave a cache behind in its layer. */

import type { Removal } from '../shell/effects';
import { packageCalls } from '../shell/package-calls';
import type { PackageCall, PackageManager } from '../shell/packages';
import type { ShellScript } from '../shell/script';
import { callsCleanUpScript, emptiesFolder } from './clean-up';
import { ecosystemOf, isUncached } from './ecosystems';
import type { RunStep, Step } from './model';
import { resolvePath } from './paths';
import { perStep } from './per-step';
import { expandIn } from './variables';

/** Managers whose cache counts, those together that share one. */
const families: readonly (readonly PackageManager[])[] = [
  ['apk'],
  ['pip'],
  ['npm'],
  ['yum', 'dnf', 'microdnf'],
  ['zypper'],
  ['pacman'],
  ['yarn'],
  ['pnpm'],
  ['gem'],
  ['composer'],
  ['conda'],
];

/** What is left behind by one manager (or by several that share a cache) in one script. */
export interface KeptCache {
  readonly manager: PackageManager;
  readonly script: ShellScript;
  /** The calls that fill the cache and are not told not to, in source order; never empty. */
  readonly calls: readonly PackageCall[];
}

/** The caches that a RUN keeps, by manager. */
export function keptCaches(run: RunStep): readonly KeptCache[] {
  const kept = ownCaches(run);
  return kept.length === 0 ? kept : kept.filter(({ manager }) => !configuresCache(run, manager));
}

/** Those that neither the RUN itself nor a variable says anything about. */
const ownCaches = perStep((run: RunStep): readonly KeptCache[] => {
  if (!run.isKnown || run.stage.isWindows || run.calls().length === 0) return [];
  return families.flatMap((family) =>
    run.scripts.flatMap((script) => {
      const calls = fillingCalls(script, family);
      const [first] = calls;
      const last = calls.at(-1);
      if (!first || !last || isSpared(run, script, family, last)) return [];
      return [{ manager: last.manager, script, calls }];
    }),
  );
});

function fillingCalls(script: ShellScript, family: readonly PackageManager[]): PackageCall[] {
  return packageCalls(script).filter(
    (call) => family.includes(call.manager) && fillsCache(call) && !isUncached(call) && !movesCache(call),
  );
}

/** Options with which nothing is downloaded to stay. */
const idle = new Set([
  '--dry-run',
  '--help',
  '--downloadonly',
  '--no-network',
  '--cacheonly',
  '--offline',
  '--no-remote',
]);

function fillsCache({ action, flags, manager }: PackageCall): boolean {
  // For yum and dnf `-C` is --cacheonly, for npm it is a folder.
  const isOffline = /^(?:yum|dnf)$/.test(manager) && flags.some(({ name }) => name === '-C');
  return (action === 'install' || action === 'upgrade') && !isOffline && !flags.some(({ name }) => idle.has(name));
}

/** Options that put the cache elsewhere, where somebody else looks after it. */
function movesCache(call: PackageCall): boolean {
  return call.flags.some(({ name }) =>
    /^--(?:cache-dir|cache-folder|cache|store-dir|installroot|root|cachedir|pkg-cache-dir|user-install|install-dir)$/.test(
      name,
    ),
  );
}

function isSpared(run: RunStep, script: ShellScript, family: readonly PackageManager[], last: PackageCall): boolean {
  const from = last.command.start;
  const ecosystems = family.map(ecosystemOf);
  const caches = ecosystems.flatMap((ecosystem) => ecosystem.caches);
  const names = ecosystems.flatMap((ecosystem) => ecosystem.noCache.env.map((setting) => setting.name));
  if (names.some((name) => run.before.scope.get(name) || script.assigns.has(name))) return true;
  if (hasMountFor(run, caches, family)) return true;
  const cleans = packageCalls(script).some(
    (call) =>
      family.includes(call.manager) && call.action === 'clean' && call.command.start > from && !leavesDatabases(call),
  );
  const isEnough = ({ call }: Removal) => !call || !leavesDatabases(call);
  if (cleans || caches.some((cache) => emptiesFolder(script, cache, from, isEnough))) return true;
  // A script of the RUN that the other ones are fed by may clean up for it.
  return run.scripts.some((one) => callsCleanUpScript(one, one === script ? from : 0));
}

/** `yum clean metadata` and the like: what yum and dnf made of the metadata, which is as large again, stays. */
function leavesDatabases({ manager, command }: PackageCall): boolean {
  if (!/^(?:yum|dnf|microdnf)$/.test(manager)) return false;
  const what = command.args.map(({ unquoted }) => unquoted).filter((word) => !word.startsWith('-') && word !== 'clean');
  return what.length > 0 && what.every((word) => word === 'metadata' || word === 'expire-cache');
}

/** A cache or tmpfs mount on the cache, above it, or by its name where the folder is not the usual one. */
function hasMountFor(run: RunStep, caches: readonly string[], family: readonly PackageManager[]): boolean {
  return run.mounts.some((mount) => {
    if (mount.type !== 'cache' && mount.type !== 'tmpfs') return false;
    const text = expandIn(mount.target ?? '', run.before.scope, run.body.escape);
    const target = text === null || text === '' ? null : resolvePath(run.before.workdir, text);
    if (target === null) return true;
    const home = target.replace(/^(?:\/root|\/home\/[^/]+)(?=\/|$)/, '~');
    if (caches.some((cache) => isAtOrBelow(cache, home) || isAtOrBelow(home, cache))) return true;
    return family.some((manager) => target.includes(manager)) || /\/\.?cache$/.test(target);
  });
}

const isAtOrBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** What may switch a cache off or move it, where a step of the stage says it. */
const configurations: Readonly<Partial<Record<PackageManager, RegExp>>> = {
  apk: /\/etc\/apk\/cache/,
  pip: /\bpip\.conf\b|\bpip3? config\b/,
  npm: /\bnpm config set cache\b/,
  yarn: /\byarn config set\b/,
  conda: /\bpkgs_dirs\b|\bCONDA_PKGS_DIRS\b/,
  composer: /\bcache-dir\b/,
};

function configuresCache(run: RunStep, manager: PackageManager): boolean {
  const pattern = configurations[manager];
  return pattern !== undefined && chainUpTo(run).some((step) => pattern.test(step.body.raw));
}

/** The steps of a stage and of those it is built from, up to and with the given one. */
function chainUpTo(step: Step): readonly Step[] {
  const own = step.stage.steps.slice(0, step.index + 1);
  const inherited: Step[] = [];
  for (let parent = step.stage.parent; parent; parent = parent.parent) inherited.unshift(...parent.steps);
  return [...inherited, ...own];
}
