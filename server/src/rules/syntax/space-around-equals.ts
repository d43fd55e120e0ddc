/** Blanks around the equals sign of ENV, LABEL and ARG. */
import * as l10n from '@vscode/l10n';
import { expandWord } from '../../syntax/expand';
import type { Instruction, Pair, Word } from '../../syntax/tree';
import { insert, remove } from '../edits';
import { onFirstLine, quotable } from '../places';
import { defineRule, dockerfile, type Edit, type Finding, type FixResult } from '../rule';

export default defineRule({
  id: 'space-around-equals',
  category: 'syntax',
  severity: 'error',
  scope: 'instruction',
  keywords: ['ARG', 'ENV', 'LABEL'],
  aliases: ['S6574'],
  fix: 'suggestion',
  docs: {
    what: 'A blank stands before or behind the equals sign of an `ENV`, `LABEL` or `ARG`.',
    why: 'A blank ends a name or a value. `ENV A = b` is the old form without an equals sign, and the value is `= b`; that is a warning. In `LABEL a= b`, `ENV A=1 B = 2` and `ARG A = b` Docker finds a word that is no pair, and refuses the file.',
    fix: 'Write name, equals sign and value without blanks in between, as the quick fix does; put quotes around a value that holds blanks.',
    ignore: 'Where a value really is to begin with an equals sign; `NAME="= b"` says so.',
    references: ['https://docs.docker.com/reference/dockerfile/#env'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM alpine:3.20
        ENV GREETING = hello world
                     ^ warning space-around-equals: The value of \`GREETING\` is \`= hello world\`: a blank in front of the equals sign makes it a part of the value.
        LABEL version= 1.0
                       ^^^ error space-around-equals: The blank ends the value of \`version\`, and \`1.0\` is no pair, so Docker refuses the file.
      `,
      good: dockerfile`
        FROM alpine:3.20
        ENV GREETING="hello world"
        LABEL version=1.0
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        # two of them
        ENV A=1 \
        ^^^ error space-around-equals: The blank ends the name \`B\`, and \`B\` is no pair, so Docker refuses the file.
            B = 2
        ARG VERSION =1
                    ^^ error space-around-equals: The blank ends the name \`VERSION\`, and \`=1\` has none, so Docker refuses the file.
      `,
      good: dockerfile`
        FROM alpine:3.20
        # two of them
        ENV A=1 \
            B=2
        ARG VERSION=1
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        ENV A=1 B="2 = 3" C= D=4
        ENV OPTS -a = b
        LABEL x="" y=" z"
        ARG E= F
      `,
      because: 'values in quotes, empty values, and an old form whose value does not begin with an equals sign',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        RUN A = 1
        ENV A "= 1"
      `,
      because: 'a command is the shell’s business, and the quotes show that the sign is meant',
    },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      const { body } = instruction;
      if (body.keyword !== 'ENV' && body.keyword !== 'LABEL' && body.keyword !== 'ARG') continue;
      // Most have no blank next to an equals sign.
      if (!/[\s\\`]=|=[\s\\`]/.test(body.rest)) continue;
      const place = (word: Pick<Word, 'span'>) => onFirstLine(model.dockerfile, instruction, word.span);
      yield* body.keyword === 'ARG' ? checkArgs(instruction, place) : checkPairs(instruction, place);
    }
  },
});

type Place = (word: Pick<Word, 'span'>) => Pick<Finding, 'at' | 'related'>;

function* checkPairs(instruction: Instruction, place: Place): Iterable<Finding> {
  const { body } = instruction;
  const [pair] = body.pairs;
  if (pair?.legacy) {
    if (!pair.value?.startsWith('=') || !pair.valueSpan) return;
    const { from } = pair.valueSpan;
    yield {
      ...place({ span: { from, to: from + 1 } }),
      severity: 'warning',
      message: l10n.t(
        'The value of `{0}` is `{1}`: a blank in front of the equals sign makes it a part of the value.',
        pair.name,
        quotable(pair.value),
      ),
      fix: () => joinLegacy(instruction, pair),
    };
    return;
  }
  const problem = body.problems.find(({ code }) => code === 'missing-equals');
  if (!problem) return;
  const { words } = body;
  const index = words.findIndex(({ span }) => span.from === problem.span.from);
  const [before, word, after] = [words[index - 1], words[index], words[index + 1]];
  if (!word) return;
  if (before && /^[^=]+=$/.test(before.text))
    yield {
      ...place(word),
      message: l10n.t(
        'The blank ends the value of `{0}`, and `{1}` is no pair, so Docker refuses the file.',
        before.text.slice(0, -1),
        quotable(word.text),
      ),
      fix: () => join(instruction, [before, word]),
    };
  else if (after?.text.startsWith('='))
    yield {
      ...place(word),
      message: l10n.t(
        'The blank ends the name `{0}`, and `{1}` is no pair, so Docker refuses the file.',
        word.text,
        quotable(word.text),
      ),
      fix: () => join(instruction, withValue(words, index)),
    };
}

function* checkArgs(instruction: Instruction, place: Place): Iterable<Finding> {
  const { words } = instruction.body;
  for (const [index, word] of words.entries()) {
    const before = words[index - 1];
    if (!word.text.startsWith('=') || !before || before.text.includes('=')) continue;
    yield {
      ...place(word),
      message: l10n.t(
        'The blank ends the name `{0}`, and `{1}` has none, so Docker refuses the file.',
        before.text,
        quotable(word.text),
      ),
      fix: () => join(instruction, withValue(words, index - 1)),
    };
    return;
  }
}

/** A name, its equals sign, and the value if it stands alone behind it. */
function withValue(words: readonly Word[], index: number): Word[] {
  const [name, equals, value] = words.slice(index, index + 3);
  const parts = equals?.text === '=' && value && !value.text.includes('=') ? [name, equals, value] : [name, equals];
  return parts.filter((word) => word !== undefined);
}

/** Takes out what stands between words. */
function join(instruction: Instruction, words: readonly Word[]): FixResult {
  const edits: Edit[] = [];
  for (const [index, word] of words.entries()) {
    const before = words[index - 1];
    if (!before) continue;
    const gap = instruction.body.raw.slice(before.span.to, word.span.from);
    if (gap.includes('#')) return { refused: l10n.t('A comment stands between `{0}` and its value.', before.text) };
    edits.push(remove(instruction.at({ from: before.span.to, to: word.span.from })));
  }
  return { title: l10n.t('Remove the blanks around the equals sign'), safety: 'suggestion', edits };
}

/** `A = b c` becomes `A="b c"`. */
function joinLegacy(instruction: Instruction, pair: Pair): FixResult {
  const { raw, escape: escapeCharacter } = instruction.body;
  const from = pair.valueSpan?.from ?? pair.nameSpan.to;
  const to = pair.valueSpan?.to ?? from;
  const blanks = /^=[ \t]*/.exec(raw.slice(from, to))?.[0].length ?? 1;
  const value = raw.slice(from + blanks, to);
  if (/[\r\n]/.test(raw.slice(pair.nameSpan.to, from + blanks)) || /^\s*$|[\r\n]/.test(value))
    return { refused: l10n.t('The value of `{0}` goes on over several lines.', pair.name) };
  const edits = [remove(instruction.at({ from: pair.nameSpan.to, to: from }))];
  if (blanks > 1) edits.push(remove(instruction.at({ from: from + 1, to: from + blanks })));
  const isOneWord = !/\s/.test(value) || /^(["'])[^"']*\1$/.test(value);
  if (!isOneWord) {
    if (/["']/.test(value) || expandWord(value, () => '', escapeCharacter).error)
      return { refused: l10n.t('The value of `{0}` mixes quotes and blanks.', pair.name) };
    edits.push(insert(instruction.at({ from: from + blanks, to }).start, '"'));
    edits.push(insert(instruction.at({ from: to, to }).start, '"'));
  }
  return { title: l10n.t('Write `{0}=…`', pair.name), safety: 'suggestion', edits };
}
