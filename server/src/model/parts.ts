/** A model cut at its FROM lines, so that what is known of one stage can be kept while another is edited. */
import type { Instruction } from '../syntax/tree';
import type { Model, Stage } from './model';
import { isCopyStep, isRunStep } from './steps';

/** A stage, or what stands above the first FROM, as a model of its own. */
export interface ModelPart {
  /** Sees this part's instructions, stages and steps only; `finalStage` is null unless it is this one. */
  readonly model: Model;
  /** Where the part starts in the document. */
  readonly start: number;
  /**
   * Everything that facts about the part can depend on: two versions with equal keys have the same facts, at the same lines.
   * A list, because joining the texts would copy the whole file at every keystroke; slices of it are not copied.
   */
  readonly key: PartKey;
}

export type PartKey = readonly string[];

/** Whether two keys are equal. */
export function sameKey(a: PartKey, b: PartKey): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

/** Cuts a model into parts, in the order of the document. */
export function splitModel(model: Model): ModelPart[] {
  const { dockerfile, stages } = model;
  const { text, instructions } = dockerfile;
  const firsts = stages.map((stage) => stage.from.index);
  const bounds = [0, ...firsts.map((first) => instructions[first - 1]?.span.end ?? 0), text.length];
  const textOf = (part: number) => text.slice(bounds[part] ?? 0, bounds[part + 1] ?? text.length);
  const lineOf = (stage: Stage) => stage.from.line;
  const prelude = textOf(0);
  const relatives = relatedStages(stages);
  const preludeInstructions = instructions.slice(0, firsts[0] ?? instructions.length);
  const parts: ModelPart[] = [
    { model: partOf(model, preludeInstructions, null), start: 0, key: [`${stages.length > 0}`, prelude] },
  ];
  for (const stage of stages) {
    const own = instructions.slice(stage.from.index, firsts[stage.index + 1] ?? instructions.length);
    const related = relatives[stage.index] ?? [];
    const key = [
      `${model.builder},${stage.index},${lineOf(stage)},${stage.isFinal},${stage.isNeeded},${dockerfile.eol}`,
      prelude,
      textOf(stage.index + 1),
      ...related.flatMap((other) => [`${lineOf(other)}`, textOf(other.index + 1)]),
    ];
    parts.push({ model: partOf(model, own, stage), start: bounds[stage.index + 1] ?? 0, key });
  }
  return parts;
}

/** For each stage those it is built on, those built on it, those it takes files from, and those that take files from it. */
function relatedStages(stages: readonly Stage[]): readonly (readonly Stage[])[] {
  const related = stages.map(() => new Set<Stage>());
  for (const stage of stages) {
    for (let parent = stage.parent; parent; parent = parent.parent) {
      related[stage.index]?.add(parent);
      related[parent.index]?.add(stage);
    }
    for (const use of stage.uses) {
      if (use.stage === stage) continue;
      related[stage.index]?.add(use.stage);
      related[use.stage.index]?.add(stage);
    }
  }
  return related.map((set) => [...set]);
}

/** An instruction as a model of its own. */
export function instructionModel(model: Model, instruction: Instruction): Model {
  const step = model.stepOf(instruction);
  const stage = step ? null : model.stageOf(instruction);
  return {
    ...model,
    instructions: [instruction],
    stages: stage ? [stage] : [],
    finalStage: stage?.isFinal ? stage : null,
    steps: step ? [step] : [],
    runs: step && isRunStep(step) ? [step] : [],
    copies: step && isCopyStep(step) ? [step] : [],
    strays: step || stage || instruction.keyword === 'ARG' ? [] : [instruction],
  };
}

/** What facts about a stage's instructions depend on beside their own text and the state before them. */
export function stageFlags(model: Model, stage: Stage | null): string {
  if (!stage) return `${model.builder} ${model.stages.length > 0} ${model.dockerfile.eol}`;
  const { index, isFinal, isNeeded, isWindows, isScratch, baseName, rootImage, parent, name } = stage;
  const base = `${isScratch} ${baseName} ${rootImage?.text} ${parent?.index} ${name}`;
  return `${model.builder} ${model.dockerfile.eol} ${index} ${isFinal} ${isNeeded} ${isWindows} ${base}`;
}

function partOf(model: Model, instructions: readonly Instruction[], stage: Stage | null): Model {
  const steps = stage?.steps ?? [];
  return {
    ...model,
    instructions,
    stages: stage ? [stage] : [],
    finalStage: stage?.isFinal ? stage : null,
    steps,
    runs: steps.filter(isRunStep),
    copies: steps.filter(isCopyStep),
    strays: stage ? [] : model.strays,
    allStages: model.allStages,
  };
}
