/** Findings as the client gets them: pulled, pushed, after edits, with settings, with a build context. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures, reportMissing, root, sharedPath } from '../harness/paths';
import {
  applyTextEdits,
  type Diagnostic,
  modernClient,
  oldClient,
  type Range,
  type Report,
  type Session,
  startSession,
} from './session';

const dirty = 'FROM debian\nMAINTAINER me\nRUN cd /tmp\nCMD ["a"]\nCMD ["b"]\n';
const codes = ({ items }: Report) => items.map(({ code }) => code).sort();

describe('server: diagnostics', () => {
  let session: Session;

  beforeEach(async () => {
    session = await startSession();
  });
  afterEach(async () => {
    assert.equal(await session.end(), 0);
  });

  it('are full at first, unchanged while nothing changes, full again after an edit', async () => {
    const uri = session.uri('Dockerfile');
    session.open(uri, dirty);
    const first = await session.pull(uri);
    assert.equal(first.kind, 'full');
    assert.ok(codes(first).includes('overridden-instruction'), String(codes(first)));
    const same = await session.pull(uri, first.resultId);
    assert.deepEqual(same, { kind: 'unchanged', resultId: first.resultId });
    assert.deepEqual((await session.pull(uri, 'what another server said')).kind, 'full');
    session.change(uri, 2, [{ range: lineRange(3, 4), text: '' }]);
    const second = await session.pull(uri, first.resultId);
    assert.equal(second.kind, 'full');
    assert.notEqual(second.resultId, first.resultId);
    assert.ok(!codes(second).includes('overridden-instruction'));
  });

  it('say whence they come, and link to the rule only where the client asked for it', async () => {
    const uri = session.uri('Dockerfile');
    session.open(uri, dirty);
    for (const diagnostic of (await session.pull(uri)).items) {
      assert.equal(diagnostic.source, 'layerwise');
      assert.match(diagnostic.code, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      assert.equal(diagnostic.codeDescription, undefined);
    }
    const other = await startSession({ initializationOptions: { rulePage: 'docs:/rules/{id}.md' } });
    other.open(uri, dirty);
    for (const { code, codeDescription } of (await other.pull(uri)).items)
      assert.equal(codeDescription?.href, `docs:/rules/${code}.md`);
    await other.end();
  });

  it('count columns in UTF-16 units, with emoji and with Windows line ends', async () => {
    const uri = session.uri('Dockerfile');
    const emoji = 'FROM alpine:3.20\r\nLABEL a="😀👩‍👩‍👧" b=1\r\nCMD ["😀"]\r\nCMD ["b"]\r\n';
    session.open(uri, emoji);
    const before = await session.pull(uri);
    const dead = before.items.find(({ code }) => code === 'overridden-instruction');
    assert.equal(dead?.range.start.line, 2);
    assertInside(before.items, emoji);
    // A change behind the emoji: 12 is behind `LABEL a="😀`, whose emoji counts two.
    const range = { start: { line: 1, character: 11 }, end: { line: 1, character: 11 } };
    session.change(uri, 2, [{ range, text: '\r\nCMD ["c"]\r\nLABEL c="' }]);
    const changed = applyTextEdits(emoji, [{ range, newText: '\r\nCMD ["c"]\r\nLABEL c="' }]);
    const after = await session.pull(uri);
    assertInside(after.items, changed);
    await assertSameAsFresh(session, uri, changed);
  });

  it('are the same after any number of incremental changes as in a fresh document', async () => {
    const uri = session.uri('Dockerfile');
    const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(^|[/\\])(Dockerfile|Containerfile)$/.test(name),
    );
    assert.ok(files.length > 0);
    for (const name of files) {
      let text = readFileSync(join(fixtures, name), 'utf8');
      session.open(uri, text);
      let version = 1;
      for (let n = 0; n < 40; n++) {
        const change = typed(text, n);
        session.change(uri, ++version, [{ range: change.range, text: change.newText }]);
        text = applyTextEdits(text, [change]);
        if (version % 5 === 0) await session.pull(uri);
      }
      await assertSameAsFresh(session, uri, text);
      session.client.notify('textDocument/didClose', { textDocument: { uri } });
    }
  });

  it('are the same for real files typed into as for the same text opened anew', async function () {
    this.timeout(120_000);
    const corpus = sharedPath('corpus/dockerfiles');
    if (!corpus) {
      reportMissing('corpus/dockerfiles', 'typing is only tried in the sample workspace');
      return;
    }
    const edited = session.uri('Dockerfile');
    const fresh = session.uri('Dockerfile.fresh');
    const close = (uri: string) => session.client.notify('textDocument/didClose', { textDocument: { uri } });
    const names = readdirSync(corpus).filter((_, index) => index % 20 === 0);
    for (const name of names) {
      let text = readFileSync(join(corpus, name), 'utf8');
      session.open(edited, text);
      let version = 1;
      for (let n = 0; n < 12; n++) {
        const change = typed(text, n);
        await session.pull(edited);
        session.change(edited, ++version, [{ range: change.range, text: change.newText }]);
        text = applyTextEdits(text, [change]);
      }
      session.open(fresh, text);
      const [left, right] = await Promise.all([session.pull(edited), session.pull(fresh)]);
      // The two differ in their names, which related places tell.
      const plain = ({ items }: Report) => JSON.parse(JSON.stringify(items).replaceAll(fresh, edited)) as unknown;
      assert.deepEqual(plain(left), plain(right), name);
      close(edited);
      close(fresh);
    }
  });

  it('are those that `check` reports of the same file', async function () {
    this.timeout(60_000);
    for (const name of ['node/Dockerfile', 'python/Dockerfile', 'site/Containerfile', 'go/Dockerfile']) {
      const path = join(fixtures, 'sample', name);
      const text = readFileSync(path, 'utf8');
      const uri = new URL(`file://${path}`).href;
      session.open(uri, text);
      const pulled = (await session.pull(uri)).items.map(
        ({ code, range: { start, end }, message }) =>
          `${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1} ${code} ${message}`,
      );
      assert.deepEqual(pulled.sort(), checkWithCommand(path).sort(), name);
    }
  });

  it('answer every one of many edits and requests sent without waiting', async () => {
    const uri = session.uri('Dockerfile');
    session.open(uri, dirty);
    const reports: Promise<Report>[] = [];
    for (let version = 2; version < 60; version++) {
      session.change(uri, version, [{ range: lineRange(3, 3), text: `RUN echo ${version}\n` }]);
      reports.push(session.pull(uri));
    }
    for (const report of await Promise.all(reports)) assert.equal(report.kind, 'full');
    const last = await session.pull(uri);
    const dead = last.items.find(({ code }) => code === 'overridden-instruction');
    assert.equal(dead?.range.start.line, 3 + 58);
  });

  it('can be cancelled', async () => {
    const uri = session.uri('Dockerfile');
    session.open(uri, dirty);
    await session.pull(uri);
    const { id, answer } = session.client.start('textDocument/diagnostic', { textDocument: { uri } });
    session.client.notify('$/cancelRequest', { id });
    const { error, result } = await answer;
    // It may have been too late to cancel; an answer there must be in any case.
    assert.ok(error ? error.code === -32800 : result);
  });

  it('come in time for a very large file', async function () {
    this.timeout(60_000);
    const uri = session.uri('Dockerfile');
    const block = 'RUN apt-get update && apt-get install -y \\\n    curl \\\n    git\nCOPY . /app\n';
    const text = `FROM debian:12\n${block.repeat(2500)}`;
    session.open(uri, text);
    assert.ok((await session.pull(uri)).kind === 'full');
    session.change(uri, 2, [{ range: lineRange(5000, 5000), text: 'ENV A=b\n' }]);
    await session.pull(uri);
  });

  it('come for a file that is no text a Dockerfile could be', async () => {
    const uri = session.uri('Dockerfile');
    for (const text of [
      '',
      '\uFEFF',
      '\0\0\0',
      '\\\n'.repeat(500),
      'FROM',
      '<<EOF',
      '# escape=`\nRUN `\n',
      '\r',
      '𝒳'.repeat(99),
    ]) {
      session.open(uri, text);
      assert.equal((await session.pull(uri)).kind, 'full');
      session.client.notify('textDocument/didClose', { textDocument: { uri } });
    }
  });
});

describe('server: pushed diagnostics', () => {
  const pushing = { ...modernClient, textDocument: { ...modernClient.textDocument, diagnostic: undefined } };
  const pushed = (uri: string, version?: number) => (message: { method?: string; params?: unknown }) => {
    const params = message.params as { uri?: string; version?: number } | undefined;
    return (
      message.method === 'textDocument/publishDiagnostics' &&
      params?.uri === uri &&
      (version === undefined || params.version === version)
    );
  };

  it('follow opening and typing with the version they are for, and are taken back at closing', async () => {
    const session = await startSession({ capabilities: pushing });
    const uri = session.uri('Dockerfile');
    session.open(uri, dirty);
    const first = await session.client.waitFor(pushed(uri, 1));
    assert.ok((first.params as { diagnostics: unknown[] }).diagnostics.length > 0);
    session.change(uri, 2, [{ text: 'FROM scratch\n' }]);
    await session.client.waitFor(pushed(uri, 2));
    const from = session.client.received.length;
    session.client.notify('textDocument/didClose', { textDocument: { uri } });
    const last = await session.client.waitFor(pushed(uri), from);
    assert.deepEqual((last.params as { diagnostics: unknown[] }).diagnostics, []);
    assert.equal(await session.end(), 0);
  });

  it('carry nothing that an old client does not know', async () => {
    const session = await startSession({ capabilities: oldClient });
    const uri = session.uri('Dockerfile');
    session.open(uri, dirty);
    const { params } = await session.client.waitFor(pushed(uri));
    assert.ok(!('version' in (params as object)));
    for (const diagnostic of (params as { diagnostics: object[] }).diagnostics)
      assert.deepEqual(Object.keys(diagnostic).sort(), ['code', 'message', 'range', 'severity', 'source']);
    assert.equal(await session.end(), 0);
  });
});

/** What the command says of a file, in the words of `pulled` above. */
function checkWithCommand(path: string): string[] {
  const options = { encoding: 'utf8' as const, maxBuffer: 1e8 };
  const args = [join(root, 'dist/cli.js'), 'check', '--format', 'json', '--fail-on', 'error', path];
  let output: string;
  try {
    output = execFileSync(process.execPath, args, options);
  } catch (error) {
    // Exit status 1 means that there are errors among the findings.
    output = (error as { stdout: string }).stdout;
  }
  type Row = { line: number; column: number; endLine: number; endColumn: number; rule: string; message: string };
  const [file] = JSON.parse(output) as { findings: Row[] }[];
  return (file?.findings ?? []).map(
    (row) => `${row.line}:${row.column}-${row.endLine}:${row.endColumn} ${row.rule} ${row.message}`,
  );
}

