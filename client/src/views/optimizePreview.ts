/** The preview of Optimize: a diff of the Dockerfile as it is and as it would be, with its answers in the editor's title. */
import * as vscode from 'vscode';
import type { OptimizeResult } from '../../../shared/src/protocol';
import { nameOf } from '../served';
import { planPage } from './optimizeSummary';

const scheme = 'layerwise-optimized';
/** True while a preview is open: the answers are only offered then. */
const contextKey = 'layerwise.optimizePreview';

export interface Preview {
  readonly document: vscode.TextDocument;
  readonly plan: OptimizeResult;
  /** The virtual document that holds the optimized text. */
  readonly optimized: vscode.Uri;
  /** The virtual document that holds the plan in words. */
  readonly details: vscode.Uri;
}

export interface OptimizePreviews extends vscode.Disposable {
  current(): Preview | undefined;
  /** Shows a plan as a diff; a preview that is still open is taken away first. */
  open(document: vscode.TextDocument, plan: OptimizeResult, title: string): Promise<void>;
  /** Shows a plan in words, beside the diff if there is one. */
  openDetails(document: vscode.TextDocument, plan: OptimizeResult): Promise<void>;
  /** Takes the preview away and leaves nothing behind. */
  close(): Promise<void>;
}

export function createOptimizePreviews(): OptimizePreviews {
  let preview: Preview | undefined;
  let shown = 0;
  const texts = new Map<string, string>();

  const setCurrent = async (next: Preview | undefined): Promise<void> => {
    preview = next;
    await vscode.commands.executeCommand('setContext', contextKey, next !== undefined);
  };
  const create = (document: vscode.TextDocument, plan: OptimizeResult): Preview => {
    // Each plan has addresses of its own: VS Code keeps the text of an address it has seen.
    const folder = `/${++shown}`;
    const name = nameOf(document);
    const optimized = vscode.Uri.from({ scheme, path: `${folder}/${name}` });
    const details = vscode.Uri.from({ scheme, path: `${folder}/${vscode.l10n.t('Optimize {0}', name)}.md` });
    texts.clear();
    texts.set(optimized.toString(), plan.text);
    texts.set(details.toString(), planPage(name, plan));
    return { document, plan, optimized, details };
  };
  const close = async (): Promise<void> => {
    const old = preview;
    await setCurrent(undefined);
    const tabs = old ? tabsOf(old) : [];
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
  };

  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
  });
  const tabsChanged = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
    // Closing the diff by hand is an answer too: no.
    const open = preview;
    if (open && closed.some((tab) => isDiffOf(tab, open))) void close();
  });

  return {
    current: () => preview,
    async open(document, plan, title) {
      await close();
      const next = create(document, plan);
      await setCurrent(next);
      await vscode.commands.executeCommand('vscode.diff', document.uri, next.optimized, title, { preview: true });
    },
    async openDetails(document, plan) {
      const beside = preview?.plan === plan;
      const { details } = beside && preview ? preview : create(document, plan);
      await vscode.commands.executeCommand(beside ? 'markdown.showPreviewToSide' : 'markdown.showPreview', details);
    },
    close,
    dispose() {
      provider.dispose();
      tabsChanged.dispose();
    },
  };
}

function tabsOf(preview: Preview): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.filter((tab) => isDiffOf(tab, preview) || isDetailsOf(tab, preview)),
  );
}

function isDiffOf({ input }: vscode.Tab, { optimized }: Preview): boolean {
  return input instanceof vscode.TabInputTextDiff && input.modified.toString() === optimized.toString();
}

/** The tab of a Markdown preview does not say what it shows but in its label: `Preview NAME`. */
function isDetailsOf({ input, label }: vscode.Tab, { details }: Preview): boolean {
  const name = details.path.slice(details.path.lastIndexOf('/') + 1);
  return input instanceof vscode.TabInputWebview && input.viewType.includes('markdown') && label.includes(name);
}
