/** A here-document whose end marker never comes. */
import * as l10n from '@vscode/l10n';
import { KEYWORDS } from '../../syntax/keywords';
import type { LocalSpan } from '../../syntax/span';
import type { Dockerfile, Heredoc, Instruction } from '../../syntax/tree';
import { insert, remove, replace } from '../edits';
import { onFirstLine } from '../places';
import { defineRule, dockerfile, type Fix } from '../rule';

export default defineRule({
  id: 'unterminated-heredoc',
  category: 'syntax',
  severity: 'error',
  scope: 'instruction',
  keywords: ['ADD', 'COPY', 'ONBUILD', 'RUN'],
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'A here-document (`<<EOF`) goes on to the end of the file: no line holds its end marker and nothing else. Or its marker cannot be read.',
    why: 'Everything below belongs to the here-document, other instructions too, and Docker refuses the file.',
    fix: 'Write the marker on a line of its own, without blanks around it; after `<<-` tabs may stand in front. The quick fix corrects a line that is nearly the marker, or adds one where the next instruction begins.',
    ignore: 'Never for a file that Docker is to read.',
    references: ['https://docs.docker.com/reference/dockerfile/#here-documents'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN <<EOF
            ^^^^^ error unterminated-heredoc: No line ends this here-document with \`EOF\`, so Docker refuses the file.
        apk add curl

        CMD ["curl"]
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN <<EOF
        apk add curl
        EOF

        CMD ["curl"]
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        COPY <<"END" /etc/motd
             ^^^^^^^ error unterminated-heredoc: No line ends this here-document with \`END\`, so Docker refuses the file.
        Welcome
          END
        RUN cat /etc/motd
      `,
      good: dockerfile`
        FROM alpine:3.20
        COPY <<"END" /etc/motd
        Welcome
        END
        RUN cat /etc/motd
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN x=$((1 << 2)); echo $x
                   ^^^^^^^ error unterminated-heredoc: Docker takes \`<< 2));\` for the start of a here-document and refuses the file; without blanks it does not.
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN x=$((1<<2)); echo $x
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        RUN <<-ONE cat && <<'TWO' sh
        	1
        	ONE
        echo 2
        TWO
        RUN echo "<<EOF"
      `,
      because: 'both markers are there, and the last one stands in quotes',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        RUN x=$((1<<2)); echo $x
      `,
      because: 'without blanks Docker takes no shift for a here-document',
    },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      const { body } = instruction;
      if (!body.raw.includes('<<')) continue;
      for (const { code, span, detail } of body.problems) {
        if (code !== 'unterminated-heredoc' && code !== 'heredoc-syntax') continue;
        const heredoc = body.heredocs.find(({ terminatorSpan }) => terminatorSpan === null);
        const shift = code === 'unterminated-heredoc' ? shiftAt(instruction, span) : null;
        yield {
          ...onFirstLine(model.dockerfile, instruction, span),
          message: shift
            ? l10n.t(
                'Docker takes `{0}` for the start of a here-document and refuses the file; without blanks it does not.',
                body.raw.slice(span.from, span.to),
              )
            : code === 'heredoc-syntax'
              ? l10n.t('`{0}` is no marker of a here-document that Docker can read, so it refuses the file.', detail)
              : l10n.t('No line ends this here-document with `{0}`, so Docker refuses the file.', detail),
          ...(shift && { fix: () => shift }),
          ...(heredoc && !shift && { fix: () => addMarker(model.dockerfile, instruction, heredoc) }),
        };
      }
    }
  },
});

/** The blanks around a `<<` that shifts a number in `$((…))`; null where it does not look like that. */
function shiftAt(instruction: Instruction, span: LocalSpan): Fix | null {
  const { raw } = instruction.body;
  const before = raw.slice(0, span.from);
  const opened = before.lastIndexOf('((');
  if (opened < 0 || before.indexOf('))', opened) >= 0) return null;
  const left = /[ \t]*$/.exec(before)?.[0].length ?? 0;
  const right = /^<<([ \t]*)/.exec(raw.slice(span.from, span.to))?.[1]?.length ?? 0;
  const edits = [
    { from: span.from - left, to: span.from },
    { from: span.from + 2, to: span.from + 2 + right },
  ].filter(({ from, to }) => from < to);
  return {
    title: l10n.t('Remove the blanks around `<<`'),
    safety: 'suggestion',
    edits: edits.map((local) => remove(instruction.at(local))),
  };
}

function addMarker(file: Dockerfile, instruction: Instruction, heredoc: Heredoc): Fix {
  const { start, end } = instruction.at(heredoc.contentSpan);
  const title = l10n.t('End the here-document with `{0}`', heredoc.name);
  const risk = l10n.t('Where the here-document was to end is a guess.');
  const lines = linesIn(file.text, start, end);
  const nearly = lines.find(({ text }) => text.trim().toLowerCase() === heredoc.name.toLowerCase());
  if (nearly)
    return {
      title,
      safety: 'suggestion',
      edits: [replace({ start: nearly.start, end: nearly.start + nearly.text.length }, heredoc.name)],
    };
  const next = lines.findIndex(({ text }, index) => index > 0 && startsInstruction(text));
  if (next < 0) {
    const gap = start === end && !file.text.endsWith('\n') ? file.eol : file.text.endsWith('\n') ? '' : file.eol;
    return { title, safety: 'suggestion', edits: [insert(file.text.length, `${gap}${heredoc.name}${file.eol}`)], risk };
  }
  // Blank lines and comments above the instruction belong to it.
  let at = next;
  while (at > 1 && /^\s*(?:#.*)?$/.test(lines[at - 1]?.text ?? 'x')) at--;
  const offset = lines[at]?.start ?? end;
  return { title, safety: 'suggestion', edits: [insert(offset, `${heredoc.name}${file.eol}`)], risk };
}

interface Line {
  readonly text: string;
  readonly start: number;
}

function linesIn(text: string, start: number, end: number): Line[] {
  const lines: Line[] = [];
  for (let from = start; from < end; ) {
    const next = text.indexOf('\n', from) + 1 || end;
    lines.push({ text: text.slice(from, Math.min(next, end)).replace(/\r?\n$/, ''), start: from });
    from = next;
  }
  return lines;
}

/** A known keyword in upper case at the start of a line, with something behind it. */
function startsInstruction(line: string): boolean {
  const word = /^([A-Z]+)[ \t]+\S/.exec(line)?.[1];
  return word !== undefined && KEYWORDS.some((keyword) => keyword === word);
}
