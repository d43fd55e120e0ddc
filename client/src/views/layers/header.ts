/** The head of the view: which file, what the bars show, and what the chosen edit rebuilds. */
import * as l10n from '@vscode/l10n';
import type { Metric } from '../../../../shared/src/layers-messages';
import type { LayersView } from '../../../../shared/src/layers-view';
import { create, setText } from './dom';
import { amountText, editDetail, editSentence, subtitle } from './texts';

export interface HeaderActions {
  setMetric(metric: Metric): void;
  setCompares(compares: boolean): void;
}

export interface Header {
  readonly element: HTMLElement;
  fill(name: string, view: LayersView, options: { readonly metric: Metric; readonly compares: boolean }): void;
}

export function createHeader(actions: HeaderActions): Header {
  const title = create('h1');
  const note = create('p', { class: 'subtitle' });
  const metrics = createMetrics(actions.setMetric);
  const compare = create('button', {
    class: 'toggle',
    text: l10n.t('Compare'),
    attributes: { type: 'button', title: l10n.t('Show the Dockerfile after Optimize beside the present one') },
    onClick: () => actions.setCompares(compare.getAttribute('aria-pressed') !== 'true'),
  });
  const sentence = create('p', { class: 'sentence' });
  const detail = create('p', { class: 'detail' });
  const edit = create(
    'div',
    { class: 'edit', attributes: { role: 'status', 'aria-live': 'polite' } },
    create('span', { class: 'mark' }),
    create('div', {}, sentence, detail),
  );
  const tools = create('div', { class: 'tools' }, metrics.element, compare);
  const titles = create('div', { class: 'titles' }, title, note);
  const element = create('header', {}, create('div', { class: 'bar-of-title' }, titles, tools), edit);
  return {
    element,
    fill(name, view, { metric, compares }) {
      setText(title, name);
      setText(note, subtitle(view));
      metrics.fill(metric);
      compare.setAttribute('aria-pressed', String(compares));
      edit.classList.toggle('idle', view.editedLine === null);
      setText(sentence, withOptimized(view, compares));
      setText(detail, editDetail(view));
    },
  };
}

function withOptimized(view: LayersView, compares: boolean): string {
  const sentence = editSentence(view);
  const after = compares && view.editedLine !== null ? view.optimized?.editCost : null;
  return after ? `${sentence} ${l10n.t('After Optimize: {0}.', amountText(after, 'edit'))}` : sentence;
}

/** A group of radio buttons: arrow keys choose, one of them is in the tab order. */
function createMetrics(choose: (metric: Metric) => void): {
  readonly element: HTMLElement;
  fill(metric: Metric): void;
} {
  const labels: readonly [Metric, string, string][] = [
    ['size', l10n.t('Size'), l10n.t('Bytes of each layer')],
    ['time', l10n.t('Time'), l10n.t('How long each step takes')],
    ['edit', l10n.t('Edit cost'), l10n.t('How long everything takes that an edit of the step rebuilds')],
  ];
  const buttons = labels.map(([metric, text, title]) =>
    create('button', {
      text,
      attributes: { type: 'button', role: 'radio', title, 'data-metric': metric },
      onClick: () => choose(metric),
    }),
  );
  const element = create(
    'div',
    { class: 'segments', attributes: { role: 'radiogroup', 'aria-label': l10n.t('What the bars show') } },
    ...buttons,
  );
  element.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const at = buttons.findIndex((button) => button.matches(':focus'));
    const next = buttons[(at + step + buttons.length) % buttons.length];
    event.preventDefault();
    next?.focus();
    next?.click();
  });
  return {
    element,
    fill(metric) {
      for (const button of buttons) {
        const isChosen = button.dataset.metric === metric;
        button.setAttribute('aria-checked', String(isChosen));
        button.setAttribute('tabindex', isChosen ? '0' : '-1');
      }
    },
  };
}
