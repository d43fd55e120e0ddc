/** Places in text editors. */
import * as vscode from 'vscode';
import { isServed } from '../served';

/** An empty selection at the first word of a line. */
export function lineSelection(document: vscode.TextDocument, line: number): vscode.Selection {
  const start = new vscode.Position(line, document.lineAt(line).firstNonWhitespaceCharacterIndex);
  return new vscode.Selection(start, start);
}

/** The editor that a command is for: the active one, or where that is no text editor (a view, a walkthrough) one beside it. */
export function servedEditor(): vscode.TextEditor | undefined {
  const { activeTextEditor: active, visibleTextEditors } = vscode.window;
  const editor = active ?? visibleTextEditors.find(({ document }) => isServed(document));
  return editor && isServed(editor.document) ? editor : undefined;
}
