/** What the suites in the editor do over and over: open a file, wait for something, look at the findings. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

const patience = 20_000;

/** Waits until the probe yields something else than undefined or false, and returns it. */
export async function eventually<T>(what: string, probe: () => T | Promise<T>): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + patience;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

let files = 0;

/** Opens a new file with a text in the workspace, in a folder of its own. */
export async function openText(text: string, name = 'Dockerfile'): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  const uri = vscode.Uri.joinPath(folder.uri, `case-${++files}`, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return openUri(uri);
}

export async function openUri(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

/** A file of the sample workspace. */
export function sample(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
}

/** The rules of a document's findings, in the order of the document. */
export function rulesFound(uri: vscode.Uri): string[] {
  return findings(uri).map(ruleOf);
}

export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === 'layerwise')
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits until a rule is found in a document. */
export function untilFound(uri: vscode.Uri, rule: string): Promise<vscode.Diagnostic> {
  return eventually(`${rule} to be found`, () => findings(uri).find((finding) => ruleOf(finding) === rule));
}

/** Waits until a rule is no longer found in a document. */
export function untilGone(uri: vscode.Uri, rule: string): Promise<true> {
  return eventually(`${rule} to be gone`, () => (rulesFound(uri).includes(rule) ? false : (true as const)));
}

/** Types at a place of the active document. */
export async function type(editor: vscode.TextEditor, line: number, character: number, text: string): Promise<void> {
  assert.ok(await editor.edit((edit) => edit.insert(new vscode.Position(line, character), text)));
}

/** Ends every tab without saving. */
export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('notifications.clearAll');
  if (vscode.window.activeTextEditor)
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Sets a setting of the workspace for as long as the function runs. */
export async function withSetting(name: string, value: unknown, act: () => Promise<void>): Promise<void> {
  const set = (next: unknown) =>
    vscode.workspace.getConfiguration().update(name, next, vscode.ConfigurationTarget.Workspace);
  await set(value);
  try {
    await act();
  } finally {
    await set(undefined);
  }
}
