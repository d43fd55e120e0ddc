/** Hover and the requests of our own: Optimize, layers, the rules and their pages. */
import { strict as assert } from 'node:assert';
import { AnsweredError, errorCodes } from '../harness/lsp-client';
import { applyTextEdits, type Session, startSession, type TextEdit } from './session';

const text = 'FROM alpine:3.20 AS base\nRUN apk add --no-cache curl\nFROM base\nCMD ["a"]\nCMD ["b"]\nUSER nobody\n';

interface Plan {
  readonly version: number;
  readonly layersBefore: number;
  readonly layersAfter: number;
  readonly text: string;
  readonly edits: readonly TextEdit[];
  readonly applied: readonly { rule: string; line: number; title: string; reason: string }[];
  readonly suggested: readonly { rule: string; line: number; title: string }[];
  readonly refused: readonly { rule: string; line: number; reason: string }[];
  readonly choices: readonly { label: string; safe: boolean; edits: readonly TextEdit[] }[];
}

describe('server: requests', () => {
  let session: Session;
  let uri: string;

  beforeEach(async () => {
    session = await startSession();
    uri = session.uri('Dockerfile');
    session.open(uri, text);
  });
  afterEach(async () => {
    assert.equal(await session.end(), 0);
  });

  const hover = (line: number, character: number) =>
    session.client.request<{ contents: { kind: string; value: string }; range: object } | null>('textDocument/hover', {
      textDocument: { uri },
      position: { line, character },
    });

  it('hover tells of the instruction under the cursor', async () => {
    const found = await hover(1, 1);
    assert.equal(found?.contents.kind, 'markdown');
    assert.match(found?.contents.value ?? '', /layer/i);
    assert.equal(await hover(6, 0), null);
  });

  it('hover is plain text for an editor that shows no Markdown', async () => {
    const plain = await startSession({ capabilities: {} });
    plain.open(uri, text);
    const found = await plain.client.request<{ contents: { kind: string; value: string } }>('textDocument/hover', {
      textDocument: { uri },
      position: { line: 1, character: 1 },
    });
    assert.equal(found.contents.kind, 'plaintext');
    assert.doesNotMatch(found.contents.value, /\*\*|\]\(/);
    assert.equal(await plain.end(), 0);
  });

  it('layers are those of the last stage and of the stages below it', async () => {
    type Layers = {
      count: number;
      stage: string | null;
      stages: number;
      base: string;
      instructions: { layer: string }[];
    };
    const layers = await session.client.request<Layers>('layerwise/layers', { textDocument: { uri } });
    assert.equal(layers.count, 1);
    assert.equal(layers.stages, 2);
    assert.equal(layers.stage, null);
    assert.equal(layers.base, 'alpine:3.20');
    assert.equal(layers.instructions.length, 4);
  });

  it('optimize plans, and its edits make its text', async () => {
    const plan = await session.client.request<Plan>('layerwise/optimize', { textDocument: { uri } });
    assert.equal(plan.version, 1);
    assert.equal(applyTextEdits(text, plan.edits), plan.text);
    assert.ok(!plan.text.includes('["a"]'));
    const dead = plan.applied.find(({ rule }) => rule === 'overridden-instruction');
    assert.equal(dead?.line, 3);
    assert.ok(dead?.title && dead.reason);
    const safe = plan.choices.filter((choice) => choice.safe).flatMap(({ edits }) => edits);
    assert.equal(applyTextEdits(text, safe), plan.text, 'all safe choices together are the plan');
  });

  it('optimize is refused for a text that changes meanwhile, or cancelled when the client asks for it', async () => {
    const large = `FROM alpine:3.20\n${'RUN apk add curl\nCMD ["a"]\n'.repeat(300)}`;
    session.change(uri, 2, [{ text: large }]);
    const raced = session.client.start('layerwise/optimize', { textDocument: { uri } });
    session.change(uri, 3, [{ text }]);
    const { error } = await raced.answer;
    assert.equal(error?.code, errorCodes.contentModified);
    const stopped = session.client.start('layerwise/optimize', { textDocument: { uri } });
    session.client.notify('$/cancelRequest', { id: stopped.id });
    assert.equal((await stopped.answer).error?.code, errorCodes.requestCancelled);
  });

  it('rules are listed, each with a page; an alias finds its rule', async () => {
    const rules = await session.client.request<{ id: string; category: string; summary: string }[]>('layerwise/rules');
    assert.ok(rules.length > 0);
    for (const { id, summary } of rules) {
      const page = await session.client.request<string>('layerwise/rulePage', { id });
      assert.ok(page.startsWith(`# ${id}\n`), id);
      assert.ok(summary.length > 0);
    }
    const page = await session.client.request<string>('layerwise/rulePage', { id: 'DL4003' });
    assert.match(page, /^# overridden-instruction/);
    assert.equal(await session.client.request('layerwise/rulePage', { id: 'no-such-rule' }), null);
  });

  it('speak the language of the editor', async () => {
    const words = { 'Ignore {0} here': '여기서 {0} 무시' };
    const korean = await startSession({ initializationOptions: { l10n: words } });
    korean.open(uri, text);
    const actions = await korean.actions(uri, { start: { line: 3, character: 0 }, end: { line: 3, character: 0 } });
    assert.ok(actions.some(({ title }) => title === '여기서 overridden-instruction 무시'));
    assert.equal(await korean.end(), 0);
  });

  it('of the wrong kind for a document that was closed answer with nothing or an error, never hang', async () => {
    const pending = session.client.start('layerwise/optimize', { textDocument: { uri } });
    session.client.notify('textDocument/didClose', { textDocument: { uri } });
    const { error, result } = await pending.answer;
    assert.ok(error instanceof AnsweredError || error?.code === errorCodes.contentModified || result !== undefined);
  });
});
