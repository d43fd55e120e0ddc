/** `ENV name value` and `LABEL name value`, the form without an equals sign. */
import * as l10n from '@vscode/l10n';
import type { Model, Stage } from '../../model/model';
import { expandWord } from '../../syntax/expand';
import { parseDockerfile } from '../../syntax/parse';
import type { Instruction, Pair } from '../../syntax/tree';
import { insert, replace } from '../edits';
import { defineRule, dockerfile, type Edit, type Finding, type FixResult } from '../rule';

export default defineRule({
  id: 'legacy-key-value',
  category: 'style',
  severity: 'hint',
  keywords: ['ENV', 'LABEL', 'ARG'],
  aliases: ['LegacyKeyValueFormat'],
  fix: 'safe',
  docs: {
    what: '`ENV` or `LABEL` separates name and value by a blank instead of `=`; or an `ARG` looks as if it did: `ARG NAME value` declares two arguments, of which nothing uses the second.',
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
    {
      bad: dockerfile`
        FROM alpine:3.20
        ARG release stable
            ^^^^^^^ hint legacy-key-value: \`ARG release stable\` declares two arguments; write \`release=stable\` to give the first one a default.
      `,
      good: dockerfile`
        FROM alpine:3.20
        ARG release=stable
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        ARG user group
        RUN adduser -D -G $group $user
        ARG TARGETOS TARGETARCH
      `,
      because: 'an ARG may declare several arguments',
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
    for (const instruction of model.instructions) {
      const { keyword, body } = instruction;
      if (keyword === 'ARG') yield* checkArg(model, instruction);
      if (keyword !== 'ENV' && keyword !== 'LABEL') continue;
      const [pair] = body.pairs;
      if (!pair?.legacy || pair.value === null) continue;
      const quoted = `${pair.name} ${pair.value}`;
      yield {
        at: instruction.at(pair.nameSpan),
        message: l10n.t(
          '`{0}` is the old form; write `{1}=…`.',
          quoted.length > 60 ? `${quoted.slice(0, 57)}…` : quoted,
          pair.name,
        ),
        fix: () => modernize(instruction, pair, pair.value ?? '', model.dockerfile.eol),
      };
    }
  },
});

/** `ARG name value`: two names to Docker. Several names in upper case, or one that is used, are meant as names. */
function* checkArg(model: Model, instruction: Instruction): Iterable<Finding> {
  const [name, value, ...others] = instruction.body.words;
  if (!name || !value || others.length > 0 || name.text.includes('=') || value.text.includes('=')) return;
  const stage = model.stageOf(instruction);
  if (!stage || /^[A-Z_][A-Z0-9_]*$/.test(value.text) || isMentioned(model, stage, instruction, value.text)) return;
  const gap = instruction.at({ from: name.span.to, to: value.span.from });
  yield {
    at: instruction.at(name.span),
    message: l10n.t(
      '`{0}` declares two arguments; write `{1}` to give the first one a default.',
      `ARG ${name.text} ${value.text}`,
      `${name.text}=${value.text}`,
    ),
    fix: () => ({ title: l10n.t('Write {0}=…', name.text), safety: 'suggestion', edits: [replace(gap, '=')] }),
  };
}

/** Whether a word stands anywhere else in a stage or in those that are built on it. */
function isMentioned(model: Model, stage: Stage, declaration: Instruction, word: string): boolean {
  const heirs = model.allStages.filter((other) => {
    for (let at: Stage | null = other; at; at = at.parent) if (at === stage) return true;
    return false;
  });
  return heirs.some(({ steps }) =>
    steps.some(({ instruction, body }) => instruction !== declaration && body.raw.includes(word)),
  );
}

/** Puts an equals sign, and quotes or escapes where the value needs them to stay what it is. */
function modernize(instruction: Instruction, pair: Pair, value: string, eol: string): FixResult {
  const { valueSpan } = pair;
  const { body } = instruction;
  // Written so, the value would stay what nobody meant; space-around-equals repairs it.
  if (value.startsWith('=')) return { refused: l10n.t('The value of `{0}` begins with an equals sign.', pair.name) };
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
