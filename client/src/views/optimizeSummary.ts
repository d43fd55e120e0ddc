/** What Optimize did, left and refused: in a sentence for a notification, and in full as a page. */
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

interface Entry {
  readonly rule: string;
  readonly line: number;
  readonly title?: string;
  readonly reason: string;
  readonly risk?: string | null;
  readonly effect?: string | null;
}

/** The whole plan as Markdown. */
export function planPage(name: string, plan: OptimizeResult): string {
  const { layersBefore, layersAfter, applied, suggested, refused } = plan;
  const parts = [`# ${vscode.l10n.t('Optimize {0}: {1} → {2} layers', name, layersBefore, layersAfter)}`];
  const section = (heading: string, note: string, entries: readonly Entry[]): void => {
    const ordered = [...entries].sort((a, b) => a.line - b.line);
    if (ordered.length > 0) parts.push(`## ${heading}`, note, ordered.map(entryMarkdown).join('\n'));
  };
  section(
    vscode.l10n.t('Changed by Apply'),
    vscode.l10n.t(
      'The image is built the same, or differs only as the rule says. Lines are those of the file as it is.',
    ),
    applied,
  );
  section(
    vscode.l10n.t('Left for you to judge'),
    vscode.l10n.t(
      'These change what is built. Take them one by one as quick fixes. Lines are those of the optimized file.',
    ),
    suggested,
  );
  section(
    vscode.l10n.t('Could not be repaired'),
    vscode.l10n.t('Each has a reason. Lines are those of the optimized file.'),
    refused,
  );
  return `${parts.join('\n\n')}\n`;
}

/** Two spaces at the end of a line break it. */
function entryMarkdown({ rule, line, title, reason, risk, effect }: Entry): string {
  const where = vscode.l10n.t('line {0}', line + 1);
  const head = title ? `**${title}** · ${where} · \`${rule}\`` : `${where} · \`${rule}\``;
  return [`- ${head}`, reason, ...(effect ? [effect] : []), ...(risk ? [`*${risk}*`] : [])].join('  \n  ');
}
