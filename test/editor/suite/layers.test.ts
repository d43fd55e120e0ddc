/** The layers view, the rebuild marks and the hints in the extension host: tabs, commands, settings. What they look like is proved outside. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { closeAll, eventually, openText, sample, withSetting } from './editing';

const text = 'FROM node:22\nRUN apt-get update\nCOPY . .\nRUN npm ci\n';

const layersTabs = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('layerwise.layers'));

describe('editor: layers', function () {
  this.timeout(60_000);
  afterEach(closeAll);

  it('shows the view beside the file, once, and leaves the keyboard in the file', async () => {
    const editor = await openText(text);
    await vscode.commands.executeCommand('layerwise.showLayers');
    const [tab] = await eventually('the view', () => (layersTabs().length > 0 ? layersTabs() : undefined));
    assert.ok(tab);
    assert.notEqual(tab.group.viewColumn, editor.viewColumn);
    assert.equal(vscode.window.activeTextEditor?.document, editor.document);
    await vscode.commands.executeCommand('layerwise.showLayers');
    assert.equal(layersTabs().length, 1);
  });

  it('comes back after it was closed', async () => {
    await openText(text);
    await vscode.commands.executeCommand('layerwise.showLayers');
    const tabs = await eventually('the view', () => (layersTabs().length > 0 ? layersTabs() : undefined));
    await vscode.window.tabGroups.close(tabs);
    assert.equal(layersTabs().length, 0);
    await vscode.commands.executeCommand('layerwise.showLayers');
    await eventually('the view again', () => layersTabs().length === 1);
  });

  it('says what an edit rebuilds without changing anything', async () => {
    const editor = await openText(text);
    editor.selection = new vscode.Selection(2, 0, 2, 0);
    await vscode.commands.executeCommand('layerwise.showRebuilds');
    assert.equal(editor.document.getText(), text);
    assert.equal(editor.document.isDirty, false);
  });

  it('hints are there where they are wanted', async () => {
    const { document } = await openText(text);
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = async (): Promise<string[]> => {
      const command = 'vscode.executeInlayHintProvider';
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(command, document.uri, all);
      return found.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
    };
    assert.deepEqual(await hints(), []);
    await withSetting('layerwise.inlayHints', 'short', async () => {
      const labels = await eventually('hints', async () => {
        const found = await hints();
        return found.length > 0 ? found : undefined;
      });
      assert.deepEqual(labels, ['layer 1', 'layer 2', 'layer 3']);
    });
  });

  it('imports a build log, and shows what it measured', async () => {
    const { document } = await openText('FROM alpine:3.20\nRUN touch /a\nCOPY Dockerfile /b\n');
    const log = vscode.Uri.joinPath(document.uri, '..', 'build.log');
    const lines = [
      '#1 [internal] load build definition from Dockerfile',
      '#1 DONE 0.0s',
      '#2 [1/3] FROM docker.io/library/alpine:3.20',
      '#2 CACHED',
      '#3 [2/3] RUN touch /a',
      '#3 DONE 12.3s',
      '#4 [3/3] COPY Dockerfile /b',
      '#4 DONE 0.1s',
    ];
    await vscode.workspace.fs.writeFile(log, new TextEncoder().encode(`${lines.join('\n')}\n`));
    await vscode.commands.executeCommand('layerwise.importMeasurements', document.uri, log);
    const place = new vscode.Position(1, 1);
    await eventually('the measured time in the hover', async () => {
      const command = 'vscode.executeHoverProvider';
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(command, document.uri, place);
      const parts = hovers.flatMap(({ contents }) => contents);
      return parts.some((part) => /takes 12 s, as measured/.test(typeof part === 'string' ? part : part.value));
    });
    await vscode.commands.executeCommand('layerwise.forgetMeasurements', document.uri);
  });

  it('opens the sample of the walkthrough as a Dockerfile', async () => {
    await vscode.commands.executeCommand('layerwise.openSample');
    assert.equal(vscode.window.activeTextEditor?.document.languageId, 'dockerfile');
  });

  it('follows a file of several stages', async () => {
    const document = await vscode.workspace.openTextDocument(sample('shop/Dockerfile'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('layerwise.showLayers');
    await eventually('the view', () => layersTabs().length === 1);
  });
});
