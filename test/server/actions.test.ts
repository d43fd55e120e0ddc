/** Code actions: what is offered where, what the edits make of the text, and what they are bound to. */
import { strict as assert } from 'node:assert';
import { AnsweredError, errorCodes } from '../harness/lsp-client';
import {
  applyTextEdits,
  at,
  type CodeAction,
  editsOf,
  modernClient,
  oldClient,
  type Session,
  startSession,
} from './session';

const twoDead = 'FROM alpine:3.20\nCMD ["a"]\nCMD ["b"]\nENTRYPOINT ["x"]\nENTRYPOINT ["y"]\nUSER nobody\n';
const mended = 'FROM alpine:3.20\nCMD ["b"]\nENTRYPOINT ["y"]\nUSER nobody\n';
const rule = 'overridden-instruction';

describe('server: code actions', () => {
  let session: Session;
  let uri: string;

  beforeEach(async () => {
    session = await startSession();
    uri = session.uri('Dockerfile');
    session.open(uri, twoDead);
  });
  afterEach(async () => {
    assert.equal(await session.end(), 0);
  });

  /** The action of this title, resolved. */
  const take = async (actions: readonly CodeAction[], title: string | RegExp) => {
    const action = actions.find((one) => (typeof title === 'string' ? one.title === title : title.test(one.title)));
    assert.ok(action, `no “${title}” among ${actions.map((one) => one.title).join(' | ')}`);
    return action.edit ? action : session.resolve(action);
  };
  const applied = (action: CodeAction, text = twoDead) => applyTextEdits(text, editsOf(action, uri));

  it('offers the fix, the same for the file, and two ways to ignore', async () => {
    const actions = await session.actions(uri, at(1, 2), { only: ['quickfix'] });
    const ours = actions.filter(({ diagnostics }) => diagnostics?.some(({ code }) => code === rule));
    assert.equal(ours.length, 4, actions.map(({ title }) => title).join(' | '));
    assert.ok(ours.every(({ kind }) => kind === 'quickfix'));
    assert.equal(ours[0]?.isPreferred, true);
    assert.deepEqual(
      ours.slice(1).map(({ title }) => title),
      [`Fix all ${rule} in the file`, `Ignore ${rule} here`, `Ignore ${rule} in this file`],
    );
  });

  it('resolves edits on demand, bound to the version of the document', async () => {
    const [first] = await session.actions(uri, at(1, 2));
    assert.ok(first && first.edit === undefined && first.data !== undefined);
    const { edit } = await session.resolve(first);
    assert.deepEqual(edit?.documentChanges?.[0]?.textDocument, { uri, version: 1 });
  });

  it('fixes the finding', async () => {
    const actions = await session.actions(uri, at(1, 2));
    const [first] = actions;
    assert.ok(first);
    assert.equal(applied(await session.resolve(first)), twoDead.replace('CMD ["a"]\n', ''));
  });

  it('fixes the rule in the file', async () => {
    const actions = await session.actions(uri, at(1, 2));
    assert.equal(applied(await take(actions, `Fix all ${rule} in the file`)), mended);
  });

  it('ignores here, and then there is no finding', async () => {
    const ignored = applied(await take(await session.actions(uri, at(1, 2)), `Ignore ${rule} here`));
    assert.equal(ignored, twoDead.replace('CMD ["a"]', `# layerwise ignore=${rule}\nCMD ["a"]`));
    session.change(uri, 2, [{ text: ignored }]);
    const lines = (await session.pull(uri)).items
      .filter(({ code }) => code === rule)
      .map(({ range }) => range.start.line);
    assert.deepEqual(lines, [4]);
  });

  it('ignores in the file, and then there is none at all', async () => {
    const ignored = applied(await take(await session.actions(uri, at(1, 2)), `Ignore ${rule} in this file`));
    assert.equal(ignored, `# layerwise ignore-file=${rule}\n${twoDead}`);
    session.change(uri, 2, [{ text: ignored }]);
    assert.ok((await session.pull(uri)).items.every(({ code }) => code !== rule));
  });

  it('fixes all that is safe under source.fixAll, and offers it only when asked', async () => {
    for (const only of [['source.fixAll.layerwise'], ['source.fixAll'], ['source']]) {
      const actions = await session.actions(uri, at(0), { only });
      assert.deepEqual(
        actions.map(({ kind }) => kind),
        ['source.fixAll.layerwise'],
      );
      const text = applied(await take(actions, /./));
      assert.ok(text.includes('CMD ["b"]\nENTRYPOINT ["y"]') && !text.includes('["a"]') && !text.includes('["x"]'));
    }
    assert.deepEqual(await session.actions(uri, at(0), { only: ['source.organizeImports'] }), []);
    assert.deepEqual(await session.actions(uri, at(0), { only: ['source.fixAll.other'] }), []);
    const automatic = await session.actions(uri, at(1, 2), { triggerKind: 2 });
    assert.ok(automatic.every(({ kind }) => kind === 'quickfix'));
  });

  it('offers nothing where nothing is found', async () => {
    session.change(uri, 2, [{ text: 'FROM scratch\n' }]);
    assert.deepEqual(await session.actions(uri, at(0), { only: ['source.fixAll.layerwise'] }), []);
  });

  it('refuses to resolve an action for a text that has changed', async () => {
    const [first] = await session.actions(uri, at(1, 2));
    assert.ok(first);
    session.change(uri, 2, [{ range: at(0), text: '# a comment\n' }]);
    await assert.rejects(
      session.resolve(first),
      (error) => error instanceof AnsweredError && error.code === errorCodes.contentModified,
    );
  });

  it('gives back the diagnostics that the client sent', async () => {
    const { items } = await session.pull(uri);
    const mine = items.filter(({ code, range }) => code === rule && range.start.line === 1);
    const sent = mine.map((diagnostic) => ({ ...diagnostic, message: 'as the client has it' }));
    const [first] = await session.actions(uri, at(1, 2), { diagnostics: sent });
    assert.deepEqual(first?.diagnostics, sent);
  });

  it('keeps the line ends of the file', async () => {
    session.change(uri, 2, [{ text: twoDead.replaceAll('\n', '\r\n') }]);
    const actions = await session.actions(uri, at(1, 2));
    const windows = twoDead.replaceAll('\n', '\r\n');
    assert.equal(applied(await take(actions, `Fix all ${rule} in the file`), windows), mended.replaceAll('\n', '\r\n'));
  });

  it('sends whole edits, by URI alone, to a client that can do no better', async () => {
    const old = await startSession({ capabilities: oldClient });
    old.open(uri, twoDead);
    const [first] = await old.actions(uri, at(1, 2));
    assert.equal(first?.data, undefined);
    assert.equal(first?.isPreferred, undefined);
    assert.ok(first?.edit?.changes && !first.edit.documentChanges);
    assert.equal(applied(first), twoDead.replace('CMD ["a"]\n', ''));
    assert.equal(await old.end(), 0);
  });

  it('optimizes on command through workspace/applyEdit', async () => {
    let text = twoDead;
    const other = await startSession({
      capabilities: modernClient,
      answers: {
        'workspace/applyEdit': (params) => {
          const { edit } = params as { edit: CodeAction['edit'] };
          text = applyTextEdits(text, editsOf({ title: '', kind: '', ...(edit ? { edit } : {}) }, uri));
          return { applied: true };
        },
      },
    });
    other.open(uri, twoDead);
    const command = { command: 'layerwise.server.optimize', arguments: [uri] };
    assert.equal(await other.client.request('workspace/executeCommand', command), true);
    assert.ok(!text.includes('["a"]') && !text.includes('["x"]'));
    other.change(uri, 2, [{ text }]);
    assert.equal(await other.client.request('workspace/executeCommand', command), false);
    assert.equal(await other.end(), 0);
  });
});
