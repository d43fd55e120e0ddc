/** Heredoc words and bodies beyond what whole files show. */
import { strict as assert } from 'node:assert';
import { chompHeredoc, findHeredocWords, parseHeredocWord } from '../../server/src/syntax/heredocs';
import { parseDockerfile } from '../../server/src/syntax/parse';

describe('heredocs', () => {
  it('have names that quotes end and escapes change', () => {
    const name = (word: string): unknown => {
      const parsed = parseHeredocWord(word);
      return parsed === null || parsed === 'refused' ? parsed : parsed.name;
    };
    for (const word of ['<<EOF', "<<'EOF'", '<<"EOF"', '<<-EOF', '<<E"O"F', '<< EOF', '<<- EOF', '7<<EOF']) {
      assert.equal(name(word), 'EOF', word);
    }
    for (const word of ["<<'EOF", '<<"EOF', "<<EOF'"]) assert.equal(name(word), 'refused', word);
    for (const word of ['', 'EOF', '<<', '<<-', '<EOF', '<<<EOF', '<<EOF sh', 'x<<EOF', '<<A<B']) {
      assert.equal(name(word), null, word);
    }
  });

  it('are announced by words, whose places are known', () => {
    const line = 'COPY <<"a b" 3<<-E /x';
    const { words } = findHeredocWords(line);
    assert.deepEqual(
      words.map((word) => [word.name, line.slice(word.start, word.end), word.fileDescriptor, word.chomp, word.expand]),
      [
        ['a b', '<<"a b"', 0, false, false],
        ['E', '3<<-E', 3, true, true],
      ],
    );
  });

  it('lose their leading tabs where the word says so, and every character is found again', () => {
    const text = 'FROM a\nRUN <<-E\n\ta\n\t\tb\tc\n\nd\n\t\n\tE\n';
    const run = parseDockerfile(text).instructions[1] ?? assert.fail();
    const heredoc = run.body.heredocs[0] ?? assert.fail();
    assert.equal(heredoc.content, '\ta\n\t\tb\tc\n\nd\n\t\n');
    const chomped = chompHeredoc(heredoc);
    assert.equal(chomped.text, 'a\nb\tc\n\nd\n\n');
    for (let offset = 0; offset < chomped.text.length; offset++) {
      assert.equal(text[run.at(chomped.map.span(offset, offset + 1)).start], chomped.text[offset]);
    }
    assert.equal(chomped.map.local(chomped.text.length), heredoc.contentSpan.to);
  });

  it('stay as they are without the dash, and when they are empty', () => {
    for (const text of ['RUN <<E\n\ta\n\tb\nE\n', 'RUN <<E\nE\n', 'RUN <<-E\nE\n', 'RUN <<-E']) {
      const heredoc = parseDockerfile(text).instructions[0]?.body.heredocs[0] ?? assert.fail();
      const chomped = chompHeredoc(heredoc);
      assert.equal(chomped.text, heredoc.content);
      assert.equal(chomped.map.local(0), heredoc.contentSpan.from);
    }
  });
});
