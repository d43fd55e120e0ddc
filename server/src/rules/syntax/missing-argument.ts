/** Arguments that an instruction needs and has not, or has and does not take. */
import * as l10n from '@vscode/l10n';
import { checkInstruction, type InstructionProblemCode } from '../../syntax/instructions';
import type { LocalSpan } from '../../syntax/span';
import type { Instruction, InstructionBody, Problem } from '../../syntax/tree';
import { meantArray } from '../meant-array';
import { onFirstLine, quotable } from '../places';
import { defineRule, dockerfile, type Severity } from '../rule';

/** What of BuildKit's complaints about an instruction is about the number and kind of its arguments. */
const codes: ReadonlySet<InstructionProblemCode> = new Set<InstructionProblemCode>([
  'missing-argument',
  'too-many-arguments',
  'from-arguments',
  'blank-name',
  'blank-volume',
  'unknown-healthcheck',
  'shell-not-json',
  'heredoc-destination',
]);

export default defineRule({
  id: 'missing-argument',
  category: 'syntax',
  severity: 'error',
  scope: 'instruction',
  aliases: [],
  fix: 'none',
  docs: {
    what: 'An instruction lacks an argument that it needs (`COPY` a destination, `ENV` a value, `FROM` an image), or has one that it does not take.',
    why: 'Docker checks every instruction before it builds the first one, and refuses the file.',
    fix: 'Complete the instruction; the message says what Docker expects.',
    ignore: 'Never for a file that Docker is to read.',
    references: ['https://docs.docker.com/reference/dockerfile/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:20-alpine
        COPY package.json
        ^^^^ error missing-argument: COPY needs at least two arguments: a source and a destination, so Docker refuses the file.
        ENV NODE_ENV
            ^^^^^^^^ error missing-argument: ENV needs a value for \`NODE_ENV\`, so Docker refuses the file.
      `,
    },
    {
      bad: dockerfile`
        FROM node:20-alpine alpine
                            ^^^^^^ error missing-argument: FROM takes an image, or an image, \`AS\` and a name for the stage, so Docker refuses the file.
        EXPOSE
        ^^^^^^ error missing-argument: EXPOSE needs an argument, so Docker refuses the file.
        HEALTHCHECK curl -f http://localhost/
                    ^^^^ error missing-argument: HEALTHCHECK is followed by \`CMD\` or \`NONE\`, not by \`curl\`, so Docker refuses the file.
      `,
    },
    {
      ok: dockerfile`
        FROM node:20-alpine AS build
        ENV NODE_ENV=production \
            # for the tests
            CI=1
        COPY package.json ./
        HEALTHCHECK NONE
      `,
      because: 'every instruction has what it needs',
    },
    {
      ok: dockerfile`
        FROM node:20-alpine
        COPY <<EOF /etc/motd
        Welcome
        EOF
      `,
      because: 'a heredoc is a source',
    },
  ],
  *check({ model }) {
    const file = model.dockerfile;
    for (const instruction of model.instructions) {
      for (const { span, ...complaint } of complaints(instruction))
        yield { ...onFirstLine(file, instruction, span), ...complaint };
    }
  },
});

interface Complaint {
  readonly span: LocalSpan;
  readonly message: string;
  /** A warning where Docker accepts this file and refuses to build on its image. */
  readonly severity?: Severity;
}

function complaints(instruction: Instruction): Complaint[] {
  const { body } = instruction;
  const parsing = body.problems.flatMap((problem) => pairComplaint(instruction, problem));
  const checked = checkInstruction(body)
    .filter((problem) => codes.has(problem.code))
    // What starts like an array is the business of invalid-json-form.
    .filter((problem) => problem.code !== 'shell-not-json' || !meantArray(body))
    // `ARG A = b` is the business of space-around-equals.
    .filter((problem) => problem.code !== 'blank-name' || !isSetApart(body, problem.span))
    .map((problem) => ({
      span: problem.span,
      ...(problem.inTrigger && { severity: 'warning' as const }),
      message: problem.inTrigger
        ? l10n.t('{0}, so Docker refuses to build on this image.', problem.message)
        : l10n.t('{0}, so Docker refuses the file.', problem.message),
    }));
  return [...parsing, ...checked];
}

/** `ENV A`, `LABEL a=1 b`; blanks around `=` have a rule of their own. */
function pairComplaint(instruction: Instruction, problem: Problem): Complaint[] {
  const { body } = instruction;
  if (problem.code === 'missing-value')
    return [
      {
        span: problem.span,
        message: l10n.t(
          '{0} needs a value for `{1}`, so Docker refuses the file.',
          body.keyword,
          quotable(problem.detail),
        ),
      },
    ];
  if (problem.code !== 'missing-equals') return [];
  if (isApartFromEquals(body, problem.span)) return [];
  return [
    {
      span: problem.span,
      message: l10n.t(
        '{0} needs `{1}=value` here, so Docker refuses the file.',
        body.keyword,
        quotable(problem.detail),
      ),
    },
  ];
}

/** The word behind a name, in a pair that is torn by blanks. */
function isSetApart(body: InstructionBody, span: LocalSpan): boolean {
  const index = body.words.findIndex((word) => word.span.from === span.from);
  const before = body.words[index - 1];
  return before !== undefined && !before.text.includes('=');
}

/** `1` in `a= 1`, `b` in `b = 1`: blanks around `=` have a rule of their own. */
function isApartFromEquals(body: InstructionBody, span: LocalSpan): boolean {
  const index = body.words.findIndex((word) => word.span.from === span.from);
  const before = body.words[index - 1]?.text ?? '';
  const after = body.words[index + 1]?.text ?? '';
  return /^[^=]+=$/.test(before) || after.startsWith('=');
}
