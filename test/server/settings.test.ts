/** Settings and files of the build context, and how a change of them reaches the findings. */
import { strict as assert } from 'node:assert';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { noAnswer } from '../harness/lsp-client';
import { at, modernClient, type Report, type Session, startSession } from './session';

const text = 'FROM alpine:3.20\nCMD ["a"]\nCMD ["b"]\n';
const rule = 'overridden-instruction';
const severities = ({ items }: Report) => items.filter(({ code }) => code === rule).map(({ severity }) => severity);
const isRefresh = ({ method }: { method?: string }) => method === 'workspace/diagnostic/refresh';

describe('server: settings', () => {
  const settings: { value: unknown } = { value: null };
  let session: Session;
  let uri: string;

  beforeEach(async () => {
    settings.value = null;
    session = await startSession({ settings });
    uri = session.uri('Dockerfile');
    session.open(uri, text);
    await session.pull(uri);
  });
  afterEach(async () => {
    assert.equal(await session.end(), 0);
  });

  /** The user changed settings; resolves when the client was asked to pull again. */
  const change = async (value: unknown) => {
    settings.value = value;
    const from = session.client.received.length;
    session.client.notify('workspace/didChangeConfiguration', { settings: null });
    await session.client.waitFor(isRefresh, from);
  };

  it('switch everything off and on again', async () => {
    const { resultId } = await session.pull(uri);
    await change({ enable: false });
    assert.deepEqual(await session.pull(uri, resultId), { kind: 'full', items: [] });
    assert.deepEqual(await session.actions(uri, at(1, 2)), []);
    const textDocument = { uri };
    const position = { line: 0, character: 1 };
    assert.equal(await session.client.request('textDocument/hover', { textDocument, position }), null);
    assert.equal(await session.client.request('layerwise/layers', { textDocument }), null);
    await change({ enable: true });
    assert.deepEqual(severities(await session.pull(uri)), [2]);
  });

  it('give a rule another severity, by its id or another name, or switch it off', async () => {
    await change({ rules: { [rule]: 'error' } });
    assert.deepEqual(severities(await session.pull(uri)), [1]);
    await change({ rules: { DL4003: 'hint' } });
    assert.deepEqual(severities(await session.pull(uri)), [4]);
    await change({ rules: { [rule]: 'off' } });
    assert.deepEqual(severities(await session.pull(uri)), []);
  });

  it('that make no sense are passed over', async () => {
    for (const value of [7, 'x', [], { enable: 'no', builder: 3, run: {}, rules: { [rule]: 'loud', moon: 'error' } }]) {
      await change(value);
      assert.deepEqual(severities(await session.pull(uri)), [2], JSON.stringify(value));
    }
  });

  it('choose the builder', async () => {
    const layers = async () =>
      (await session.client.request<{ builder: string }>('layerwise/layers', { textDocument: { uri } })).builder;
    assert.equal(await layers(), 'buildkit');
    await change({ builder: 'legacy' });
    assert.equal(await layers(), 'legacy');
  });

  it('wait for the save where the user wants that', async () => {
    await change({ run: 'onSave' });
    const shown = await session.pull(uri);
    assert.deepEqual(severities(shown), [2]);
    session.change(uri, 2, [{ text: 'FROM alpine:3.20\nCMD ["b"]\n' }]);
    assert.equal((await session.pull(uri, shown.resultId)).kind, 'unchanged');
    const from = session.client.received.length;
    session.client.notify('textDocument/didSave', { textDocument: { uri } });
    await session.client.waitFor(isRefresh, from);
    assert.deepEqual(severities(await session.pull(uri, shown.resultId)), []);
  });

  it('are not waited for when the client never answers', async () => {
    const silent = await startSession({
      answers: { 'workspace/configuration': () => noAnswer },
      capabilities: modernClient,
    });
    silent.open(uri, text);
    assert.equal((await silent.pull(uri)).kind, 'full');
    await silent.end();
  });

  it('come along with the notification from a client that cannot be asked', async () => {
    const { configuration: _, ...workspace } = modernClient.workspace;
    const other = await startSession({
      capabilities: { ...modernClient, workspace },
      initializationOptions: { settings: { rules: { [rule]: 'info' } } },
    });
    other.open(uri, text);
    assert.deepEqual(severities(await other.pull(uri)), [3]);
    const settings = { layerwise: { rules: { [rule]: 'error' } } };
    other.client.notify('workspace/didChangeConfiguration', { settings });
    assert.deepEqual(severities(await other.pull(uri)), [1]);
    await other.end();
  });
});

