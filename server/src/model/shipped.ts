/** Which stages' files are part of an image that somebody keeps. */
import type { Model, Stage } from './model';

const kept = new WeakMap<Model, ReadonlySet<Stage>>();

/**
 * Whether what a stage leaves on disk ends up in an image: in the final one, in one built FROM the stage, or in a stage
 * that nothing else uses, which is a target of its own then. Of the others (builders) only single files are copied out.
 */
export function staysInImage(model: Model, stage: Stage): boolean {
  let stages = kept.get(model);
  if (stages === undefined) {
    stages = findKept(model);
    kept.set(model, stages);
  }
  return stages.has(stage);
}

function findKept(model: Model): ReadonlySet<Stage> {
  const used = new Set<Stage>();
  for (const stage of model.stages) for (const use of stage.uses) used.add(use.stage);
  const found = new Set<Stage>();
  for (const stage of model.stages) {
    if (stage !== model.finalStage && used.has(stage)) continue;
    for (let at: Stage | null = stage; at; at = at.parent) found.add(at);
  }
  return found;
}
