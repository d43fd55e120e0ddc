/** A blank line inside a continued instruction. */
import * as l10n from '@vscode/l10n';
import type { Span } from '../../syntax/span';
import type { Dockerfile, Instruction } from '../../syntax/tree';
import { remove } from '../edits';
import { defineRule, dockerfile, type Edit } from '../rule';

export default defineRule({
  id: 'empty-continuation',
  category: 'syntax',
  severity: 'warning',
  scope: 'instruction',
  aliases: ['NoEmptyContinuation'],
  fix: 'safe',
  docs: {
    what: 'A blank line stands inside an instruction that goes on over several lines.',
    why: 'It looks as if the instruction ended there, but it goes on. Docker announces that this will become an error.',
    fix: 'Remove the blank line, or put a `#` there. The quick fix removes the blank lines; the builder never saw them.',
    ignore: 'Not at all, if the file is to build with later versions of Docker.',
    references: ['https://docs.docker.com/reference/build-checks/no-empty-continuation/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache curl && \

            curl --version
            ^^^^^^^^^^^^^^ warning empty-continuation: RUN goes on here after the blank line 3, which will become an error in a later Docker.
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache curl && \
            curl --version
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache curl && \
            # comments may stand here
            curl --version
      `,
      because: 'a comment line is no blank line',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        RUN <<EOF
        true

        true
        EOF
      `,
      because: 'a here-document may hold blank lines',
    },
  ],
  *check({ model }) {
    const { dockerfile: file } = model;
    for (const instruction of model.instructions) {
      const { body } = instruction;
      const [first] = body.emptyContinuations;
      if (!first) continue;
      yield {
        at: lastLine(file, instruction),
        related: [{ at: instruction.at(first), message: l10n.t('The blank line.') }],
        message: l10n.t(
          '{0} goes on here after the blank line {1}, which will become an error in a later Docker.',
          body.keyword,
          file.lines.lineAt(instruction.at(first).start) + 1,
        ),
        fix: () => ({
          title: l10n.t('Remove the blank lines in the instruction'),
          safety: 'safe',
          edits: mergeNeighbours(
            body.emptyContinuations.map((blank) => {
              const line = file.lines.lineAt(instruction.at(blank).start);
              const isLast = line + 1 >= file.lines.lineCount;
              const start = file.lines.lineStart(line);
              if (!isLast) return remove({ start, end: file.lines.lineStart(line + 1) });
              // Nothing follows: the line break before it goes.
              const before = file.text[start - 2] === '\r' ? start - 2 : start - 1;
              return remove({ start: before, end: file.text.length });
            }),
          ),
        }),
      };
    }
  },
});

/** The text on the last line before a here-document: where Docker reports it, and where a reader stumbles. */
function lastLine(file: Dockerfile, instruction: Instruction): Span {
  const [heredoc] = instruction.body.heredocs;
  const end = heredoc ? instruction.at(heredoc.contentSpan).start - 1 : instruction.span.end;
  const line = file.lines.lineAt(end);
  const start = file.lines.lineStart(line);
  const text = file.text.slice(start, end);
  const from = start + text.length - text.trimStart().length;
  return { start: from, end: Math.max(start + text.trimEnd().length, from) };
}

/** Removals of neighbouring lines as one, since edits may not touch. */
function mergeNeighbours(edits: readonly Edit[]): Edit[] {
  const merged: Edit[] = [];
  for (const edit of edits) {
    const last = merged.at(-1);
    if (last && edit.span.start <= last.span.end)
      merged[merged.length - 1] = remove({ start: last.span.start, end: Math.max(last.span.end, edit.span.end) });
    else merged.push(edit);
  }
  return merged;
}
