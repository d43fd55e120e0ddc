/** Who fetches apt's package lists, and who needs them: a cleanup must come after the last that does. */
import { packageCalls } from '../shell/package-calls';
import type { PackageCall, PackageManager } from '../shell/packages';
import type { ShellCommand, ShellScript } from '../shell/script';
import type { Model, RunStep, Stage, Step } from './model';
import { perStep } from './per-step';
import { isRunStep } from './steps';

/** Where apt keeps them. */
export const aptLists = '/var/lib/apt/lists';

export const aptManagers: readonly PackageManager[] = ['apt-get', 'apt', 'aptitude'];

/** Whether a call fetches the lists. */
export const fetchesLists = (call: PackageCall): boolean =>
  aptManagers.includes(call.manager) && call.action === 'update-index';

const needing = new Set(['install', 'upgrade', 'download', 'other']);
const listReaders = new Set(['apt-cache', 'apt-file', 'rosdep', 'mk-build-deps', 'gdebi', 'tasksel', 'apt-build']);

/** The commands of a script that cannot do without the lists, and scripts that may install something, in source order. */
export function listReadersIn(script: ShellScript): readonly ShellCommand[] {
  const calls = new Map(packageCalls(script).map((call) => [call.command, call]));
  return script.commands.filter((command) => {
    const call = calls.get(command);
    if (call) return aptManagers.includes(call.manager) && needing.has(call.action);
    return (command.name !== null && listReaders.has(command.name)) || mayInstall(command);
  });
}

/** A script of the author's whose name says that it installs something. */
function mayInstall({ name, nameWord, args }: ShellCommand): boolean {
  if (name === null || nameWord === null) return false;
  const runsFile = /^(?:sh|bash|ash|dash|source|\.)$/.test(name);
  const file = runsFile ? args.find((arg) => !arg.unquoted.startsWith('-'))?.unquoted : nameWord.unquoted;
  if (file === undefined || !(runsFile || file.includes('/') || file.endsWith('.sh'))) return false;
  return /install|setup|deps|depend|apt|pkg|package|provision|prereq/i.test(file.slice(file.lastIndexOf('/') + 1));
}

/** A later step that relies on lists which an earlier one left. */
export interface ListUse {
  readonly step: Step;
  readonly command: ShellCommand;
}

/** The first RUN behind a step, in its stage or in one built FROM it, that needs the lists before it fetches its own. */
export function laterListUse(model: Model, step: Step): ListUse | null {
  return useIn(model, step.stage, step.index + 1);
}

function useIn(model: Model, stage: Stage, from: number): ListUse | null {
  for (const step of stage.steps.slice(from)) {
    const found = useOfStep(step);
    if (found === 'fetched') return null;
    if (found) return found;
  }
  for (const child of model.allStages) {
    const found = child.parent === stage ? useIn(model, child, 0) : null;
    if (found) return found;
  }
  return null;
}

function useOfStep(step: Step): ListUse | 'fetched' | null {
  const isTrigger = step.keyword === 'ONBUILD' && step.body.trigger?.known === 'RUN';
  if (!isRunStep(step) && !isTrigger) return null;
  for (const script of step.scripts) {
    const fetch = packageCalls(script).find(fetchesLists)?.command;
    const [reader] = listReadersIn(script);
    if (reader && (!fetch || reader.start < fetch.start)) return { step, command: reader };
    // A trigger runs in another build.
    if (fetch && !isTrigger) return 'fetched';
  }
  return null;
}

/** The last call that fetches the lists in a RUN, with its script; null where none does, or where they lie elsewhere. */
export const lastFetch = perStep(
  (run: RunStep): { readonly script: ShellScript; readonly call: PackageCall } | null => {
    let found: { script: ShellScript; call: PackageCall } | null = null;
    for (const script of run.scripts)
      for (const call of packageCalls(script)) if (fetchesLists(call) && !isElsewhere(call)) found = { script, call };
    return found;
  },
);

/** `-o Dir::State::lists=…`, `-o RootDir=…`, or only a rehearsal. */
function isElsewhere(call: PackageCall): boolean {
  return call.flags.some(
    ({ name, value }) =>
      ((name === '-o' || name === '--option') && /^(?:dir|rootdir)\b/i.test(value ?? '')) ||
      name === '-s' ||
      name === '--simulate' ||
      name === '--print-uris',
  );
}
