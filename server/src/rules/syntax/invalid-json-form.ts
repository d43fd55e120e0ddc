/** What was meant as an exec form but is no JSON array: Docker takes it for a shell command, without a word. */
import * as l10n from '@vscode/l10n';
import type { Dockerfile, Instruction } from '../../syntax/tree';
import { type MeantArray, meantArray, placeInArray, repairArray, takesList } from '../meant-array';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type Finding } from '../rule';

export default defineRule({
  id: 'invalid-json-form',
  category: 'syntax',
  severity: 'warning',
  scope: 'instruction',
  aliases: ['S7030'],
  fix: 'suggestion',
  docs: {
    what: 'The arguments start like the exec form but are no JSON array of strings: single quotes, a comma too many or too few, text behind the `]`.',
    why: 'Docker then takes the text for a shell command, brackets and all, and says nothing. The build succeeds and the container fails to start, or `COPY` looks for a file named `["a",`. An array of anything but strings, and any `SHELL` that is no array, it refuses.',
    fix: 'Write JSON: double quotes, commas between, nothing behind the `]`, `\\\\` for a backslash. The quick fix does so where it is clear what was meant.',
    ignore: 'Where a shell command really begins with `[`; this rule leaves tests such as `[ -f x ] && …` alone.',
    references: ['https://docs.docker.com/reference/dockerfile/#exec-form'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-alpine
        ENTRYPOINT ['node', 'server.js']
                    ^^^^^^ warning invalid-json-form: \`'node'\` has single quotes where JSON has double ones, so Docker runs the whole text in a shell, brackets included.
      `,
      good: dockerfile`
        FROM node:22-alpine
        ENTRYPOINT ["node", "server.js"]
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-alpine
        CMD ["node", \
            # the bundle
            "server.js",]
                       ^ warning invalid-json-form: A comma stands before the \`]\`…
      `,
      good: dockerfile`
        FROM node:22-alpine
        CMD ["node", \
            # the bundle
            "server.js"]
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-alpine
        VOLUME [/data, /cache]
                ^^^^^ warning invalid-json-form: \`/data\` has no quotes, so Docker splits the text at its blanks, brackets and quotes included.
        CMD ["node" "server.js"] # the bundle
                    ^^^^^^^^^^^ warning invalid-json-form: A comma is missing before \`"server.js"\`…
      `,
      good: dockerfile`
        FROM node:22-alpine
        VOLUME ["/data", "/cache"]
        # the bundle
        CMD ["node", "server.js"]
      `,
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
        RUN [ -f package.json ] || exit 1
        RUN [ "$(node --version)" = "v22.0.0" ] && echo same
        COPY [ab]*.txt /texts/
        CMD ["node", "server.js"]
      `,
      because: 'these are tests of the shell, a pattern of file names, and an array',
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
        CMD [ "node", \
              # the bundle
              "server.js" \
            ]
      `,
      because: 'an array may be continued on other lines',
    },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      const found = meantArray(instruction.body);
      if (found) yield findingOf(model.dockerfile, instruction, found);
    }
  },
});

function findingOf(file: Dockerfile, instruction: Instruction, found: MeantArray): Finding {
  const { first, isRefused } = found;
  const at = onOneLine(file, placeInArray(instruction, found, first.start, first.end));
  const finding: Finding = {
    at,
    message: messageOf(found),
    ...(isRefused ? { severity: 'error' as const } : {}),
  };
  return found.array.edits ? { ...finding, fix: () => repairArray(file, instruction, found) } : finding;
}

/** The first half of the sentence. */
function causeOf({ text, first }: MeantArray): string {
  const quote = quotable(text.slice(first.start, first.end), 30);
  switch (first.kind) {
    case 'single-quotes':
      return l10n.t('`{0}` has single quotes where JSON has double ones', quote);
    case 'curly-quotes':
      return l10n.t('`{0}` has typographic quotes where JSON has straight ones', quote);
    case 'bare-word':
      return l10n.t('`{0}` has no quotes', quote);
    case 'missing-comma':
      return l10n.t('A comma is missing before `{0}`', quote);
    case 'trailing-comma':
      return l10n.t('A comma stands before the `]`');
    case 'trailing-comment':
      return l10n.t('`{0}` stands behind the `]` and is no comment there', quote);
    case 'trailing-text':
      return l10n.t('`{0}` stands behind the `]`', quote);
    case 'unclosed':
      return l10n.t('The `]` is missing');
    case 'unterminated':
      return l10n.t('`{0}` lacks its closing quote', quote);
    case 'escape':
      return l10n.t('`{0}` has a backslash that means nothing in JSON', quote);
  }
}

/** The whole sentence: what Docker makes of it. */
function messageOf(found: MeantArray): string {
  const cause = causeOf(found);
  if (found.isRefused) return l10n.t('{0}, so Docker refuses the file.', cause);
  if (takesList(found.body))
    return l10n.t('{0}, so Docker splits the text at its blanks, brackets and quotes included.', cause);
  return l10n.t('{0}, so Docker runs the whole text in a shell, brackets included.', cause);
}
