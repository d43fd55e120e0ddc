/** What an import or a measurement came to, in words. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands } from '../../../shared/src/commands';
import type { MeasurementResult } from '../../../shared/src/measurements';

/** Says it in a notification; more lines, if there are any, go to the output channel. */
export async function showMeasurementResult(client: BaseLanguageClient, result: MeasurementResult): Promise<void> {
  const { ok, message, details } = result;
  const layers = vscode.l10n.t('Show Layers');
  const more = vscode.l10n.t('Details');
  const labels = [...(ok ? [layers] : []), ...(details.length > 0 ? [more] : [])];
  for (const line of details) client.outputChannel.appendLine(line);
  const { showInformationMessage, showWarningMessage } = vscode.window;
  // The command is over when the answer is there; the notification may stay for as long as it likes.
  void (ok ? showInformationMessage(message, ...labels) : showWarningMessage(message, ...labels)).then((said) => {
    if (said === layers) void vscode.commands.executeCommand(commands.showLayers);
    else if (said === more) client.outputChannel.show();
  });
}
