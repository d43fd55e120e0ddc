/** What is drawn where: which number a bar stands for, how long it is, and where the lines between stages run. Pure. */
import type { Metric } from '../../../../shared/src/layers-messages';
import type { Amount, LayersView, StageEdge, StageView, StepView } from '../../../../shared/src/layers-view';

/** What the bars show while the user has not chosen: sizes where any are known, else times. */
export function usualMetric({ stages }: LayersView): Metric {
  return stages.some(({ steps }) => steps.some(({ size }) => size !== null)) ? 'size' : 'time';
}

/** The number that a step's bar stands for; null for none. */
export function amountOf(step: StepView, metric: Metric): Amount | null {
  if (metric === 'size') return step.size;
  return metric === 'time' ? step.seconds : step.editCost;
}

/** The largest number of all views that are drawn side by side: bars of both have one scale. */
export function largestAmount(views: readonly LayersView[], metric: Metric): number {
  const amounts = views.flatMap(({ stages }) =>
    stages.flatMap(({ steps }) => steps.map((step) => amountOf(step, metric))),
  );
  return Math.max(0, ...amounts.map((amount) => amount?.value ?? 0));
}

/** The length of a bar, 0 to 1. What is more than nothing can be seen. */
export function barShare(value: number, largest: number): number {
  if (value <= 0 || largest <= 0) return 0;
  return Math.max(0.012, Math.min(1, value / largest));
}

/** The stages from the top of the drawing: the image first, below it what it is made from. */
export function drawnStages({ stages }: LayersView): StageView[] {
  return [...stages].reverse();
}

/** Layers of the image on top of its base: those of the final stage and of the stages that it is built FROM. */
export function imageLayers(view: LayersView): number {
  const seen = new Set<number>();
  let stage = view.stages.find(({ isFinal }) => isFinal);
  let count = 0;
  while (stage && !seen.has(stage.index)) {
    seen.add(stage.index);
    count += stageLayers(stage);
    const { index } = stage;
    const below = view.edges.find(({ to, kind }) => to === index && kind === 'base')?.from;
    stage = view.stages.find((one) => one.index === below);
  }
  return count;
}

export const stageLayers = ({ steps }: StageView): number => steps.filter(({ number }) => number !== null).length;

/** The sum of what is known of a stage; null where nothing is. */
export function stageAmount({ steps }: StageView, metric: Metric): Amount | null {
  if (metric === 'edit') return null;
  const amounts = steps.flatMap((step) => amountOf(step, metric) ?? []);
  if (amounts.length === 0) return null;
  const isMeasured = amounts.every(({ source }) => source === 'measured');
  return { value: amounts.reduce((sum, { value }) => sum + value, 0), source: isMeasured ? 'measured' : 'assumed' };
}

/** The steps that the chosen edit rebuilds besides the one that is edited. */
export function rebuiltSteps({ stages }: LayersView): StepView[] {
  return stages.flatMap(({ steps }) => steps.filter(({ state }) => state === 'rebuilt'));
}

/** How many stages have a step that the chosen edit rebuilds. */
export function rebuiltStages({ stages }: LayersView): number {
  return stages.filter(({ steps }) => steps.some(({ state }) => state === 'rebuilt')).length;
}

/** An edge with the column of the margin in which it runs; 0 is next to the stacks. */
export interface Rail extends StageEdge {
  readonly lane: number;
  /** The chosen edit runs along it: what it brings is new, and what uses it is rebuilt. */
  readonly isDirty: boolean;
}

/** Gives every edge a lane so that no two that overlap share one; edges out of the same stage do. Short ones run inside. */
export function railsOf(view: LayersView): Rail[] {
  const spans = new Map<number, { from: number; to: number }>();
  for (const { from, to } of view.edges) {
    const span = spans.get(from);
    spans.set(from, { from, to: Math.max(to, span?.to ?? to) });
  }
  const ordered = [...spans.values()].sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from);
  const lanes: { from: number; to: number }[][] = [];
  const laneOf = new Map<number, number>();
  for (const span of ordered) {
    const free = lanes.findIndex((lane) => lane.every((other) => other.to <= span.from || span.to <= other.from));
    const lane = free < 0 ? lanes.push([]) - 1 : free;
    lanes[lane]?.push(span);
    laneOf.set(span.from, lane);
  }
  return view.edges.map((edge) => ({ ...edge, lane: laneOf.get(edge.from) ?? 0, isDirty: isDirty(view, edge) }));
}

function isDirty({ stages, editedLine }: LayersView, { from, to, kind, line }: StageEdge): boolean {
  if (editedLine === null) return false;
  const source = stages.find(({ index }) => index === from);
  const user = stages.find(({ index }) => index === to);
  const sourceChanges =
    source?.line === editedLine ||
    source?.steps.some(({ state }) => state === 'edited' || state === 'rebuilt') === true;
  if (!sourceChanges) return false;
  const users = user?.steps.filter((step) => kind === 'base' || step.line === line) ?? [];
  return users.some(({ state }) => state === 'rebuilt');
}
