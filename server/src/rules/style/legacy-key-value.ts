/** `ENV name value` and `LABEL name value`, the form without an equals sign. */
import * as l10n from '@vscode/l10n';
import { expandWord } from '../../syntax/expand';
import { parseDockerfile } from '../../syntax/parse';
import type { Instruction, Pair } from '../../syntax/tree';
import { insert, replace } from '../edits';
import { defineRule, dockerfile, type Edit, type FixResult } from '../rule';

export default defineRule({
  id: 'legacy-key-value',
  category: 'style',
  severity: 'hint',
  scope: 'instruction',
  keywords: ['ENV', 'LABEL'],
  aliases: ['LegacyKeyValueFormat'],
  fix: 'safe',
  docs: {
    what: '`ENV` or `LABEL` separates name and value by a blank instead of `=`.',
    why: 'Everything behind the first blank becomes the value, so a second pair on the line is silently swallowed. Docker keeps the form for old files only.',
    fix: 'Write `NAME=value`, with quotes where the value has blanks. The quick fix keeps the value as the builder reads it.',
    ignore: 'Where the file must look like its upstream.',
    references: ['https://docs.docker.com/reference/build-checks/legacy-key-value-format/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM alpine:3.20
        ENV APP_HOME /srv/app
            ^^^^^^^^ hint legacy-key-value: \`APP_HOME /srv/app\` is the old form; write \`APP_HOME=…\`.
        ENV PATH $PATH:/srv/app/bin
            ^^^^ hint legacy-key-value: \`PATH $PATH:/srv/app/bin\` is the old form; write \`PATH=…\`.
        LABEL description An app of ours
              ^^^^^^^^^^^ hint legacy-key-value: \`description An app of ours\` is the old form; write \`description=…\`.
      `,
      good: dockerfile`
        FROM alpine:3.20
        ENV APP_HOME=/srv/app
        ENV PATH=$PATH:/srv/app/bin
        LABEL description="An app of ours"
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        ENV OPTS   -Xmx512m -Dname="two words"
            ^^^^ hint legacy-key-value
      `,
      good: dockerfile`
        FROM alpine:3.20
        ENV OPTS=-Xmx512m\ -Dname="two words"
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        ENV FLAGS --one \
            ^^^^^ hint legacy-key-value
            --two
      `,
      good: dockerfile`
        FROM alpine:3.20
        ENV FLAGS="--one \
            --two"
      `,
    },
    { ok: dockerfile`ENV A=1 B="2 3"`, because: 'it has equals signs' },
    {
      ok: dockerfile`
        FROM alpine:3.20
        ONBUILD ENV A 1
      `,
      because: 'Docker says so where the trigger runs',
    },
  ],
  *check({ model }) {
    for (const step of model.steps) {
      if (step.keyword !== 'ENV' && step.keyword !== 'LABEL') continue;
      const [pair] = step.body.pairs;
      if (!pair?.legacy || pair.value === null) continue;
      const quoted = `${pair.name} ${pair.value}`;
      yield {
        at: step.at(pair.nameSpan),
        message: l10n.t(
          '`{0}` is the old form; write `{1}=…`.',
          quoted.length > 60 ? `${quoted.slice(0, 57)}…` : quoted,
          pair.name,
        ),
        fix: () => modernize(step.instruction, pair, pair.value ?? '', model.dockerfile.eol),
      };
    }
  },
});

/** Puts an equals sign, and quotes or escapes where the value needs them to stay what it is. */
function modernize(instruction: Instruction, pair: Pair, value: string, eol: string): FixResult {
  const { valueSpan } = pair;
  const { body } = instruction;
  if (!valueSpan || !/^[\w./-]+$/.test(pair.name))
    return { refused: l10n.t('The name `{0}` would need quotes.', pair.name) };
  const from = instruction.at(pair.nameSpan).end;
  const at = instruction.at(valueSpan);
  const between = body.raw.slice(pair.nameSpan.to, valueSpan.from);
  if (between.includes('#')) return { refused: l10n.t('A comment stands between `{0}` and its value.', pair.name) };
  const raw = body.raw.slice(valueSpan.from, valueSpan.to);
  const gap = { start: from, end: at.start };
  const forms: readonly (readonly Edit[])[] = [
    [replace(gap, '=')],
    [replace(gap, '="'), insert(at.end, '"')],
    [replace(gap, '='), ...escapedBlanks(raw, body.escape).map((offset) => insert(at.start + offset, body.escape))],
  ];
  for (const edits of forms) {
    const text = rewrite(body.raw, edits, instruction.span.start);
    if (means(text, body.escape, pair.name, value, eol))
      return { title: l10n.t('Write {0}=…', pair.name), safety: 'safe', edits };
  }
  return {
    refused: l10n.t('The value of `{0}` mixes quotes and blanks in a way that has no plain equivalent.', pair.name),
  };
}

function rewrite(raw: string, edits: readonly Edit[], base: number): string {
  let text = raw;
  for (const { span, newText } of [...edits].reverse())
    text = text.slice(0, span.start - base) + newText + text.slice(span.end - base);
  return text;
}

/** Offsets of blanks outside quotes that are not escaped; none where the text goes on over several lines. */
function escapedBlanks(raw: string, escapeCharacter: string): number[] {
  const offsets: number[] = [];
  let quote = '';
  for (let index = 0; index < raw.length; index++) {
    const character = raw[index] ?? '';
    if (character === '\n') return [];
    if (character === escapeCharacter && quote !== "'") index++;
    else if (quote) quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (/\s/.test(character)) offsets.push(index);
  }
  return offsets;
}

/** Whether an instruction's text defines exactly one pair whose value is the given one, whatever the variables are. */
function means(text: string, escapeCharacter: '\\' | '`', name: string, value: string, eol: string): boolean {
  const head = escapeCharacter === '`' ? '# escape=`\n' : '';
  const file = parseDockerfile(`${head}${text}${eol}`);
  const [instruction, extra] = file.instructions;
  const pair = instruction?.body.pairs[0];
  if (!instruction || extra || file.problems.length > 0 || instruction.body.pairs.length !== 1) return false;
  if (!pair || pair.legacy || pair.name !== name || pair.value === null) return false;
  const written = pair.value;
  const environments = [(key: string) => `<${key}>`, () => undefined, () => ''];
  return environments.every((environment) => {
    const before = expandWord(value, environment, escapeCharacter);
    const after = expandWord(written, environment, escapeCharacter);
    return before.value === after.value && before.error === null && after.error === null;
  });
}
