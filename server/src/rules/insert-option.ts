/** Puts an option into a command that is there. */
import type { Step } from '../model/model';
import type { ShellScript, ShellWord } from '../shell/script';
import { insert } from './edits';
import type { Edit } from './rule';

/** The edit that puts an option behind a word of a command; in the exec form it becomes a string of its own. */
export function insertOption(step: Step, script: ShellScript, behind: ShellWord, option: string): Edit {
  const { end } = step.at(behind.span);
  // The span of an exec-form word is that of the text inside the quotes.
  return script.form === 'exec' ? insert(end + 1, `, "${option}"`) : insert(end, ` ${option}`);
}
