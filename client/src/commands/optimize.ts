/**
 * Layerwise: Optimize Dockerfile. Plans, shows a diff with a summary, and changes the file only when the user says so, in
 * one undo step: all safe fixes, or those chosen in VS Code's refactor preview, where suggestions can be ticked too.
 */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands } from '../../../shared/src/commands';
import { type OptimizeResult, optimizeRequest } from '../../../shared/src/protocol';
import { isServed, nameOf } from '../served';
import { toAnnotatedEdit, toPlainEdit } from '../views/optimizeEdits';
import { createOptimizePreviews, type OptimizePreviews, type Preview } from '../views/optimizePreview';
import { planSummary } from '../views/optimizeSummary';
import { withLateProgress } from '../views/progress';

/** A plan and what it was made for. */
type Planned = Pick<Preview, 'document' | 'plan'>;

export function registerOptimize(client: BaseLanguageClient): vscode.Disposable {
  const previews = createOptimizePreviews();
  const register = vscode.commands.registerCommand;
  return vscode.Disposable.from(
    previews,
    register(commands.optimize, (uri?: unknown) => optimize(client, previews, uri)),
    register(commands.optimizeApply, () => answer(client, previews, apply)),
    register(commands.optimizeChoose, () => answer(client, previews, choose)),
    register(commands.optimizeDetails, () => {
      const preview = previews.current();
      if (preview) void previews.openDetails(preview.document, preview.plan);
    }),
    register(commands.optimizeCancel, () => previews.close()),
  );
}

/** Started from the palette for the active editor, from a menu with the URI of a file. */
async function optimize(client: BaseLanguageClient, previews: OptimizePreviews, uri: unknown): Promise<void> {
  const document = await documentOf(uri);
  if (!document || !isServed(document)) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a Dockerfile to optimize it.'));
    return;
  }
  const plan = await withLateProgress(vscode.l10n.t('Optimizing {0}', nameOf(document)), async (token) => {
    // A new document is on its way to the server only when the client runs.
    await client.start();
    const textDocument = { uri: document.uri.toString() };
    return client.sendRequest<OptimizeResult | null>(optimizeRequest, { textDocument }, token);
  });
  if (!plan) return;
  if (plan.applied.length === 0 && plan.edits.length === 0) {
    void nothingToApply(previews, document, plan);
    return;
  }
  const title = vscode.l10n.t('Optimize {0}: {1} → {2} layers', nameOf(document), plan.layersBefore, plan.layersAfter);
  await previews.open(document, plan, title);
  void ask(client, previews, plan);
}

/** The summary with the answers. It goes away by itself after a while; the answers in the title of the diff stay. */
async function ask(client: BaseLanguageClient, previews: OptimizePreviews, plan: OptimizeResult): Promise<void> {
  const applyLabel = vscode.l10n.t('Apply');
  const chooseLabel = vscode.l10n.t('Choose…');
  const detailsLabel = vscode.l10n.t('Details');
  const cancelLabel = vscode.l10n.t('Cancel');
  const labels = [applyLabel, ...(hasSuggestions(plan) ? [chooseLabel] : []), ...[detailsLabel, cancelLabel]];
  const said = await vscode.window.showInformationMessage(planSummary(plan), ...labels);
  const preview = previews.current();
  if (said === undefined || preview?.plan !== plan) return;
  if (said === applyLabel) await answer(client, previews, apply);
  else if (said === chooseLabel) await answer(client, previews, choose);
  else if (said === cancelLabel) await previews.close();
  else {
    await previews.openDetails(preview.document, plan);
    await ask(client, previews, plan);
  }
}

/** Takes the preview away and acts on its plan, unless the document has changed since it was made. */
async function answer(
  client: BaseLanguageClient,
  previews: OptimizePreviews,
  act: (planned: Planned) => Promise<void>,
): Promise<void> {
  const preview = previews.current();
  if (!preview) return;
  await previews.close();
  if (preview.document.isClosed || preview.document.version !== preview.plan.version) {
    const again = vscode.l10n.t('Optimize Again');
    const message = vscode.l10n.t('{0} has changed since; nothing was applied.', nameOf(preview.document));
    const said = await vscode.window.showWarningMessage(message, again);
    if (said === again) await optimize(client, previews, preview.document.uri);
    return;
  }
  await vscode.window.showTextDocument(preview.document, { preview: false });
  await act(preview);
}

async function apply({ document, plan }: Planned): Promise<void> {
  if (await vscode.workspace.applyEdit(toPlainEdit(document.uri, plan))) {
    const message = vscode.l10n.t('Optimized: {0} → {1} layers.', plan.layersBefore, plan.layersAfter);
    vscode.window.setStatusBarMessage(`$(check) ${message}`, 5000);
    return;
  }
  void vscode.window.showWarningMessage(vscode.l10n.t('{0} could not be changed.', nameOf(document)));
}

/** VS Code's refactor preview: safe changes ticked, suggestions not. */
async function choose({ document, plan }: Planned): Promise<void> {
  await vscode.workspace.applyEdit(toAnnotatedEdit(document.uri, plan), { isRefactoring: true });
}

async function nothingToApply(
  previews: OptimizePreviews,
  document: vscode.TextDocument,
  plan: OptimizeResult,
): Promise<void> {
  const open = plan.suggested.length + plan.refused.length;
  if (open === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} has nothing to optimize.', nameOf(document)));
    return;
  }
  const chooseLabel = vscode.l10n.t('Choose…');
  const detailsLabel = vscode.l10n.t('Details');
  const labels = [...(hasSuggestions(plan) ? [chooseLabel] : []), detailsLabel];
  const said = await vscode.window.showInformationMessage(planSummary(plan), ...labels);
  if (said === detailsLabel) await previews.openDetails(document, plan);
  if (said !== chooseLabel) return;
  if (document.version === plan.version) await choose({ document, plan });
}

function hasSuggestions({ choices }: OptimizeResult): boolean {
  return choices.some(({ safe }) => !safe);
}

async function documentOf(uri: unknown): Promise<vscode.TextDocument | undefined> {
  if (uri instanceof vscode.Uri) return vscode.workspace.openTextDocument(uri);
  return vscode.window.activeTextEditor?.document;
}
