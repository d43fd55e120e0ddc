/** Layerwise: Restart Language Server. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands } from '../../../shared/src/commands';

export function registerRestartServer(client: BaseLanguageClient): vscode.Disposable {
  return vscode.commands.registerCommand(commands.restartServer, async () => {
    await client.stop();
    await client.start();
    vscode.window.setStatusBarMessage(vscode.l10n.t('Layerwise: the language server was restarted.'), 4000);
  });
}
