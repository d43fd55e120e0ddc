/** ENTRYPOINT in shell form puts a shell between Docker and the program, and loses every argument. */
import * as l10n from '@vscode/l10n';
import type { Model, Step } from '../../model/model';
import { defineRule, dockerfile, type FixResult } from '../rule';
import { isFixable, isShellForm, nearest, programOf, toExecForm } from '../shell-form';

export default defineRule({
  id: 'shell-form-entrypoint',
  category: 'correctness',
  severity: 'warning',
  aliases: ['DL3025', 'JSONArgsRecommended', 'S7019'],
  fix: 'safe',
  changes: { what: 'Entrypoint names the program instead of a shell', config: ['Entrypoint'] },
  docs: {
    what: '`ENTRYPOINT` is written as a command line, which Docker hands to `/bin/sh -c`.',
    why: "Two things go wrong. The shell is process 1 of the container: `docker stop` sends SIGTERM to it, and a shell does not pass it on, so the program is killed after the grace period. (Today's dash, bash and busybox replace themselves by a lone command, which saves the simple case; the exec form does not depend on that.) And the arguments of `CMD` and of `docker run IMAGE …` go to the shell, which drops them.",
    fix: 'Write the words as a JSON array: `ENTRYPOINT ["node", "server.js"]`. The quick fix does so where the words mean the same without a shell. Where they do not (variables, pipes, `&&`) it names the shell, with `exec` before the program that is to receive the signals. Where the stage has a `CMD`, its words become arguments of the program: only you know whether they should.',
    ignore: 'Where arguments must not reach the program.',
    references: [
      'https://docs.docker.com/reference/build-checks/json-args-recommended/',
      'https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-alpine
        ENTRYPOINT node server.js
        ^^^^^^^^^^ warning shell-form-entrypoint: ENTRYPOINT in shell form starts a shell, which may keep SIGTERM from \`node\` and drops the arguments of CMD and \`docker run\`.
      `,
      good: dockerfile`
        FROM node:22-alpine
        ENTRYPOINT ["node", "server.js"]
      `,
    },
    {
      bad: dockerfile`
        FROM eclipse-temurin:21-jre
        ENTRYPOINT exec java $JAVA_OPTS \
        ^^^^^^^^^^ warning shell-form-entrypoint
            # the fat jar
            -jar /app.jar
      `,
      good: dockerfile`
        FROM eclipse-temurin:21-jre
        ENTRYPOINT ["/bin/sh", "-c", "exec java $JAVA_OPTS \
            # the fat jar
            -jar /app.jar"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        entrypoint exec /usr/sbin/cron -f -L "2"
        ^^^^^^^^^^ warning shell-form-entrypoint
      `,
      good: dockerfile`
        FROM debian:12-slim
        entrypoint ["/usr/sbin/cron", "-f", "-L", "2"]
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        ENTRYPOINT nc -l \
        ^^^^^^^^^^ warning shell-form-entrypoint
                # all interfaces
                -p 8080
        EXPOSE 8080
      `,
      good: dockerfile`
        FROM alpine:3.20
        ENTRYPOINT ["nc", "-l", \
                # all interfaces
                "-p", "8080"]
        EXPOSE 8080
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20 AS base
        ENTRYPOINT sleep 60
        ^^^^^^^^^^ warning shell-form-entrypoint
        RUN <<EOF
        echo ENTRYPOINT sleep 60
        EOF
        FROM base
        RUN echo done
      `,
      good: dockerfile`
        FROM alpine:3.20 AS base
        ENTRYPOINT ["sleep", "60"]
        RUN <<EOF
        echo ENTRYPOINT sleep 60
        EOF
        FROM base
        RUN echo done
      `,
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
        ENTRYPOINT ["node"]
        CMD ["server.js"]
      `,
      because: 'both are in exec form',
    },
    {
      ok: dockerfile`
        FROM node:22
        SHELL ["/bin/bash", "-c"]
        # with the profile of the shell
        ENTRYPOINT node \
            server.js
      `,
      because: 'the file chooses its shell, and Docker takes that for intended',
    },
  ],
  *check({ model }) {
    for (const step of model.steps) {
      if (step.keyword !== 'ENTRYPOINT' || !isShellForm(step)) continue;
      const finding = {
        at: step.at(step.body.keywordSpan),
        message: l10n.t(
          'ENTRYPOINT in shell form starts a shell, which may keep SIGTERM from `{0}` and drops the arguments of CMD and `docker run`.',
          programOf(step),
        ),
      };
      yield isFixable(step) ? { ...finding, fix: () => execForm(model, step) } : finding;
    }
  },
});

function execForm(model: Model, step: Step): FixResult {
  const command = nearest(model, step.stage, 'CMD', 'stage and children');
  if (!command) return toExecForm(model.dockerfile, step, null);
  const line = command.instruction.line + 1;
  return toExecForm(
    model.dockerfile,
    step,
    l10n.t('The words of the CMD on line {0} become arguments of the program.', line),
  );
}
