/** What a Dockerfile needs of its build context, as far as it says so. */
import type { ContextUse } from '../context/unwanted';
import type { Model } from '../model/model';
import { expandIn } from '../model/variables';

/** What instructions take from the context by name, and which programs they run. */
export function contextUseOf(model: Model): ContextUse {
  const named: string[] = [];
  for (const step of model.copies) {
    if (step.fromText !== null) continue;
    for (const { value, text } of step.sources) named.push(toContextPath(value ?? text));
  }
  const programs = new Set<string>();
  for (const run of model.runs) {
    for (const mount of run.mounts) {
      if (mount.type !== 'bind' || mount.from !== null || mount.source === null) continue;
      named.push(toContextPath(expandIn(mount.source, run.before.scope, run.body.escape) ?? mount.source));
    }
    for (const script of run.scripts) for (const { name } of script.commands) if (name !== null) programs.add(name);
  }
  return { named, programs };
}

const toContextPath = (path: string): string => path.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
