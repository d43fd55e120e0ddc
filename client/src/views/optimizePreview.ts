/** The preview of Optimize: a diff of the Dockerfile as it is and as it would be, with its answers in the editor's title. */
import * as vscode from 'vscode';
import type { OptimizeResult } from '../../../shared/src/protocol';

const scheme = 'layerwise-optimized';
/** True while a preview is open: the answers are only offered then. */
const contextKey = 'layerwise.optimizePreview';

export interface Preview {
  readonly document: vscode.TextDocument;
  readonly plan: OptimizeResult;
  /** The virtual document that holds the optimized text. */
  readonly optimized: vscode.Uri;
}

export interface OptimizePreviews extends vscode.Disposable {
  current(): Preview | undefined;
  /** Shows a plan; a preview that is still open is taken away first. */
  open(document: vscode.TextDocument, plan: OptimizeResult, title: string): Promise<Preview>;
  /** Takes the preview away and leaves nothing behind. */
  close(): Promise<void>;
}

export function createOptimizePreviews(): OptimizePreviews {
  let preview: Preview | undefined;
  let shown = 0;

  const setCurrent = async (next: Preview | undefined): Promise<void> => {
    preview = next;
    await vscode.commands.executeCommand('setContext', contextKey, next !== undefined);
  };
  const close = async (): Promise<void> => {
    const tabs = preview ? tabsOf(preview.optimized) : [];
    await setCurrent(undefined);
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
  };

  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => (preview?.optimized.toString() === uri.toString() ? preview.plan.text : ''),
  });
  const tabsChanged = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
    // Closing the diff by hand is an answer too: no.
    if (preview && closed.some((tab) => isTabOf(tab, preview?.optimized))) void setCurrent(undefined);
  });

  return {
    current: () => preview,
    async open(document, plan, title) {
      await close();
      // Each plan has an address of its own: VS Code keeps the text of an address it has seen.
      const path = document.uri.path.startsWith('/') ? document.uri.path : `/${document.uri.path}`;
      const optimized = vscode.Uri.from({ scheme, path, query: String(++shown) });
      const next = { document, plan, optimized };
      await setCurrent(next);
      await vscode.commands.executeCommand('vscode.diff', document.uri, optimized, title, { preview: true });
      return next;
    },
    close,
    dispose() {
      provider.dispose();
      tabsChanged.dispose();
    },
  };
}

function tabsOf(optimized: vscode.Uri): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter((tab) => isTabOf(tab, optimized)));
}

function isTabOf({ input }: vscode.Tab, optimized: vscode.Uri | undefined): boolean {
  return input instanceof vscode.TabInputTextDiff && input.modified.toString() === optimized?.toString();
}
