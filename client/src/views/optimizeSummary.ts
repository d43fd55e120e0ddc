/** What Optimize did, left and refused: in a sentence, and in full as a list that goes to the lines. */
import * as vscode from 'vscode';
import type { OptimizeResult } from '../../../shared/src/protocol';

/** For a notification. */
export function planSummary({ layersBefore, layersAfter, applied, suggested, refused }: OptimizeResult): string {
  const parts = [
    applied.length === 0
      ? vscode.l10n.t('No safe change to make.')
      : vscode.l10n.t('Layers: {0} → {1}. {2}', layersBefore, layersAfter, appliedSummary(applied)),
  ];
  if (suggested.length === 1) parts.push(vscode.l10n.t('1 suggestion is left to you.'));
  if (suggested.length > 1) parts.push(vscode.l10n.t('{0} suggestions are left to you.', suggested.length));
  if (refused.length === 1) parts.push(vscode.l10n.t('1 finding could not be repaired.'));
  if (refused.length > 1) parts.push(vscode.l10n.t('{0} findings could not be repaired.', refused.length));
  return parts.join(' ');
}

/** `5 safe changes: consecutive-runs (2), apt-lists-kept (3).` */
function appliedSummary(applied: readonly { readonly rule: string }[]): string {
  const counts = new Map<string, number>();
  for (const { rule } of applied) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const rules = [...counts].map(([rule, count]) => (count > 1 ? `${rule} (${count})` : rule)).join(', ');
  return applied.length === 1
    ? vscode.l10n.t('1 safe change: {0}.', rules)
    : vscode.l10n.t('{0} safe changes: {1}.', applied.length, rules);
}

interface DetailItem extends vscode.QuickPickItem {
  readonly line?: number;
}

/** The whole plan as a list; moving through it shows the lines. */
export async function showPlanDetails(document: vscode.TextDocument, plan: OptimizeResult): Promise<void> {
  const heading = (label: string): DetailItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const item = (icon: string, label: string, rule: string, line: number, detail: string): DetailItem => ({
    label: `$(${icon}) ${label}`,
    description: vscode.l10n.t('{0}, line {1}', rule, line + 1),
    detail,
    line,
  });
  const items: DetailItem[] = [];
  if (plan.applied.length > 0) items.push(heading(vscode.l10n.t('Changed by Apply')));
  for (const { title, rule, line, reason } of plan.applied) items.push(item('check', title, rule, line, reason));
  if (plan.suggested.length > 0) items.push(heading(vscode.l10n.t('Left for you to judge')));
  for (const { title, rule, line, reason, risk } of plan.suggested)
    items.push(item('lightbulb', title, rule, line, risk ? `${reason} ${risk}` : reason));
  if (plan.refused.length > 0) items.push(heading(vscode.l10n.t('Could not be repaired')));
  for (const { rule, line, reason } of plan.refused) items.push(item('circle-slash', rule, rule, line, reason));
  const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
  const reveal = (line: number | undefined): void => {
    if (line === undefined) return;
    editor?.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  };
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Optimize: {0} → {1} layers', plan.layersBefore, plan.layersAfter),
    placeHolder: vscode.l10n.t('What changes, what is left to you, and what could not be repaired'),
    matchOnDetail: true,
    onDidSelectItem: (selected: DetailItem) => reveal(selected.line),
  });
  reveal(chosen?.line);
}
