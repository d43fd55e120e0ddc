/** Elements made in one call. Text is only ever set as text: nothing that a Dockerfile says can become markup. */

export interface ElementOptions {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly onClick?: (event: MouseEvent) => void;
}

export function create<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (options.class) element.className = options.class;
  if (options.text !== undefined) element.textContent = options.text;
  for (const [name, value] of Object.entries(options.attributes ?? {})) element.setAttribute(name, value);
  const { onClick } = options;
  if (onClick) element.addEventListener('click', (event) => onClick(event as MouseEvent));
  element.append(...children);
  return element;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

export function createSvg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Icons drawn for this view on a grid of 16: strokes only, in the colour of the text. */
const icons = {
  edited: 'M3 13l.6-2.9L10.8 3a1.3 1.3 0 0 1 1.8 0l.4.4a1.3 1.3 0 0 1 0 1.8L5.9 12.4 3 13z',
  rebuilt: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.8h-2.8',
  cached: 'M3.5 8.5l3 3 6-7',
  final: 'M8 2l5.2 3v6L8 14l-5.2-3V5zM2.8 5L8 8l5.2-3M8 8v6',
} as const;

export type IconName = keyof typeof icons;

export function createIcon(name: IconName): SVGSVGElement {
  return createSvg(
    'svg',
    { viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' },
    createSvg('path', { d: icons[name] }),
  );
}

/** Sets a text only where it is another one, so that a screen reader does not say it twice. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Replaces the children only where they are others: what has the focus keeps it. */
export function setChildren(element: Element, children: readonly Node[]): void {
  const same =
    element.childNodes.length === children.length && children.every((one, at) => element.childNodes[at] === one);
  if (!same) element.replaceChildren(...children);
}
