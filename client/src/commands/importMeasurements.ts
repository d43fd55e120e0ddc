/** Layerwise: Import Build Log or Image…, and Forget Measurements. What a real build took and made, from what it left behind. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands } from '../../../shared/src/commands';
import {
  forgetMeasurementsRequest,
  type ImportParams,
  importRequest,
  type MeasurementResult,
} from '../../../shared/src/measurements';
import { nameOf } from '../served';
import { showMeasurementResult } from '../views/measurementResult';
import { withLateProgress } from '../views/progress';
import { servedDocument } from './servedDocument';

/** Bytes of a file that is sent as text because the server cannot read it: no log is larger. */
const mostText = 64_000_000;

export function registerImportMeasurements(client: BaseLanguageClient): vscode.Disposable {
  const register = vscode.commands.registerCommand;
  return vscode.Disposable.from(
    register(commands.importMeasurements, (uri?: unknown, file?: unknown) => importMeasurements(client, uri, file)),
    register(commands.forgetMeasurements, (uri?: unknown) => forget(client, uri)),
  );
}

/** Started from the palette, from the layers view with a Dockerfile's URI, or by a program with that of a file to import, too. */
async function importMeasurements(client: BaseLanguageClient, uri: unknown, file: unknown): Promise<void> {
  const document = await servedDocument(uri);
  if (!document) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Open the Dockerfile that was built, then import its log.'),
    );
    return;
  }
  const source = file instanceof vscode.Uri ? await sourceOfFile(file) : await chooseSource(document);
  if (!source) return;
  const params: ImportParams = { textDocument: { uri: document.uri.toString() }, ...source };
  const result = await withLateProgress(vscode.l10n.t('Importing measurements'), async (token) => {
    await client.start();
    return client.sendRequest<MeasurementResult | null>(importRequest, params, token);
  });
  if (result) await showMeasurementResult(client, result);
}

type Source = Pick<ImportParams, 'path' | 'text' | 'name'>;

interface SourceItem extends vscode.QuickPickItem {
  choose(): Promise<Source | undefined>;
}

async function chooseSource(document: vscode.TextDocument): Promise<Source | undefined> {
  const items: SourceItem[] = [
    {
      label: `$(file) ${vscode.l10n.t('A file…')}`,
      detail: vscode.l10n.t('A build log, the output of docker history or inspect, or an archive of docker save'),
      choose: () => chooseFile(document),
    },
    {
      label: `$(clippy) ${vscode.l10n.t('The clipboard')}`,
      detail: vscode.l10n.t('The output of docker build --progress=plain, copied from a terminal or a CI log'),
      choose: readClipboard,
    },
  ];
  const title = vscode.l10n.t('Import what a build of {0} took', nameOf(document));
  const placeHolder = vscode.l10n.t('Best: docker build --no-cache --progress=rawjson . 2> build.log');
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
  return chosen?.choose();
}

async function chooseFile(document: vscode.TextDocument): Promise<Source | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Import Build Log or Image'),
      openLabel: vscode.l10n.t('Import'),
      ...(document.isUntitled ? {} : { defaultUri: vscode.Uri.joinPath(document.uri, '..') }),
    })) ?? [];
  return file && sourceOfFile(file);
}

/** The server reads files of its own disk; of all others, as in a browser, it gets the text. */
async function sourceOfFile(file: vscode.Uri): Promise<Source | undefined> {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  if (file.scheme === 'file') return { path: file.fsPath, name };
  const { size } = await vscode.workspace.fs.stat(file);
  if (size > mostText) {
    void vscode.window.showWarningMessage(vscode.l10n.t('{0} is too large to be imported from there.', name));
    return undefined;
  }
  return { text: new TextDecoder().decode(await vscode.workspace.fs.readFile(file)), name };
}

async function readClipboard(): Promise<Source | undefined> {
  const text = await vscode.env.clipboard.readText();
  if (text.trim() !== '') return { text, name: vscode.l10n.t('the clipboard') };
  void vscode.window.showInformationMessage(vscode.l10n.t('There is no text in the clipboard.'));
  return undefined;
}

async function forget(client: BaseLanguageClient, uri: unknown): Promise<void> {
  const document = await servedDocument(uri);
  if (!document) return;
  await client.start();
  const params = { textDocument: { uri: document.uri.toString() } };
  const result = await client.sendRequest<MeasurementResult | null>(forgetMeasurementsRequest, params);
  if (result) await showMeasurementResult(client, result);
}
