/** Layerwise: Show Layers. The webview beside the editor: made, filled from the feed, and brought back after a restart. */
import * as vscode from 'vscode';
import { commands } from '../../../shared/src/commands';
import type { FromLayersView, LayersViewState, ToLayersView } from '../../../shared/src/layers-messages';
import { translations } from '../messages';
import { nameOf } from '../served';
import { lineSelection, servedEditor } from './editors';
import type { LayersFeed, LayersSnapshot } from './layersFeed';

/** The type of the webview, by which VS Code brings it back. */
const viewType = 'layerwise.layers';

export interface LayersPanels extends vscode.Disposable {
  /** Shows the layers of the active Dockerfile beside it. */
  show(): void;
}

export function createLayersPanels(context: vscode.ExtensionContext, feed: LayersFeed): LayersPanels {
  let panel: vscode.WebviewPanel | undefined;
  /** The page has been loaded and listens. */
  let isReady = false;
  let compares = false;
  const distFolder = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const webviewOptions: vscode.WebviewOptions = { enableScripts: true, localResourceRoots: [distFolder] };

  const send = (message: ToLayersView): void => void panel?.webview.postMessage(message);
  const reader = feed.add({
    wants: () => (!panel?.visible || !isReady ? 'nothing' : compares ? 'comparison' : 'view'),
    show: (snapshot) => send(toMessage(snapshot)),
  });

  const receive = (message: FromLayersView): void => {
    switch (message.type) {
      case 'ready':
        isReady = true;
        compares = message.compares;
        send({ type: 'start', messages: translations() ?? {} });
        // Without an open Dockerfile no answer comes from the server: the page is told so at once.
        if (!feed.document()) send({ type: 'empty', uri: null, name: null });
        feed.refresh();
        break;
      case 'compare':
        compares = message.compares;
        feed.refresh();
        break;
      case 'explore':
        feed.explore(message.line);
        break;
      case 'goTo':
        void goTo(feed.document(), message.line, message.focus);
        break;
      case 'run':
        void run(feed.document(), message.command);
        break;
    }
  };

  const take = (taken: vscode.WebviewPanel): void => {
    panel = taken;
    isReady = false;
    taken.title = vscode.l10n.t('Layers');
    taken.webview.options = webviewOptions;
    taken.webview.onDidReceiveMessage(receive);
    taken.onDidChangeViewState(() => {
      // Hidden, the page is thrown away; it says `ready` anew when it is back.
      if (!taken.visible) isReady = false;
    });
    taken.onDidDispose(() => {
      if (panel === taken) panel = undefined;
    });
    taken.webview.html = pageHtml(taken.webview, distFolder);
  };

  const serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
    async deserializeWebviewPanel(revived: vscode.WebviewPanel, state: LayersViewState | undefined) {
      panel?.dispose();
      take(revived);
      if (state?.uri && !feed.document()) await openAgain(feed, state.uri);
    },
  });

  return {
    show() {
      const editor = servedEditor();
      if (editor) feed.follow(editor.document.uri);
      else if (!feed.document()) {
        void vscode.window.showInformationMessage(vscode.l10n.t('Open a Dockerfile to see its layers.'));
        return;
      }
      if (panel) {
        panel.reveal(undefined, true);
        feed.refresh();
        return;
      }
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      take(vscode.window.createWebviewPanel(viewType, vscode.l10n.t('Layers'), place, webviewOptions));
    },
    dispose() {
      reader.dispose();
      serializer.dispose();
      panel?.dispose();
    },
  };
}

function toMessage(snapshot: LayersSnapshot | null): ToLayersView {
  if (!snapshot) return { type: 'empty', uri: null, name: null };
  const { document, view } = snapshot;
  const uri = document.uri.toString();
  const name = nameOf(document);
  return view ? { type: 'show', uri, name, view } : { type: 'empty', uri, name };
}

/** A view that is back after a restart shows the file it showed, though no editor may have been brought back with it. */
async function openAgain(feed: LayersFeed, uri: string): Promise<void> {
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
    feed.follow(document.uri);
  } catch {
    // The file is gone: the view says that no Dockerfile is open.
  }
}

/** Puts the cursor on an instruction. */
async function goTo(document: vscode.TextDocument | undefined, line: number, focus: boolean): Promise<void> {
  if (!document || line >= document.lineCount) return;
  const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
  const selection = lineSelection(document, line);
  await vscode.window.showTextDocument(document, {
    viewColumn: editor?.viewColumn ?? vscode.ViewColumn.One,
    preserveFocus: !focus,
    selection,
  });
}

async function run(document: vscode.TextDocument | undefined, command: 'optimize' | 'import' | 'measure') {
  const ids = { optimize: commands.optimize, import: commands.importMeasurements, measure: commands.measure };
  if (document) await vscode.commands.executeCommand(ids[command], document.uri);
}

/** The page: nothing inline, nothing from the network, one script and one stylesheet of the extension's own. */
function pageHtml(webview: vscode.Webview, distFolder: vscode.Uri): string {
  const nonce = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(distFolder, name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address('layersView.css')}">
<title>${vscode.l10n.t('Layers')}</title>
</head>
<body>
<script nonce="${nonce}" src="${address('layersView.js')}"></script>
</body>
</html>`;
}
