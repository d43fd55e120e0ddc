/** A refresh of the package index in a RUN of its own, and the RUN that installs from it. */
import type { RunStep, Stage } from '../model/model';
import { perStep } from '../model/per-step';
import type { PackageCall, PackageManager } from '../shell/packages';

const families: readonly (readonly PackageManager[])[] = [
  ['apt-get', 'apt', 'aptitude'],
  ['yum', 'dnf', 'microdnf'],
  ['apk'],
  ['zypper'],
  ['pacman'],
];

const familyOf = (manager: PackageManager): readonly PackageManager[] =>
  families.find((family) => family.includes(manager)) ?? [];

/** The update of a RUN that installs nothing from it. */
export const loneUpdate = perStep((run: RunStep): PackageCall | null => {
  if (!run.isKnown || run.isExec) return null;
  const update = run.calls(undefined, 'update-index').find((call) => familyOf(call.manager).length > 0);
  if (update?.command.nesting !== 'top' || update.command.quoted) return null;
  const family = familyOf(update.manager);
  return run.calls(family, 'install').length > 0 ? null : update;
});

/** The next RUN that installs with the manager and does not refresh the index itself. */
export function nextInstall(stage: Stage, run: RunStep, manager: PackageManager): RunStep | null {
  const family = familyOf(manager);
  for (const step of stage.steps.slice(run.index + 1)) {
    if (step.keyword !== 'RUN') continue;
    const later = step as RunStep;
    if (later.calls(family, 'update-index').length > 0) return null;
    const install = later.calls(family, 'install')[0];
    if (install) return install.flags.some((flag) => flag.name === '--update' || flag.name === '-U') ? null : later;
  }
  return null;
}
