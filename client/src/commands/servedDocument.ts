/** The Dockerfile that a command is for. */
import * as vscode from 'vscode';
import { isServed } from '../served';
import { servedEditor } from '../views/editors';

/** The document with the URI that a menu or a view gave, else that of the editor in use; undefined if it is no Dockerfile. */
export async function servedDocument(uri: unknown): Promise<vscode.TextDocument | undefined> {
  if (!(uri instanceof vscode.Uri)) return servedEditor()?.document;
  const document = await vscode.workspace.openTextDocument(uri);
  return isServed(document) ? document : undefined;
}
