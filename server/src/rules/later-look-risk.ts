/** What to say of a clean-up when a later step names the folder that it empties. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../model/model';

/** The risk of a fix that empties a folder in spite of such a step. */
export function riskOfLook(step: Step, folder: string): string {
  return l10n.t('{0} on line {1} uses `{2}` or what is in it.', step.keyword, step.instruction.line + 1, folder);
}
