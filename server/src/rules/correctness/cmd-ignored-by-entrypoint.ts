/** A CMD beside an ENTRYPOINT in shell form, which takes no arguments. */
import * as l10n from '@vscode/l10n';
import type { Stage, Step } from '../../model/model';
import type { Dockerfile } from '../../syntax/tree';
import { removeInstruction } from '../edits';
import { plainWords } from '../exec-form';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'cmd-ignored-by-entrypoint',
  category: 'correctness',
  severity: 'warning',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'A stage has a `CMD` and an `ENTRYPOINT` in shell form.',
    why: 'An `ENTRYPOINT` in shell form is a text for `/bin/sh -c`. What `CMD`, or `docker run`, adds to it reaches the shell and not the program: the `CMD` does nothing.',
    fix: 'Write the `ENTRYPOINT` in exec form, so that `CMD` gives its arguments, or delete the `CMD`. The quick fix does the first where the command is plain words and the `CMD` is in exec form too, and else the second.',
    ignore: 'Never, unless the shell of your `SHELL` reads its arguments by itself.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact',
      'https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.13-slim
        ENTRYPOINT python -m flask
        CMD ["run", "--host=0.0.0.0"]
        ^^^ warning cmd-ignored-by-entrypoint: This CMD does nothing: the ENTRYPOINT on line 2 is in shell form and takes no arguments.
      `,
      good: dockerfile`
        FROM python:3.13-slim
        ENTRYPOINT ["python", "-m", "flask"]
        CMD ["run", "--host=0.0.0.0"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        CMD server \
        ^^^ warning cmd-ignored-by-entrypoint
            # the port of the proxy
            --port 8080
        ENTRYPOINT . /etc/defaults && exec server $OPTIONS
      `,
      good: dockerfile`
        FROM debian:12-slim
        ENTRYPOINT . /etc/defaults && exec server $OPTIONS
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-slim AS base
        ENTRYPOINT node

        FROM base
        CMD ["server.js"]
        ^^^ warning cmd-ignored-by-entrypoint
      `,
      good: dockerfile`
        FROM node:22-slim AS base
        ENTRYPOINT node

        FROM base
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        ENTRYPOINT exec top -b "$0" "$@"
        CMD ["-n", "1"]
      `,
      because: 'the script reads the arguments',
    },
    {
      ok: dockerfile`
        FROM node:22-slim AS base
        ENTRYPOINT node server.js

        FROM base
        ENTRYPOINT ["node"]
        CMD worker.js
      `,
      because: 'the ENTRYPOINT that counts is in exec form',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (stage.isWindows) continue;
      const command = lastOf(stage, 'CMD');
      const entrypoint = command && entrypointOf(stage);
      if (!command || command.body.rest === '' || !entrypoint || !ignoresArguments(entrypoint)) continue;
      const line = entrypoint.instruction.line + 1;
      const isHere = entrypoint.stage === stage;
      yield {
        at: command.at(command.body.keywordSpan),
        message: l10n.t(
          'This CMD does nothing: the ENTRYPOINT on line {0} is in shell form and takes no arguments.',
          line,
        ),
        related: isHere
          ? [{ at: entrypoint.at(entrypoint.body.keywordSpan), message: l10n.t('This one is in shell form.') }]
          : [],
        fix: () => repair(model.dockerfile, command, isHere ? entrypoint : null),
      };
    }
  },
});

const lastOf = (stage: Stage, keyword: string): Step | undefined =>
  stage.steps.filter((step) => step.keyword === keyword).at(-1);

/** The ENTRYPOINT that holds at the end of a stage. */
function entrypointOf(stage: Stage): Step | undefined {
  for (let at: Stage | null = stage; at; at = at.parent) {
    const found = lastOf(at, 'ENTRYPOINT');
    if (found) return found;
  }
  return undefined;
}

/** Shell form, for a shell that we know, and nothing in the script reads `$0`, `$1`, `$@` or the like. */
function ignoresArguments({ body, scripts }: Step): boolean {
  if (body.json !== null || body.rest === '' || body.problems.length > 0) return false;
  const [script] = scripts;
  return script?.known === true && !/\$\{?[#]?[\d@*]/.test(script.text);
}

function repair(file: Dockerfile, command: Step, entrypoint: Step | null): FixResult {
  const plain = entrypoint && command.body.json !== null ? plainWords(entrypoint) : null;
  if (plain)
    return {
      title: l10n.t('Use the exec form for ENTRYPOINT'),
      safety: 'suggestion',
      edits: plain.edits,
      risk: l10n.t('The program gets what CMD says as arguments from now on.'),
    };
  return {
    title: l10n.t('Remove the CMD that has no effect'),
    safety: 'suggestion',
    edits: [removeInstruction(file, command.instruction)],
    risk: l10n.t('Tools that show what an image runs will not find a CMD any more.'),
  };
}
