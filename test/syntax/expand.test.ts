/** Variables, quotes and escapes become what BuildKit's lexer makes of them. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExpandOptions, expandWord, expandWords } from '../../server/src/syntax/expand';
import { replacePattern, trimPrefixPattern, trimSuffixPattern } from '../../server/src/syntax/pattern';
import { fixtures } from '../harness/paths';

/** A word and what BuildKit's own lexer, run on it, answered. */
interface ExpandCase {
  readonly text: string;
  readonly escape?: string;
  /** As for finding heredocs, or as for the body of one. */
  readonly mode?: 'raw' | 'heredoc';
  readonly error?: string;
  readonly value?: string;
  readonly words?: readonly string[];
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
}

const [first, ...rest] = readFileSync(join(fixtures, 'syntax/expand.jsonl'), 'utf8').trim().split('\n');
const env: Readonly<Record<string, string>> = JSON.parse(first ?? '').env;
const cases: readonly ExpandCase[] = rest.map((line) => JSON.parse(line));
const OPTIONS: Readonly<Record<string, ExpandOptions>> = {
  raw: { rawQuotes: true, rawEscapes: true, keepUnset: true },
  heredoc: { ignoreQuotes: true },
};
const read = (name: string): string | undefined => env[name];

describe('expand, as BuildKit does', () => {
  for (const { text, escape: escapeChar, mode, error, value, words, set, unset } of cases) {
    it(`${JSON.stringify(text)}${mode ? ` ${mode}` : ''}`, () => {
      const options = mode ? OPTIONS[mode] : {};
      const expansion = expandWord(text, read, escapeChar, options);
      const split = expandWords(text, read, escapeChar, options);
      assert.equal(expansion.error?.code, error);
      assert.equal(split.error?.code, error);
      if (error) return;
      assert.equal(expansion.value, value);
      assert.deepEqual(
        split.words?.map((word) => word.text),
        words,
      );
      assert.deepEqual([...expansion.matched].sort(), set);
      assert.deepEqual([...expansion.unmatched].sort(), unset);
      for (const { start, end } of split.words ?? []) assert.ok(start < end && end <= text.length);
    });
  }
});

describe('expand', () => {
  it('says where words come from', () => {
    const split = expandWords('a "b c" ${A} $U"x"', read);
    assert.deepEqual(
      split.words?.map(({ text, start, end }) => [text, 'a "b c" ${A} $U"x"'.slice(start, end)]),
      [
        ['a', 'a'],
        ['b c', '"b c"'],
        ['abcabc', '${A}'],
        ['x', '"x"'],
      ],
    );
  });

  it('says what a required variable is missed for', () => {
    assert.deepEqual(expandWord('${U:?set it}', read).error, { code: 'required', detail: 'U: set it' });
  });

  it('does not backtrack', () => {
    const started = process.cpuUsage();
    const value = 'a'.repeat(2000);
    const pattern = '*a'.repeat(30);
    assert.equal(trimPrefixPattern(`${pattern}b`, value, true), value);
    assert.equal(trimSuffixPattern(`b${pattern}`, value, false), value);
    assert.ok(process.cpuUsage(started).user < 2_000_000);
  });

  it('refuses escapes of ordinary characters in patterns', () => {
    assert.equal(replacePattern('\\x', 'x', 'y', false), null);
    assert.equal(replacePattern('\\\\', 'a\\b', '-', true), 'a-b');
  });

  it('survives deep nesting', () => {
    assert.equal(expandWord('${U:-'.repeat(100) + '}'.repeat(100), read).value, '');
    assert.notEqual(expandWord('${U:-'.repeat(50_000), read).error, null);
  });
});
