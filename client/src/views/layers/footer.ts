/** Below the stacks: what the colours and bars mean, what the numbers rest on, and how to get better ones. */
import * as l10n from '@vscode/l10n';
import type { LayersView } from '../../../../shared/src/layers-view';
import { create, createIcon, type IconName } from './dom';

export interface FooterActions {
  run(command: 'import' | 'measure'): void;
}

export interface Footer {
  readonly element: HTMLElement;
  fill(view: LayersView): void;
}

export function createFooter({ run }: FooterActions): Footer {
  const basis = create('ul', { class: 'basis' });
  const button = (text: string, command: 'import' | 'measure') =>
    create('button', { class: 'link', text, attributes: { type: 'button' }, onClick: () => run(command) });
  const element = create(
    'footer',
    {},
    create(
      'div',
      { class: 'legend', attributes: { 'aria-hidden': 'true' } },
      stateKey('edited', l10n.t('edited')),
      stateKey('rebuilt', l10n.t('rebuilt')),
      stateKey('cached', l10n.t('from the cache')),
      barKey('measured', l10n.t('measured')),
      barKey('assumed', l10n.t('assumed')),
      barKey('wasted', l10n.t('wasted')),
    ),
    basis,
    create(
      'div',
      { class: 'links' },
      button(l10n.t('Import a build log or image…'), 'import'),
      button(l10n.t('Measure with Docker…'), 'measure'),
    ),
  );
  return {
    element,
    fill(view) {
      basis.replaceChildren(...view.basis.map((sentence) => create('li', { text: sentence.replaceAll('`', '') })));
    },
  };
}

const stateKey = (name: IconName, text: string): HTMLElement =>
  create('span', { class: `key ${name}` }, createIcon(name), create('span', { text }));

const barKey = (name: string, text: string): HTMLElement =>
  create('span', { class: `key bar-key ${name}` }, create('i'), create('span', { text }));
