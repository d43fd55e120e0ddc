/** Layerwise: Measure with Docker… Asks first, then has the Dockerfile built without the cache and each step timed. */
import * as vscode from 'vscode';
import { type BaseLanguageClient, WorkDoneProgress } from 'vscode-languageclient';
import { commands } from '../../../shared/src/commands';
import { type MeasurementResult, type MeasureParams, measureRequest } from '../../../shared/src/measurements';
import { nameOf } from '../served';
import { showMeasurementResult } from '../views/measurementResult';
import { servedDocument } from './servedDocument';

let measurements = 0;

export function registerMeasure(client: BaseLanguageClient): vscode.Disposable {
  return vscode.commands.registerCommand(commands.measure, async (uri?: unknown) => {
    const document = await servedDocument(uri);
    if (!document) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Open a Dockerfile to measure it.'));
      return;
    }
    if (!(await isAllowed(document))) return;
    // What is built is what lies on the disk.
    if (document.isDirty && !(await document.save())) return;
    const result = await measure(client, document);
    if (result) await showMeasurementResult(client, result);
  });
}

/** A build runs the file's commands: only where the workspace is trusted, and only after a yes. */
async function isAllowed(document: vscode.TextDocument): Promise<boolean> {
  if (!vscode.workspace.isTrusted) {
    const manage = vscode.l10n.t('Manage Workspace Trust');
    const message = vscode.l10n.t('Docker is only run in a workspace that you trust.');
    const said = await vscode.window.showWarningMessage(message, manage);
    if (said === manage) await vscode.commands.executeCommand('workbench.trust.manage');
    return false;
  }
  if (document.uri.scheme !== 'file') {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('Only a Dockerfile that is a file on this machine can be built.'),
    );
    return false;
  }
  const yes = vscode.l10n.t('Measure');
  const message = vscode.l10n.t('Build {0} with Docker to measure it?', nameOf(document));
  const detail = vscode.l10n.t(
    'Every step is built anew, without the cache. That runs the commands of the file, takes as long as a first build, and can be cancelled.',
  );
  return (await vscode.window.showInformationMessage(message, { modal: true, detail }, yes)) === yes;
}

/** Undefined when the user cancelled it. */
async function measure(
  client: BaseLanguageClient,
  document: vscode.TextDocument,
): Promise<MeasurementResult | null | undefined> {
  await client.start();
  const title = vscode.l10n.t('Measuring {0}', nameOf(document));
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const workDoneToken = `layerwise-measure-${++measurements}`;
    const reports = client.onProgress(WorkDoneProgress.type, workDoneToken, (report) => {
      if (report.kind === 'report' && report.message) progress.report({ message: report.message });
    });
    const params: MeasureParams = { textDocument: { uri: document.uri.toString() }, workDoneToken };
    try {
      return await client.sendRequest<MeasurementResult | null>(measureRequest, params, token);
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    } finally {
      reports.dispose();
    }
  });
}
