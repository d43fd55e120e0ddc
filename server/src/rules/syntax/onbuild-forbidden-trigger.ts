/** ONBUILD of an instruction that cannot be one's trigger. */
import * as l10n from '@vscode/l10n';
import { checkInstruction } from '../../syntax/instructions';
import type { Dockerfile, Instruction } from '../../syntax/tree';
import { keywordLike, remove, removeInstruction, replace } from '../edits';
import { onFirstLine } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'onbuild-forbidden-trigger',
  category: 'syntax',
  severity: 'error',
  scope: 'instruction',
  keywords: ['ONBUILD'],
  aliases: ['DL3043'],
  fix: 'suggestion',
  docs: {
    what: '`ONBUILD` stands before `FROM`, `MAINTAINER` or another `ONBUILD`.',
    why: 'These cannot be run when another image is built on this one, so Docker refuses the file.',
    fix: 'Leave out the second `ONBUILD`, and write a `LABEL` for `MAINTAINER`, as the quick fix does. A `FROM` cannot be left to later at all.',
    ignore: 'Never for a file that Docker is to read.',
    references: ['https://docs.docker.com/reference/dockerfile/#onbuild-limitations'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22
        ONBUILD ONBUILD COPY . /app
                ^^^^^^^ error onbuild-forbidden-trigger: ONBUILD cannot wrap another ONBUILD, so Docker refuses the file.
      `,
      good: dockerfile`
        FROM node:22
        ONBUILD COPY . /app
      `,
    },
    {
      bad: dockerfile`
        FROM node:22
        onbuild \
        ^^^^^^^ error onbuild-forbidden-trigger: ONBUILD cannot wrap MAINTAINER, so Docker refuses the file.
            # who made it
            maintainer Jane Doe
      `,
      good: dockerfile`
        FROM node:22
        onbuild \
            # who made it
            label org.opencontainers.image.authors="Jane Doe"
      `,
    },
    {
      bad: dockerfile`
        FROM node:22
        ONBUILD FROM alpine
                ^^^^ error onbuild-forbidden-trigger: ONBUILD cannot wrap FROM, so Docker refuses the file.
        RUN true
      `,
      good: dockerfile`
        FROM node:22
        RUN true
      `,
    },
    {
      ok: dockerfile`
        FROM node:22
        ONBUILD RUN npm ci
      `,
      because: 'RUN can be a trigger',
    },
    {
      ok: dockerfile`
        FROM node:22
        ONBUILD LABEL maintainer=me
      `,
      because: 'the word is a label’s name here',
    },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      if (instruction.keyword !== 'ONBUILD') continue;
      for (const problem of checkInstruction(instruction.body)) {
        if (problem.code !== 'onbuild-chained' && problem.code !== 'onbuild-forbidden') continue;
        yield {
          ...onFirstLine(model.dockerfile, instruction, problem.span),
          message: l10n.t('{0}, so Docker refuses the file.', problem.message),
          fix: () => repair(model.dockerfile, instruction),
        };
      }
    }
  },
});

function repair(file: Dockerfile, instruction: Instruction): FixResult {
  const { trigger } = instruction.body;
  if (trigger?.known === 'ONBUILD') {
    const { from } = trigger.keywordSpan;
    const next = trigger.trigger?.keywordSpan.from ?? trigger.keywordSpan.to;
    return {
      title: l10n.t('Leave out the second ONBUILD'),
      safety: 'suggestion',
      edits: [remove(instruction.at({ from, to: next }))],
    };
  }
  const author = trigger?.known === 'MAINTAINER' ? trigger.rest : '';
  if (
    trigger &&
    author !== '' &&
    !/["\\$`]/.test(author) &&
    trigger.restSpan.to - trigger.restSpan.from === author.length
  ) {
    const keyword = keywordLike(instruction, 'LABEL');
    return {
      title: l10n.t('Write a LABEL'),
      safety: 'suggestion',
      edits: [
        replace(
          instruction.at({ from: trigger.keywordSpan.from, to: trigger.restSpan.to }),
          `${keyword} org.opencontainers.image.authors="${author}"`,
        ),
      ],
    };
  }
  return {
    title: l10n.t('Remove the instruction'),
    safety: 'suggestion',
    edits: [removeInstruction(file, instruction)],
  };
}
