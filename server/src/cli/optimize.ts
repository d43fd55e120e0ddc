/** `layerwise optimize`: the whole plan for one file, applied, shown or described. */
import * as l10n from '@vscode/l10n';
import type { OptimizePlan, RefusedStep, Step, SuggestedStep } from '../analysis/analysis';
import { costBasis } from '../analysis/costs';
import { describeEffect, optimize as planOptimization } from '../analysis/optimize';
import { readHistory } from '../context/node/history';
import { unifiedDiff } from './diff';
import { colored, describeStep } from './fix';
import { failsFor, type OpenFile, type Session, statusOf } from './session';
import { appliedRows, suggestedRow } from './step-rows';
import { visible } from './terminal';
import { replaceFile } from './write';

/** Optimizes a file and returns the exit status: that of what remains. */
export async function optimize(session: Session, paths: readonly string[]): Promise<number> {
  const inputs = session.find(paths);
  const [input] = inputs;
  if (!input) return statusOf(session, false);
  if (inputs.length > 1) {
    session.fail(paths[0] ?? '', new Error(l10n.t('takes one file, but there are {0}', inputs.length)));
    return 2;
  }
  const file = await session.open(input);
  if (!file) return statusOf(session, false);
  const { config } = file.effective;
  const { context, contextFolder, analysis } = file;
  const history = contextFolder === null ? null : await readHistory(contextFolder);
  const plan = planOptimization(file.source.text, { config, context, history, previous: analysis });
  const done = deliver(session, file, plan);
  return statusOf(session, failsFor(done ? plan.after.findings : plan.before.findings, file.effective));
}

/** Brings the plan to where it was asked for; false where it could not be applied. */
function deliver(session: Session, file: OpenFile, plan: OptimizePlan): boolean {
  const { mark, text, isUtf8 } = file.source;
  const { json, diff, stdout } = session.options;
  const { terminal } = session;
  const changed = plan.text !== text;
  if (changed && !isUtf8) {
    session.fail(file.name, new Error(l10n.t('not valid UTF-8; left as it is, for fixing it would destroy bytes')));
    return false;
  }
  if (json) {
    terminal.out(`${JSON.stringify(planRow(file, plan), null, 2)}\n`);
    return true;
  }
  if (diff) terminal.out(colored(session, unifiedDiff(file.name, mark + text, mark + plan.text)));
  else if (stdout || file.path === null) terminal.out(mark + plan.text);
  if (diff || stdout || file.path === null) {
    terminal.err(`${[layersLine(file, plan), ...costLines(plan)].join('\n')}\n`);
    return true;
  }
  try {
    const backup = changed ? replaceFile(file.path, file.source.bytes, mark + plan.text, session.options.backup) : null;
    terminal.out(describePlan(session, file, plan));
    if (backup !== null) terminal.out(`${visible(l10n.t('The file as it was is kept as {0}.', backup))}\n`);
    return true;
  } catch (error) {
    session.fail(file.name, error);
    return false;
  }
}

/** The plan as the contract has it. */
function planRow(file: OpenFile, plan: OptimizePlan): object {
  return {
    file: file.name,
    layersBefore: plan.layersBefore,
    layersAfter: plan.layersAfter,
    rebuildCostBefore: plan.rebuildCostBefore,
    rebuildCostAfter: plan.rebuildCostAfter,
    applied: appliedRows(plan.applied),
    suggested: plan.suggested.map(suggestedRow),
    refused: plan.refused.map(({ rule, line, reason }) => ({ rule: rule.id, line: line + 1, reason })),
    text: file.source.mark + plan.text,
  };
}

function layersLine(file: OpenFile, { layersBefore, layersAfter, applied }: OptimizePlan): string {
  const changes = applied.length === 1 ? l10n.t('1 fix') : l10n.t('{0} fixes', applied.length);
  return visible(l10n.t('{0}: {1}, layers {2} → {3}', file.name, changes, layersBefore, layersAfter));
}

/** What a rebuild costs before and after, and what that rests on; nothing where it costs the same. */
function costLines(plan: OptimizePlan): string[] {
  const { rebuildCostBefore: before, rebuildCostAfter: after } = plan;
  if (before === null || after === null || before === after) return [];
  const costs = l10n.t('A rebuild takes {0} s on average, and {1} s after that.', before.toFixed(1), after.toFixed(1));
  return [visible(costs), ...costBasis(plan.before).map((line) => `  ${visible(line)}`)];
}

function describePlan(session: Session, file: OpenFile, plan: OptimizePlan): string {
  const { paint } = session.terminal;
  const lines = [paint('bold', layersLine(file, plan)), ...costLines(plan)];
  const section = (title: string, rows: readonly string[]) => {
    if (rows.length > 0) lines.push('', paint('bold', title), ...rows);
  };
  const withReason = (step: Step) => {
    const rows = [describeStep(step, session), `        ${visible(step.reason)}`];
    if (step.risk !== null) rows.push(`        ${paint('yellow', l10n.t('risk:'))} ${visible(step.risk)}`);
    return rows;
  };
  section(l10n.t('Done'), plan.applied.flatMap(withReason));
  const withEffect = (step: SuggestedStep) => {
    const effect = describeEffect(step.effect);
    return effect === null ? withReason(step) : [...withReason(step), `        ${visible(effect)}`];
  };
  section(l10n.t('Suggestions, for you to judge'), plan.suggested.flatMap(withEffect));
  section(
    l10n.t('Not possible'),
    plan.refused.map((refused) => describeRefusal(session, refused)),
  );
  return `${lines.join('\n')}\n`;
}

function describeRefusal({ terminal: { paint } }: Session, { rule, line, reason }: RefusedStep): string {
  return `  ${paint('dim', String(line + 1).padStart(4))}  ${visible(reason)} ${paint('dim', `[${rule.id}]`)}`;
}
