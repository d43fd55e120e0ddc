/** MAINTAINER has been superseded by a label. */
import * as l10n from '@vscode/l10n';
import type { Model } from '../../model/model';
import type { Instruction } from '../../syntax/tree';
import { keywordLike, removeInstruction, replace } from '../edits';
import { defineRule, dockerfile, type FixResult } from '../rule';

const label = 'org.opencontainers.image.authors';

export default defineRule({
  id: 'maintainer-deprecated',
  category: 'style',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['MAINTAINER', 'ONBUILD'],
  aliases: ['DL4000', 'MaintainerDeprecated', 'S6586'],
  fix: 'safe',
  changes: {
    what: 'the author becomes a label',
    config: ['Author', `Labels.${label}`],
  },
  docs: {
    what: 'The file uses `MAINTAINER`.',
    why: 'Docker has deprecated it. It can hold one author and nothing else, and tools that read images look for labels.',
    fix: `Use the label that the OCI defines for it: \`LABEL ${label}="…"\`. The quick fix does so and keeps the text.`,
    ignore: 'Where something still reads the `Author` field of the image.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#maintainer-deprecated',
      'https://docs.docker.com/reference/build-checks/maintainer-deprecated/',
      'https://github.com/opencontainers/image-spec/blob/main/annotations.md',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM alpine:3.20
        MAINTAINER Ada Lovelace <ada@example.com>
        ^^^^^^^^^^ warning maintainer-deprecated: MAINTAINER is deprecated: tools that read images look for a label instead.
        RUN echo hello
      `,
      good: dockerfile`
        FROM alpine:3.20
        LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"
        RUN echo hello
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        # who to ask
        maintainer "Team $HOME"
        ^^^^^^^^^^ warning maintainer-deprecated
        LABEL version="1"
      `,
      good: dockerfile`
        FROM alpine:3.20
        # who to ask
        label org.opencontainers.image.authors="Team \$HOME"
        LABEL version="1"
      `,
      because: 'MAINTAINER keeps a dollar sign as it is, LABEL would expand it',
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        MAINTAINER ada@example.com
        ^^^^^^^^^^ warning maintainer-deprecated
        LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>" \
              # of the product
              version="1"
      `,
      good: dockerfile`
        FROM alpine:3.20
        LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>" \
              # of the product
              version="1"
      `,
      because: 'the label is there already',
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        MAINTAINER Ada "the Countess" Lovelace \
        ^^^^^^^^^^ warning maintainer-deprecated
            ada@example.com
        RUN echo hello
      `,
      good: dockerfile`
        FROM alpine:3.20
        LABEL org.opencontainers.image.authors="Ada \"the Countess\" Lovelace     ada@example.com"
        RUN echo hello
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"
      `,
      because: 'the label says it',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        # MAINTAINER Ada Lovelace <ada@example.com>
        RUN echo MAINTAINER
      `,
      because: 'it is no instruction there',
    },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      if (instruction.body.known !== 'MAINTAINER') continue;
      yield {
        at: instruction.at(instruction.body.keywordSpan),
        message: l10n.t('MAINTAINER is deprecated: tools that read images look for a label instead.'),
        tags: ['deprecated'],
        fix: () => labelInstead(model, instruction),
      };
    }
  },
});

function labelInstead(model: Model, instruction: Instruction): FixResult {
  const { body } = instruction;
  const file = model.dockerfile;
  if (body.rest === '') return { refused: l10n.t('MAINTAINER on line {0} names nobody.', instruction.line + 1) };
  if (hasLabel(model, instruction))
    return {
      title: l10n.t('Remove MAINTAINER: the label `{0}` is there', label),
      safety: 'safe',
      edits: [removeInstruction(file, instruction)],
    };
  if (body.innerComments.length > 0)
    return { refused: l10n.t('A comment stands within MAINTAINER on line {0}.', instruction.line + 1) };
  return {
    title: l10n.t('Use the label `{0}`', label),
    safety: 'safe',
    edits: [
      replace(instruction.at(body.keywordSpan), keywordLike(instruction, 'LABEL')),
      replace(instruction.at(body.restSpan), `${label}="${quoted(body.rest, body.escape)}"`),
    ],
  };
}

/** Whether a LABEL of the same stage sets it anyway. */
function hasLabel(model: Model, instruction: Instruction): boolean {
  const stage = model.stageOf(instruction);
  const pairs = stage?.steps.filter((step) => step.keyword === 'LABEL').flatMap((step) => step.body.pairs) ?? [];
  return pairs.some((pair) => pair.name.replace(/^(["'])(.*)\1$/, '$2') === label);
}

/** The text inside double quotes, so that LABEL reads what MAINTAINER had; quotes around the whole name are not meant for the reader. */
function quoted(text: string, escapeCharacter: string): string {
  const bare = /^"([^"]*)"$|^'([^']*)'$/.exec(text);
  const value = bare ? (bare[1] ?? bare[2] ?? '') : text;
  return [...value]
    .map((c) => (c === '"' || c === '$' || c === escapeCharacter ? `${escapeCharacter}${c}` : c))
    .join('');
}
