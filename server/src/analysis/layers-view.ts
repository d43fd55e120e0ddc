/** What the layers view draws: every stage with its steps, their numbers, and what one edit would rebuild. */
import * as l10n from '@vscode/l10n';
import type { LayersView, StageEdge, StageView, StepView } from '../../../shared/src/layers-view';
import { invalidatedBy } from '../model/cache';
import type { Amount, CostModel } from '../model/cost';
import type { Model, Stage, StageUse, Step } from '../model/model';
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
  /** Sentences on where the numbers are from, as the cost model's author has them. */
  readonly basis?: readonly string[];
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
    basis: options.basis ?? basisOf(stages, costs),
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

/** What a stage uses, each use of the same kind once. */
function edgesInto(stage: Stage): StageEdge[] {
  const seen = new Set<string>();
  const isNew = ({ stage: used, kind }: StageUse): boolean => {
    const key = `${used.index} ${kind}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  return stage.uses
    .filter(isNew)
    .map(({ stage: used, kind }) => ({ from: used.index, to: stage.index, kind: edgeKinds[kind] }));
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

/** What the numbers rest on, in sentences. */
function basisOf(stages: readonly StageView[], costs: CostModel | null): string[] {
  if (!costs) return [];
  const steps = stages.flatMap((stage) => stage.steps);
  const timed = steps.filter(({ seconds }) => seconds?.source === 'measured').length;
  const stale = steps.filter(({ isStale }) => isStale).length;
  const sentences = [
    timed === 0
      ? l10n.t('Times are typical ones for each kind of command; none was measured.')
      : timed === steps.length
        ? l10n.t('All times are measured.')
        : l10n.t(
            'Measured times: {0} of {1} steps; the others are typical ones for the kind of command.',
            timed,
            steps.length,
          ),
    costs.commits > 0
      ? l10n.t('How often steps are rebuilt is learned from {0} commits.', costs.commits)
      : l10n.t('How often steps are rebuilt is assumed from the kind of files they take.'),
  ];
  if (steps.every(({ size }) => size === null))
    sentences.push(l10n.t('Sizes are known once an image is imported or measured.'));
  if (stale > 0)
    sentences.push(
      stale === 1
        ? l10n.t('1 instruction has changed since it was measured.')
        : l10n.t('{0} instructions have changed since they were measured.', stale),
    );
  return sentences;
}
