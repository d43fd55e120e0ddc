/** The status bar item: how many layers the image of the active Dockerfile has on top of its base. */
import * as vscode from 'vscode';
import { type BaseLanguageClient, State } from 'vscode-languageclient';
import { commands } from '../../../shared/src/commands';
import { type LayersResult, layersRequest } from '../../../shared/src/protocol';
import { settingsSection } from '../../../shared/src/settings';
import { isServed } from '../served';

/** Milliseconds without a keystroke before the layers are counted again. */
const settleTime = 300;

export function registerLayerStatus(client: BaseLanguageClient): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('layerwise.layers', vscode.StatusBarAlignment.Right, 90);
  item.name = vscode.l10n.t('Layerwise: Layers');
  item.command = commands.listLayers;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const update = async (): Promise<void> => {
    const document = vscode.window.activeTextEditor?.document;
    const mine = ++asked;
    if (!document || !isServed(document) || client.state !== State.Running) {
      item.hide();
      return;
    }
    const textDocument = { uri: document.uri.toString() };
    const layers = await client.sendRequest<LayersResult | null>(layersRequest, { textDocument }).catch(() => null);
    // Somebody switched editors or typed on meanwhile: a later answer is on its way.
    if (mine !== asked) return;
    if (layers) show(item, layers);
    else item.hide();
  };
  const updateSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void update(), settleTime);
  };

  return vscode.Disposable.from(
    item,
    vscode.window.onDidChangeActiveTextEditor(() => void update()),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) updateSoon();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settingsSection)) updateSoon();
    }),
    client.onDidChangeState(() => void update()),
    new vscode.Disposable(() => clearTimeout(timer)),
  );
}

function show(item: vscode.StatusBarItem, layers: LayersResult): void {
  const { count, base, stage, stages, builder } = layers;
  const text = count === 1 ? vscode.l10n.t('1 layer') : vscode.l10n.t('{0} layers', count);
  item.text = `$(layers) ${text}`;
  const what = stages < 2 ? vscode.l10n.t('The image') : vscode.l10n.t('The last of {0} stages', stages);
  const named = stage ? `${what} (\`${stage}\`)` : what;
  const on = base ? vscode.l10n.t('on top of `{0}`', base) : '';
  const name = builder === 'legacy' ? vscode.l10n.t('the legacy builder') : 'BuildKit';
  const lines = [
    vscode.l10n.t('{0} has **{1}** {2}, built with {3}.', named, text, on, name),
    vscode.l10n.t('Click to list what makes them.'),
  ];
  item.tooltip = new vscode.MarkdownString(lines.join('\n\n'));
  item.accessibilityInformation = { label: vscode.l10n.t('Layerwise: {0}. Press to list them.', text) };
  item.show();
}
