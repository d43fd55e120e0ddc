/** Plans of Optimize as workspace edits. */
import * as vscode from 'vscode';
import type { OptimizeResult, WireEdit } from '../../../shared/src/protocol';

/** All safe changes at once. */
export function toPlainEdit(uri: vscode.Uri, { edits }: OptimizeResult): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  edit.set(uri, edits.map(toTextEdit));
  return edit;
}

/** Each choice under its own heading; VS Code ticks what needs no confirmation. */
export function toAnnotatedEdit(uri: vscode.Uri, { choices }: OptimizeResult): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  edit.set(
    uri,
    choices.flatMap(({ label, description, safe, edits }) => {
      const metadata = { label, description, needsConfirmation: !safe };
      return edits.map((one): [vscode.TextEdit, vscode.WorkspaceEditEntryMetadata] => [toTextEdit(one), metadata]);
    }),
  );
  return edit;
}

function toTextEdit({ range: { start, end }, newText }: WireEdit): vscode.TextEdit {
  return new vscode.TextEdit(new vscode.Range(start.line, start.character, end.line, end.character), newText);
}
