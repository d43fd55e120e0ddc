/** How many layers an image gets from its Dockerfile, those of its base image not counted. */
import type { Model, Stage } from './model';

/** Layers of the final stage and of the stages it is built FROM. A step that may or may not make one counts as one. */
export function imageLayerCount(model: Model): number {
  return model.finalStage ? stageLayerCount(model.finalStage) : 0;
}

/** Layers of a stage with its parents. */
export function stageLayerCount(stage: Stage): number {
  const own = stage.steps.filter((step) => step.layer.kind !== 'none').length;
  return own + (stage.parent ? stageLayerCount(stage.parent) : 0);
}
