/** The rules' pages, shown by VS Code's own Markdown preview. The server has the text, so they are there offline. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { rulePageRequest } from '../../../shared/src/protocol';

const scheme = 'layerwise-docs';

/** The address of a rule's page. */
export function rulePageUri(id: string): string {
  return `${scheme}:/rules/${id}.md`;
}

/** Opens a rule's page beside nothing else: a click away from the Dockerfile, a click back. */
export async function showRulePage(id: string): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.parse(rulePageUri(id)));
}

/** Serves the pages. */
export function registerRulePages(client: BaseLanguageClient): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent({ path }) {
      const id = path.replace(/^\/rules\/|\.md$/g, '');
      await client.start();
      const page = await client.sendRequest<string | null>(rulePageRequest, { id });
      return page ?? vscode.l10n.t('There is no rule named {0}.', `\`${id}\``);
    },
  });
}
