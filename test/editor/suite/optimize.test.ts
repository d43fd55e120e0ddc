/** Optimize: the diff, taking it, leaving it, choosing from it, and a file that changes meanwhile. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { closeAll, eventually, openText, type, untilFound } from './editing';

const rule = 'overridden-instruction';
const dead = 'FROM alpine:3.20\nUSER nobody\nCMD ["a"]\nCMD ["b"]\n';
const mended = dead.replace('CMD ["a"]\n', '');

const diffTab = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === 'layerwise-optimized');
const tabCount = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length;

/** Opens the text and runs Optimize on it; resolves when the diff is open. */
async function optimize(text: string): Promise<vscode.TextDocument> {
  const { document } = await openText(text);
  await untilFound(document.uri, rule);
  await vscode.commands.executeCommand('layerwise.optimize');
  const tab = await eventually('the diff', diffTab);
  assert.match(tab.label, /Optimize Dockerfile: \d+ → \d+ layers/);
  return document;
}

describe('editor: Optimize', function () {
  this.timeout(60_000);
  afterEach(closeAll);

  it('shows what the file would be, with the file untouched', async () => {
    const document = await optimize(dead);
    const { input } = diffTab() ?? {};
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.original.toString(), document.uri.toString());
    const shown = await vscode.workspace.openTextDocument(input.modified);
    assert.equal(shown.getText(), mended);
    assert.equal(shown.languageId, 'dockerfile');
    assert.equal(document.getText(), dead);
    assert.equal(document.isDirty, false);
  });

  it('accepted changes the file in one undo step and leaves no diff', async () => {
    const document = await optimize(dead);
    await vscode.commands.executeCommand('layerwise.optimize.apply');
    assert.equal(document.getText(), mended);
    assert.equal(diffTab(), undefined);
    assert.equal(vscode.window.activeTextEditor?.document, document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), dead);
  });

  it('declined changes nothing and leaves no tab', async () => {
    const { document } = await openText(dead);
    await untilFound(document.uri, rule);
    const before = tabCount();
    await vscode.commands.executeCommand('layerwise.optimize');
    await eventually('the diff', diffTab);
    await vscode.commands.executeCommand('layerwise.optimize.cancel');
    assert.equal(tabCount(), before);
    assert.equal(document.getText(), dead);
    assert.equal(document.isDirty, false);
  });

  it('closed by hand is declined', async () => {
    const document = await optimize(dead);
    const tab = diffTab();
    assert.ok(tab);
    await vscode.window.tabGroups.close(tab);
    await vscode.commands.executeCommand('layerwise.optimize.apply');
    assert.equal(document.getText(), dead);
  });

  it('applies nothing to a file that has changed meanwhile', async () => {
    const document = await optimize(dead);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# new\n');
    await vscode.workspace.applyEdit(edit);
    void vscode.commands.executeCommand('layerwise.optimize.apply');
    await eventually('the diff to go', () => diffTab() === undefined);
    assert.equal(document.getText(), `# new\n${dead}`);
  });

  it('run twice shows one diff, of the newest text', async () => {
    const document = await optimize(dead);
    await openAgain(document);
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    await type(editor, 0, 0, '# new\n');
    await vscode.commands.executeCommand('layerwise.optimize');
    const { input } = await eventually('the diff', diffTab);
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal((await vscode.workspace.openTextDocument(input.modified)).getText(), `# new\n${mended}`);
    const diffs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter((tab) => tab === diffTab());
    assert.equal(diffs.length, 1);
  });

  it('says so when there is nothing to do, and opens nothing', async () => {
    await openText('FROM scratch\nCOPY app /app\nUSER 1000\nENTRYPOINT ["/app"]\n');
    const before = tabCount();
    await vscode.commands.executeCommand('layerwise.optimize');
    assert.equal(diffTab(), undefined);
    assert.equal(tabCount(), before);
  });

  it('asked for by URI, as a menu does, takes that file', async () => {
    const { document } = await openText(dead);
    await untilFound(document.uri, rule);
    await openText('hello', 'notes.txt');
    await vscode.commands.executeCommand('layerwise.optimize', document.uri);
    const { input } = await eventually('the diff', diffTab);
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.original.toString(), document.uri.toString());
  });
});

async function openAgain(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document, { preview: false });
}
