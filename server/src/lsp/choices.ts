/**
 * A plan as changes that can be taken or left one by one, all in coordinates of the text as it is. Steps were found one
 * after the other, each in the text that the steps before it left; a step that needs two places at once (a move) must
 * not be taken by halves. So each step is traced back to the region of the original that it touched, regions that
 * overlap are joined, and each region becomes one edit.
 */
import type { OptimizePlan, Step } from '../analysis/analysis';
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
  const regions = joinRegions(traced.map(({ span }, index) => ({ span, steps: plan.applied.slice(index, index + 1) })));
  const safe = replacements(regions, plan.text).filter(({ steps }) => steps.some(({ fix }) => fix.edits.length > 0));
  const choices: Choice[] = safe.map(({ steps, edit }) => ({ ...describe(steps), safe: true, edits: [edit] }));
  for (const step of plan.suggested) {
    if (step.fix.edits.length === 0) continue;
    const spans = [...step.fix.edits.map(({ span }) => span), ...(step.fix.claims ?? [])];
    // A suggestion on top of a safe change needs the text that the safe change makes: it is offered after that.
    if (spans.some((span) => safe.some(({ after }) => touches(span, after)))) continue;
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
interface Replacement {
  readonly steps: readonly Step[];
  /** What the plan makes of the region. */
  readonly edit: Edit;
  /** The region in the plan's text. */
  readonly after: Span;
  /** Characters that it became longer by. */
  readonly growth: number;
}

/** One edit a region. Every edit of every step lies in one region, so what its steps add up to is its growth. */
function replacements(regions: readonly Region[], text: string): Replacement[] {
  let before = 0;
  return regions.map(({ span, steps }) => {
    const edits = steps.flatMap((step) => step.fix.edits);
    const growth = edits.reduce((sum, { span: at, newText }) => sum + newText.length - (at.end - at.start), 0);
    const after = { start: span.start + before, end: span.end + before + growth };
    before += growth;
    return { steps, edit: { span, newText: text.slice(after.start, after.end) }, after, growth };
  });
}

/** A span of the plan's text that no safe change touches, in the original. */
function shiftBack(span: Span, safe: readonly Replacement[]): Span {
  let shift = 0;
  for (const { after, growth } of safe) if (after.end <= span.start) shift += growth;
  return { start: span.start - shift, end: span.end - shift };
}

function describe(steps: readonly Step[]): { label: string; description: string } {
  const titles = new Set(steps.map(({ title }) => title));
  const reasons = new Set(steps.flatMap(({ reason, risk }) => (risk ? [`${reason} ${risk}`] : [reason])));
  return { label: [...titles].join('; '), description: [...reasons].join(' ') };
}
