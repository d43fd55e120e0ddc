/** Layerwise: Show Layers, and the marks of what an edit rebuilds: both read the same feed. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands } from '../../../shared/src/commands';
import { createLayersFeed } from '../views/layersFeed';
import { createLayersPanels } from '../views/layersPanel';
import { registerRebuildMarks } from '../views/rebuildMarks';

export function registerShowLayers(context: vscode.ExtensionContext, client: BaseLanguageClient): vscode.Disposable {
  const feed = createLayersFeed(client);
  const panels = createLayersPanels(context, feed);
  const command = vscode.commands.registerCommand(commands.showLayers, () => panels.show());
  return vscode.Disposable.from(command, registerRebuildMarks(feed), panels, feed);
}
