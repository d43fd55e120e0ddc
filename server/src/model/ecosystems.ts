/** The table of package managers: what they read, write, keep and clean. Rules ask it; the data stand in `ecosystems/`. */
import type { PackageCall, PackageManager } from '../shell/packages';
import { buildEcosystems } from './ecosystems/build';
import { javascriptEcosystems } from './ecosystems/javascript';
import { languageEcosystems } from './ecosystems/languages';
import { blank, type CleanUp, type CommandPattern, type Ecosystem } from './ecosystems/pattern';
import { pythonEcosystems } from './ecosystems/python';
import { systemEcosystems } from './ecosystems/system';

export type { CacheMount, CleanUp, CommandPattern, Ecosystem, EnvSetting } from './ecosystems/pattern';

/** All of them, distributions first. */
export const ecosystems: readonly Ecosystem[] = [
  ...systemEcosystems,
  ...pythonEcosystems,
  ...javascriptEcosystems,
  ...languageEcosystems,
  ...buildEcosystems,
];

const byManager: ReadonlyMap<PackageManager, Ecosystem> = new Map(ecosystems.map((entry) => [entry.manager, entry]));

/** What is known of a package manager. */
export function ecosystemOf(manager: PackageManager): Ecosystem {
  // The table has every manager, a test holds it to that; an empty entry makes rules silent.
  return byManager.get(manager) ?? { ...blank, manager, kind: 'system' };
}

/** Whether a call is what a pattern describes. */
export function matchesPattern(call: PackageCall, pattern: CommandPattern): boolean {
  const goals = call.subcommand.split(' ');
  const isNamed = pattern.subcommands.some(
    (name) => name === call.subcommand || (pattern.anyGoal && goals.includes(name)),
  );
  if (!isNamed) return false;
  if (pattern.flags.length > 0 && !pattern.flags.some((flag) => hasFlag(call, flag))) return false;
  if (pattern.operands === 'none') return call.operands.length === 0;
  return pattern.operands !== 'some' || call.operands.length > 0;
}

/** Whether a call has an option: `--omit=dev` with this value, `--omit` with any; `--frozen-lockfile=false` does not count. */
export function hasFlag(call: PackageCall, flag: string): boolean {
  const equals = flag.indexOf('=');
  const name = equals < 0 ? flag : flag.slice(0, equals);
  const value = equals < 0 ? null : flag.slice(equals + 1);
  return call.flags.some((given) => {
    if (given.name !== name) return false;
    return value === null ? !/^(false|0|no|off)$/i.test(given.value ?? '') : given.value === value;
  });
}

/** A call that installs what the project's manifests name: the step that a change of the source should not repeat. */
export function isProjectInstall(call: PackageCall): boolean {
  return ecosystemOf(call.manager).installs.some((pattern) => matchesPattern(call, pattern));
}

/** A call that installs exactly what the lockfile says, or fails. */
export function isFrozenInstall(call: PackageCall): boolean {
  return ecosystemOf(call.manager).frozenInstalls.some((pattern) => matchesPattern(call, pattern));
}

/** What a call cleans up: nothing mostly, several things for `go clean -modcache -cache`. */
export function cleanUpsOf(call: PackageCall): readonly CleanUp[] {
  return ecosystemOf(call.manager).cleanUps.filter((cleanUp) => {
    if (!cleanUp.subcommands.includes(call.subcommand)) return false;
    if (cleanUp.flags.length > 0 && !cleanUp.flags.some((flag) => hasFlag(call, flag))) return false;
    return cleanUp.operands.length === 0 || call.operands.some((word) => cleanUp.operands.includes(word.unquoted));
  });
}

/** Whether a call leaves no cache behind by one of its own options. */
export function isUncached(call: PackageCall): boolean {
  return ecosystemOf(call.manager).noCache.flags.some((flag) => hasFlag(call, flag));
}

/** Whether a call asks nothing back, by its own options: `-y`, apt's `-qq`, `-o APT::Get::Assume-Yes=true`. */
export function assumesYes(call: PackageCall): boolean {
  if (ecosystemOf(call.manager).assumeYes.some((flag) => hasFlag(call, flag))) return true;
  const { flags, manager } = call;
  const isApt = manager === 'apt-get' || manager === 'apt' || manager === 'aptitude';
  if (!isApt)
    return flags.some((flag) => flag.name === '--setopt' && /^assumeyes=(1|true|yes|on)$/i.test(flag.value ?? ''));
  const quiet = flags.filter((flag) => flag.name === '-q' || flag.name === '--quiet');
  const isSilent = quiet.length >= 2 || quiet.some((flag) => Number(flag.value ?? 0) >= 2);
  if (manager !== 'aptitude' && isSilent) return true;
  return flags.some(
    ({ name, value }) =>
      name === '--force-yes' ||
      ((name === '-o' || name === '--option') &&
        /^APT::Get::(Assume-Yes|force-yes)=["']?(1|true|yes|on)["']?$/i.test(value ?? '')),
  );
}
