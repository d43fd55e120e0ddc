/** Places in text editors. */
import * as vscode from 'vscode';

/** An empty selection at the first word of a line. */
export function lineSelection(document: vscode.TextDocument, line: number): vscode.Selection {
  const start = new vscode.Position(line, document.lineAt(line).firstNonWhitespaceCharacterIndex);
  return new vscode.Selection(start, start);
}
