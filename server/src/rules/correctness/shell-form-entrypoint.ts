/** An ENTRYPOINT in shell form is run by a shell, which keeps signals and arguments from the program. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../../model/model';
import { execFormOf } from '../exec-form';
import { quotable } from '../places';
import { defineRule, dockerfile, isRefusal } from '../rule';
import { shellFormSteps, stepBuiltOn } from '../shell-form';

export default defineRule({
  id: 'shell-form-entrypoint',
  category: 'correctness',
  severity: 'warning',
  aliases: ['DL3025', 'JSONArgsRecommended', 'S7019'],
  fix: 'safe',
  changes: {
    what: 'the entrypoint is the program itself instead of `/bin/sh -c` with its command line',
    config: ['Entrypoint'],
  },
  docs: {
    what: 'An `ENTRYPOINT` is written as a shell command (`ENTRYPOINT node server.js`) and not as a JSON array of words.',
    why: 'Docker then starts `/bin/sh -c "node server.js"`. What `CMD` or `docker run IMAGE …` add becomes arguments of that shell, and the program never sees them. The shell is process 1: unless it hands its place to a lone command, as the shells of today’s Debian and Alpine do, it keeps the SIGTERM of `docker stop` to itself and the container is killed after 10 seconds. And an image without a shell cannot start at all.',
    fix: 'Write the words as a JSON array. The quick fix does it where they stand, safely if they are plain words and the stage has no `CMD`. Where a shell is needed, for a variable or `&&`, it names the shell and lets the program take its place: `["/bin/sh", "-c", "exec …"]`.',
    ignore: 'Where the program must not be given arguments, and signals do not matter.',
    references: [
      'https://docs.docker.com/reference/build-checks/json-args-recommended/',
      'https://docs.docker.com/reference/dockerfile/#shell-and-exec-form',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.13-slim
        COPY app.py .
        ENTRYPOINT python app.py --verbose
        ^^^^^^^^^^ warning shell-form-entrypoint: \`python app.py --verbose\` is run by \`/bin/sh -c\`: arguments of CMD and \`docker run\` are lost, and SIGTERM reaches only the shell.
      `,
      good: dockerfile`
        FROM python:3.13-slim
        COPY app.py .
        ENTRYPOINT ["python", "app.py", "--verbose"]
      `,
    },
    {
      bad: dockerfile`
        FROM eclipse-temurin:21-jre
        entrypoint exec java \
        ^^^^^^^^^^ warning shell-form-entrypoint
            # the heap follows the container's limit
            -XX:MaxRAMPercentage=75 \
            -jar '/srv/my app.jar'
      `,
      good: dockerfile`
        FROM eclipse-temurin:21-jre
        entrypoint ["java", \
            # the heap follows the container's limit
            "-XX:MaxRAMPercentage=75", \
            "-jar", "/srv/my app.jar"]
      `,
    },
    {
      bad: dockerfile`
        FROM eclipse-temurin:21-jre
        COPY app.jar .
        ENTRYPOINT cd /srv && java $JAVA_OPTS \
        ^^^^^^^^^^ warning shell-form-entrypoint
            -jar "app.jar"
      `,
      good: dockerfile`
        FROM eclipse-temurin:21-jre
        COPY app.jar .
        ENTRYPOINT ["/bin/sh", "-c", "cd /srv && exec java $JAVA_OPTS \
            -jar \"app.jar\""]
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        ENTRYPOINT ["/bin/sh", "-c", "exec httpd -f -p $PORT"]
      `,
      because: 'the shell is meant, and leaves its place to the server',
    },
    {
      ok: dockerfile`
        FROM debian:bookworm-slim AS base
        SHELL ["/bin/bash", "-o", "pipefail", "-c"]

        FROM base
        ENTRYPOINT server --port 80 | tee /var/log/server
        ONBUILD ENTRYPOINT server
      `,
      because: 'who chooses a shell with SHELL wants it',
    },
  ],
  *check({ model }) {
    for (const step of shellFormSteps(model, 'ENTRYPOINT')) {
      yield {
        at: step.at(step.body.keywordSpan),
        message: messageFor(step),
        fix: () => {
          const form = execFormOf(model.dockerfile, step);
          if (isRefusal(form)) return form;
          const cmd = step.stage.steps.find(({ keyword }) => keyword === 'CMD') ?? stepBuiltOn(model, step.stage, 'CMD');
          const { edits } = form;
          const text = quotable(form.text, 80);
          if (form.kind === 'shell')
            return {
              title: form.replacesShell ? l10n.t('Let the program replace the shell: `{0}`', text) : l10n.t('Name the shell: `{0}`', text),
              safety: 'suggestion',
              edits,
              risk: form.replacesShell
                ? l10n.t('The last command takes the place of the shell: nothing can follow it.')
                : l10n.t('The shell stays process 1 and passes no signals on.'),
            };
          return {
            title: l10n.t('Write it in exec form: `{0}`', text),
            safety: form.kind === 'plain' && !cmd ? 'safe' : 'suggestion',
            edits,
            risk: cmd
              ? l10n.t('The CMD on line {0}, ignored so far, becomes arguments of the program.', cmd.instruction.line + 1)
              : l10n.t('Arguments of `docker run` reach the program.'),
          };
        },
      };
    }
  },
});

function messageFor(step: Step): string {
  const command = quotable(step.body.rest);
  return step.stage.isWindows
    ? l10n.t('`{0}` is run by a shell: arguments of CMD and `docker run` are lost.', command)
    : l10n.t(
        '`{0}` is run by `/bin/sh -c`: arguments of CMD and `docker run` are lost, and SIGTERM reaches only the shell.',
        command,
      );
}
