/** Whether what a stage has at a path can have changed, when it is known which of its steps left something else behind. */
import { hasWildcards } from '../context/go-paths';
import type { Instruction } from '../syntax/tree';
import type { CopyStep, RunStep, Stage } from './model';
import { claimsMeet, treeClaim } from './path-claims';
import { isWithin, normalizePath, pathsMeet, resolvePath } from './paths';
import { runAccess } from './run-access';

/** Looks through the steps from the last one upwards, as far as they can have written to the path. */
export function mayHaveChanged(stage: Stage, path: string, changed: ReadonlySet<Instruction>): boolean {
  const wanted = hasWildcards(path) ? treeClaim(normalizePath(`/${path}`)) : null;
  const target = wanted?.kind === 'tree' ? wanted.path : normalizePath(`/${path}`);
  for (const step of [...stage.steps].reverse()) {
    switch (step.keyword) {
      case 'RUN':
        if (!mayWrite(step as RunStep, target)) break;
        if (changed.has(step.instruction)) return true;
        break;
      case 'COPY':
      case 'ADD': {
        const { destinationPath } = step as CopyStep;
        const meets = destinationPath === null || pathsMeet(normalizePath(destinationPath), target);
        if (meets && changed.has(step.instruction)) return true;
        break;
      }
      case 'WORKDIR': {
        // Below a working directory that only the base image knows lies nothing that is copied by name.
        const made = resolvePath(step.before.workdir ?? '/', step.body.rest);
        if (changed.has(step.instruction) && made !== null && isWithin(made, target)) return true;
        break;
      }
    }
  }
  if (changed.has(stage.from)) return true;
  return stage.parent !== null && mayHaveChanged(stage.parent, path, changed);
}

/** Whether a RUN can have written to a path or below it. */
export function mayWrite(run: RunStep, path: string): boolean {
  const access = runAccess(run);
  if (access.unknown !== null) return true;
  return access.writes.some((claim) => claimsMeet(claim, treeClaim(path)));
}
