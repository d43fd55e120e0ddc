/** The rules' pages inside VS Code. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { closeAll, eventually } from './editing';

const rule = 'overridden-instruction';

describe('editor: rule page', function () {
  this.timeout(60_000);
  afterEach(closeAll);

  it('is served by the extension itself, with no network', async () => {
    const page = await vscode.workspace.openTextDocument(vscode.Uri.parse(`layerwise-docs:/rules/${rule}.md`));
    assert.equal(page.languageId, 'markdown');
    assert.ok(page.getText().startsWith(`# ${rule}\n`));
  });

  it('opens as a preview by command', async () => {
    await vscode.commands.executeCommand('layerwise.showRule', rule);
    await eventually('the preview', () => activeInput() instanceof vscode.TabInputWebview);
  });

  it('opens as a page, not as text, when the link at a finding is followed', async () => {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(`layerwise-docs:/rules/${rule}.md`));
    const input = await eventually('the page', () => {
      const shown = activeInput();
      return shown instanceof vscode.TabInputCustom && shown;
    });
    assert.equal(input.viewType, 'vscode.markdown.preview.editor');
  });

  it('of a rule that is not there says so', async () => {
    const page = await vscode.workspace.openTextDocument(vscode.Uri.parse('layerwise-docs:/rules/no-such-rule.md'));
    assert.match(page.getText(), /no rule named/);
  });
});

function activeInput(): unknown {
  return vscode.window.tabGroups.activeTabGroup.activeTab?.input;
}
