/** Which stages become images somebody pulls: in the others a layer costs nothing but room in the build cache. */
import type { Model, Stage } from './model';

const shippedStages = new WeakMap<Model, ReadonlySet<Stage>>();

/**
 * Whether the layers of a stage are part of an image: of the final one, or of one that can only be meant as a target of
 * its own because no other stage takes anything from it.
 */
export function isShipped(model: Model, stage: Stage): boolean {
  let shipped = shippedStages.get(model);
  if (!shipped) {
    shipped = findShipped(model);
    shippedStages.set(model, shipped);
  }
  return shipped.has(stage);
}

function findShipped(model: Model): ReadonlySet<Stage> {
  const used = new Set(model.stages.flatMap((stage) => stage.uses.map((use) => use.stage)));
  const shipped = new Set<Stage>();
  for (const stage of model.stages) {
    if (!stage.isFinal && used.has(stage)) continue;
    for (let at: Stage | null = stage; at; at = at.parent) shipped.add(at);
  }
  return shipped;
}
