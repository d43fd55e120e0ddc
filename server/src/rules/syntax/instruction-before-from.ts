/** Something stands above the first FROM that may not, or there is no FROM at all. */
import * as l10n from '@vscode/l10n';
import type { Span } from '../../syntax/span';
import type { Dockerfile } from '../../syntax/tree';
import { writtenKeyword } from '../places';
import { defineRule, dockerfile, type Finding } from '../rule';

export default defineRule({
  id: 'instruction-before-from',
  category: 'syntax',
  severity: 'error',
  scope: 'file',
  aliases: ['DL3061'],
  fix: 'none',
  docs: {
    what: 'An instruction other than `ARG` stands above the first `FROM`, or the file has no `FROM` at all.',
    why: '`FROM` opens a build stage, and every other instruction belongs to one. Docker refuses the file.',
    fix: 'Move the instruction below the `FROM` of the stage that it is meant for, or start the file with the image that it builds on (`FROM scratch` for an empty one).',
    ignore: 'Only in a fragment that another program puts together with others before Docker sees it.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#format',
      'https://docs.docker.com/reference/dockerfile/#from',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        LABEL org.opencontainers.image.title="web"
        ^^^^^ error instruction-before-from: LABEL stands above the first FROM (line 2) and so in no build stage: Docker refuses the file.
        FROM nginx:1.27
      `,
    },
    {
      bad: dockerfile`
        # syntax=docker/dockerfile:1
        ARG VERSION=1.27
        run echo $VERSION
        ^^^ error instruction-before-from: The file has no FROM: there is nothing to build, and Docker refuses it.
      `,
    },
    {
      ok: dockerfile`
        # which release to serve
        ARG VERSION=1.27
        FROM nginx:${'${VERSION}'}
      `,
      because: 'ARG is the one instruction that may stand above FROM',
    },
    {
      ok: dockerfile`
        ARG VERSION=1.27 \
            # and the variant
            VARIANT=alpine
        FROM nginx:${'${VERSION}'}-${'${VARIANT}'}
      `,
      because: 'a continued ARG is one, too',
    },
  ],
  *check({ model }) {
    const file = model.dockerfile;
    const firstFrom = model.stages[0]?.from;
    if (!firstFrom) {
      yield withoutFrom(file);
      return;
    }
    for (const instruction of model.strays) {
      // An unknown word is reported as such.
      if (instruction.body.known === null) continue;
      yield {
        at: instruction.at(instruction.body.keywordSpan),
        message: l10n.t(
          '{0} stands above the first FROM (line {1}) and so in no build stage: Docker refuses the file.',
          writtenKeyword(instruction),
          firstFrom.line + 1,
        ),
        related: [{ at: firstFrom.at(firstFrom.body.keywordSpan), message: l10n.t('The first stage starts here.') }],
      };
    }
  },
});

/** One finding for the whole file, where Docker stops: at the first instruction that needs a stage, or at the end. */
function withoutFrom(file: Dockerfile): Finding {
  const first = file.instructions.find(({ keyword }) => keyword !== 'ARG') ?? file.instructions[0];
  return {
    at: first ? first.at(first.body.keywordSpan) : lastLine(file),
    message: l10n.t('The file has no FROM: there is nothing to build, and Docker refuses it.'),
    // hadolint's number is about the order of instructions: where there is none that needs a FROM, the order is right.
    ...(first && first.keyword !== 'ARG' ? {} : { aliases: [] }),
  };
}

/** The last line that is there, without its end. */
function lastLine({ text, lines }: Dockerfile): Span {
  const start = lines.lineStart(lines.lineAt(Math.max(0, text.length - 1)));
  return { start, end: Math.max(start, text.trimEnd().length) };
}
