/** Optimize's last step: the steps of each stage in the order that costs least, as a fix of `volatile-copy-first`. Pure. */
import * as l10n from '@vscode/l10n';
import type { ContextHistory } from '../context/history';
import type { Step as BuildStep } from '../model/model';
import { betterOrders, isProvenOrder, type StageOrder } from '../model/stage-order';
import volatileCopyFirst from '../rules/cache/volatile-copy-first';
import { editsTouch, indentOf, insert, remove } from '../rules/edits';
import { removeWithComments, textWithComments } from '../rules/move';
import { rules } from '../rules/registry.generated';
import type { Edit } from '../rules/rule';
import { selectRules } from '../rules/selection';
import { readSuppressions } from '../rules/suppress';
import type { Dockerfile, Instruction } from '../syntax/tree';
import type { Analysis, Step } from './analysis';
import { analyze } from './analyze';
import { applyEdits } from './fixes';

/** The rule that speaks of the order of steps. */
export const orderRule = volatileCopyFirst;

/** A reordering that was tried and found to be good. */
export interface Reordering {
  readonly step: Step;
  readonly analysis: Analysis;
}

/** The first stage that gains by another order, put into it; null where none does, or the user does not want it. */
export function reorder(analysis: Analysis, history: ContextHistory): Reordering | null {
  if (!isWanted(analysis)) return null;
  const { dockerfile, config, model, context, measurements } = analysis;
  for (const better of betterOrders(model, context, history, measurements)) {
    const step = toStep(analysis, better);
    const after = step && analyze(applyEdits(dockerfile.text, step.fix.edits), { config, context, previous: analysis });
    if (step && after && isAsPlanned(better, after)) return { step, analysis: after };
  }
  return null;
}

function isWanted({ config, dockerfile }: Analysis): boolean {
  if (!selectRules(config, rules).enabled.some(({ rule }) => rule === orderRule)) return false;
  const { comments } = readSuppressions(dockerfile);
  // Who objects to it at one instruction knows something that no history tells.
  return !comments.some(({ names }) => names.some(({ name }) => name.toLowerCase() === orderRule.id));
}

function toStep({ dockerfile }: Analysis, better: StageOrder): Step | null {
  const edits = reorderEdits(dockerfile, better);
  const [first] = better.steps.filter((step, index) => step !== better.stage.steps[index]);
  if (!edits || !first) return null;
  const [before, after] = [better.before.toFixed(1), better.after.toFixed(1)];
  const title = l10n.t('Put the steps of the stage in the order that costs least');
  return {
    rule: orderRule,
    line: first.instruction.line,
    title,
    reason: l10n.t(
      'In this order a rebuild of the stage takes {0} s on average, in the best one {1} s.',
      before,
      after,
    ),
    risk: null,
    fix: { title, safety: 'safe', edits },
    base: dockerfile,
  };
}

/** The edits that bring the steps into their order; those that need not move stay untouched. Null where they get in each other's way. */
function reorderEdits(file: Dockerfile, { stage, steps }: StageOrder): Edit[] | null {
  const staying = longestAscending(steps.map((step) => step.index));
  const edits: Edit[] = [];
  let target: Instruction = stage.from;
  let text = '';
  const flush = () => {
    if (text !== '') edits.push(insert(target.span.end, text));
    text = '';
  };
  for (const { index, instruction } of steps) {
    if (staying.has(index)) {
      flush();
      target = instruction;
      continue;
    }
    text += `${file.eol}${indentOf(file, instruction)}${textWithComments(file, instruction)}`;
  }
  flush();
  edits.push(...removals(file, stage.steps, staying));
  const spans = edits.map((edit) => edit.span).sort((a, b) => a.start - b.start || a.end - b.end);
  const isSound = spans.every((span, index) => !spans[index + 1] || !editsTouch(span, spans[index + 1] ?? span));
  return isSound ? edits : null;
}

/** Takes out the steps that do not stay, neighbours in one piece, and of the blank lines around each piece one side. */
function removals(file: Dockerfile, steps: readonly BuildStep[], staying: ReadonlySet<number>): Edit[] {
  const pieces: Edit[] = [];
  for (const { index, instruction } of steps) {
    if (staying.has(index)) continue;
    const edit = removeWithComments(file, instruction);
    const last = pieces.at(-1);
    const isNext = last && index > 0 && !staying.has(index - 1);
    if (!last || !isNext || last.span.end > edit.span.start) {
      pieces.push(edit);
      continue;
    }
    const { start } = last.span;
    const blank = /^[ \t]*\r?\n/.exec(file.text.slice(edit.span.end));
    const hasBoth = blank !== null && /\n[ \t]*\r?\n$/.test(file.text.slice(0, start));
    pieces[pieces.length - 1] = remove({ start, end: edit.span.end + (hasBoth ? blank[0].length : 0) });
  }
  return pieces;
}

/** The most numbers of a list that ascend: what has not to be moved. */
function longestAscending(numbers: readonly number[]): ReadonlySet<number> {
  const best: number[][] = [];
  let longest: number[] = [];
  for (const [index, number] of numbers.entries()) {
    let before: number[] = [];
    for (let other = 0; other < index; other++) {
      const chain = best[other] ?? [];
      if ((numbers[other] ?? 0) < number && chain.length > before.length) before = chain;
    }
    const chain = [...before, number];
    best.push(chain);
    if (chain.length > longest.length) longest = chain;
  }
  return new Set(longest);
}

/** Looks at the outcome as if it were new: the same instructions, in the order that was planned, which is proven from there too. */
function isAsPlanned({ stage, steps }: StageOrder, after: Analysis): boolean {
  const now = after.model.stages[stage.index]?.steps ?? [];
  if (now.length !== steps.length) return false;
  if (!now.every((step, index) => step.body.raw === steps[index]?.body.raw)) return false;
  const indexOf = new Map(now.map((step, index) => [step, steps[index]?.index ?? 0]));
  return isProvenOrder(now, (step) => indexOf.get(step) ?? 0);
}
