/** The few numbers that sum a Dockerfile up, above its stacks. */
import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../../../shared/src/amounts';
import type { LayersView } from '../../../../shared/src/layers-view';
import { imageLayers } from './arrange';
import { create } from './dom';
import { amountText } from './texts';

interface Figure {
  readonly label: string;
  readonly tip: string;
  /** In words; null where it is not known, and then left out. */
  text(view: LayersView): string | null;
  /** To be compared; smaller is better. */
  value(view: LayersView): number | null;
}

const figures = (): readonly Figure[] => [
  {
    label: l10n.t('layers'),
    tip: l10n.t('Layers of the image on top of its base'),
    text: (view) => String(imageLayers(view)),
    value: imageLayers,
  },
  {
    label: l10n.t('added'),
    tip: l10n.t('Bytes of the layers on top of the base'),
    text: ({ size }) => (size === null ? null : formatBytes(size)),
    value: ({ size }) => size,
  },
  {
    label: l10n.t('wasted'),
    tip: l10n.t('Bytes that later layers delete or replace; they stay in the image'),
    text: ({ wasted }) => (wasted ? formatBytes(wasted) : null),
    value: ({ wasted }) => wasted,
  },
  {
    label: l10n.t('usual rebuild'),
    tip: l10n.t('The expected time of a rebuild: the time of each step times how often it has to run'),
    text: ({ expectedCost }) => (expectedCost ? amountText(expectedCost, 'time') : null),
    value: ({ expectedCost }) => expectedCost?.value ?? null,
  },
];

/** The numbers of a view; where another one is given to compare with, what is better or worse is marked. */
export function createFigures(view: LayersView, before: LayersView | null): HTMLElement {
  const shown = figures().flatMap((figure) => {
    const text = figure.text(view);
    return text === null ? [] : [createFigure(figure, text, before ? change(figure, before, view) : '')];
  });
  return create('dl', { class: 'figures' }, ...shown);
}

function createFigure({ label, tip }: Figure, text: string, change: '' | 'better' | 'worse'): HTMLElement {
  const value = create('dd', { text });
  if (change !== '')
    value.append(
      create('span', {
        class: change,
        text: change === 'better' ? ' ↓' : ' ↑',
        attributes: {
          role: 'img',
          'aria-label': change === 'better' ? l10n.t('less than now') : l10n.t('more than now'),
        },
      }),
    );
  return create('div', { attributes: { title: tip } }, create('dt', { text: label }), value);
}

function change(figure: Figure, before: LayersView, after: LayersView): '' | 'better' | 'worse' {
  const was = figure.value(before);
  const is = figure.value(after);
  // A hundredth more or less is no news.
  if (was === null || is === null || Math.abs(was - is) <= Math.max(was, is) / 100) return '';
  return is < was ? 'better' : 'worse';
}
