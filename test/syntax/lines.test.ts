/** Offsets and positions, by LSP's idea of a line. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { buildLineIndex } from '../../server/src/syntax/lines';

describe('lines', () => {
  it('end in newline, carriage return and newline, or a lone carriage return', () => {
    const lines = buildLineIndex('a\nbc\r\nd\re');
    assert.equal(lines.lineCount, 4);
    assert.deepEqual(
      [0, 1, 2, 3].map((line) => lines.lineStart(line)),
      [0, 2, 6, 8],
    );
    assert.deepEqual(lines.positionAt(4), { line: 1, character: 2 });
    assert.deepEqual(lines.positionAt(5), { line: 1, character: 2 });
    assert.equal(lines.offsetAt({ line: 1, character: 99 }), 4);
  });

  it('has an empty line behind the last newline', () => {
    assert.equal(buildLineIndex('a\n').lineCount, 2);
    assert.equal(buildLineIndex('').lineCount, 1);
    assert.deepEqual(buildLineIndex('a\n').positionAt(2), { line: 1, character: 0 });
  });

  it('clamps what lies outside', () => {
    const lines = buildLineIndex('ab\ncd');
    assert.deepEqual(lines.positionAt(-1), { line: 0, character: 0 });
    assert.deepEqual(lines.positionAt(99), { line: 1, character: 2 });
    assert.equal(lines.offsetAt({ line: -1, character: 5 }), 0);
    assert.equal(lines.offsetAt({ line: 9, character: 0 }), 5);
    assert.equal(lines.offsetAt({ line: 0, character: -3 }), 0);
    assert.equal(lines.lineStart(-1), 0);
    assert.equal(lines.lineStart(9), 5);
  });

  it('agrees with the text documents of the protocol library', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n', '😀'), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.nat(50), fc.nat(8), fc.nat(8), (content, offset, line, character) => {
        const document = TextDocument.create('', '', 0, content);
        const lines = buildLineIndex(content);
        assert.equal(lines.lineCount, document.lineCount);
        assert.deepEqual(lines.positionAt(offset), document.positionAt(offset));
        assert.equal(lines.offsetAt({ line, character }), document.offsetAt({ line, character }));
        assert.equal(lines.lineAt(Math.min(offset, content.length)), lineByCounting(content, offset));
      }),
    );
  });
});

function lineByCounting(text: string, offset: number): number {
  let line = 0;
  for (let at = 0; at < Math.min(offset, text.length); at++) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) line++;
  }
  return line;
}
