/** Who fetches the index of apk, and who needs the copy in /var/cache/apk. */
import { packageCalls } from '../shell/package-calls';
import type { PackageCall } from '../shell/packages';
import type { ShellScript } from '../shell/script';
import { isUncached } from './ecosystems';
import type { Model, RunStep, Stage, Step } from './model';
import { isRunStep } from './steps';

export const apkCache = '/var/cache/apk';

/** A call of apk with where it stands. */
export interface ApkCall {
  readonly step: Step;
  readonly script: ShellScript;
  readonly call: PackageCall;
}

/** `apk update`. */
export const fetchesIndex = (call: PackageCall): boolean => call.manager === 'apk' && call.action === 'update-index';

const fresh = new Set(['-U', '--update-cache', '--update', '--no-cache', '--no-network']);
const offline = new Set([
  'del',
  'info',
  'list',
  'audit',
  'verify',
  'stats',
  'version',
  'manifest',
  'dot',
  'cache clean',
  'cache purge',
]);

/** Whether a call reads the index that an earlier `apk update` left. */
export function needsIndex(call: PackageCall): boolean {
  if (call.manager !== 'apk' || fetchesIndex(call) || isUncached(call)) return false;
  return !offline.has(call.subcommand) && !call.flags.some(({ name }) => fresh.has(name));
}

/** The calls behind a step, in its stage and those built FROM it, that read the index it left. */
export function laterIndexReaders(model: Model, step: Step): readonly ApkCall[] {
  return readersIn(model, step.stage, step.index + 1);
}

function readersIn(model: Model, stage: Stage, from: number): readonly ApkCall[] {
  const readers: ApkCall[] = [];
  for (const step of stage.steps.slice(from)) {
    const isTrigger = step.keyword === 'ONBUILD' && step.body.trigger?.known === 'RUN';
    if (!isRunStep(step) && !isTrigger) continue;
    for (const script of step.scripts) {
      for (const call of packageCalls(script)) {
        if (needsIndex(call)) readers.push({ step, script, call });
        // From here on there is a new one; a trigger runs in another build.
        if (fetchesIndex(call) && !isTrigger) return readers;
      }
    }
  }
  for (const child of model.allStages) if (child.parent === stage) readers.push(...readersIn(model, child, 0));
  return readers;
}

/** The `apk update` calls of a RUN whose index stays although nothing else keeps it: every other call says --no-cache. */
export function uselessUpdates(run: RunStep): readonly ApkCall[] {
  return run.scripts.flatMap((script) => {
    const calls = packageCalls(script).filter((call) => call.manager === 'apk');
    const installs = calls.some((call) => call.action === 'install' || call.action === 'upgrade');
    if (!installs || calls.some(needsIndex)) return [];
    return calls.filter(fetchesIndex).map((call) => ({ step: run, script, call }));
  });
}
