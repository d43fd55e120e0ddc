/** The steps of a plan as the contract has them: each in places of the text that the steps before it leave. */
import type { Step } from '../analysis/analysis';
import { applyEdits } from '../analysis/fixes';
import type { Edit } from '../rules/rule';
import { buildLineIndex } from '../syntax/lines';
import type { Dockerfile } from '../syntax/tree';
import { type Place, placeOf } from './places';

/** One step. Whoever makes its edits from the first to the last, and then those of the next step, ends at the plan's text. */
export interface StepRow {
  readonly rule: string;
  /** Counts from 1. */
  readonly line: number;
  readonly title: string;
  readonly reason: string;
  readonly edits: readonly EditRow[];
}

interface EditRow extends Place {
  readonly newText: string;
}

/** Rows of steps that follow one upon the other. Fixes of one pass were all found in one text, so places are carried over. */
export function appliedRows(steps: readonly Step[]): StepRow[] {
  let base: Dockerfile | null = null;
  let text = '';
  let pass: Edit[] = [];
  return steps.map((step) => {
    if (base?.text !== step.base.text) {
      base = step.base;
      text = base.text;
      pass = [];
    }
    const found = step.base.lines.lineStart(step.line);
    const at = carried({ span: { start: found, end: found }, newText: '' }, pass);
    const edits = step.fix.edits.map((edit) => carried(edit, pass));
    const row = stepRow(step, text, at.span.start, edits);
    pass = [...pass, ...step.fix.edits];
    text = applyEdits(text, edits);
    return row;
  });
}

/** The row of a step that is there to be chosen, in places of the text that it would change. */
export function suggestedRow(step: Step): StepRow {
  const { text, lines } = step.base;
  return stepRow(step, text, lines.lineStart(step.line), step.fix.edits);
}

function stepRow(step: Step, text: string, found: number, edits: readonly Edit[]): StepRow {
  const lines = buildLineIndex(text);
  return {
    rule: step.rule.id,
    line: lines.lineAt(found) + 1,
    title: step.title,
    reason: step.reason,
    edits: fromTheEnd(edits).map(({ span, newText }) => ({ ...placeOf(lines, span), newText })),
  };
}

/** Where an edit is after others of the same text were made, none of which it touches. */
function carried(edit: Edit, done: readonly Edit[]): Edit {
  let shift = 0;
  for (const { span, newText } of done)
    if (span.start < edit.span.start || (span.start === edit.span.start && span.end <= edit.span.end))
      shift += newText.length - (Math.min(span.end, Math.max(span.start, edit.span.start)) - span.start);
  return { span: { start: edit.span.start + shift, end: edit.span.end + shift }, newText: edit.newText };
}

/** The last edit first, so that it is all the same whether they are made one by one or at once. */
function fromTheEnd(edits: readonly Edit[]): Edit[] {
  const ordered = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  const merged: Edit[] = [];
  for (const edit of ordered) {
    const last = merged.at(-1);
    // An insertion just before what is replaced is one edit with it: in two, the order would matter.
    if (last && last.span.start === edit.span.start)
      merged[merged.length - 1] = { span: edit.span, newText: last.newText + edit.newText };
    else merged.push(edit);
  }
  return merged.reverse();
}
