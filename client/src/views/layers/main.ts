/** The layers view, inside its webview: draws what the extension sends, and tells it what the user does. */
import * as l10n from '@vscode/l10n';
import type { FromLayersView, LayersViewState, Metric, ToLayersView } from '../../../../shared/src/layers-messages';
import type { LayersView } from '../../../../shared/src/layers-view';
import { largestAmount, usualMetric } from './arrange';
import { create, setChildren } from './dom';
import { createFigures } from './figures';
import { createFooter } from './footer';
import { createHeader } from './header';
import { keepOneInTabOrder, listenToTree } from './keys';
import './layers.css';
import { createStack } from './stack';

declare function acquireVsCodeApi(): {
  postMessage(message: FromLayersView): void;
  getState(): LayersViewState | undefined;
  setState(state: LayersViewState): void;
};

const vscode = acquireVsCodeApi();
let state: LayersViewState = vscode.getState() ?? { uri: null, metric: null, compares: false };
let draw: ((message: ToLayersView) => void) | undefined;

window.addEventListener('message', ({ data }: MessageEvent<ToLayersView>) => {
  if (data.type !== 'start') {
    draw?.(data);
    return;
  }
  l10n.config({ contents: { ...data.messages } });
  draw = createView();
});
vscode.postMessage({ type: 'ready', compares: state.compares });

function setState(change: Partial<LayersViewState>): void {
  state = { ...state, ...change };
  vscode.setState(state);
}

/** Builds the page once the language is known; returns what draws a message. */
function createView(): (message: ToLayersView) => void {
  let shown: { readonly name: string; readonly view: LayersView } | undefined;
  let followed: number | null = null;
  const header = createHeader({
    setMetric(metric: Metric) {
      setState({ metric });
      redraw();
    },
    setCompares(compares) {
      setState({ compares });
      vscode.postMessage({ type: 'compare', compares });
      redraw();
    },
  });
  const footer = createFooter({ run: (command) => vscode.postMessage({ type: 'run', command }) });
  const now = createSide(l10n.t('Layers'));
  const after = createSide(l10n.t('Layers after Optimize'));
  const nothing = create('p', { class: 'same', text: l10n.t('Optimize has nothing to change here.') });
  const unmeasured = create('p', {
    class: 'unmeasured',
    text: l10n.t('Sizes are known once an image was imported or measured.'),
  });
  const sides = create('div', { class: 'sides' });
  const page = create('main', {}, header.element, sides, footer.element);
  const empty = create('main', { class: 'blank' });
  document.body.replaceChildren(empty);

  listenToTree(now.element, {
    choose: (line) => vscode.postMessage({ type: 'goTo', line, focus: false }),
    open: (line) => vscode.postMessage({ type: 'goTo', line, focus: true }),
    explore: (line) => vscode.postMessage({ type: 'explore', line }),
  });
  // Lines there are those of a text that does not exist yet: what stands in the present one too is gone to, the rest is previewed.
  listenToTree(after.element, {
    choose: (line) => {
      const present = presentLine(shown?.view, line);
      if (present !== null) vscode.postMessage({ type: 'goTo', line: present, focus: false });
    },
    open: (line) => {
      const present = presentLine(shown?.view, line);
      vscode.postMessage(
        present === null ? { type: 'run', command: 'optimize' } : { type: 'goTo', line: present, focus: true },
      );
    },
    explore: (line) => {
      const present = presentLine(shown?.view, line);
      if (present !== null) vscode.postMessage({ type: 'explore', line: present });
    },
  });
  new ResizeObserver(() => {
    now.stack.redraw();
    after.stack.redraw();
  }).observe(sides);

  /** Brings the edited row into sight when the cursor is moved in the file; whoever works in the view scrolls it himself. */
  function follow(line: number | null): void {
    followed = line;
    if (line === null || document.hasFocus()) return;
    // Rows must not end up below the head, which stays on top.
    document.documentElement.style.scrollPaddingTop = `${header.element.offsetHeight + 8}px`;
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
    now.element.querySelector('.edited')?.scrollIntoView({ block: 'nearest', behavior });
  }

  function redraw(): void {
    if (!shown) return;
    const { name, view } = shown;
    const optimized = state.compares ? view.optimized : null;
    const metric = state.metric ?? usualMetric(view);
    const scale = { metric, largest: largestAmount(optimized ? [view, optimized] : [view], metric) };
    header.fill(name, view, { metric, compares: state.compares });
    setChildren(document.body, [page]);
    const isCompared = optimized !== null;
    sides.classList.toggle('compared', isCompared);
    const isUnmeasured = metric === 'size' && scale.largest === 0;
    setChildren(page, [header.element, ...(isUnmeasured ? [unmeasured] : []), sides, footer.element]);
    setChildren(sides, [now.element, ...(isCompared ? [after.element] : state.compares ? [nothing] : [])]);
    now.heading(isCompared ? l10n.t('As written') : '');
    after.heading(l10n.t('After Optimize'));
    now.figures.replaceChildren(createFigures(view, null));
    now.stack.fill(view, scale);
    if (optimized) {
      after.figures.replaceChildren(createFigures(optimized, view));
      after.stack.fill(optimized, scale);
    }
    // The lines between the stages depend on where the rows of both sides ended up.
    now.stack.redraw();
    footer.fill(view);
    for (const tree of sides.querySelectorAll<HTMLElement>('[role="tree"]')) keepOneInTabOrder(tree);
    if (view.editedLine !== followed) follow(view.editedLine);
  }

  return (message) => {
    if (message.type === 'show') {
      if (message.uri !== state.uri) setState({ uri: message.uri });
      shown = message;
      redraw();
    } else if (message.type === 'empty') {
      shown = undefined;
      const text = message.name
        ? l10n.t('{0} makes no image yet: it has no FROM.', message.name)
        : l10n.t('Open a Dockerfile to see its layers.');
      empty.replaceChildren(
        create(
          'div',
          { class: 'sketch', attributes: { 'aria-hidden': 'true' } },
          create('i'),
          create('i'),
          create('i'),
        ),
        create('p', { text, attributes: { role: 'status' } }),
      );
      setChildren(document.body, [empty]);
    }
  };
}

/** The line at which an instruction of the optimized Dockerfile stands in the present one; null for one that is new. */
function presentLine(view: LayersView | undefined, line: number): number | null {
  const textAt = ({ stages }: LayersView, wanted: number): string | undefined =>
    stages.flatMap(({ steps }) => steps).find((step) => step.line === wanted)?.text;
  if (!view?.optimized) return null;
  const text = textAt(view.optimized, line);
  const step = view.stages.flatMap(({ steps }) => steps).find((one) => one.text === text);
  if (step) return step.line;
  const stage = view.optimized.stages.find((one) => one.line === line);
  return stage ? (view.stages[stage.index]?.line ?? null) : null;
}

/** A stack with its heading and its numbers. */
function createSide(label: string) {
  const title = create('h2');
  const figures = create('div');
  const stack = createStack(label);
  const element = create(
    'section',
    { class: 'side', attributes: { 'aria-label': label } },
    title,
    figures,
    stack.element,
  );
  return {
    element,
    figures,
    stack,
    heading(text: string) {
      title.textContent = text;
      title.hidden = text === '';
    },
  };
}
