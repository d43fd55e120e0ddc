/** One side of the view: a Dockerfile's stages as stacks, with the lines between them. */
import * as l10n from '@vscode/l10n';
import type { LayersView } from '../../../../shared/src/layers-view';
import { drawnStages, railsOf } from './arrange';
import { create, createSvg, setChildren } from './dom';
import { drawRails } from './rails';
import {
  createBaseRow,
  createStageRow,
  createStepRow,
  createWritableRow,
  fillBaseRow,
  fillStageRow,
  fillStepRow,
  type Scale,
} from './rows';

export interface Stack {
  readonly element: HTMLElement;
  fill(view: LayersView, scale: Scale): void;
  /** The lines are drawn between rows as they lie: to be done again when the width changes. */
  redraw(): void;
}

export function createStack(label: string): Stack {
  const svg = createSvg('svg', { class: 'rails', 'aria-hidden': 'true' });
  const stages = create('div', { class: 'stages', attributes: { role: 'tree', 'aria-label': label } });
  const element = create('div', { class: 'stack' }, svg, stages);
  const rows = new Map<string, HTMLElement>();
  let shown: LayersView | undefined;

  const rowOf = (key: string, make: () => HTMLElement): HTMLElement => {
    const existing = rows.get(key);
    if (existing) return existing;
    const row = make();
    rows.set(key, row);
    return row;
  };

  const redraw = (): void => {
    if (shown) drawRails(svg, element, railsOf(shown));
  };

  return {
    element,
    fill(view, scale) {
      shown = view;
      const parents = new Set(view.edges.filter(({ kind }) => kind === 'base').map(({ to }) => to));
      const used = new Set<string>();
      const take = (key: string, make: () => HTMLElement): HTMLElement => {
        used.add(key);
        return rowOf(key, make);
      };
      const groups = drawnStages(view).map((stage) => {
        const head = take(`stage ${stage.index}`, createStageRow);
        fillStageRow(head, stage, view.stages.length, scale);
        const steps = stage.steps.map((step, index) => {
          const row = take(`step ${stage.index} ${index}`, createStepRow);
          fillStepRow(row, step, scale);
          return row;
        });
        const base = take(`base ${stage.index}`, createBaseRow);
        fillBaseRow(base, stage, { isStage: parents.has(stage.index), isEdited: view.editedLine === stage.line });
        const top = stage.isFinal ? [take('writable', createWritableRow)] : [];
        const group = take(`group ${stage.index}`, () =>
          create('div', { class: 'group', attributes: { role: 'group' } }),
        );
        group.classList.toggle('unneeded', !stage.isNeeded);
        group.dataset.stage = String(stage.index);
        setChildren(group, [head, ...top, ...steps.reverse(), base]);
        return group;
      });
      setChildren(stages, groups);
      for (const key of [...rows.keys()]) if (!used.has(key)) rows.delete(key);
      stages.setAttribute(
        'aria-label',
        view.stages.length === 1 ? label : l10n.t('{0}, {1} stages', label, view.stages.length),
      );
      redraw();
    },
    redraw,
  };
}
