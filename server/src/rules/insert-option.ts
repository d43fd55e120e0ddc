/** Puts an option into a command that is there. */
import type { Step } from '../model/model';
import type { ShellScript } from '../shell/script';
import type { LocalSpan } from '../syntax/span';
import { insert } from './edits';
import type { Edit } from './rule';

/** The edit that puts an option behind what stands at a place of a command; in the exec form it becomes a string of its own. */
export function insertOption(step: Step, script: ShellScript, behind: LocalSpan, option: string): Edit {
  const { end } = step.at(behind);
  // The span of an exec-form word is that of the text inside the quotes.
  return script.form === 'exec' ? insert(end + 1, `, "${option}"`) : insert(end, ` ${option}`);
}
