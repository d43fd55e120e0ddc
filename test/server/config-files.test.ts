/** `.layerwise.yaml` and `.hadolint.yaml` in the editor: found, watched, their errors shown, weaker than settings. */
import { strict as assert } from 'node:assert';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Diagnostic, oldClient, type Report, type Session, startSession } from './session';

const text = 'FROM alpine:3.20\nCMD ["a"]\nCMD ["b"]\n';
const rule = 'overridden-instruction';
const severities = ({ items }: Report) => items.filter(({ code }) => code === rule).map(({ severity }) => severity);
const isRefresh = ({ method }: { method?: string }) => method === 'workspace/diagnostic/refresh';

describe('server: configuration files', () => {
  const settings: { value: unknown } = { value: null };
  let session: Session;
  let uri: string;

  beforeEach(async () => {
    settings.value = null;
    session = await startSession({ settings });
    mkdirSync(join(session.folder, 'app'));
    uri = session.uri('app/Dockerfile');
  });
  afterEach(async () => {
    assert.equal(await session.end(), 0);
  });

  const uriOf = (name: string) => pathToFileURL(join(session.folder, name)).href;
  /** A file came, changed or went; resolves when the client was asked to pull again. */
  const changed = async (name: string, type: 1 | 2 | 3) => {
    const from = session.client.received.length;
    session.client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uriOf(name), type }] });
    await session.client.waitFor(isRefresh, from);
  };
  /** The diagnostics that were last sent for a file. */
  const sentFor = (name: string): readonly Diagnostic[] | undefined => {
    const sent = session.client.received.filter(
      ({ method, params }) =>
        method === 'textDocument/publishDiagnostics' && (params as { uri: string }).uri === uriOf(name),
    );
    return (sent.at(-1)?.params as { diagnostics: Diagnostic[] } | undefined)?.diagnostics;
  };

  it('are found upwards from the Dockerfile, and settings are stronger', async () => {
    session.writeFile('.layerwise.yaml', `builder: legacy\nseverity: { ${rule}: error }\n`);
    session.open(uri, text);
    assert.deepEqual(severities(await session.pull(uri)), [1]);
    const layers = async () =>
      (await session.client.request<{ builder: string }>('layerwise/layers', { textDocument: { uri } })).builder;
    assert.equal(await layers(), 'legacy');
    settings.value = { builder: 'buildkit', rules: { DL4003: 'hint' } };
    const from = session.client.received.length;
    session.client.notify('workspace/didChangeConfiguration', { settings: null });
    await session.client.waitFor(isRefresh, from);
    assert.deepEqual(severities(await session.pull(uri)), [4]);
    assert.equal(await layers(), 'buildkit');
    settings.value = { builder: 'auto' };
    const again = session.client.received.length;
    session.client.notify('workspace/didChangeConfiguration', { settings: null });
    await session.client.waitFor(isRefresh, again);
    assert.equal(await layers(), 'legacy');
  });

  it('are watched', async () => {
    session.open(uri, text);
    assert.deepEqual(severities(await session.pull(uri)), [2]);
    session.writeFile('.hadolint.yaml', 'override:\n  info: [DL4003]\n');
    await changed('.hadolint.yaml', 1);
    assert.deepEqual(severities(await session.pull(uri)), [3], 'hadolint’s where there is no other');
    session.writeFile('.layerwise.yaml', `ignore: [${rule}]\n`);
    await changed('.layerwise.yaml', 1);
    assert.deepEqual(severities(await session.pull(uri)), [], 'ours before hadolint’s');
    session.writeFile('.layerwise.yaml', 'overrides:\n  - { files: [app/*], severity: { DL4003: hint } }\n');
    await changed('.layerwise.yaml', 2);
    assert.deepEqual(severities(await session.pull(uri)), [4], 'by path');
    rmSync(join(session.folder, '.layerwise.yaml'));
    rmSync(join(session.folder, '.hadolint.yaml'));
    await changed('.layerwise.yaml', 3);
    assert.deepEqual(severities(await session.pull(uri)), [2]);
  });

  it('have their errors shown in them, until they are mended or nobody needs them', async () => {
    session.writeFile('.layerwise.yaml', '# ours\nbulder: legacy\nignore: [overriden-instruction]\n');
    session.open(uri, text);
    assert.deepEqual(severities(await session.pull(uri)), [2]);
    const [error, warning, ...more] = sentFor('.layerwise.yaml') ?? [];
    assert.deepEqual(more, []);
    assert.equal(error?.message, 'there is no setting `bulder`; did you mean `builder`?');
    assert.deepEqual(error?.range, { start: { line: 1, character: 0 }, end: { line: 1, character: 6 } });
    assert.equal(error?.severity, 1);
    assert.equal(warning?.severity, 2);
    assert.deepEqual(warning?.range, { start: { line: 2, character: 9 }, end: { line: 2, character: 30 } });
    session.writeFile('.layerwise.yaml', `ignore: [${rule}\n`);
    await changed('.layerwise.yaml', 2);
    await session.pull(uri);
    assert.match(sentFor('.layerwise.yaml')?.[0]?.message ?? '', /not valid YAML/);
    session.writeFile('.layerwise.yaml', `ignore: [${rule}]\n`);
    await changed('.layerwise.yaml', 2);
    assert.deepEqual(severities(await session.pull(uri)), []);
    assert.deepEqual(sentFor('.layerwise.yaml'), []);
    session.writeFile('.layerwise.yaml', 'builder: [\n');
    await changed('.layerwise.yaml', 2);
    await session.pull(uri);
    assert.equal(sentFor('.layerwise.yaml')?.length, 1);
    session.client.notify('textDocument/didClose', { textDocument: { uri } });
    await session.client.request('layerwise/rules');
    assert.deepEqual(sentFor('.layerwise.yaml'), []);
  });

  it('count for clients that can do little', async () => {
    const other = await startSession({ capabilities: oldClient });
    other.writeFile('.layerwise.yaml', `severity: { ${rule}: error }\n`);
    other.open(other.uri('Dockerfile'), text);
    // What was known before the files beside it were looked at may be pushed first.
    const saying = (wanted: number) => (message: { method?: string; params?: unknown }) =>
      message.method === 'textDocument/publishDiagnostics' &&
      (message.params as { diagnostics: Diagnostic[] }).diagnostics.some(
        ({ code, severity }) => code === rule && severity === wanted,
      );
    await other.client.waitFor(saying(1));
    other.writeFile('.layerwise.yaml', `severity: { ${rule}: info }\n`);
    const from = other.client.received.length;
    other.client.notify('textDocument/didSave', { textDocument: { uri: other.uri('Dockerfile') } });
    // Read anew when a Dockerfile is saved, for nobody told that it changed.
    await other.client.waitFor(saying(3), from);
    await other.end();
  });
});
