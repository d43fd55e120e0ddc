/** `# escape=`, `# syntax=` or `# check=` where Docker does not obey it, or refuses it. */
import * as l10n from '@vscode/l10n';
import type { Model } from '../../model/model';
import { checkOptionProblem } from '../../syntax/check-options';
import type { Comment, Dockerfile } from '../../syntax/tree';
import { insert, remove } from '../edits';
import { defineRule, dockerfile, type Finding, type Fix } from '../rule';

export default defineRule({
  id: 'misplaced-directive',
  category: 'syntax',
  severity: 'warning',
  scope: 'file',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'A parser directive (`# syntax=`, `# escape=`, `# check=`) stands below another comment, a blank line or an instruction, where it is only a comment. Two of the same name at the top, or a value that Docker does not take, are errors.',
    why: 'The file is read without the directive: with another version of the syntax, another escape character, other checks. At the top, Docker refuses a repeated one.',
    fix: 'Put directives in the very first lines, each once. The quick fix moves the line up, or takes the second one out. `# check=skip=…` directly above an instruction is fine: newer versions of Docker obey it there.',
    ignore: 'Where the line is meant as a comment.',
    references: ['https://docs.docker.com/reference/dockerfile/#parser-directives'],
  },
  examples: [
    {
      bad: dockerfile`
        # The web server
        # syntax=docker/dockerfile:1
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning misplaced-directive: Here, below line 1, \`syntax=docker/dockerfile:1\` is only a comment: directives stand in the first lines.
        FROM nginx:1.27
      `,
      good: dockerfile`
        # syntax=docker/dockerfile:1
        # The web server
        FROM nginx:1.27
      `,
    },
    {
      bad: dockerfile`
        # syntax=docker/dockerfile:1
        # check=skip=all
        # syntax=docker/dockerfile:1.7
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error misplaced-directive: A second \`syntax\` directive: Docker refuses the file.
        FROM nginx:1.27
      `,
      good: dockerfile`
        # syntax=docker/dockerfile:1
        # check=skip=all
        FROM nginx:1.27
      `,
    },
    {
      bad: dockerfile`
        # escape=/
                 ^ error misplaced-directive: \`/\` cannot be the escape character: Docker takes a backslash or a backtick, and refuses the file.
        # check=skip=all,error=true,
        FROM nginx:1.27
      `,
    },
    {
      bad: dockerfile`
        # check=warn=false
                ^^^^^^^^^^ error misplaced-directive: \`warn=false\` is no option of \`check\` (skip, error, experimental): Docker refuses the file.
        FROM nginx:1.27
      `,
    },
    {
      ok: dockerfile`
        # syntax=docker/dockerfile:1
        # escape=\`

        # check=skip=JSONArgsRecommended
        FROM nginx:1.27
        # syntax = what the parser reads, escape = how a line goes on
        CMD nginx
      `,
      because: 'the directives stand at the top, the check above an instruction, and the rest is prose',
    },
    {
      ok: dockerfile`
        # syntax=docker/dockerfile:1
        FROM nginx:1.27
        COPY <<EOF /Dockerfile
        # syntax=docker/dockerfile:1
        EOF
      `,
      because: 'a here-document may hold a Dockerfile',
    },
  ],
  *check({ model }) {
    const { dockerfile: file } = model;
    for (const problem of file.problems) {
      const at = { start: problem.span.from, end: problem.span.to };
      if (problem.code === 'duplicate-directive')
        yield {
          at,
          severity: 'error',
          message: l10n.t('A second `{0}` directive: Docker refuses the file.', problem.detail),
          fix: () => ({
            title: l10n.t('Remove the second directive'),
            safety: 'suggestion',
            edits: [withoutLine(file, at.start)],
          }),
        };
      else if (problem.code === 'invalid-escape')
        yield {
          at,
          severity: 'error',
          message: l10n.t(
            '`{0}` cannot be the escape character: Docker takes a backslash or a backtick, and refuses the file.',
            problem.detail,
          ),
        };
    }
    yield* checkOptions(file);
    for (const comment of file.comments) {
      const finding = misplaced(model, comment);
      if (finding) yield finding;
    }
  },
});

function* checkOptions(file: Dockerfile): Iterable<Finding> {
  const directive = file.directives.find(({ name }) => name === 'check');
  const problem = directive && checkOptionProblem(directive.value);
  if (!problem) return;
  const { start } = directive.valueSpan;
  yield {
    at: { start: start + problem.start, end: Math.max(start + problem.end, start + problem.start + 1) },
    severity: 'error',
    message: l10n.t(
      '`{0}` is no option of `check` (skip, error, experimental): Docker refuses the file.',
      directive.value.slice(problem.start, problem.end),
    ),
  };
}

/** A comment that would be a directive further up, and does not read like prose. */
function misplaced({ dockerfile: file }: Model, comment: Comment): Finding | null {
  const match = /^(syntax|escape|check)\s*=\s*(\S+)$/i.exec(comment.text);
  if (!match) return null;
  const [, written = '', value = ''] = match;
  const name = written.toLowerCase();
  if (!looksMeant(name, value)) return null;
  if (name === 'check' && isObeyed(file, comment, value)) return null;
  if (file.directives.some((directive) => directive.name === name)) {
    return {
      at: comment.span,
      message: l10n.t('Here `{0}` is only a comment; the directive of that name stands at the top.', comment.text),
      fix: () => ({
        title: l10n.t('Remove the line'),
        safety: 'suggestion',
        edits: [withoutLine(file, comment.span.start)],
      }),
    };
  }
  const last = file.directives.at(-1);
  const end = last ? last.line + 1 : 0;
  return {
    at: comment.span,
    message: l10n.t(
      'Here, below line {0}, `{1}` is only a comment: directives stand in the first lines.',
      end + 1,
      comment.text,
    ),
    fix: () => moveUp(file, comment, end),
  };
}

function looksMeant(name: string, value: string): boolean {
  if (name === 'escape') return value === '`' || value === '\\';
  if (name === 'syntax') return /^[a-z0-9.-]+(?::\d+)?(?:\/[\w.-]+)+(?:[:@].+)?$/.test(value);
  return checkOptionProblem(value) === null;
}

/** `# check=skip=…` above an instruction holds for it. What else it says does not count there. */
function isObeyed(file: Dockerfile, comment: Comment, value: string): boolean {
  if (!/(?:^|;)(?:skip|experimental)=/.test(value)) return false;
  return file.instructions.some(({ precedingComments }) => precedingComments.includes(comment));
}

function moveUp(file: Dockerfile, comment: Comment, line: number): Fix {
  const start = line === 0 && file.text.startsWith('\uFEFF') ? 1 : file.lines.lineStart(line);
  const text = file.text.slice(comment.span.start, comment.span.end).trimEnd();
  return {
    title: l10n.t('Move it up to line {0}', line + 1),
    safety: 'suggestion',
    edits: [insert(start, `${text}${file.eol}`), withoutLine(file, comment.span.start)],
    risk: l10n.t('Docker then obeys it.'),
  };
}

/** Takes out the line at an offset; of the last line the line break before it. */
function withoutLine(file: Dockerfile, offset: number) {
  const line = file.lines.lineAt(offset);
  const start = file.lines.lineStart(line);
  if (line + 1 < file.lines.lineCount) return remove({ start, end: file.lines.lineStart(line + 1) });
  const before = file.text[start - 2] === '\r' ? start - 2 : start - 1;
  return remove({ start: Math.max(before, 0), end: file.text.length });
}
