/** From initialize to exit, and all that can be said at the wrong time or in the wrong way. */
import { strict as assert } from 'node:assert';
import { AnsweredError, errorCodes, startClient } from '../harness/lsp-client';
import { at, modernClient, oldClient, startSession } from './session';

const text = 'FROM alpine:3.20\nRUN apk add curl\n';
const refusedWith = (code: number) => (error: unknown) => error instanceof AnsweredError && error.code === code;

describe('server: lifecycle', () => {
  it('says what it can', async () => {
    const session = await startSession();
    const { capabilities } = session.initialized;
    assert.equal(capabilities.positionEncoding, 'utf-16');
    assert.deepEqual(capabilities.textDocumentSync, { openClose: true, change: 2, save: { includeText: false } });
    assert.deepEqual(capabilities.diagnosticProvider, {
      identifier: 'layerwise',
      interFileDependencies: false,
      workspaceDiagnostics: false,
    });
    assert.deepEqual(capabilities.codeActionProvider, {
      codeActionKinds: ['quickfix', 'source.fixAll.layerwise'],
      resolveProvider: true,
    });
    assert.equal(capabilities.hoverProvider, true);
    assert.equal(await session.end(), 0);
  });

  it('offers no pull diagnostics and no resolving to a client that knows neither', async () => {
    const session = await startSession({ capabilities: oldClient });
    assert.equal(session.initialized.capabilities.diagnosticProvider, undefined);
    assert.deepEqual(session.initialized.capabilities.codeActionProvider, {
      codeActionKinds: ['quickfix', 'source.fixAll.layerwise'],
      resolveProvider: false,
    });
    assert.equal(await session.end(), 0);
  });

  it('starts with the least that a client may send', async () => {
    const client = startClient();
    await client.request('initialize', { processId: null, rootUri: null, capabilities: {} });
    client.notify('initialized', {});
    await client.request('shutdown');
    client.notify('exit');
    assert.equal(await client.ended, 0);
  });

  it('registers for settings and for files of the build context', async () => {
    const session = await startSession();
    const registered = async (method: string) =>
      session.client.waitFor(
        (message) =>
          message.method === 'client/registerCapability' &&
          JSON.stringify(message.params).includes(`"method":"${method}"`),
      );
    await registered('workspace/didChangeConfiguration');
    await registered('workspace/didChangeWatchedFiles');
    await session.end();
  });

  it('refuses requests before initialize and after shutdown', async () => {
    const client = startClient();
    const params = { textDocument: { uri: 'file:///tmp/Dockerfile' }, position: { line: 0, character: 0 } };
    await assert.rejects(client.request('textDocument/hover', params), refusedWith(errorCodes.serverNotInitialized));
    await client.request('initialize', { processId: null, rootUri: null, capabilities: modernClient });
    await client.request('shutdown');
    await assert.rejects(client.request('textDocument/hover', params), refusedWith(errorCodes.invalidRequest));
    await assert.rejects(client.request('layerwise/rules'), refusedWith(errorCodes.invalidRequest));
    client.notify('exit');
    assert.equal(await client.ended, 0);
  });

  it('exits with status 1 without a shutdown', async () => {
    const client = startClient();
    await client.request('initialize', { processId: null, rootUri: null, capabilities: modernClient });
    client.notify('exit');
    assert.equal(await client.ended, 1);
  });

  it('ends when the client goes away', async () => {
    const client = startClient();
    await client.request('initialize', { processId: null, rootUri: null, capabilities: modernClient });
    client.closeInput();
    assert.equal(await client.ended, 1);
  });

  it('answers an unknown method with MethodNotFound and passes over an unknown notification', async () => {
    const session = await startSession();
    await assert.rejects(session.client.request('textDocument/moonPhase', {}), refusedWith(errorCodes.methodNotFound));
    session.client.notify('textDocument/didMoon', {});
    session.client.notify('$/moon', {});
    assert.equal((await session.pull(session.uri('Dockerfile'))).items.length, 0);
    await session.end();
  });

  it('answers bad parameters with InvalidParams and goes on', async () => {
    const session = await startSession();
    const uri = session.uri('Dockerfile');
    session.open(uri, text);
    const bad: [string, unknown][] = [
      ['textDocument/diagnostic', {}],
      ['textDocument/diagnostic', { textDocument: { uri: 7 } }],
      ['textDocument/hover', { textDocument: { uri } }],
      ['textDocument/hover', { textDocument: { uri }, position: { line: -1, character: 'x' } }],
      ['textDocument/codeAction', { textDocument: { uri }, range: { start: { line: 0, character: 0 } } }],
      ['codeAction/resolve', { title: 'x' }],
      ['codeAction/resolve', { title: 'x', data: { uri, version: 1, act: 'explode' } }],
      ['workspace/executeCommand', { command: 'rm' }],
      ['workspace/executeCommand', { command: 'layerwise.server.optimize' }],
      ['layerwise/optimize', {}],
      ['layerwise/layers', { textDocument: null }],
      ['layerwise/rulePage', { id: 1 }],
    ];
    for (const [method, params] of bad)
      await assert.rejects(session.client.request(method, params), refusedWith(errorCodes.invalidParams), method);
    assert.equal((await session.pull(uri)).kind, 'full');
    await session.end();
  });

  it('answers for a document that is not open with nothing', async () => {
    const session = await startSession();
    const uri = session.uri('Dockerfile');
    const textDocument = { uri };
    assert.deepEqual(await session.pull(uri), { kind: 'full', items: [] });
    assert.deepEqual(await session.actions(uri, at(0)), []);
    assert.equal(await session.client.request('textDocument/hover', { textDocument, ...position(0, 0) }), null);
    assert.equal(await session.client.request('layerwise/optimize', { textDocument }), null);
    assert.equal(await session.client.request('layerwise/layers', { textDocument }), null);
    session.change(uri, 2, [{ text: 'FROM scratch' }]);
    session.client.notify('textDocument/didClose', { textDocument });
    session.client.notify('textDocument/didSave', { textDocument });
    assert.deepEqual(await session.pull(uri), { kind: 'full', items: [] });
    await session.end();
  });

  it('leaves an ignore file alone, though its name begins like that of a Dockerfile', async () => {
    const session = await startSession();
    const uri = session.uri('Dockerfile.dockerignore');
    session.open(uri, 'node_modules\nRUN x\n');
    assert.deepEqual(await session.pull(uri), { kind: 'full', items: [] });
    await session.end();
  });

  it('survives positions far behind the end of the text', async () => {
    const session = await startSession();
    const uri = session.uri('Dockerfile');
    session.open(uri, text);
    const textDocument = { uri };
    await session.client.request('textDocument/hover', { textDocument, ...position(99, 99) });
    await session.actions(uri, { start: { line: 5, character: 700 }, end: { line: 2, character: 0 } });
    session.change(uri, 2, [
      { range: { start: { line: 70, character: 0 }, end: { line: 80, character: 4 } }, text: 'CMD x' },
    ]);
    assert.equal((await session.pull(uri)).kind, 'full');
    await session.end();
  });
});

const position = (line: number, character: number) => ({ position: { line, character } });
