/**
 * What a step usually takes, in seconds, by the kind of its commands: for steps that nobody measured. The numbers are rounded
 * from ordinary builds on an ordinary connection; what counts is that an install is dear and a `chmod` is not.
 */
import type { BuildContext } from '../context/context';
import { filesBelow } from '../context/sources';
import type { PackageCall, PackageManager } from '../shell/packages';
import type { ShellCommand } from '../shell/script';
import { contextTest, isRemote } from './context-sources';
import { ecosystemOf, isProjectInstall } from './ecosystems';
import type { CopyStep, RunStep, Step } from './model';
import { topicOfCommand } from './run-work';

/** The usual time of a step in seconds. */
export function usualSeconds(step: Step, context: BuildContext | null): number {
  switch (step.keyword) {
    case 'RUN':
      return startSeconds + commandSeconds(step as RunStep);
    case 'COPY':
    case 'ADD':
      return layerSeconds + copySeconds(step as CopyStep, context);
    case 'WORKDIR':
      return workdirSeconds;
    default:
      return 0;
  }
}

/** Starting a container and storing its layer. */
const startSeconds = 0.4;
/** Storing the layer of a COPY. */
const layerSeconds = 0.1;
const workdirSeconds = 0.05;
/** Bytes that are copied and stored in a second. */
const bytesPerSecond = 100_000_000;
/** A COPY whose files nobody can look at. */
const unknownCopySeconds = 0.3;
const downloadSeconds = 5;
const scriptSeconds = 5;

function copySeconds(copy: CopyStep, context: BuildContext | null): number {
  const downloads = copy.sources.filter(({ value }) => value !== null && isRemote(value)).length * downloadSeconds;
  const takes = contextTest(copy);
  if (!takes) return downloads + (copy.fromText === null ? 0 : unknownCopySeconds);
  if (!context?.complete) return downloads + unknownCopySeconds;
  let bytes = 0;
  for (const path of filesBelow(context, '')) if (takes(path)) bytes += context.entries.get(path)?.size ?? 0;
  return downloads + bytes / bytesPerSecond;
}

/** The commands of a RUN one by one: two RUNs that are merged cost what they cost apart, but for one start. */
function commandSeconds(run: RunStep): number {
  const calls = new Map(run.calls().map((call) => [call.command, call]));
  let seconds = 0;
  for (const script of run.scripts) {
    for (const command of script.commands) {
      const call = calls.get(command);
      seconds += call ? callSeconds(call, run) : otherSeconds(command);
    }
  }
  // What no parser understands does something, too.
  return run.scripts.length === 0 && run.body.rest !== '' ? scriptSeconds : seconds;
}

function otherSeconds(command: ShellCommand): number {
  switch (topicOfCommand(command)) {
    case null:
      return 0;
    case 'download':
      return downloadSeconds;
    case 'build':
      return 30;
    case 'system:local':
      return 3;
    default:
      return scriptSeconds;
  }
}

function callSeconds(call: PackageCall, run: RunStep): number {
  const { manager, action } = call;
  const seconds = actionSeconds(call, action === 'build' && isFetchedBefore(manager, run));
  const mounts = run.mounts.some((mount) => mount.type === 'cache');
  // What lies in a cache mount is not downloaded again.
  return mounts && /^(?:install|update-index|download|build)$/.test(action) && ecosystemOf(manager).kind !== 'system'
    ? seconds * withCacheMount
    : seconds;
}

/** Whether a step above in the stage downloaded what a build needs, so that the build does not. */
function isFetchedBefore(manager: PackageManager, run: RunStep): boolean {
  return run.stage.steps.some(
    (step) =>
      step.index < run.index &&
      step.keyword === 'RUN' &&
      (step as RunStep).calls(manager).some((call) => call.action === 'download' || isProjectInstall(call)),
  );
}

const withCacheMount = 0.5;

function actionSeconds(call: PackageCall, isFetched: boolean): number {
  const { manager, action } = call;
  switch (action) {
    case 'update-index':
      return 4;
    case 'upgrade':
      return 20;
    case 'install':
      if (isProjectInstall(call)) return projectSeconds[manager] ?? 20;
      return namedInstallSeconds(call);
    case 'download':
      return fetchSeconds[manager] ?? 10;
    case 'build':
      return (buildSeconds[manager] ?? 25) - (isFetched ? (fetchSeconds[manager] ?? 0) : 0);
    case 'run':
      return 20;
    default:
      return 0;
  }
}

function namedInstallSeconds({ manager, packages, opaque }: PackageCall): number {
  const count = Math.max(1, packages.length) + (opaque ? 2 : 0);
  if (manager === 'apk') return 1 + 0.5 * count;
  return ecosystemOf(manager).kind === 'system' ? 6 + 1.5 * count : 4 + 3 * count;
}

/** Installing what the manifests of a middling project name. */
const projectSeconds: Readonly<Partial<Record<PackageManager, number>>> = {
  npm: 25,
  yarn: 25,
  pnpm: 18,
  bun: 8,
  pip: 20,
  pipenv: 30,
  poetry: 25,
  uv: 8,
  pdm: 20,
  conda: 60,
  bundle: 40,
  composer: 15,
  go: 15,
  cargo: 20,
  maven: 45,
  gradle: 45,
  sbt: 60,
  dotnet: 20,
  nuget: 20,
  mix: 20,
};

/** Only downloading that. */
const fetchSeconds: Readonly<Partial<Record<PackageManager, number>>> = {
  go: 10,
  cargo: 14,
  maven: 30,
  gradle: 30,
  sbt: 40,
  dotnet: 14,
  mix: 14,
};

/** Compiling one. Where the manager fetches what is missing, that is in it. */
const buildSeconds: Readonly<Partial<Record<PackageManager, number>>> = {
  go: 30,
  cargo: 90,
  maven: 60,
  gradle: 60,
  sbt: 80,
  dotnet: 35,
  mix: 35,
};
