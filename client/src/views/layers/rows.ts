/** The rows of a stack: a stage's heading, its layers from the top down, its base. Rows are kept and filled anew, so that what has the focus keeps it. */
import * as l10n from '@vscode/l10n';
import type { Metric } from '../../../../shared/src/layers-messages';
import type { StageView, StepView } from '../../../../shared/src/layers-view';
import { amountOf, barShare, stageAmount, stageLayers } from './arrange';
import { create, createIcon, type IconName, setText } from './dom';
import {
  amountText,
  baseLabel,
  layerCountText,
  stageLabel,
  stageNote,
  stageTitle,
  stateText,
  stepLabel,
  stepTip,
} from './texts';

/** How numbers are drawn. */
export interface Scale {
  readonly metric: Metric;
  /** What the longest bar stands for. */
  readonly largest: number;
}

interface StepParts {
  readonly number: HTMLElement;
  readonly keyword: HTMLElement;
  readonly words: HTMLElement;
  readonly value: HTMLElement;
  readonly bar: HTMLElement;
  readonly icon: HTMLElement;
}

const partsOf = new WeakMap<HTMLElement, StepParts>();

/** A row that can be chosen with the arrow keys; its line is in `data-line`. */
function createItem(kind: string, level: number): HTMLElement {
  return create('div', {
    class: kind,
    attributes: { role: 'treeitem', tabindex: '-1', 'aria-level': String(level), 'data-kind': kind },
  });
}

export function createStepRow(): HTMLElement {
  const row = createItem('step', 2);
  const parts: StepParts = {
    number: create('span', { class: 'number' }),
    keyword: create('span', { class: 'keyword' }),
    words: create('span', { class: 'words' }),
    value: create('span', { class: 'value' }),
    bar: create('span', { class: 'bar' }, create('span', { class: 'fill' }), create('span', { class: 'hidden' })),
    icon: create('span', { class: 'state' }),
  };
  const text = create('span', { class: 'text' }, parts.keyword, document.createTextNode(' '), parts.words);
  row.append(parts.number, text, parts.value, parts.icon, parts.bar);
  partsOf.set(row, parts);
  return row;
}

export function fillStepRow(row: HTMLElement, step: StepView, { metric, largest }: Scale): void {
  const parts = partsOf.get(row);
  if (!parts) return;
  const isLayer = step.number !== null;
  const amount = amountOf(step, metric);
  const classes = ['step', isLayer ? 'layer' : 'note', step.layer, step.state ?? 'idle', step.isStale ? 'stale' : ''];
  row.className = classes.filter((name) => name !== '').join(' ');
  row.dataset.line = String(step.line);
  row.title = stepTip(step, metric);
  row.setAttribute('aria-label', stepLabel(step));
  // The chosen edit is what the view is about: the row that is selected.
  row.setAttribute('aria-selected', String(step.state === 'edited'));
  setText(parts.number, step.number === null ? '' : String(step.number));
  setText(parts.keyword, step.keyword);
  setText(parts.words, step.text.slice(step.keyword.length).trim());
  const shows = amount !== null && (isLayer || amount.value > 0);
  setText(parts.value, shows ? amountText(amount, metric) : '');
  parts.bar.classList.toggle('empty', !shows);
  parts.bar.classList.toggle('assumed', amount?.source === 'assumed');
  const share = shows ? barShare(amount.value, largest) : 0;
  parts.bar.style.setProperty('--share', String(share));
  const hidden = metric === 'size' && shows && step.wasted ? barShare(step.wasted, largest) : 0;
  parts.bar.style.setProperty('--hidden', String(Math.min(hidden, share)));
  setIcon(parts.icon, step.state);
  parts.icon.title = stateText(step);
}

function setIcon(place: HTMLElement, name: IconName | null): void {
  if (place.dataset.icon === (name ?? '')) return;
  place.dataset.icon = name ?? '';
  place.replaceChildren(...(name ? [createIcon(name)] : []));
}

export function createStageRow(): HTMLElement {
  const row = createItem('stage', 1);
  row.setAttribute('aria-expanded', 'true');
  row.append(create('span', { class: 'name' }), create('span', { class: 'badge' }), create('span', { class: 'sum' }));
  return row;
}

export function fillStageRow(row: HTMLElement, stage: StageView, count: number, { metric }: Scale): void {
  const [name, badge, sum] = row.children;
  if (!name || !badge || !sum) return;
  row.className = ['stage', stage.isFinal ? 'final' : '', stage.isNeeded ? '' : 'unneeded']
    .filter((one) => one)
    .join(' ');
  row.dataset.line = String(stage.line);
  row.setAttribute('aria-label', stageLabel(stage, count));
  setText(name, stageTitle(stage));
  setText(badge, stageNote(stage, count));
  const amount = stageAmount(stage, metric);
  const layers = layerCountText(stageLayers(stage));
  setText(sum, amount === null || amount.value === 0 ? layers : `${layers} · ${amountText(amount, metric)}`);
}

export function createBaseRow(): HTMLElement {
  const row = createItem('base', 2);
  row.append(create('span', { class: 'words' }), create('span', { class: 'kind' }));
  return row;
}

export function fillBaseRow(
  row: HTMLElement,
  stage: StageView,
  options: { isStage: boolean; isEdited: boolean },
): void {
  const [words, kind] = row.children;
  if (!words || !kind) return;
  const isEmpty = stage.base === 'scratch';
  row.className = ['base', isEmpty ? 'scratch' : '', options.isEdited ? 'edited' : ''].filter((one) => one).join(' ');
  row.dataset.line = String(stage.line);
  row.setAttribute('aria-label', baseLabel(stage));
  row.setAttribute('aria-selected', String(options.isEdited));
  setText(words, stage.base || '?');
  setText(kind, isEmpty ? l10n.t('empty') : options.isStage ? l10n.t('stage below') : l10n.t('base image'));
}

/** The layer that a running container writes to. It is no part of the image: nothing can be chosen there. */
export function createWritableRow(): HTMLElement {
  return create(
    'div',
    { class: 'writable', attributes: { 'aria-hidden': 'true' } },
    create('span', { class: 'words', text: l10n.t('Writable layer of the container') }),
    create('span', { class: 'kind', text: l10n.t('gone with it') }),
  );
}
