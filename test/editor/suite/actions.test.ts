/** Quick fixes and the fix on save, applied by the editor itself. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { closeAll, eventually, openText, untilFound, withSetting } from './editing';

const rule = 'overridden-instruction';
const dead = 'FROM alpine:3.20\nUSER nobody\nCMD ["a"]\nCMD ["b"]\nENTRYPOINT ["x"]\nENTRYPOINT ["y"]\n';

/** The actions at a range, with their edits. */
async function actionsAt(uri: vscode.Uri, range: vscode.Range, kind?: string): Promise<vscode.CodeAction[]> {
  const command = 'vscode.executeCodeActionProvider';
  return vscode.commands.executeCommand<vscode.CodeAction[]>(command, uri, range, kind, 100);
}

async function applyAction(uri: vscode.Uri, range: vscode.Range, title: string | RegExp, kind?: string): Promise<void> {
  const actions = await actionsAt(uri, range, kind);
  const action = actions.find((one) => (typeof title === 'string' ? one.title === title : title.test(one.title)));
  assert.ok(action?.edit, `no “${title}” among ${actions.map((one) => one.title).join(' | ')}`);
  assert.ok(await vscode.workspace.applyEdit(action.edit));
}

describe('editor: code actions', function () {
  this.timeout(60_000);
  afterEach(closeAll);

  it('fix a finding', async () => {
    const { document } = await openText(dead);
    const { range } = await untilFound(document.uri, rule);
    const preferred = (await actionsAt(document.uri, range, 'quickfix')).filter((action) => action.isPreferred);
    assert.equal(preferred.length, 1);
    assert.ok(preferred[0]?.edit);
    await vscode.workspace.applyEdit(preferred[0].edit);
    assert.equal(document.getText(), dead.replace('CMD ["a"]\n', ''));
  });

  it('fix all of a rule in the file', async () => {
    const { document } = await openText(dead);
    const { range } = await untilFound(document.uri, rule);
    await applyAction(document.uri, range, `Fix all ${rule} in the file`);
    assert.equal(document.getText(), 'FROM alpine:3.20\nUSER nobody\nCMD ["b"]\nENTRYPOINT ["y"]\n');
  });

  it('ignore a finding here', async () => {
    const { document } = await openText(dead);
    const { range } = await untilFound(document.uri, rule);
    await applyAction(document.uri, range, `Ignore ${rule} here`);
    assert.equal(document.getText(), dead.replace('CMD', `# layerwise ignore=${rule}\nCMD`));
    await eventually(
      'one finding to be left',
      async () => (await untilFound(document.uri, rule)).range.start.line === 5,
    );
  });

  it('ignore a rule in the file', async () => {
    const { document } = await openText(dead);
    const { range } = await untilFound(document.uri, rule);
    await applyAction(document.uri, range, `Ignore ${rule} in this file`);
    assert.equal(document.getText(), `# layerwise ignore-file=${rule}\n${dead}`);
  });

  it('fix everything that is safe', async () => {
    const { document } = await openText(dead);
    await untilFound(document.uri, rule);
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    await applyAction(document.uri, all, /./, 'source.fixAll.layerwise');
    assert.ok(!/"a"|"x"/.test(document.getText()), document.getText());
  });

  it('make a file where the fix is one', async () => {
    const { document } = await openText('FROM alpine:3.20\nWORKDIR /app\nCOPY . .\nUSER nobody\n');
    const { range } = await untilFound(document.uri, 'missing-dockerignore');
    const actions = await actionsAt(document.uri, range, 'quickfix');
    const action = actions.find(({ edit }) => edit?.size === 1 && !edit.has(document.uri));
    assert.ok(action?.edit, actions.map(({ title }) => title).join(' | '));
    await vscode.workspace.applyEdit(action.edit);
    const made = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(document.uri, '../.dockerignore'));
    assert.match(made.getText(), /^\.git$/m);
    await made.save();
  });

  it('fix on save what is safe, and nothing when nobody asked for it', async () => {
    const other = await openText(dead);
    await untilFound(other.document.uri, rule);
    await other.edit((edit) => edit.insert(new vscode.Position(0, 0), '# mine\n'));
    await other.document.save();
    assert.equal(other.document.getText(), `# mine\n${dead}`);
    const onSave = { 'source.fixAll.layerwise': 'explicit' };
    await withSetting('editor.codeActionsOnSave', onSave, async () => {
      const { document } = await openText(dead);
      await untilFound(document.uri, rule);
      await vscode.window.activeTextEditor?.edit((edit) => edit.insert(new vscode.Position(0, 0), '# mine\n'));
      await vscode.commands.executeCommand('workbench.action.files.save');
      await eventually('the fix on save', () => !/"a"|"x"/.test(document.getText()));
      assert.ok(document.getText().startsWith('# mine\n'));
      const saved = await vscode.workspace.fs.readFile(document.uri);
      assert.equal(new TextDecoder().decode(saved), document.getText());
    });
  });
});
