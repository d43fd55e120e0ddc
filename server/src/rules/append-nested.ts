/** Runs one more command right behind one that stands in a branch, a loop or a group, where it was sure to work. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../model/model';
import { setsErrexit } from '../shell/effects';
import type { ShellCommand, ShellScript } from '../shell/script';
import { insert } from './edits';
import type { Edit, Refusal } from './rule';

/**
 * The edit that turns a nested command `c` into `c && command`, or into `c; command` where `set -e` is on, which `&&`
 * would switch off for c. Refused in pipes, substitutions and quoted scripts.
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
  const isPlain = after.nesting === 'conditional' || after.nesting === 'loop' || after.nesting === 'group';
  if (!isPlain || after.quoted || script.form === 'exec' || after.redirects.some((one) => one.heredoc)) return refusal;
  const before = script.text.slice(0, after.start).trimEnd();
  const behind = script.text.slice(after.end).trimStart();
  const isPiped = /(?:^|[^|])\|&?$/.test(before) || /^\|(?!\|)/.test(behind);
  if (isPiped || /(?:^|[\s;(])!$/.test(before) || /^&(?!&)/.test(behind)) return refusal;
  const stopsOnError = script.commands.some(setsErrexit) || step.before.shell?.some((word) => /^-[a-z]*e/.test(word));
  // In a condition, or before another operator, a list would be cut in two by `;`.
  if (stopsOnError && (/^(?:&&|\|\||;?\s*then\b|;?\s*do\b)/.test(behind) || /(?:&&|\|\|)$/.test(before)))
    return refusal;
  return [insert(step.at(after.span).end, stopsOnError ? `; ${command}` : ` && ${command}`)];
}
