/** Directories that the steps of a stage have surely made, so that a later WORKDIR finds them there. */
import type { ShellScript } from '../shell/script';
import { startDirectory } from './base-config';
import type { CopyStep, RunStep, Stage, Step } from './model';
import { normalizePath, resolvePath } from './paths';
import { expandIn } from './variables';

/** Absolute paths of directories that exist for sure before the step at an index: made by WORKDIR, COPY or mkdir in the chain. */
export function madeDirectories(stage: Stage, before: number): ReadonlySet<string> {
  const made = stage.parent ? new Set(madeDirectories(stage.parent, stage.parent.steps.length)) : new Set<string>();
  for (const step of stage.steps.slice(0, before)) collect(step, made);
  return made;
}

function collect(step: Step, made: Set<string>): void {
  if (step.keyword === 'WORKDIR') {
    const value = expandIn(step.body.rest, step.before.scope, step.body.escape);
    addWithParents(value === null ? null : resolvePath(startDirectory(step), value), made);
  } else if (step.keyword === 'COPY' || step.keyword === 'ADD') {
    const path = (step as CopyStep).destinationPath;
    if (path === null) return;
    const directory = path.endsWith('/') ? path : path.slice(0, path.lastIndexOf('/') + 1);
    addWithParents(normalizePath(directory), made);
  } else if (step.keyword === 'RUN') {
    collectRun(step as RunStep, made);
  }
}

function collectRun(run: RunStep, made: Set<string>): void {
  for (const script of run.scripts) {
    if (run.mounts.length === 0) collectFirstCommands(run, script, made);
    for (const command of script.commands) {
      if (!/^(?:rm|rmdir|mv|find)$/.test(command.name ?? '')) continue;
      // What is removed may be anything below: keep only what surely stays.
      for (const arg of command.args) {
        const gone = arg.value === null ? '/' : resolvePath(run.before.workdir, arg.value);
        for (const path of made)
          if (gone === null || gone === '/' || path === gone || path.startsWith(`${gone}/`)) made.delete(path);
      }
    }
  }
}

/** The directories of each mkdir that a script surely begins with. What it removes, it removes after that. */
function collectFirstCommands(run: RunStep, { statements }: ShellScript, made: Set<string>): void {
  const [statement] = statements;
  if (!statement || statements.length > 1 || statement.operators.includes('||') || statement.terminator === '&') return;
  for (const { commands, kinds, negated } of statement.pipelines) {
    const [command] = commands;
    if (kinds.length !== 1 || negated || command?.name !== 'mkdir' || command.prefixes.length > 0) break;
    for (const arg of command.args)
      if (!arg.text.startsWith('-') && arg.value !== null)
        addWithParents(resolvePath(run.before.workdir, arg.value), made);
  }
}

function addWithParents(path: string | null, made: Set<string>): void {
  for (let current = path; current && current !== '/'; current = current.slice(0, current.lastIndexOf('/')))
    made.add(current);
}