/** An edit as somebody types it: a letter, a new line, a continuation, a line taken away, at places all over the text. */
function typed(text: string, n: number): { range: Range; newText: string } {
  const lines = text.split(/\r?\n/);
  const line = (n * 7) % lines.length;
  const start = { line, character: Math.min((n * 3) % 5, lines[line]?.length ?? 0) };
  if (n % 9 === 8 && line + 1 < lines.length) return { range: lineRange(line, line + 1), newText: '' };
  const newText = n % 4 === 3 ? '\n' : n % 4 === 2 ? 'é😀' : n % 4 === 1 ? ' \\\n' : 'x';
  return { range: { start, end: start }, newText };
}

/** The same text in a document of its own, never edited, has the same findings. */
async function assertSameAsFresh(session: Session, uri: string, text: string): Promise<void> {
  const edited = (await session.pull(uri)).items;
  const other = await startSession();
  other.open(uri, text);
  assert.deepEqual(edited, (await other.pull(uri)).items);
  await other.end();
}

/** No range ends behind the end of its line. */
function assertInside(items: readonly Diagnostic[], text: string): void {
  const lines = text.split(/\r?\n/);
  for (const { range, code } of items)
    for (const { line, character } of [range.start, range.end])
      assert.ok(character <= (lines[line]?.length ?? -1), `${code} at ${line}:${character}`);
}

function lineRange(from: number, to: number): Range {
  return { start: { line: from, character: 0 }, end: { line: to, character: 0 } };
}
