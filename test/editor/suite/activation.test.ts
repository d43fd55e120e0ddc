/** Layerwise wakes up when a Dockerfile is opened, in the real extension host. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

const extensionId = 'layerwise.layerwise';

describe('activation', () => {
  it('begins with the first Dockerfile', async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension, 'Layerwise is not installed');
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder, 'no folder is open');
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, 'node/Dockerfile'));
    await vscode.window.showTextDocument(document);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('knows every name a Dockerfile may have', async () => {
    const names = [
      'Dockerfile',
      'Dockerfile.dev',
      'api.Dockerfile',
      'Containerfile',
      'Containerfile.dev',
      'api.dockerfile',
    ];
    for (const name of names) {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(`untitled:/nowhere/${name}`));
      assert.equal(document.languageId, 'dockerfile', name);
    }
  });

  it('registers its commands', async () => {
    const commands = await vscode.commands.getCommands(true);
    assert.ok(commands.includes('layerwise.optimize'));
  });
});
