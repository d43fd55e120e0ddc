/** Layerwise: Show Rule. With an id it opens that rule's page, else it lets the user choose one. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands } from '../../../shared/src/commands';
import { type RuleSummary, rulesRequest } from '../../../shared/src/protocol';
import { showRulePage } from '../views/rulePages';

export function registerShowRule(client: BaseLanguageClient): vscode.Disposable {
  return vscode.commands.registerCommand(commands.showRule, async (id?: unknown) => {
    const chosen = typeof id === 'string' ? id : await chooseRule(client);
    if (chosen) await showRulePage(chosen);
  });
}

/** Offers all rules, those found in the active file first. */
async function chooseRule(client: BaseLanguageClient): Promise<string | undefined> {
  const rules = await client.sendRequest<RuleSummary[]>(rulesRequest);
  const found = rulesInActiveFile();
  const items = (list: readonly RuleSummary[]): vscode.QuickPickItem[] =>
    list.map(({ id, category, summary }) => ({ label: id, description: category, detail: firstSentence(summary) }));
  const heading = (label: string): vscode.QuickPickItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const here = rules.filter(({ id }) => found.has(id));
  const others = rules.filter(({ id }) => !found.has(id));
  const choices =
    here.length > 0
      ? [
          ...[heading(vscode.l10n.t('found in this file')), ...items(here)],
          ...[heading(vscode.l10n.t('all others')), ...items(others)],
        ]
      : items(others);
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('Show a Rule'),
    placeHolder: vscode.l10n.t('What does the rule find, what does it cost, and how is it fixed?'),
    matchOnDetail: true,
    matchOnDescription: true,
  });
  return chosen?.label;
}

function rulesInActiveFile(): ReadonlySet<string> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (!uri) return new Set();
  return new Set(
    vscode.languages.getDiagnostics(uri).flatMap(({ source, code }) => {
      if (source !== 'layerwise') return [];
      return [String(typeof code === 'object' ? code.value : code)];
    }),
  );
}

/** Markdown's marks are noise in a list. */
function firstSentence(markdown: string): string {
  const text = markdown.replace(/[`*]/g, '').replace(/\s+/g, ' ');
  return /^.*?[.:](?= |$)/.exec(text)?.[0] ?? text;
}
