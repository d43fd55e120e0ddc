/** A word where Docker expects an instruction: the build stops there. */
import * as l10n from '@vscode/l10n';
import { KEYWORDS } from '../../syntax/keywords';
import type { LocalSpan, Span } from '../../syntax/span';
import type { Dockerfile, Instruction, InstructionBody } from '../../syntax/tree';
import { indentOf, insert, replace } from '../edits';
import { nearestName } from '../nearest-name';
import { onFirstLine, quotable } from '../places';
import { defineRule, dockerfile, type Finding, type Fix } from '../rule';

export default defineRule({
  id: 'unknown-instruction',
  category: 'syntax',
  severity: 'error',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'A line starts with a word that is no Dockerfile instruction.',
    why: 'Docker reads the whole file before it builds anything and refuses it at the first word that it does not know.',
    fix: 'The quick fix puts the instruction whose name is nearest. Where the line rather looks like the rest of the one above, which has lost the `\\` at its end, the quick fix puts that back.',
    ignore:
      'Never for a file that Docker is to read. A template that another program turns into a Dockerfile may hold lines of its own.',
    references: ['https://docs.docker.com/reference/dockerfile/#overview'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:20-alpine
        WORKDIR /srv
        CPOY . .
        ^^^^ error unknown-instruction: \`CPOY\` is not a Dockerfile instruction, so Docker refuses the file; COPY may be meant.
        CMD ["node", "server.js"]
      `,
      good: dockerfile`
        FROM node:20-alpine
        WORKDIR /srv
        COPY . .
        CMD ["node", "server.js"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN apt-get update \
            && apt-get install -y curl
            && rm -rf /var/lib/apt/lists/*
            ^^ error unknown-instruction: \`&&\` is not a Dockerfile instruction, so Docker refuses the file; line 3 may lack a…
      `,
      good: dockerfile`
        FROM debian:12
        RUN apt-get update \
            && apt-get install -y curl \
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        include(common.m4)
        ^^^^^^^^^^^^^^^^^^ error unknown-instruction: \`include(common.m4)\` is not a Dockerfile instruction, so Docker refuses the file.
      `,
    },
    {
      ok: dockerfile`
        from debian:12
        run echo start \
            # a comment between the lines

            && echo end
      `,
      because: 'keywords may be written in lower case, and comments and blank lines do not end a continued instruction',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN <<EOF
        apt-get update
        EOF
      `,
      because: 'the lines of a heredoc are no instructions',
    },
  ],
  *check({ model }) {
    const file = model.dockerfile;
    for (const instruction of model.instructions) {
      const found = unknownIn(instruction.body);
      if (!found) continue;
      const { written, span } = found;
      const above = found.isTrigger ? null : lineToContinue(file, instruction);
      const nearest = nearestName(written, KEYWORDS);
      const message = above
        ? l10n.t(
            '`{0}` is not a Dockerfile instruction, so Docker refuses the file; line {1} may lack a `{2}` at its end.',
            quotable(written),
            above.endLine + 1,
            file.escape,
          )
        : nearest
          ? l10n.t(
              '`{0}` is not a Dockerfile instruction, so Docker refuses the file; {1} may be meant.',
              written,
              nearest,
            )
          : l10n.t('`{0}` is not a Dockerfile instruction, so Docker refuses the file.', quotable(written));
      const at = instruction.at(span);
      const place = placeOf(file, instruction, span);
      if (found.isTrigger) {
        // Docker finds it when an image is built on this one; this file it accepts.
        yield {
          ...place,
          severity: 'warning',
          message: l10n.t(
            '`{0}` is not a Dockerfile instruction, so Docker refuses to build on this image.',
            quotable(written),
          ),
          ...(nearest && { fix: () => rename(at, written, nearest) }),
        };
        continue;
      }
      if (above) yield { ...place, message, fix: () => continueLine(file, above) };
      else if (nearest)
        yield {
          ...place,
          message,
          fix: () => rename(at, written, nearest),
        };
      else yield { ...place, message };
    }
  },
});

/** Where Docker reports it. A line that holds nothing but the sign of continuation begins the instruction. */
function placeOf(file: Dockerfile, instruction: Instruction, span: LocalSpan): Pick<Finding, 'at' | 'related'> {
  const place = onFirstLine(file, instruction, span);
  const end = file.lines.lineStart(instruction.line);
  const start = file.lines.lineStart(instruction.line - 1);
  if (instruction.line === 0 || file.text.slice(start, end).trim() !== file.escape) return place;
  const sign = file.text.indexOf(file.escape, start);
  return { at: { start: sign, end: sign + 1 }, related: [{ at: place.at, message: l10n.t('Here.') }] };
}

function rename(at: Span, written: string, nearest: string): Fix {
  return {
    title: l10n.t('Change to {0}', nearest),
    safety: 'suggestion',
    edits: [replace(at, written === written.toLowerCase() ? nearest.toLowerCase() : nearest)],
  };
}

interface UnknownWord {
  readonly written: string;
  readonly span: LocalSpan;
  readonly isTrigger: boolean;
}

/** The unknown keyword of an instruction, or of what it wraps. */
function unknownIn(body: InstructionBody): UnknownWord | null {
  const source = body.known === null ? body : body.trigger;
  if (!source || source.known !== null || source.keyword === '') return null;
  const { keywordSpan } = source;
  return { written: body.raw.slice(keywordSpan.from, keywordSpan.to), span: keywordSpan, isTrigger: source !== body };
}

/** The instruction directly above where this line looks like its continuation: indented deeper, or starting as no instruction does. */
function lineToContinue(file: Dockerfile, instruction: Instruction): Instruction | null {
  const above = file.instructions[instruction.index - 1];
  if (!above || above.endLine !== instruction.line - 1 || above.body.heredocs.length > 0) return null;
  if (above.keyword === 'FROM') return null;
  if (/^(?:&&|\|\|?|--?\w)/.test(instruction.body.raw)) return above;
  const isDeeper = indentOf(file, instruction).length > indentOf(file, firstOfBlock(file, above)).length;
  return isDeeper ? above : null;
}

/** The known instruction that a block of lost lines began with. */
function firstOfBlock(file: Dockerfile, instruction: Instruction): Instruction {
  let first = instruction;
  while (first.body.known === null) {
    const above = file.instructions[first.index - 1];
    if (!above || above.endLine !== first.line - 1) break;
    first = above;
  }
  return first;
}

function continueLine(file: Dockerfile, above: Instruction): Fix {
  return {
    title: l10n.t('Continue line {0} with `{1}`', above.endLine + 1, file.escape),
    safety: 'suggestion',
    edits: [insert(above.span.end, ` ${file.escape}`)],
    risk: l10n.t('The two lines become one instruction; an `&&` between them may be missing too.'),
  };
}
