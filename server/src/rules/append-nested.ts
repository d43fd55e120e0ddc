/** Runs one more command right behind one that stands in a branch, a loop or a group, where it was sure to work. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../model/model';
import { setsErrexit } from '../shell/effects';
import type { ShellCommand, ShellScript } from '../shell/script';
import { insert } from './edits';
import type { Edit, Refusal } from './rule';

/**
 * The edit that turns a nested command `c` into `c && command`, or into `c; command` where `set -e` is on, which `&&`
 * would switch off for c. Refused in pipes and substitutions.
 *
 * @param command text that means the same inside quotes: no quotes, escapes or variables where c is quoted
 */
export function appendNested(
  step: Step,
  script: ShellScript,
  after: ShellCommand,
  command: string,
): readonly Edit[] | Refusal {
  const refusal = {
    refused: l10n.t(
      'What follows `{0}` in the RUN on line {1} is not certain.',
      after.name ?? '',
      step.instruction.line + 1,
    ),
  };
  if (!nestings.has(after.nesting) || script.form === 'exec' || after.redirects.some((one) => one.heredoc))
    return refusal;
  if (script.statements[after.statement]?.terminator === '&' || (after.quoted && /[$"'\\`]/.test(command)))
    return refusal;
  const before = script.text.slice(0, after.start).trimEnd();
  const behind = script.text.slice(after.end).trimStart();
  const isPiped = /(?:^|[^|])\|&?$/.test(before) || /^\|(?!\|)/.test(behind);
  if (isPiped || /(?:^|[\s;(])!$/.test(before) || /^&(?!&)/.test(behind)) return refusal;
  const stopsOnError = stops(step, script);
  // In a condition, or before another operator, a list would be cut in two by `;`.
  if (
    stopsOnError &&
    (after.quoted || /^(?:&&|\|\||;?\s*then\b|;?\s*do\b)/.test(behind) || /(?:&&|\|\|)$/.test(before))
  )
    return refusal;
  return [insert(step.at(after.span).end, stopsOnError ? `; ${command}` : ` && ${command}`)];
}

const nestings: ReadonlySet<ShellCommand['nesting']> = new Set(['conditional', 'loop', 'group', 'subshell'] as const);

function stops(step: Step, script: ShellScript): boolean {
  if (script.commands.some(setsErrexit) || step.before.shell?.some((word) => /^-[a-z]*e/.test(word))) return true;
  return /(?:^|[\s/"])(?:ba|da|a|k)?sh["',\s]+-[a-z]*e/m.test(step.body.raw);
}
