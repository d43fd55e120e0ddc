/** CMD in shell form puts a shell between Docker and the program. */
import * as l10n from '@vscode/l10n';
import { readsItsCommand } from '../../model/known-entrypoints';
import type { Model, Step } from '../../model/model';
import { defineRule, dockerfile, type FixResult } from '../rule';
import { isFixable, isShellForm, nearest, programOf, toExecForm } from '../shell-form';

export default defineRule({
  id: 'shell-form-cmd',
  category: 'correctness',
  severity: 'warning',
  aliases: ['DL3025', 'JSONArgsRecommended'],
  fix: 'safe',
  changes: { what: 'Cmd names the program instead of a shell', config: ['Cmd'] },
  docs: {
    what: '`CMD` is written as a command line, which Docker hands to `/bin/sh -c`.',
    why: "The shell is process 1 of the container then. `docker stop` sends SIGTERM to process 1; a shell does not pass it on, so the program is killed after the grace period, its work unfinished. Today's dash, bash and busybox replace themselves by a lone command, which saves the simple case; a `;`, a pipe, a variable before it or another shell does not. The exec form does not depend on that, and needs no shell in the image.",
    fix: 'Write the words as a JSON array: `CMD ["node", "server.js"]`. The quick fix does so where the words mean the same without a shell. Where they do not (variables, pipes, `&&`) it names the shell, with `exec` before the program that is to receive the signals.',
    ignore: 'Where the command is short-lived, or the shell is wanted and the container may be killed.',
    references: [
      'https://docs.docker.com/reference/build-checks/json-args-recommended/',
      'https://docs.docker.com/reference/dockerfile/#shell-and-exec-form',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-alpine
        CMD node server.js --title 'my server'
        ^^^ warning shell-form-cmd: CMD in shell form starts a shell, which may keep SIGTERM from \`node\`: the container is then killed when it should stop.
      `,
      good: dockerfile`
        FROM node:22-alpine
        CMD ["node", "server.js", "--title", "my server"]
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-alpine
        cmd node \
        ^^^ warning shell-form-cmd
            # the bundle
            server.js
      `,
      good: dockerfile`
        FROM node:22-alpine
        cmd ["node", \
            # the bundle
            "server.js"]
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-alpine
        CMD echo "starting" && node server.js --port $PORT
        ^^^ warning shell-form-cmd
      `,
      good: dockerfile`
        FROM node:22-alpine
        CMD ["/bin/sh", "-c", "echo \"starting\" && exec node server.js --port $PORT"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        CMD exec tail -f /dev/null
        ^^^ warning shell-form-cmd
      `,
      good: dockerfile`
        FROM debian:12-slim
        CMD ["tail", "-f", "/dev/null"]
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        CMD nc -l -p 8080 -e "/bin/echo"
        ^^^ warning shell-form-cmd
        EXPOSE 8080
        HEALTHCHECK CMD nc -z localhost 8080 || exit 1
      `,
      good: dockerfile`
        FROM alpine:3.20
        CMD ["nc", "-l", "-p", "8080", "-e", "/bin/echo"]
        EXPOSE 8080
        HEALTHCHECK CMD nc -z localhost 8080 || exit 1
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20 AS base
        CMD sleep 60
        ^^^ warning shell-form-cmd
        FROM base
        CMD sleep 120
        ^^^ warning shell-form-cmd
      `,
      good: dockerfile`
        FROM alpine:3.20 AS base
        CMD ["sleep", "60"]
        FROM base
        CMD ["sleep", "120"]
      `,
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
        CMD ["node", \
            # the bundle
            "server.js"]
      `,
      because: 'it is in exec form',
    },
    {
      ok: dockerfile`
        FROM node:22
        SHELL ["/bin/bash", "-o", "pipefail", "-c"]
        CMD node server.js
      `,
      because: 'the file chooses its shell, and Docker takes that for intended',
    },
    {
      ok: dockerfile`
        FROM node:22
        ONBUILD CMD node server.js
        HEALTHCHECK CMD curl -f http://localhost/ || exit 1
      `,
      because: 'neither is a CMD of this image',
    },
  ],
  *check({ model }) {
    for (const step of model.steps) {
      if (step.keyword !== 'CMD' || !isShellForm(step)) continue;
      const finding = {
        at: step.at(step.body.keywordSpan),
        message: l10n.t(
          'CMD in shell form starts a shell, which may keep SIGTERM from `{0}`: the container is then killed when it should stop.',
          programOf(step),
        ),
      };
      yield isFixable(step) ? { ...finding, fix: () => execForm(model, step) } : finding;
    }
  },
});

function execForm(model: Model, step: Step): FixResult {
  const entrypoint = nearest(model, step.stage, 'ENTRYPOINT', 'chain');
  const image = step.stage.rootImage;
  if (!entrypoint && image && readsItsCommand(image))
    return toExecForm(
      model.dockerfile,
      step,
      l10n.t('The entrypoint of `{0}` looks at the command, and may do more when it sees the program.', image.text),
    );
  if (!entrypoint) return toExecForm(model.dockerfile, step, null);
  const line = entrypoint.instruction.line + 1;
  return toExecForm(
    model.dockerfile,
    step,
    l10n.t('The ENTRYPOINT on line {0} gets other arguments: no `/bin/sh -c` before the command.', line),
  );
}
