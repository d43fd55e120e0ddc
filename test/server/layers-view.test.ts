/** The requests behind the layers view, the rebuild marks and the inlay hints. */
import { strict as assert } from 'node:assert';
import type { LayersView } from '../../shared/src/layers-view';
import { AnsweredError, errorCodes } from '../harness/lsp-client';
import { modernClient, type Session, startSession } from './session';

const text =
  'FROM node:22\nRUN apt-get update\nRUN apt-get install -y curl\nCOPY . .\nRUN npm ci\nCMD ["a"]\nCMD ["b"]\n';

interface Hint {
  readonly position: { readonly line: number; readonly character: number };
  readonly label: string;
  readonly tooltip: string;
}

describe('server: layers view', () => {
  let session: Session;
  let uri: string;
  const settings: { value: unknown } = { value: null };

  beforeEach(async () => {
    settings.value = null;
    session = await startSession({ settings });
    uri = session.uri('Dockerfile');
    session.open(uri, text);
  });
  afterEach(async () => {
    assert.equal(await session.end(), 0);
  });

  const ask = (params: object) =>
    session.client.request<LayersView | null>('layerwise/layersView', { textDocument: { uri }, ...params });
  const wholeFile = { start: { line: 0, character: 0 }, end: { line: 7, character: 0 } };
  const hints = (of = session, inUri = uri) =>
    of.client.request<Hint[]>('textDocument/inlayHint', { textDocument: { uri: inUri }, range: wholeFile });

  it('tells of every step, and of what an edit rebuilds', async () => {
    const view = await ask({ line: 3 });
    assert.ok(view);
    assert.equal(view.version, 1);
    assert.equal(view.builder, 'buildkit');
    assert.equal(view.editedLine, 3);
    assert.deepEqual(
      view.stages[0]?.steps.map(({ state }) => state),
      ['cached', 'cached', 'edited', 'rebuilt', 'cached', 'cached'],
    );
    assert.equal(view.optimized, null);
    assert.ok(view.basis.length > 0);
  });

  it('tells of the Dockerfile after Optimize where asked, with the edit at the same instruction', async () => {
    const view = await ask({ line: 3, optimized: true });
    const after = view?.optimized;
    assert.ok(view && after);
    assert.ok(after.stages[0] && after.stages[0].steps.length < (view.stages[0]?.steps.length ?? 0));
    const edited = after.stages[0].steps.find(({ state }) => state === 'edited');
    assert.equal(edited?.keyword, 'COPY');
    // Asked again, from another line, it comes from what was planned before.
    const again = await ask({ line: 5, optimized: true });
    assert.deepEqual(
      again?.optimized?.stages[0]?.steps.map((step) => step.text),
      after.stages[0].steps.map((step) => step.text),
    );
  });

  it('has no optimized side where there is nothing to optimize', async () => {
    const fine = session.uri('Fine.Dockerfile');
    session.open(fine, 'FROM scratch\nCOPY app /app\nUSER 1000\nENTRYPOINT ["/app"]\n');
    const view = await session.client.request<LayersView>('layerwise/layersView', {
      ...{ textDocument: { uri: fine }, line: null, optimized: true },
    });
    assert.equal(view.optimized, null);
  });

  it('is nothing for a file without an image, one that is not open, and where Layerwise is off', async () => {
    const bare = session.uri('Bare.Dockerfile');
    session.open(bare, 'RUN a\n');
    for (const one of [bare, session.uri('Nowhere')])
      assert.equal(
        await session.client.request('layerwise/layersView', { textDocument: { uri: one }, line: null }),
        null,
      );
    settings.value = { enable: false };
    const off = session.uri('Off.Dockerfile');
    session.open(off, text);
    assert.equal(await session.client.request('layerwise/layersView', { textDocument: { uri: off }, line: 0 }), null);
  });

  it('refuses a line that is none', async () => {
    for (const line of [-1, 1.5, 'three'])
      await assert.rejects(
        ask({ line }),
        (error) => error instanceof AnsweredError && error.code === errorCodes.invalidParams,
      );
  });

  it('of a text that has changed meanwhile is an error or of the newer text, never of the older', async () => {
    const answer = ask({ line: 3, optimized: true }).then(
      (view) => view?.version,
      (error: unknown) => (error instanceof AnsweredError ? error.code : 0),
    );
    session.change(uri, 2, [{ text: 'FROM alpine:3.20\nRUN a\n' }]);
    assert.ok([2, errorCodes.contentModified].includes((await answer) ?? 0));
    assert.equal((await ask({ line: null }))?.version, 2);
  });

  it('follows the builder that is set', async () => {
    settings.value = { builder: 'legacy' };
    const other = session.uri('Legacy.Dockerfile');
    session.open(other, text);
    const view = await session.client.request<LayersView>('layerwise/layersView', {
      ...{ textDocument: { uri: other }, line: 3 },
    });
    assert.equal(view.builder, 'legacy');
    assert.deepEqual(
      view.stages[0]?.steps.map(({ state }) => state),
      ['cached', 'cached', 'edited', 'rebuilt', 'rebuilt', 'rebuilt'],
    );
  });

  it('hints are off until somebody wants them', async () => {
    assert.equal(session.initialized.capabilities.inlayHintProvider, true);
    assert.deepEqual(await hints(), []);
  });

  it('hints number the layers at the ends of their lines', async () => {
    for (const value of ['short', 'full']) {
      const other = await startSession({ settings: { value: { inlayHints: value } }, capabilities: modernClient });
      const open = other.uri('Dockerfile');
      other.open(open, text);
      const found = await hints(other, open);
      assert.deepEqual(
        found.slice(0, 4).map(({ position, label }) => [position.line, label.split(' · ')[0]]),
        [
          [1, 'layer 1'],
          [2, 'layer 2'],
          [3, 'layer 3'],
          [4, 'layer 4'],
        ],
      );
      assert.equal(found[0]?.position.character, 'RUN apt-get update'.length);
      assert.equal(await other.end(), 0);
    }
  });
});
