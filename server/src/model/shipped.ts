/** Which stages become images somebody pulls: in the others a layer costs nothing but room in the build cache. */
import type { Model, Stage } from './model';

/**
 * Whether the layers of a stage are part of an image: of the final one, or of one that can only be meant as a target of
 * its own because the final one needs nothing of it. Looks at nothing but the stage and those built FROM it.
 */
export function isShipped(model: Model, stage: Stage): boolean {
  if (stage.isFinal || !stage.isNeeded) return true;
  return model.allStages.some((other) => other.isFinal && isBuiltFrom(other, stage));
}

function isBuiltFrom(stage: Stage, base: Stage): boolean {
  for (let at = stage.parent; at; at = at.parent) if (at === base) return true;
  return false;
}
