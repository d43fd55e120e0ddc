/** Layerwise: Show Output. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands } from '../../../shared/src/commands';

export function registerShowOutput(client: BaseLanguageClient): vscode.Disposable {
  return vscode.commands.registerCommand(commands.showOutput, () => client.outputChannel.show());
}
