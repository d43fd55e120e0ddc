/** The container's user is a name, which Kubernetes cannot check. */
import * as l10n from '@vscode/l10n';
import { firstNumber, usersOfBase } from '../../model/image-users';
import { usersMadeBefore } from '../../model/made-users';
import type { Stage, Step } from '../../model/model';
import { expandIn } from '../../model/variables';
import { replace } from '../edits';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'non-numeric-user',
  category: 'correctness',
  severity: 'off',
  aliases: ['DL3066'],
  fix: 'suggestion',
  docs: {
    what: 'The last `USER` of the final stage is a name instead of a number.',
    why: "Kubernetes checks `runAsNonRoot: true` before the container starts, by the image's configuration alone. A name may be anybody, so it refuses: `image has non-numeric user (app), cannot verify user is non-root`.",
    fix: "Say the number: `USER 10001`, or `USER 10001:10001` with the group. The quick fix puts it where the user is made with one, or the base image is known to have it. With a number, the group is root unless the image's `/etc/passwd` has that number.",
    ignore: 'Where the image never runs on Kubernetes, or the pod says `runAsUser`.',
    references: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
      'https://docs.docker.com/reference/dockerfile/#user',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-alpine
        # not as root
        USER node
             ^^^^ info non-numeric-user: Kubernetes cannot tell that \`node\` is not root: with runAsNonRoot the container does not start.
        CMD ["node", "server.js"]
      `,
      good: dockerfile`
        FROM node:22-alpine
        # not as root
        USER 1000
        CMD ["node", "server.js"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        groupadd --gid 10002 app
        useradd --no-log-init --uid 10001 --gid 10002 app
        EOF
        USER \
          app:app
          ^^^ info non-numeric-user
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        groupadd --gid 10002 app
        useradd --no-log-init --uid 10001 --gid 10002 app
        EOF
        USER \
          10001:app
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.13-slim
        RUN useradd --create-home app
        USER app
             ^^^ info non-numeric-user
      `,
      good: dockerfile`
        FROM python:3.13-slim
        RUN useradd --create-home app
        USER 1000
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN useradd --no-log-init --uid 10001 app
        USER app
        RUN touch /tmp/mine
        USER 10001
      `,
      because: 'the last one counts, and it is a number',
    },
    {
      ok: dockerfile`
        FROM golang:1.24 AS build
        USER nobody
        FROM alpine:3.20
        USER root
      `,
      because: 'the build stage is not run, and root is the concern of another rule',
    },
  ],
  *check({ model }) {
    const stage = model.finalStage;
    if (!stage || stage.isWindows) return;
    const step = lastUser(stage);
    if (!step || !stage.baseSpan) return;
    const user = expandIn(step.body.rest, step.before.scope, step.body.escape);
    const name = user?.split(':')[0]?.trim() ?? '';
    if (!/^[a-zA-Z_][\w.-]*$/.test(name) || name === 'root') return;
    const isOwn = step.stage === stage;
    const written = step.body.rest.split(':')[0] ?? '';
    const { from, to } = step.body.restSpan;
    const isPlain = !/[$'"]/.test(written);
    const span = step.at({ from, to: isPlain ? from + written.length : to });
    yield {
      at: onOneLine(model.dockerfile, isOwn ? span : stage.from.at(stage.baseSpan)),
      message: l10n.t(
        'Kubernetes cannot tell that `{0}` is not root: with runAsNonRoot the container does not start.',
        name,
      ),
      ...(isOwn ? {} : { related: [{ at: step.at(step.body.keywordSpan), message: l10n.t('The USER in force.') }] }),
      fix: (): FixResult => {
        const id = numberOf(step, name);
        if (id === null) return { refused: l10n.t('The number of the user `{0}` is not in the Dockerfile.', name) };
        if (!isPlain) return { refused: l10n.t('The user on line {0} is a variable.', step.instruction.line + 1) };
        return {
          title: l10n.t('Say the number of `{0}`: {1}', name, id),
          safety: 'suggestion',
          edits: [replace(span, String(id))],
          risk: l10n.t('HOME may be another one where /etc/passwd does not know the number.'),
        };
      },
    };
  },
});

/** The USER in force at the end of a stage. */
function lastUser(stage: Stage): Step | null {
  for (let at: Stage | null = stage; at; at = at.parent) {
    const own = at.steps.filter((step) => step.keyword === 'USER').at(-1);
    if (own) return own;
  }
  return null;
}

function numberOf(step: Step, name: string): number | null {
  const made = usersMadeBefore(step)?.filter((user) => user.name === name) ?? [];
  const known = made.find((user) => user.id !== null);
  if (known) return known.id;
  if (made.length === 0) return usersOfBase(step.stage)?.get(name) ?? null;
  // The first one gets the first number for people.
  const isFirst = new Set(usersMadeBefore(step)?.map(({ command }) => command)).size === 1;
  return isFirst && made.every(({ isSystem }) => !isSystem) ? firstNumber(step.stage) : null;
}
