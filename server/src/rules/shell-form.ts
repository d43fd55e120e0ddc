/** CMD and ENTRYPOINT in shell form, as Docker's check JSONArgsRecommended finds them. */
import type { Model, Stage, Step } from '../model/model';

/**
 * The steps of one keyword whose command is run by the default shell. As Docker: none after a SHELL in the stage or those
 * it is built on, none in ONBUILD, none in a stage that the build does not need; overridden ones too.
 */
export function* shellFormSteps(model: Model, keyword: 'CMD' | 'ENTRYPOINT'): Generator<Step> {
  for (const stage of model.stages) {
    if (!stage.isNeeded) continue;
    for (const step of stage.steps) {
      if (step.keyword !== keyword || step.before.shell !== null) continue;
      const { body } = step;
      if (body.json !== null || body.rest === '' || body.problems.length > 0) continue;
      yield step;
    }
  }
}

/** The step of a keyword that holds in a stage: the last one, also of the stages it is built on; null without. */
export function stepInForce(stage: Stage, keyword: string): Step | null {
  for (let at: Stage | null = stage; at; at = at.parent) {
    for (let index = at.steps.length - 1; index >= 0; index--) {
      const step = at.steps[index];
      if (step?.keyword === keyword) return step;
    }
  }
  return null;
}

/** The first step of a keyword in the stages that are built on a stage; null without. */
export function stepBuiltOn(model: Model, stage: Stage, keyword: string): Step | null {
  for (const other of model.allStages) {
    if (other === stage || !isBuiltOn(other, stage)) continue;
    const step = other.steps.find((candidate) => candidate.keyword === keyword);
    if (step) return step;
  }
  return null;
}

function isBuiltOn(stage: Stage, base: Stage): boolean {
  for (let at = stage.parent; at; at = at.parent) if (at === base) return true;
  return false;
}
