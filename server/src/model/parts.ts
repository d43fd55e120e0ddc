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

export interface PartKey {
  readonly own: string;
  /** The texts and lines of all stages that hang together with this one, shared by their parts. */
  readonly linked: readonly string[];
}

interface Comparison {
  /** Held weakly: the other is of an older version, which has one of its own, and so on back to the first. */
  readonly other: WeakRef<readonly string[]>;
  readonly isSame: boolean;
}

/** What a list of texts was last compared with: the parts of linked stages share theirs. */
const compared = new WeakMap<readonly string[], Comparison>();

/** Whether two keys are equal. */
export function sameKey(a: PartKey, b: PartKey): boolean {
  return a.own === b.own && sameTexts(a.linked, b.linked);
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  const known = compared.get(b);
  if (known?.other.deref() === a) return known.isSame;
  const isSame = a.length === b.length && a.every((text, index) => text === b[index]);
  compared.set(b, { other: new WeakRef(a), isSame });
  return isSame;
}

/** Cuts a model into parts, in the order of the document. */
export function splitModel(model: Model): ModelPart[] {
  const { dockerfile, stages } = model;
  const { text, instructions } = dockerfile;
  const firsts = stages.map((stage) => stage.from.index);
  const bounds = [0, ...firsts.map((first) => instructions[first - 1]?.span.end ?? 0), text.length];
  const textOf = (part: number) => text.slice(bounds[part] ?? 0, bounds[part + 1] ?? text.length);
  const prelude = textOf(0);
  const preludeInstructions = instructions.slice(0, firsts[0] ?? instructions.length);
  const parts: ModelPart[] = [
    {
      model: partOf(model, preludeInstructions, null),
      start: 0,
      key: { own: `${stages.length > 0}`, linked: [prelude] },
    },
  ];
  const linked = linkedStages(stages).map((group) => {
    const texts = [...group].flatMap((stage) => [`${stage.from.line}`, textOf(stage.index + 1)]);
    return { group, texts: [prelude, ...texts] };
  });
  for (const stage of stages) {
    const own = instructions.slice(stage.from.index, firsts[stage.index + 1] ?? instructions.length);
    const { index, isFinal, isNeeded } = stage;
    parts.push({
      model: partOf(model, own, stage),
      start: bounds[index + 1] ?? 0,
      key: {
        own: `${model.builder},${index},${isFinal},${isNeeded},${dockerfile.eol}`,
        linked: linked.find(({ group }) => group.has(stage))?.texts ?? [],
      },
    });
  }
  return parts;
}

/** Stages in groups that hang together by FROM, COPY --from or mounts. */
function linkedStages(stages: readonly Stage[]): readonly ReadonlySet<Stage>[] {
  const groupOf = new Map<Stage, Set<Stage>>(stages.map((stage) => [stage, new Set([stage])]));
  for (const stage of stages) {
    for (const other of [stage.parent, ...stage.uses.map((use) => use.stage)]) {
      const group = groupOf.get(stage);
      const joined = other && groupOf.get(other);
      if (!group || !joined || group === joined) continue;
      for (const member of joined) {
        group.add(member);
        groupOf.set(member, group);
      }
    }
  }
  return [...new Set(groupOf.values())];
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
