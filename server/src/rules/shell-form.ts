/** What CMD and ENTRYPOINT in shell form have in common: who is silent, and the fix. */
import * as l10n from '@vscode/l10n';
import type { Model, Stage, Step } from '../model/model';
import type { Dockerfile } from '../syntax/tree';
import { plainWords, shellWords } from './exec-form';
import { meantArray, repairArray } from './meant-array';
import { quotable } from './places';
import type { FixResult } from './rule';

/**
 * Whether Docker warns (JSONArgsRecommended): no exec form, and no SHELL before it in the stage or its parents. It looks at
 * every stage, also at those that the build does not need, but not at what ONBUILD wraps.
 */
export function isShellForm(step: Step): boolean {
  const { body, before } = step;
  return body.json === null && before.shell === null && body.problems.length === 0;
}

/** The program that the command ends in, to be quoted; the whole command where it is a loop or the like. */
export function programOf(step: Step): string {
  const last = step.scripts[0]?.statements.at(-1)?.pipelines.at(-1);
  const command = last?.kinds.at(-1) === 'Command' ? last.commands.at(-1) : undefined;
  return quotable(command?.name ?? command?.nameWord?.text ?? step.body.rest, 30) || step.keyword;
}

/** Whether there is anything to offer: a Windows stage has no /bin/sh, and a broken array must be one that can be repaired. */
export function isFixable(step: Step): boolean {
  if (step.stage.isWindows || step.body.rest === '') return false;
  return meantArray(step.body)?.array.edits !== null;
}

/** The first instruction of a kind in a stage, those that it is built from and those that are built from it. */
export function nearest(
  model: Model,
  stage: Stage,
  keyword: string,
  scope: 'stage and children' | 'chain',
): Step | null {
  const stages = new Set<Stage>([stage]);
  for (const other of model.allStages) if (other.parent && stages.has(other.parent)) stages.add(other);
  if (scope === 'chain') for (let parent = stage.parent; parent; parent = parent.parent) stages.add(parent);
  for (const one of stages) for (const step of one.steps) if (step.keyword === keyword) return step;
  return null;
}

/** The exec form. `doubt` says why plain words are not safe here; null where they are. */
export function toExecForm(file: Dockerfile, step: Step, doubt: string | null): FixResult {
  const array = meantArray(step.body);
  if (array) return repairArray(file, step.instruction, array);
  const line = step.instruction.line + 1;
  const plain = plainWords(step);
  if (plain) {
    const title = l10n.t('Use the exec form');
    const isScript = /\.(?:sh|bash)$/.test(plain.words[0] ?? '');
    const risk =
      doubt ??
      (plain.hasEquals
        ? l10n.t('A word with `=` means something else to some shells.')
        : isScript
          ? l10n.t('Without a shell, `{0}` must begin with `#!` and the program that runs it.', plain.words[0] ?? '')
          : null);
    if (risk === null) return { title, safety: 'safe', edits: plain.edits };
    return { title, safety: 'suggestion', edits: plain.edits, risk };
  }
  const edits = shellWords(step);
  if (!edits) return { refused: l10n.t('The command on line {0} is not one that can be taken apart.', line) };
  return {
    title: l10n.t('Name the shell in exec form'),
    safety: 'suggestion',
    edits,
    risk: doubt ?? l10n.t('Where a loop or a pipe keeps the shell, signals still reach it and not the program.'),
  };
}
