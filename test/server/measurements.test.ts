/** Costs in the server: measurements that are imported, kept and forgotten, and histories only where the workspace is trusted. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LayersView, StepView } from '../../shared/src/layers-view';
import type { MeasurementResult } from '../../shared/src/measurements';
import { AnsweredError } from '../harness/lsp-client';
import { root } from '../harness/paths';
import { type Session, startSession } from './session';

const fixture = (name: string): string => readFileSync(join(root, 'test/fixtures/builds', name), 'utf8');
const text = fixture('Dockerfile');

describe('server: measurements', () => {
  let session: Session;
  let storage: string;
  let uri: string;

  const start = async (trusted: boolean) => {
    session = await startSession({ initializationOptions: { storage, trusted } });
    uri = session.uri('Dockerfile');
  };
  beforeEach(() => {
    storage = mkdtempSync(join(tmpdir(), 'layerwise-storage-'));
  });
  afterEach(async () => {
    assert.equal(await session.end(), 0);
    rmSync(storage, { recursive: true, force: true });
  });

  const ask = (method: string, params: object = {}) =>
    session.client.request<MeasurementResult | null>(method, { textDocument: { uri }, ...params });
  const view = () =>
    session.client.request<LayersView | null>('layerwise/layersView', { textDocument: { uri }, line: null });
  const steps = async (): Promise<StepView[]> => (await view())?.stages.flatMap((stage) => stage.steps) ?? [];

  it('imports a log and a history, keeps them for the next session, and forgets them', async () => {
    await start(false);
    session.open(uri, text);
    const imported = await ask('layerwise/import', { text: fixture('plain.log'), name: 'plain.log' });
    assert.deepEqual(imported, { ok: true, message: '9 instructions were measured.', details: [] });
    const path = join(storage, 'history.json');
    writeFileSync(path, fixture('history.json'));
    assert.equal((await ask('layerwise/import', { path }))?.ok, true);
    const copy = (await steps()).find((step) => step.text.startsWith('COPY --from'));
    assert.deepEqual(copy?.size, { value: 300_000, source: 'measured' });
    assert.equal((await steps()).find((step) => step.text.startsWith('RUN sleep'))?.seconds?.value, 1.2);
    assert.equal(readdirSync(join(storage, 'measurements')).length, 1);

    // The same file in another session: the measurements were kept.
    const folder = session.folder;
    const again = await startSession({ initializationOptions: { storage, trusted: false } });
    again.open(uri, text.replace('sleep 1 ', 'sleep 2 '));
    const params = { textDocument: { uri }, line: null };
    const kept = await again.client.request<LayersView>('layerwise/layersView', params);
    const changed = kept.stages[0]?.steps.find((step) => step.text.startsWith('RUN sleep'));
    assert.deepEqual([changed?.seconds?.value, changed?.isStale], [1.2, true]);
    assert.match(kept.basis.join(' '), /plain\.log.*history\.json.*1 measurement is of an earlier text/);
    await again.end();

    assert.equal((await ask('layerwise/forgetMeasurements'))?.ok, true);
    assert.deepEqual(readdirSync(join(storage, 'measurements')), []);
    assert.ok((await steps()).every((step) => step.size === null && step.seconds?.source !== 'measured'));
    assert.ok(folder);
  });

  it('refuses what belongs to another file, and says why', async () => {
    await start(false);
    session.open(uri, 'FROM node\nRUN npm ci\n');
    const other = await ask('layerwise/import', { text: fixture('plain.log') });
    assert.equal(other?.ok, false);
    assert.match(other?.message ?? '', /another Dockerfile/);
    assert.match((await ask('layerwise/import', { path: join(storage, 'gone') }))?.message ?? '', /no such file/);
    await assert.rejects(ask('layerwise/import'), AnsweredError);
    assert.equal(await ask('layerwise/import', { textDocument: { uri: 'file:///not/open' }, text: '' }), null);
  });

  it('runs no Docker in a workspace that is not trusted', async () => {
    await start(false);
    session.open(uri, text);
    const result = await ask('layerwise/measure');
    assert.equal(result?.ok, false);
    assert.match(result?.message ?? '', /trust/);
  });

  it('learns from git where the workspace is trusted, and only there', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@localhost', ...args], { cwd: session.folder });
    const makeHistory = () => {
      git('init', '-q');
      for (const content of ['1', '2', '3']) {
        session.writeFile('src', content);
        session.writeFile('Dockerfile', 'FROM alpine\nCOPY src /src\nRUN make\n');
        git('add', '-A');
        git('commit', '-q', '-m', content);
      }
    };
    await start(false);
    makeHistory();
    session.open(uri, 'FROM alpine\nCOPY src /src\nRUN make\n');
    assert.equal((await steps())[0]?.rebuilds?.source, 'assumed');
    session.client.notify('layerwise/trusted');
    // The view may have to be asked again: git takes its time, and the client is told when it is done.
    for (let tries = 0; tries < 40 && (await steps())[0]?.rebuilds?.source !== 'measured'; tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual((await steps())[0]?.rebuilds, { value: 1, source: 'measured' });
    assert.match((await view())?.basis.join(' ') ?? '', /last 2 commits/);
  });
});
