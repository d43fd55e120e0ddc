/** What the layers view draws: every stage with its steps, their numbers, and what one edit would rebuild. */
import type { LayersView, StageEdge, StageView, StepView } from '../../../shared/src/layers-view';
import { invalidatedBy } from '../model/cache';
import type { Amount, CostModel } from '../model/cost';
import type { Model, Stage, Step } from '../model/model';
import type { Instruction } from '../syntax/tree';
import type { Analysis } from './analysis';
import { minimalEdits } from './minimal-edits';

export interface LayersViewOptions {
  /** Version of the document. */
  readonly version: number;
  /** 0-based line that is to be edited; null for none. */
  readonly line: number | null;
  /** What the steps cost; null where no numbers are wanted or known. */
  readonly costs: CostModel | null;
  /** Localized sentences on what the costs rest on. */
  readonly basis: readonly string[];
}

/** The view of one version of a document, without its optimized side. Lines are 0-based. */
export function buildLayersView(analysis: Analysis, options: LayersViewOptions): LayersView {
  const { model } = analysis;
  const { costs, version, line } = options;
  const edited = line === null ? null : instructionOnLine(model, line);
  const missed = new Set(edited ? invalidatedBy(model, edited) : []);
  const stateOf = (instruction: Instruction): StepView['state'] =>
    edited === null ? null : instruction === edited ? 'edited' : missed.has(instruction) ? 'rebuilt' : 'cached';
  const stages = model.stages.map((stage) => stageView(stage, costs, stateOf));
  return {
    version,
    builder: model.builder,
    stages,
    edges: model.stages.flatMap(edgesInto),
    editedLine: edited ? edited.line : null,
    editCost: edited ? editCostOf(edited, [...missed], costs) : null,
    expectedCost: costs?.expected ?? null,
    size: imageSum(model, stages, ({ size }) => size?.value ?? null),
    wasted: imageSum(model, stages, ({ wasted }) => wasted),
    basis: options.basis,
    optimized: null,
  };
}

/** The instruction that a line belongs to; null for blank lines and comments between instructions. */
export function instructionOnLine(model: Model, line: number): Instruction | null {
  return model.instructions.find((one) => one.line <= line && line <= one.endLine) ?? null;
}

/** The line in `after` of the instruction that stands on a line of `before`: the same text if it is there, else the same place. */
export function lineAfter(before: Analysis, after: Analysis, line: number): number | null {
  const instruction = instructionOnLine(before.model, line);
  if (!instruction) return null;
  const alike = (model: Model) => model.instructions.filter((one) => one.body.raw === instruction.body.raw);
  const same = alike(after.model)[alike(before.model).indexOf(instruction)];
  if (same) return same.line;
  const offset = before.dockerfile.lines.lineStart(instruction.line);
  let moved = offset;
  for (const { span, newText } of minimalEdits(before.dockerfile.text, after.dockerfile.text)) {
    if (span.start > offset) break;
    moved = span.end <= offset ? moved + newText.length - (span.end - span.start) : moved - (offset - span.start);
  }
  const { lines, text } = after.dockerfile;
  return lines.lineAt(Math.max(0, Math.min(moved, text.length)));
}

function stageView(
  stage: Stage,
  costs: CostModel | null,
  stateOf: (instruction: Instruction) => StepView['state'],
): StageView {
  let layers = 0;
  const steps = stage.steps.map((step) => {
    const number = step.layer.kind === 'none' ? null : ++layers;
    return stepView(step, number, costs, stateOf(step.instruction));
  });
  return {
    index: stage.index,
    name: stage.name,
    base: stage.baseText,
    line: stage.from.line,
    isFinal: stage.isFinal,
    isNeeded: stage.isNeeded,
    steps,
  };
}

function stepView(step: Step, number: number | null, costs: CostModel | null, state: StepView['state']): StepView {
  const { instruction } = step;
  const cost = costs?.of(instruction) ?? null;
  return {
    line: instruction.line,
    endLine: instruction.endLine,
    keyword: step.keyword,
    text: oneLine(instruction),
    layer: step.layer.kind,
    number,
    why: step.layer.why,
    size: cost?.size ?? null,
    wasted: cost?.wasted ?? null,
    seconds: cost?.seconds ?? null,
    rebuilds: cost?.rebuilds ?? null,
    editCost: cost?.editCost ?? null,
    isStale: cost?.isStale ?? false,
    state,
  };
}

/** Longest text of an instruction that is sent, in characters. */
const longestText = 200;

function oneLine(instruction: Instruction): string {
  const text = instruction.body.joined.replace(/\s+/g, ' ').trim();
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}

const edgeKinds = { from: 'base', copy: 'copy', mount: 'mount' } as const;

function edgesInto(stage: Stage): StageEdge[] {
  return stage.uses.map(({ stage: used, kind, instruction }) => ({
    from: used.index,
    to: stage.index,
    kind: edgeKinds[kind],
    line: instruction.line,
  }));
}

/** The cost model's own answer; for what is no step (FROM, an ARG above it) the sum of what it rebuilds. */
function editCostOf(edited: Instruction, missed: readonly Instruction[], costs: CostModel | null): Amount | null {
  if (!costs) return null;
  const own = costs.of(edited);
  if (own) return own.editCost;
  return sumOf(missed.flatMap((instruction) => costs.of(instruction)?.seconds ?? []));
}

/** A sum is measured only if all of it is. */
export function sumOf(amounts: readonly Amount[]): Amount {
  const isMeasured = amounts.length > 0 && amounts.every(({ source }) => source === 'measured');
  return {
    value: amounts.reduce((sum, { value }) => sum + value, 0),
    source: isMeasured ? 'measured' : 'assumed',
  };
}

/** A sum over the steps whose layers are in the image; null where none of them has the number. */
function imageSum(
  model: Model,
  stages: readonly StageView[],
  numberOf: (step: StepView) => number | null,
): number | null {
  const numbers: number[] = [];
  for (let stage = model.finalStage; stage; stage = stage.parent) {
    for (const step of stages[stage.index]?.steps ?? []) {
      const number = numberOf(step);
      if (number !== null) numbers.push(number);
    }
  }
  return numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0);
}
