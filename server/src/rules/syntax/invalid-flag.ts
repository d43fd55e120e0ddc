/** A flag that the instruction does not have, has twice, or that lacks its value. */
import * as l10n from '@vscode/l10n';
import { checkInstruction, INSTRUCTION_SHAPES, type InstructionProblem } from '../../syntax/instructions';
import type { Dockerfile, Instruction } from '../../syntax/tree';
import { replace } from '../edits';
import { removeFlag } from '../flag-edits';
import { nearestName } from '../nearest-name';
import { onFirstLine } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

const codes: ReadonlySet<string> = new Set([
  'unknown-flag',
  'duplicate-flag',
  'missing-flag-value',
  'invalid-flag-value',
]);

export default defineRule({
  id: 'invalid-flag',
  category: 'syntax',
  severity: 'error',
  scope: 'instruction',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'An instruction has a `--flag` that it does not know, that it has already, that lacks its value, or that is neither `true` nor `false` where it has to be.',
    why: 'Docker reads the flags of all instructions before it builds the first one, and refuses the file.',
    fix: 'Write the flag that is meant; the message names it where one is near. Options of the command that a `RUN` starts stand behind the command’s name. The quick fix puts the nearest name, or takes a repeated flag out.',
    ignore: 'Never for a file that Docker is to read.',
    references: ['https://docs.docker.com/reference/dockerfile/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22 AS build
        FROM nginx:1.27
        COPY --form=build /app/dist /usr/share/nginx/html
             ^^^^^^^^^^^^ error invalid-flag: COPY has no flag \`--form\`, so Docker refuses the file; \`--from\` may be meant.
      `,
      good: dockerfile`
        FROM node:22 AS build
        FROM nginx:1.27
        COPY --from=build /app/dist /usr/share/nginx/html
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        # a check that runs for ever
        HEALTHCHECK --interval=5m \
        ^^^^^^^^^^^ error invalid-flag: \`--interval\` is given more than once, so Docker refuses the file.
            --interval=1m \
            CMD wget -q -O /dev/null http://localhost/
      `,
      good: dockerfile`
        FROM alpine:3.20
        # a check that runs for ever
        HEALTHCHECK --interval=5m \
            \
            CMD wget -q -O /dev/null http://localhost/
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        ADD --keep-git-dir=yes https://github.com/moby/buildkit.git /src
                           ^^^ error invalid-flag: \`--keep-git-dir\` is either \`true\` or \`false\`, not \`yes\`, so Docker refuses the file.
        COPY --chown . /app
             ^^^^^^^ error invalid-flag: \`--chown\` needs a value, so Docker refuses the file.
      `,
    },
    {
      ok: dockerfile`
        FROM --platform=$BUILDPLATFORM alpine:3.20
        RUN --mount=type=cache,target=/a --mount=type=cache,target=/b make --jobs=4
        COPY --link --chown=1000:1000 . /app
      `,
      because: 'these flags exist, a mount may be repeated, and `--jobs` belongs to the command',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        HEALTHCHECK NONE
        ONBUILD COPY --chown=1000 . /app
      `,
      because: 'a trigger takes the flags of its instruction',
    },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      const { body } = instruction;
      if (body.flags.length === 0 && !body.trigger?.flags.length) continue;
      for (const problem of checkInstruction(body)) {
        if (!codes.has(problem.code)) continue;
        const meant = meantFlag(instruction, problem);
        yield {
          ...onFirstLine(model.dockerfile, instruction, problem.span),
          // Docker finds it when an image is built on this one; this file it accepts.
          ...(problem.inTrigger && { severity: 'warning' as const }),
          message: messageOf(problem, meant),
          fix: () => repair(model.dockerfile, instruction, problem, meant),
        };
      }
    }
  },
});

function messageOf({ message, inTrigger }: InstructionProblem, meant: string | undefined): string {
  if (inTrigger)
    return meant
      ? l10n.t('{0}, so Docker refuses to build on this image; `{1}` may be meant.', message, `--${meant}`)
      : l10n.t('{0}, so Docker refuses to build on this image.', message);
  return meant
    ? l10n.t('{0}, so Docker refuses the file; `{1}` may be meant.', message, `--${meant}`)
    : l10n.t('{0}, so Docker refuses the file.', message);
}

function meantFlag(instruction: Instruction, { code, detail, inTrigger }: InstructionProblem): string | undefined {
  const body = inTrigger ? instruction.body.trigger : instruction.body;
  if (code !== 'unknown-flag' || !body?.known) return undefined;
  const given = body.flags.map(({ name }) => name);
  const names = Object.entries(INSTRUCTION_SHAPES[body.known].flags)
    .filter(([name, kind]) => kind === 'list' || !given.includes(name))
    .map(([name]) => name);
  return nearestName(detail.slice(2), names);
}

function repair(
  file: Dockerfile,
  instruction: Instruction,
  problem: InstructionProblem,
  meant: string | undefined,
): FixResult {
  const body = (problem.inTrigger ? instruction.body.trigger : null) ?? instruction.body;
  const flag = body.flags.find(({ span, valueSpan }) => [span.from, valueSpan?.from].includes(problem.span.from));
  if (flag && meant)
    return {
      title: l10n.t('Change to `{0}`', `--${meant}`),
      safety: 'suggestion',
      edits: [replace(instruction.at(flag.nameSpan), meant)],
    };
  if (flag && (problem.code === 'duplicate-flag' || problem.code === 'unknown-flag'))
    return {
      title: l10n.t('Remove `{0}`', problem.detail),
      safety: 'suggestion',
      edits: [removeFlag(file, instruction, flag)],
    };
  return { refused: l10n.t('What `{0}` should be cannot be told.', problem.detail) };
}