describe('server: build context', () => {
  const copying = 'FROM alpine:3.20\nWORKDIR /app\nCOPY . .\nUSER nobody\nCMD ["./app"]\n';
  const hasFinding = (report: Report) => report.items.some(({ code }) => code === 'missing-dockerignore');

  it('is read when the file is opened, and again when files come and go', async () => {
    const session = await startSession();
    const uri = session.uri('Dockerfile');
    session.writeFile('Dockerfile', copying);
    session.writeFile('package.json', '{}');
    session.open(uri, copying);
    assert.ok(hasFinding(await session.pull(uri)), 'without a .dockerignore');
    const changed = async (name: string, type: number) => {
      const from = session.client.received.length;
      const changes = [{ uri: pathToFileURL(join(session.folder, name)).href, type }];
      session.client.notify('workspace/didChangeWatchedFiles', { changes });
      await session.client.waitFor(isRefresh, from);
    };
    session.writeFile('.dockerignore', '.git\n');
    await changed('.dockerignore', 1);
    assert.ok(!hasFinding(await session.pull(uri)), 'with one');
    rmSync(join(session.folder, '.dockerignore'));
    await changed('.dockerignore', 3);
    assert.ok(hasFinding(await session.pull(uri)), 'without one again');
    await session.end();
  });

  it('is unknown for a document that is no file', async () => {
    const session = await startSession();
    for (const uri of ['untitled:Untitled-1', 'vscode-vfs://github/a/b/Dockerfile']) {
      session.open(uri, copying);
      assert.ok(!hasFinding(await session.pull(uri)));
    }
    await session.end();
  });

  it('gets a missing .dockerignore as a new file beside the Dockerfile', async () => {
    const session = await startSession();
    const uri = session.uri('Dockerfile');
    session.writeFile('Dockerfile', copying);
    session.open(uri, copying);
    const { items } = await session.pull(uri);
    const finding = items.find(({ code }) => code === 'missing-dockerignore');
    assert.ok(finding);
    const actions = await session.actions(uri, finding.range);
    const action = actions.find((one) => one.diagnostics?.[0]?.code === finding.code);
    assert.ok(action);
    const { edit } = await session.resolve(action);
    const [create, insert] = edit?.documentChanges ?? [];
    assert.equal(create?.kind, 'create');
    assert.equal(create?.uri, session.uri('.dockerignore'));
    assert.deepEqual(insert?.textDocument, { uri: session.uri('.dockerignore'), version: null });
    assert.ok(insert?.edits?.[0]?.newText.includes('.git'));
    await session.end();
  });

  it('adds lines behind those of a .dockerignore that is there', async () => {
    const session = await startSession();
    const uri = session.uri('Dockerfile');
    session.writeFile('Dockerfile', copying);
    session.writeFile('.env', 'A=1');
    session.writeFile('.dockerignore', '.git\nnode_modules');
    session.open(uri, copying);
    const { items } = await session.pull(uri);
    const finding = items.find(({ code }) => code === 'secret-copied');
    assert.ok(finding);
    const actions = await session.actions(uri, finding.range);
    const action = actions.find((one) => one.diagnostics?.[0]?.code === finding.code);
    assert.ok(action);
    const { edit } = await session.resolve(action);
    assert.equal(edit?.documentChanges?.length, 1);
    const [insert] = edit?.documentChanges ?? [];
    assert.deepEqual(insert?.textDocument, { uri: session.uri('.dockerignore'), version: null });
    const end = { line: 1, character: 'node_modules'.length };
    assert.deepEqual(insert?.edits, [{ range: { start: end, end }, newText: '\n.env\n' }]);
    await session.end();
  });
});
