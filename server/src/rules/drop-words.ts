/** Takes words out of a command, with the blanks before them. */
import type { Step } from '../model/model';
import type { ShellScript, ShellWord } from '../shell/script';
import { wordWithBlanks } from './drop-command';
import { remove } from './edits';
import type { Edit } from './rule';

/** The edit that removes the words from `first` to `last`, never the command's name; a comment between the lines stays. */
export function dropWords(step: Step, script: ShellScript, first: ShellWord, last: ShellWord = first): Edit {
  if (script.form === 'exec') {
    // The span of an exec-form word is that of the text inside the quotes.
    const { raw } = step.body;
    const comma = raw.lastIndexOf(',', first.span.from);
    return remove(step.at({ from: comma, to: last.span.to + 1 }));
  }
  const { start } = wordWithBlanks(script, first);
  const span = script.map.span(start, last.end);
  const hasComment = step.body.innerComments.some(({ from }) => from >= span.from && from < span.to);
  return remove(
    step.at(hasComment ? { from: first.span.from, to: last.span.to } : { from: span.from, to: last.span.to }),
  );
}
