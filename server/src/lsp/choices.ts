/**
 * A plan as changes that can be taken or left one by one, all in coordinates of the text as it is. Steps were found one
 * after the other, each in the text that the steps before it left; a step that needs two places at once (a move) must
 * not be taken by halves. So each step is traced back to the region of the original that it touched, regions that
 * overlap are joined, and each region becomes one edit.
 */
import type { OptimizePlan, Step } from '../analysis/analysis';
import { minimalEdits } from '../analysis/minimal-edits';
import type { Edit } from '../rules/rule';
import type { Span } from '../syntax/span';
import type { Dockerfile } from '../syntax/tree';

export interface Choice {
  readonly label: string;
  readonly description: string;
  readonly safe: boolean;
  /** In coordinates of the original text. */
  readonly edits: readonly Edit[];
}

export interface Choices {
  /** In the order of the text; no two overlap. */
  readonly choices: readonly Choice[];
  /** For each applied step the line of the original text that its finding is in. */
  readonly originalLines: readonly number[];
}

interface Region {
  readonly span: Span;
  readonly steps: readonly Step[];
}

export function buildChoices(original: Dockerfile, plan: OptimizePlan): Choices {
  const traced = traceSteps(original, plan.applied);
  const hunks = minimalEdits(original.text, plan.text);
  const regions = joinRegions([
    ...traced.map(({ span }, index) => ({ span, steps: plan.applied.slice(index, index + 1) })),
    ...hunks.map(({ span }) => ({ span, steps: [] })),
  ]).filter((region) => hunks.some((hunk) => holds(region.span, hunk.span)));
  const safe = regions.map((region) => ({ region, ...replacement(region.span, hunks, plan.text) }));
  const choices: Choice[] = safe.map(({ region, edit }) => ({ ...describe(region.steps), safe: true, edits: [edit] }));
  const taken = safe.map(({ after }) => after);
  for (const step of plan.suggested) {
    if (step.fix.edits.length === 0) continue;
    const spans = [...step.fix.edits.map(({ span }) => span), ...(step.fix.claims ?? [])];
    // A suggestion on top of a safe change needs the text that the safe change makes: it is offered after that.
    if (spans.some((span) => taken.some((other) => touches(span, other)))) continue;
    const edits = step.fix.edits.map(({ span, newText }) => ({ span: shiftBack(span, safe), newText }));
    if (edits.some((edit) => choices.some((choice) => choice.edits.some((other) => touches(edit.span, other.span)))))
      continue;
    choices.push({ ...describe([step]), safe: false, edits });
  }
  const start = (choice: Choice) => Math.min(...choice.edits.map((edit) => edit.span.start));
  return {
    choices: choices.sort((a, b) => start(a) - start(b)),
    originalLines: traced.map(({ line }) => line),
  };
}

interface Trace {
  /** The region of the original text that a step changed or relied on. */
  readonly span: Span;
  /** The line of the original text that its finding is in. */
  readonly line: number;
}

function traceSteps(original: Dockerfile, steps: readonly Step[]): Trace[] {
  /** The edits of the passes so far, each pass in coordinates of its own base. */
  const passes: Edit[][] = [];
  let base = original;
  let pass: Edit[] = [];
  return steps.map((step) => {
    if (step.base !== base && step.base.text !== base.text) {
      if (pass.length > 0) passes.push(pass.sort((a, b) => a.span.start - b.span.start));
      pass = [];
      base = step.base;
    }
    pass.push(...step.fix.edits);
    const spans = [...step.fix.edits.map(({ span }) => span), ...(step.fix.claims ?? [])];
    const hull = {
      start: Math.min(base.text.length, ...spans.map(({ start }) => start)),
      end: Math.max(0, ...spans.map(({ end }) => end)),
    };
    const found = base.lines.lineStart(step.line);
    const place = passes.reduceRight(traceThrough, { start: found, end: found });
    return {
      span: passes.reduceRight(traceThrough, { start: Math.min(hull.start, hull.end), end: hull.end }),
      line: original.lines.lineAt(place.start),
    };
  });
}

/** Where a span of the text after some edits came from. A place inside new text stands for all that it replaced. */
function traceThrough(span: Span, edits: readonly Edit[]): Span {
  return { start: traceOffset(span.start, edits, 'start'), end: traceOffset(span.end, edits, 'end') };
}

function traceOffset(offset: number, edits: readonly Edit[], side: 'start' | 'end'): number {
  let delta = 0;
  for (const { span, newText } of edits) {
    const newStart = span.start + delta;
    const newEnd = newStart + newText.length;
    if (offset < newStart) break;
    if (offset > newEnd) {
      delta += newText.length - (span.end - span.start);
      continue;
    }
    if (offset === newEnd && newText !== '') return span.end;
    if (offset === newStart && newText !== '') return span.start;
    return span[side];
  }
  return offset - delta;
}

/** Joins regions that overlap; such as only meet stay apart. */
function joinRegions(regions: readonly Region[]): Region[] {
  const joined: Region[] = [];
  const ordered = [...regions].sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  for (const region of ordered) {
    const last = joined.at(-1);
    const overlaps = last && (region.span.start < last.span.end || sameStart(region.span, last.span));
    if (!last || !overlaps) {
      joined.push(region);
      continue;
    }
    const span = { start: last.span.start, end: Math.max(last.span.end, region.span.end) };
    joined[joined.length - 1] = { span, steps: [...last.steps, ...region.steps] };
  }
  return joined;
}

const sameStart = (a: Span, b: Span) => a.start === b.start;
const touches = (a: Span, b: Span) => a.start <= b.end && b.start <= a.end;
/** A hunk belongs to one region only: an insertion where two of them meet is the second one's. */
const holds = (region: Span, hunk: Span) =>
  region.start <= hunk.start && hunk.end <= region.end && (hunk.start < region.end || sameStart(region, hunk));

/** The edit that makes of a region what the plan makes of it, and the region in the plan's text. */
function replacement(span: Span, hunks: readonly Edit[], text: string): { edit: Edit; after: Span; growth: number } {
  let before = 0;
  let growth = 0;
  for (const hunk of hunks) {
    const change = hunk.newText.length - (hunk.span.end - hunk.span.start);
    if (holds(span, hunk.span)) growth += change;
    else if (hunk.span.end <= span.start) before += change;
  }
  const after = { start: span.start + before, end: span.end + before + growth };
  return { edit: { span, newText: text.slice(after.start, after.end) }, after, growth };
}

/** A span of the plan's text that no safe change touches, in the original. */
function shiftBack(span: Span, safe: readonly { after: Span; growth: number }[]): Span {
  let shift = 0;
  for (const { after, growth } of safe) if (after.end <= span.start) shift += growth;
  return { start: span.start - shift, end: span.end - shift };
}

function describe(steps: readonly Step[]): { label: string; description: string } {
  const titles = new Set(steps.map(({ title }) => title));
  const reasons = new Set(steps.flatMap(({ reason, risk }) => (risk ? [`${reason} ${risk}`] : [reason])));
  return { label: [...titles].join('; '), description: [...reasons].join(' ') };
}
