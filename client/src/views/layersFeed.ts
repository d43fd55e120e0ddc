/**
 * What the layers view and the rebuild marks show, asked for once for both: it follows the active Dockerfile, its cursor
 * and its text a moment after they have come to rest, and drops answers that nobody waits for any more.
 */
import * as vscode from 'vscode';
import { type BaseLanguageClient, State } from 'vscode-languageclient';
import {
  type LayersView,
  type LayersViewParams,
  layersChangedNotification,
  layersViewRequest,
} from '../../../shared/src/layers-view';
import { costsChangedNotification } from '../../../shared/src/measurements';
import { settingsSection } from '../../../shared/src/settings';
import { isServed } from '../served';

/** Milliseconds after the last movement of the cursor, and after the last change of the text. */
const cursorRest = 120;
const typingRest = 300;

export interface LayersSnapshot {
  readonly document: vscode.TextDocument;
  /** Null where the file makes no image. */
  readonly view: LayersView | null;
}

/** Who looks on: while nobody wants anything, nothing is asked. */
export interface LayersReader {
  wants(): 'nothing' | 'states' | 'view' | 'comparison';
  show(snapshot: LayersSnapshot | null): void;
}

export interface LayersFeed extends vscode.Disposable {
  add(reader: LayersReader): vscode.Disposable;
  /** Asks anew now: a reader wants something else. */
  refresh(): void;
  /** Follows this document, though its editor may not be the active one. */
  follow(uri: vscode.Uri): void;
  /** Shows what an edit of a line would rebuild until the cursor is moved. */
  explore(line: number): void;
  document(): vscode.TextDocument | undefined;
}

export function createLayersFeed(client: BaseLanguageClient): LayersFeed {
  const readers = new Set<LayersReader>();
  let followed: vscode.TextDocument | undefined;
  let explored: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending: vscode.CancellationTokenSource | undefined;

  const tell = (snapshot: LayersSnapshot | null): void => {
    for (const reader of readers) if (reader.wants() !== 'nothing') reader.show(snapshot);
  };
  const update = async (): Promise<void> => {
    clearTimeout(timer);
    pending?.cancel();
    const wanted = [...readers].map((reader) => reader.wants());
    if (wanted.every((want) => want === 'nothing')) return;
    const document = followed;
    if (!document || document.isClosed) return tell(null);
    if (client.state !== State.Running) return;
    const source = new vscode.CancellationTokenSource();
    pending = source;
    const params: LayersViewParams = {
      textDocument: { uri: document.uri.toString() },
      line: explored ?? cursorLine(document),
      optimized: wanted.includes('comparison'),
      costs: wanted.some((want) => want === 'view' || want === 'comparison'),
    };
    try {
      const view = await client.sendRequest<LayersView | null>(layersViewRequest, params, source.token);
      if (source.token.isCancellationRequested) return;
      // Typed on meanwhile: the change has set the timer, a better answer follows.
      if (view && view.version !== document.version) return;
      tell({ document, view });
    } catch (error) {
      // Cancelled, or the text changed: in both cases the next answer is on its way.
      if (!source.token.isCancellationRequested) client.debug(`${layersViewRequest}: ${String(error)}`);
    } finally {
      source.dispose();
      if (pending === source) pending = undefined;
    }
  };
  const updateIn = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void update(), milliseconds);
  };
  const look = (editor: vscode.TextEditor | undefined): void => {
    if (!editor || !isServed(editor.document) || editor.document === followed) return;
    followed = editor.document;
    explored = null;
    updateIn(0);
  };
  look(vscode.window.activeTextEditor);

  const listeners = vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(look),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
      if (textEditor.document !== followed) return;
      // A selection that the extension itself set, or that typing moved, is no choice of another line.
      if (kind !== undefined) explored = null;
      updateIn(cursorRest);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document !== followed || contentChanges.length === 0) return;
      explored = null;
      updateIn(typingRest);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (document !== followed) return;
      followed = vscode.window.visibleTextEditors.find((editor) => isServed(editor.document))?.document;
      updateIn(0);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settingsSection)) updateIn(typingRest);
    }),
    client.onDidChangeState(() => updateIn(0)),
    client.onNotification(costsChangedNotification, () => updateIn(typingRest)),
    client.onNotification(layersChangedNotification, () => updateIn(typingRest)),
  );

  return {
    add(reader) {
      readers.add(reader);
      return new vscode.Disposable(() => readers.delete(reader));
    },
    refresh: () => updateIn(0),
    follow(uri) {
      const wanted = uri.toString();
      const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === wanted);
      if (!document || !isServed(document)) return;
      followed = document;
      explored = null;
      updateIn(0);
    },
    explore(line) {
      explored = line;
      updateIn(cursorRest / 2);
    },
    document: () => followed,
    dispose() {
      clearTimeout(timer);
      pending?.cancel();
      listeners.dispose();
    },
  };
}

/** The line of the cursor in the editor of a document; null where it is not to be seen. */
function cursorLine(document: vscode.TextDocument): number | null {
  const active = vscode.window.activeTextEditor;
  const editor =
    active?.document === document ? active : vscode.window.visibleTextEditors.find((one) => one.document === document);
  return editor?.selection.active.line ?? null;
}
