/** The words of the layers view: numbers as people read them, labels for those who hear it, sentences that sum it up. */
import * as l10n from '@vscode/l10n';
import { formatBytes, formatSeconds, formatShare } from '../../../../shared/src/amounts';
import type { Metric } from '../../../../shared/src/layers-messages';
import type { Amount, LayersView, StageView, StepView } from '../../../../shared/src/layers-view';
import { amountOf, imageLayers, rebuiltStages, rebuiltSteps, stageLayers } from './arrange';

/** A number with its unit, `≈` before what is assumed. */
export function amountText(amount: Amount, metric: Metric): string {
  const text = metric === 'size' ? formatBytes(amount.value) : formatSeconds(amount.value);
  return amount.source === 'measured' || amount.value === 0 ? text : `≈ ${text}`;
}

/** The same to be heard: a screen reader may pass over signs. */
function spokenAmount(amount: Amount, metric: Metric): string {
  const text = metric === 'size' ? formatBytes(amount.value) : formatSeconds(amount.value);
  return amount.source === 'measured' ? text : l10n.t('about {0}, assumed', text);
}

export function layerCountText(count: number): string {
  return count === 1 ? l10n.t('1 layer') : l10n.t('{0} layers', count);
}

export function builderName({ builder }: LayersView): string {
  return builder === 'legacy' ? l10n.t('legacy builder') : 'BuildKit';
}

/** `6 layers on node:22 · 2 stages · BuildKit`. */
export function subtitle(view: LayersView): string {
  const { stages } = view;
  const count = layerCountText(imageLayers(view));
  const base = rootBase(view);
  const parts = [base === null || base === 'scratch' ? count : l10n.t('{0} on {1}', count, base)];
  if (stages.length > 1) parts.push(l10n.t('{0} stages', stages.length));
  parts.push(builderName(view));
  return parts.join(' · ');
}

/** The image at the very bottom of the final stage. */
function rootBase(view: LayersView): string | null {
  let stage = view.stages.find(({ isFinal }) => isFinal);
  for (let i = 0; stage && i < view.stages.length; i++) {
    const { index } = stage;
    const below = view.edges.find(({ to, kind }) => to === index && kind === 'base')?.from;
    if (below === undefined) break;
    stage = view.stages[below];
  }
  return stage?.base || null;
}

export function stageTitle(stage: StageView): string {
  return stage.name ?? (stage.isFinal ? l10n.t('Final stage') : l10n.t('Stage {0}', stage.index));
}

/** What a stage is for, in a word or two; empty for a usual one. */
export function stageNote(stage: StageView, count: number): string {
  if (stage.isFinal) return count > 1 ? l10n.t('the image') : '';
  return stage.isNeeded ? '' : l10n.t('not used');
}

export function stageLabel(stage: StageView, count: number): string {
  const parts = [l10n.t('Stage {0}', stage.name ?? stage.index), layerCountText(stageLayers(stage))];
  const note = stageNote(stage, count);
  if (note) parts.push(note);
  if (stage.isFinal) parts.push(l10n.t('on top lies the writable layer of the container'));
  return parts.join(', ');
}

export function baseLabel(stage: StageView): string {
  return l10n.t('Base {0}, line {1}', stage.base || '?', stage.line + 1);
}

/** All that a row shows, to be heard. */
export function stepLabel(step: StepView): string {
  const parts = [layerText(step), step.text, l10n.t('line {0}', step.line + 1)];
  if (step.size) parts.push(l10n.t('size {0}', spokenAmount(step.size, 'size')));
  if (step.wasted) parts.push(l10n.t('{0} hidden by later layers', formatBytes(step.wasted)));
  if (step.seconds) parts.push(l10n.t('takes {0}', spokenAmount(step.seconds, 'time')));
  if (step.editCost) parts.push(l10n.t('an edit costs {0}', spokenAmount(step.editCost, 'edit')));
  if (step.isStale) parts.push(l10n.t('measured before its last change'));
  const state = stateText(step);
  if (state) parts.push(state);
  return parts.join(', ');
}

function layerText({ layer, number }: StepView): string {
  if (number === null) return l10n.t('No layer');
  if (layer === 'empty') return l10n.t('Layer {0}, empty', number);
  return layer === 'depends' ? l10n.t('Layer {0}, perhaps', number) : l10n.t('Layer {0}', number);
}

export function stateText({ state }: Pick<StepView, 'state'>): string {
  if (state === 'edited') return l10n.t('edited');
  if (state === 'rebuilt') return l10n.t('rebuilt by this edit');
  return state === 'cached' ? l10n.t('from the cache') : '';
}

/** The tip of a row: why there is a layer or none, and the numbers that its bar does not show. */
export function stepTip(step: StepView, metric: Metric): string {
  const lines = [step.why.replaceAll('`', '')];
  const others: readonly [Metric, (text: string) => string][] = [
    ['size', (text) => l10n.t('Size: {0}', text)],
    ['time', (text) => l10n.t('Time: {0}', text)],
    ['edit', (text) => l10n.t('An edit of it costs {0}.', text)],
  ];
  for (const [other, sentence] of others) {
    const amount = other === metric ? null : amountOf(step, other);
    if (amount && amount.value > 0) lines.push(sentence(amountText(amount, other)));
  }
  const rebuilds = rebuildsText(step);
  if (rebuilds) lines.push(rebuilds);
  if (step.wasted) lines.push(l10n.t('{0} of it are hidden by later layers.', formatBytes(step.wasted)));
  if (step.isStale) lines.push(l10n.t('Measured before its last change.'));
  return lines.join('\n');
}

/** How often the step is run; empty where nothing is known or nothing takes time. */
export function rebuildsText({ rebuilds, seconds }: StepView): string {
  if (!rebuilds || !seconds || seconds.value === 0) return '';
  const share = formatShare(rebuilds.value);
  if (rebuilds.source === 'assumed')
    return rebuilds.value === 0 ? '' : l10n.t('Run in about {0} of the rebuilds, assumed.', share);
  return rebuilds.value === 0
    ? l10n.t('No commit of the history makes it run.')
    : l10n.t('Run in {0} of the rebuilds, by the history.', share);
}

/** What the chosen edit rebuilds, in a sentence. */
export function editSentence(view: LayersView): string {
  const { editedLine, editCost } = view;
  if (editedLine === null) return l10n.t('Put the cursor on an instruction to see what an edit of it rebuilds.');
  const line = editedLine + 1;
  const count = rebuiltSteps(view).length;
  const stages = rebuiltStages(view);
  const cost = editCost && editCost.value > 0 ? amountText(editCost, 'edit') : null;
  if (count === 0)
    return cost === null
      ? l10n.t('An edit of line {0} rebuilds nothing else.', line)
      : l10n.t('An edit of line {0} rebuilds nothing else: {1}.', line, cost);
  const steps =
    count === 1
      ? l10n.t('An edit of line {0} rebuilds 1 more step', line)
      : stages > 1
        ? l10n.t('An edit of line {0} rebuilds {1} more steps in {2} stages', line, count, stages)
        : l10n.t('An edit of line {0} rebuilds {1} more steps', line, count);
  return cost === null ? `${steps}.` : `${steps}: ${cost}.`;
}

/** What more there is to say of the instruction that is edited; empty for nothing. */
export function editDetail({ stages, editedLine }: LayersView): string {
  const step = stages.flatMap(({ steps }) => steps).find(({ line }) => line === editedLine);
  if (!step) return '';
  const why = step.why.replaceAll('`', '');
  return `${why} ${rebuildsText(step)}`.trimEnd();
}
