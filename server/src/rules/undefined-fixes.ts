/** What to do about a variable that is undefined: every kind of reason has its own repair. All are suggestions. */
import * as l10n from '@vscode/l10n';
import type { Model, Step } from '../model/model';
import type { ExpandedText } from '../syntax/expanded-texts';
import type { VariableReference } from '../syntax/references';
import type { Instruction } from '../syntax/tree';
import { indentOf, insert, keywordLike, linesOf, remove, removeInstruction, replace } from './edits';
import type { Edit, Fix, FixResult } from './rule';
import type { UndefinedReason } from './undefined-names';

/** The repair of one undefined reference. */
export function undefinedFix(
  model: Model,
  step: Step,
  text: ExpandedText,
  reference: VariableReference,
  reason: UndefinedReason,
): FixResult {
  const { name } = reference;
  const isWritten = isWrittenAsRead(step, text, reference);
  switch (reason.kind) {
    case 'misspelt':
      if (!isWritten) return unplaced(name);
      return {
        title: l10n.t('Change to `{0}`', reason.meant),
        safety: 'suggestion',
        edits: [replace(step.at(text.place(reference.nameStart, reference.nameEnd)), reason.meant)],
      };
    case 'later':
      return moveUp(model, step, reason.instruction, name);
    case 'elsewhere': {
      const { raw } = reason.instruction.body;
      const written = raw.slice(reason.pair.span.from, reason.pair.span.to);
      if (/[\n\r]/.test(written)) return declare(model, step, name);
      return addBelowFrom(model, step, `${keywordLike(step.stage.from, reason.instruction.keyword)} ${written}`);
    }
    case 'nowhere':
      return (isWritten && withoutReference(step, text, reference)) || declare(model, step, name);
    default:
      return declare(model, step, name);
  }
}

function unplaced(name: string): FixResult {
  return { refused: l10n.t('`{0}` is not written in one piece.', name) };
}

/** Whether the place of the reference holds its very text. */
function isWrittenAsRead(step: Step, text: ExpandedText, { start, end }: VariableReference): boolean {
  const { from, to } = text.place(start, end);
  return step.body.raw.slice(from, to) === text.text.slice(start, end);
}

const declare = (model: Model, step: Step, name: string): FixResult =>
  /^[A-Za-z_]\w*$/.test(name)
    ? addBelowFrom(model, step, `${keywordLike(step.stage.from, 'ARG')} ${name}`)
    : { refused: l10n.t('`{0}` cannot be declared.', name) };

/** A new instruction right below the FROM of the step's stage. */
function addBelowFrom({ dockerfile }: Model, step: Step, instruction: string): Fix {
  const { from } = step.stage;
  const line = `${indentOf(dockerfile, from)}${instruction}${dockerfile.eol}`;
  return {
    title: l10n.t('Add `{0}` below the FROM', instruction),
    safety: 'suggestion',
    edits: [insert(linesOf(dockerfile, from).end, line)],
  };
}

/** Puts the defining instruction above the one that uses it. */
function moveUp({ dockerfile }: Model, step: Step, definition: Instruction, name: string): FixResult {
  const target = dockerfile.lines.lineStart(step.instruction.line);
  const source = linesOf(dockerfile, definition);
  const moved = dockerfile.text.slice(source.start, source.end).replace(/\r?\n$/, '');
  return {
    title: l10n.t('Move the {0} of `{1}` up', definition.keyword, name),
    safety: 'suggestion',
    edits: [insert(target, `${moved}${dockerfile.eol}`), removeInstruction(dockerfile, definition)],
    claims: [step.instruction.span, definition.span],
    risk: l10n.t('Steps between the two places see the variable too.'),
  };
}

/** Where the reference had better not be there: `$1` in a script, `$HOME`, or an empty end of a list of paths. */
function withoutReference(step: Step, text: ExpandedText, reference: VariableReference): Fix | null {
  const { name, start, end } = reference;
  const suggestion = (title: string, edits: Edit[]): Fix => ({ title, safety: 'suggestion', edits });
  const at = step.at(text.place(start, end));
  if (text.isHeredoc || !/^[A-Za-z_]/.test(name)) {
    const escapeCharacter = text.isHeredoc ? '\\' : step.body.escape;
    return suggestion(l10n.t('Keep it as it is written: `{0}`', `${escapeCharacter}${text.text.slice(start, end)}`), [
      insert(at.start, escapeCharacter),
    ]);
  }
  if (reference.modifier) return null;
  if (name === 'HOME' && step.before.user === null) return suggestion(l10n.t('Write `/root`'), [replace(at, '/root')]);
  if (step.keyword !== 'ENV') return null;
  const title = l10n.t('Leave out `{0}`', text.text.slice(start, end));
  if (text.text[start - 1] === ':' && start > 1)
    return suggestion(title, [remove({ start: at.start - 1, end: at.end })]);
  if (text.text[end] === ':' && end + 1 < text.text.length)
    return suggestion(title, [remove({ start: at.start, end: at.end + 1 })]);
  return null;
}
