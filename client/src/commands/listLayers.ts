/** Layerwise: List Layers. The instructions of the image in order, those that make a layer numbered; one click goes there. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands } from '../../../shared/src/commands';
import { type LayerInstruction, type LayersResult, layersRequest } from '../../../shared/src/protocol';
import { isServed } from '../served';

interface LayerItem extends vscode.QuickPickItem {
  readonly line?: number;
}

export function registerListLayers(client: BaseLanguageClient): vscode.Disposable {
  return vscode.commands.registerCommand(commands.listLayers, async () => {
    const editor = vscode.window.activeTextEditor;
    if (!editor || !isServed(editor.document)) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Open a Dockerfile to list its layers.'));
      return;
    }
    const textDocument = { uri: editor.document.uri.toString() };
    const layers = await client.sendRequest<LayersResult | null>(layersRequest, { textDocument });
    if (!layers) {
      void vscode.window.showInformationMessage(vscode.l10n.t('This file makes no image: it has no FROM.'));
      return;
    }
    const before = editor.selection;
    const chosen = await vscode.window.showQuickPick(layerItems(layers), {
      title: layersTitle(layers),
      placeHolder: vscode.l10n.t('Go to an instruction'),
      matchOnDetail: true,
      onDidSelectItem: (item: LayerItem) => {
        if (item.line !== undefined) editor.revealRange(lineRange(item.line), vscode.TextEditorRevealType.InCenter);
      },
    });
    if (chosen?.line === undefined) {
      editor.revealRange(before);
      return;
    }
    const start = new vscode.Position(chosen.line, 0);
    editor.selection = new vscode.Selection(start, start);
    await vscode.window.showTextDocument(editor.document, { selection: editor.selection });
  });
}

function layersTitle({ count, base, builder }: LayersResult): string {
  const name = builder === 'legacy' ? vscode.l10n.t('legacy builder') : 'BuildKit';
  const layers = count === 1 ? vscode.l10n.t('1 layer') : vscode.l10n.t('{0} layers', count);
  return base && base !== 'scratch'
    ? vscode.l10n.t('{0} on top of {1} ({2})', layers, base, name)
    : vscode.l10n.t('{0} ({1})', layers, name);
}

/** The top of the image first, as it lies on its base. */
function layerItems({ instructions }: LayersResult): LayerItem[] {
  return [...instructions].reverse().map((instruction) => ({
    label: `${icon(instruction)} ${instruction.text}`,
    description: instruction.number === null ? '' : vscode.l10n.t('layer {0}', instruction.number),
    // A list draws no Markdown.
    detail: instruction.why.replaceAll('`', ''),
    line: instruction.line,
  }));
}

function icon({ layer }: LayerInstruction): string {
  if (layer === 'none') return '$(dash)';
  return layer === 'layer' ? '$(layers)' : layer === 'depends' ? '$(question)' : '$(circle-large-outline)';
}

function lineRange(line: number): vscode.Range {
  return new vscode.Range(line, 0, line, 0);
}
