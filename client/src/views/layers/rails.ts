/** The stage graph: lines in the margin that lead from the top of a stage to what uses it. */
import type { Rail } from './arrange';
import { createSvg } from './dom';

/** Pixels: between two lanes, from the stacks to the first lane, of the bends. */
const laneWidth = 9;
const firstLane = 11;
const bend = 6;

/** Draws the lines anew, from where the rows are now. The margin is made as wide as the lanes need. */
export function drawRails(svg: SVGSVGElement, stack: HTMLElement, rails: readonly Rail[]): void {
  const lanes = rails.length === 0 ? 0 : Math.max(...rails.map(({ lane }) => lane)) + 1;
  const margin = lanes === 0 ? 0 : firstLane + lanes * laneWidth;
  stack.style.setProperty('--margin', `${margin}px`);
  const box = stack.getBoundingClientRect();
  svg.setAttribute('width', String(margin));
  svg.setAttribute('height', String(Math.max(0, box.height)));
  const middle = (row: Element): number => {
    const { top, height } = row.getBoundingClientRect();
    return top - box.top + height / 2;
  };
  // What the edit runs along is drawn last, on top of the others.
  const ordered = [...rails].sort((a, b) => Number(a.isDirty) - Number(b.isDirty));
  svg.replaceChildren(
    ...ordered.flatMap((rail) => {
      const from = stack.querySelector(`.group[data-stage="${rail.from}"] > .stage`);
      const group = stack.querySelector(`.group[data-stage="${rail.to}"]`);
      const to = group?.querySelector(
        rail.kind === 'base' ? ':scope > .base' : `:scope > .step[data-line="${rail.line}"]`,
      );
      if (!from || !to) return [];
      const x = margin - firstLane - rail.lane * laneWidth + 0.5;
      const y1 = Math.round(middle(from)) + 0.5;
      const y2 = Math.round(middle(to)) + 0.5;
      const end = margin - 2;
      const down = y2 > y1 ? 1 : -1;
      const path = `M${end - 1} ${y1}H${x + bend}Q${x} ${y1} ${x} ${y1 + down * bend}V${y2 - down * bend}Q${x} ${y2} ${x + bend} ${y2}H${end - 4}`;
      const classes = `rail ${rail.kind}${rail.isDirty ? ' dirty' : ''}`;
      return [
        createSvg('path', { class: classes, d: path }),
        createSvg('path', {
          class: `${classes} tip`,
          d: `M${end - 5} ${y2 - 3.5}L${end} ${y2}L${end - 5} ${y2 + 3.5}Z`,
        }),
        createSvg('circle', { class: `${classes} root`, cx: String(end - 2), cy: String(y1), r: '2.5' }),
      ];
    }),
  );
}
