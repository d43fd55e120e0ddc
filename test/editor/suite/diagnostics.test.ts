/** Findings appear when a Dockerfile is opened and follow what is typed. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import {
  closeAll,
  eventually,
  findings,
  openText,
  ruleOf,
  rulesFound,
  type,
  untilFound,
  untilGone,
  withSetting,
} from './editing';

const rule = 'overridden-instruction';
const dead = 'FROM alpine:3.20\nUSER nobody\nCMD ["a"]\nCMD ["b"]\n';
const clean = 'FROM alpine:3.20\nUSER nobody\nCMD ["b"]\n';

describe('editor: diagnostics', function () {
  this.timeout(60_000);
  afterEach(closeAll);

  it('appear on open, in their place, with a link to the rule and the place that explains them', async () => {
    const { document } = await openText(dead);
    const finding = await untilFound(document.uri, rule);
    assert.equal(document.getText(finding.range), 'CMD');
    assert.equal(finding.range.start.line, 2);
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
    assert.ok(typeof finding.code === 'object');
    assert.equal(finding.code.target.toString(), `layerwise-docs:/rules/${rule}.md`);
    assert.equal(finding.relatedInformation?.[0]?.location.range.start.line, 3);
    assert.deepEqual(finding.tags, [vscode.DiagnosticTag.Unnecessary]);
  });

  it('follow typing, and undoing it', async () => {
    const editor = await openText(clean);
    const { uri } = editor.document;
    await type(editor, 2, 0, 'CMD ["😀"]\n');
    await untilFound(uri, rule);
    await vscode.commands.executeCommand('undo');
    await untilGone(uri, rule);
    await type(editor, 2, 0, 'Z');
    await untilFound(uri, 'unknown-instruction');
  });

  it('are there whatever the file is called, and without a file', async () => {
    for (const name of ['Dockerfile.dev', 'api.Dockerfile', 'Containerfile', 'Containerfile.prod', 'x.dockerfile'])
      await untilFound((await openText(dead, name)).document.uri, rule);
    const untitled = await vscode.workspace.openTextDocument({ language: 'dockerfile', content: dead });
    await vscode.window.showTextDocument(untitled);
    await untilFound(untitled.uri, rule);
  });

  it('are there when the name says Dockerfile and the language does not', async () => {
    const { document } = await openText(dead);
    await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    await untilFound(document.uri, rule);
  });

  it('are not there in other files', async () => {
    const { document } = await openText(dead, 'Dockerfile.dockerignore');
    const other = await openText(dead);
    await untilFound(other.document.uri, rule);
    assert.deepEqual(rulesFound(document.uri), []);
  });

  it('go when the file is closed', async () => {
    const { document } = await openText(dead);
    await untilFound(document.uri, rule);
    await closeAll();
    await untilGone(document.uri, rule);
  });

  it('follow the settings', async () => {
    const { uri } = (await openText(dead)).document;
    await untilFound(uri, rule);
    await withSetting('layerwise.enable', false, async () => {
      await untilGone(uri, rule);
      assert.deepEqual(rulesFound(uri), []);
    });
    await untilFound(uri, rule);
    await withSetting('layerwise.rules', { [rule]: 'off' }, async () => void (await untilGone(uri, rule)));
    await withSetting('layerwise.rules', { [rule]: 'error' }, async () => {
      const isError = ({ severity }: vscode.Diagnostic) => severity === vscode.DiagnosticSeverity.Error;
      await eventually('an error', () => findings(uri).some((one) => ruleOf(one) === rule && isError(one)));
    });
  });

  it('wait for the save where the user wants that', async () => {
    await withSetting('layerwise.run', 'onSave', async () => {
      const editor = await openText(clean);
      await type(editor, 2, 0, 'CMD ["a"]\n');
      // Nothing may come; half a second is many times what it takes when it does.
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.ok(!rulesFound(editor.document.uri).includes(rule));
      await editor.document.save();
      await untilFound(editor.document.uri, rule);
    });
  });

  it('come again after the server was restarted', async () => {
    const { uri } = (await openText(dead)).document;
    await untilFound(uri, rule);
    await vscode.commands.executeCommand('layerwise.restartServer');
    await untilFound(uri, rule);
  });
});
