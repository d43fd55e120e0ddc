/** The keyboard in a tree of rows: arrows move, Home and End jump, Enter goes to the line. One row at a time is in the tab order. */

export interface TreeActions {
  /** Enter, or a double click. */
  open(line: number): void;
  /** A click. */
  choose(line: number): void;
  /** The keyboard came to rest on a row. */
  explore(line: number): void;
}

export function listenToTree(root: HTMLElement, actions: TreeActions): void {
  root.addEventListener('keydown', (event) => {
    const row = rowAt(event.target);
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const tree = row.closest('[role="tree"]');
    if (!tree) return;
    const next = target(event.key, row, [...tree.querySelectorAll<HTMLElement>('[role="treeitem"]')]);
    if (next) {
      moveFocus(next);
      const line = lineOf(next);
      if (line !== null) actions.explore(line);
    } else if (event.key === 'Enter' || event.key === ' ') {
      const line = lineOf(row);
      if (line !== null) (event.key === 'Enter' ? actions.open : actions.choose)(line);
    } else return;
    event.preventDefault();
  });
  root.addEventListener('click', (event) => {
    const row = rowAt(event.target);
    const line = row && lineOf(row);
    if (!row || line === null) return;
    moveFocus(row);
    actions.choose(line);
  });
  root.addEventListener('dblclick', (event) => {
    const row = rowAt(event.target);
    const line = row && lineOf(row);
    if (line !== null) actions.open(line);
  });
}

/** Where a key leads from a row; undefined for a key that leads nowhere. */
function target(key: string, row: HTMLElement, rows: readonly HTMLElement[]): HTMLElement | undefined {
  const at = rows.indexOf(row);
  switch (key) {
    case 'ArrowDown':
      return rows[Math.min(rows.length - 1, at + 1)];
    case 'ArrowUp':
      return rows[Math.max(0, at - 1)];
    case 'Home':
      return rows[0];
    case 'End':
      return rows.at(-1);
    case 'ArrowLeft':
      return row.closest('.group')?.querySelector<HTMLElement>('.stage') ?? undefined;
    case 'ArrowRight':
      return isStage(row) ? rows[at + 1] : undefined;
    case 'PageDown':
      return rows.slice(at + 1).find(isStage) ?? rows.at(-1);
    case 'PageUp':
      return rows.slice(0, at).reverse().find(isStage) ?? rows[0];
    default:
      return undefined;
  }
}

const isStage = (row: HTMLElement): boolean => row.dataset.kind === 'stage';

function rowAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[role="treeitem"]') : null;
}

function lineOf(row: HTMLElement): number | null {
  return row.dataset.line === undefined ? null : Number(row.dataset.line);
}

function moveFocus(row: HTMLElement): void {
  const tree = row.closest('[role="tree"]');
  for (const other of tree?.querySelectorAll('[tabindex="0"]') ?? []) other.setAttribute('tabindex', '-1');
  row.setAttribute('tabindex', '0');
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

/** After rows came or went: exactly one row of the tree is in the tab order, the one that is edited if there is one. */
export function keepOneInTabOrder(tree: HTMLElement): void {
  const current = tree.querySelectorAll('[role="treeitem"][tabindex="0"]');
  if (tree.contains(document.activeElement) && current.length === 1) return;
  for (const other of current) other.setAttribute('tabindex', '-1');
  const row = tree.querySelector('[role="treeitem"].edited') ?? tree.querySelector('[role="treeitem"]');
  row?.setAttribute('tabindex', '0');
}
