/** The extension on the desktop: starts the language server, registers the commands and the views. No analysis here. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { registerImportMeasurements } from './commands/importMeasurements';
import { registerListLayers } from './commands/listLayers';
import { registerMeasure } from './commands/measure';
import { registerOpenWalkthrough } from './commands/openWalkthrough';
import { registerOptimize } from './commands/optimize';
import { registerRestartServer } from './commands/restartServer';
import { registerShowLayers } from './commands/showLayers';
import { registerShowOutput } from './commands/showOutput';
import { registerShowRule } from './commands/showRule';
import { createClient, tellTrust } from './server';
import { registerLayerStatus } from './views/layerStatus';
import { registerRulePages } from './views/rulePages';

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  client = createClient(context);
  context.subscriptions.push(
    registerOptimize(client),
    registerListLayers(client),
    registerShowLayers(context, client),
    registerImportMeasurements(client),
    registerMeasure(client),
    registerOpenWalkthrough(context),
    registerShowRule(client),
    registerRestartServer(client),
    registerShowOutput(client),
    registerRulePages(client),
    registerLayerStatus(client),
    tellTrust(client),
  );
  try {
    await client.start();
  } catch (error) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t('Layerwise could not start its language server: {0}', String(error)),
    );
  }
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
