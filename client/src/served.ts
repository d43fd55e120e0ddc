/** Which documents the commands are for: those that the language client serves. */
import * as vscode from 'vscode';
import { documentSelector, isIgnoreFile } from '../../shared/src/documents';

export function isServed(document: vscode.TextDocument): boolean {
  return vscode.languages.match(documentSelector, document) > 0 && !isIgnoreFile(document.uri.path);
}

/** The last part of a document's path. */
export function nameOf({ uri }: vscode.TextDocument): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
