/** How the desktop client starts the language server, and what it tells it. */
import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { documentSelector } from '../../shared/src/documents';
import { type InitializationOptions, trustedNotification } from '../../shared/src/protocol';
import { translations } from './messages';
import { rulePageUri } from './views/rulePages';

/** The client for the server in the extension's `dist` folder; it is not started yet. */
export function createClient(context: vscode.ExtensionContext): LanguageClient {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  const run = { module, transport: TransportKind.ipc };
  const server: ServerOptions = { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=6019'] } } };
  const { storageUri } = context;
  return new LanguageClient('layerwise', 'Layerwise', server, clientOptions(storageUri));
}

/** `storage`: the workspace's own folder for what the extension keeps; none in a window without a workspace. */
export function clientOptions(storage?: vscode.Uri): LanguageClientOptions {
  const l10n = translations();
  const initializationOptions: InitializationOptions = {
    rulePage: rulePageUri('{id}'),
    themeIcons: true,
    showsLayers: true,
    trusted: vscode.workspace.isTrusted,
    ...(storage?.scheme === 'file' ? { storage: storage.fsPath } : {}),
    ...(l10n ? { l10n } : {}),
  };
  return {
    documentSelector,
    initializationOptions,
    diagnosticPullOptions: { onChange: true, onSave: true },
    markdown: { supportThemeIcons: true },
  };
}

/** Tells the server when the user comes to trust the workspace: it may run ShellCheck then. */
export function tellTrust(client: LanguageClient): vscode.Disposable {
  return vscode.workspace.onDidGrantWorkspaceTrust(() => void client.sendNotification(trustedNotification));
}
