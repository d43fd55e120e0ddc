/** References to variables are found where BuildKit expands them, and nowhere else. */
import { strict as assert } from 'node:assert';
import { variableReferences } from '../../server/src/syntax/references';

/** Checks the references of a text, each written as `text` or as `text modifier word`; nested ones are indented. */
function checkReferences(text: string, expected: readonly string[], escapeChar = '\\', ignoreQuotes = false): void {
  const found = variableReferences(text, escapeChar, { ignoreQuotes });
  assert.deepEqual(
    found.map(({ start, end, name, nameStart, nameEnd, modifier, word, nested, braced }) => {
      assert.equal(text.slice(nameStart, nameEnd), name);
      assert.equal(braced, text.startsWith('${', start));
      const tail = modifier && word ? ` ${modifier} ${text.slice(word.start, word.end)}` : '';
      return `${nested ? '  ' : ''}${text.slice(start, end)}${tail}`;
    }),
    expected,
  );
}

describe('variable references', () => {
  it('are plain or braced', () => {
    checkReferences('$A-$B.${C}$D_1', ['$A', '$B', '${C}', '$D_1']);
    checkReferences('a', []);
    checkReferences('$ $. $', []);
    checkReferences('$1a $12 $@ $?', ['$1', '$12', '$@', '$?']);
    checkReferences('한$글자 😀$A😀', ['$글자', '$A']);
  });

  it('have modifiers', () => {
    checkReferences('${A:-b}${A-b}', ['${A:-b} :- b', '${A-b} - b']);
    checkReferences('${A:+b}${A+b}${A:?b}${A?b}', ['${A:+b} :+ b', '${A+b} + b', '${A:?b} :? b', '${A?b} ? b']);
    checkReferences('${A#b}${A##b}${A%b}${A%%b}', ['${A#b} # b', '${A##b} ## b', '${A%b} % b', '${A%%b} %% b']);
    checkReferences('${A/b/c}${A//b/c}', ['${A/b/c} / b/c', '${A//b/c} // b/c']);
    checkReferences('${A:-}', ['${A:-} :- ']);
    checkReferences('${A:-\\}}', ['${A:-\\}} :- \\}']);
    checkReferences('${A:-"}"}', ['${A:-"}"} :- "}"']);
  });

  it('nest, the outer one first', () => {
    checkReferences('${A:-${B:-$C}}$D', ['${A:-${B:-$C}} :- ${B:-$C}', '  ${B:-$C} :- $C', '  $C', '$D']);
    checkReferences('${A/$B/$C}', ['${A/$B/$C} / $B/$C', '  $B', '  $C']);
  });

  it('are none in single quotes or behind the escape character', () => {
    checkReferences("'$A' \"$B '$C'\" \\$D \\\\$E", ['$B', '$C', '$E']);
    checkReferences('`$A \\$B', ['$B'], '`');
    checkReferences("it's $A", []);
    checkReferences("it's '$A'", ['$A'], '\\', true);
  });

  it('are left out where they are broken', () => {
    checkReferences('${A', []);
    checkReferences('${A:-b', []);
    checkReferences('${} ${:-a} ${A=b} ${A!} $B', ['$B']);
    checkReferences('${A:-${B} $C', ['  ${B}', '  $C']);
  });
});
