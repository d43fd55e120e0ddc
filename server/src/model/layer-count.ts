/** How many layers an image gets from its Dockerfile, those of its base image not counted. */
import type { Builder } from '../rules/config';
import type { Model, Stage, Step } from './model';

/** Layers of the final stage and of the stages it is built FROM. A step that may or may not make one counts as one. */
export function imageLayerCount(model: Model): number {
  return model.finalStage ? stageLayerCount(model.finalStage, model.builder) : 0;
}

/** Layers of a stage with its parents. */
function stageLayerCount(stage: Stage, builder: Builder): number {
  const own = stage.steps.filter((step) => makesLayer(step, builder)).length;
  return own + (stage.parent ? stageLayerCount(stage.parent, builder) : 0);
}

/** What BuildKit makes of a RUN, be it empty, is a layer: there is no need to look at its commands. */
const makesLayer = (step: Step, builder: Builder): boolean =>
  step.keyword === 'RUN' && builder === 'buildkit' ? true : step.layer.kind !== 'none';
