/** A comment above ARG or FROM that is not the description of what they define. */
import * as l10n from '@vscode/l10n';
import type { Comment, Instruction } from '../../syntax/tree';
import { defineRule, dockerfile, type Finding } from '../rule';

export default defineRule({
  id: 'definition-description',
  category: 'syntax',
  severity: 'off',
  aliases: ['InvalidDefinitionDescription'],
  fix: 'none',
  docs: {
    what: 'The comment directly above an `ARG`, or above a `FROM` that names a stage, does not begin with the name that is defined there.',
    why: '`docker build --call=outline` and `--call=targets` show such comments as descriptions, but only those of the form `# name description`.',
    fix: 'Begin the comment with the name of the argument or the stage. A comment that is no description is set apart by a blank line.',
    ignore:
      'In projects that do not use these descriptions; that is why the rule is off unless asked for, by the settings or by `# check=experimental=InvalidDefinitionDescription`.',
    references: ['https://docs.docker.com/reference/build-checks/invalid-definition-description/'],
  },
  examples: [
    {
      bad: dockerfile`
        # the release to build
        ARG VERSION=1
        ^^^ info definition-description: The comment above should begin with \`VERSION\`, as in \`# VERSION description\`.
        # compiles the program
        FROM golang:1.24 AS build
        ^^^^ info definition-description: The comment above should begin with \`build\`, as in \`# build description\`.
      `,
    },
    {
      bad: dockerfile`
        FROM golang:1.24
        # both of them
        ARG A=1 \
        ^^^ info definition-description
            B=2
      `,
    },
    {
      ok: dockerfile`
        # VERSION is the release to build
        ARG VERSION=1
        # build compiles the program
        FROM golang:1.24 AS build
      `,
      because: 'the comments are descriptions',
    },
    {
      ok: dockerfile`
        # General remarks

        ARG VERSION=1
        # Everything below is for the tests
        #
        FROM golang:1.24 AS test
        # no stage name here
        FROM alpine:3.20
      `,
      because: 'a blank line or an empty comment sets a remark apart',
    },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      if (instruction.precedingComments.length === 0) continue;
      const names = definedNames(instruction);
      const [name] = names;
      const comment = instruction.precedingComments.at(-1);
      if (name === undefined || !comment) continue;
      if (!isDirectlyAbove(comment, instruction) || names.includes(comment.text.split(' ')[0] ?? '')) continue;
      const shown = names.length > 1 ? l10n.t('<name>') : name;
      yield {
        at: instruction.at(instruction.body.keywordSpan),
        message: l10n.t('The comment above should begin with `{0}`, as in `# {0} description`.', shown),
        related: [{ at: comment.span, message: l10n.t('The comment.') }],
      } satisfies Finding;
    }
  },
});

/** What an ARG declares or a FROM calls its stage, in the form that Docker compares with. */
function definedNames({ keyword, body }: Instruction): string[] {
  if (keyword === 'ARG') return body.pairs.map((pair) => pair.name);
  if (keyword !== 'FROM' || body.words.length !== 3) return [];
  return [body.words[2]?.text.toLowerCase() ?? ''];
}

/** Docker itself does not mind a blank line in between, but its documentation says that one sets a comment apart. */
const isDirectlyAbove = (comment: Comment, instruction: Instruction): boolean => comment.line === instruction.line - 1;
