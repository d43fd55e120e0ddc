/** The container runs as root. */
import * as l10n from '@vscode/l10n';
import type { Model, Stage, Step } from '../../model/model';
import { isRoot, type NewUser, runsAsRootByDefault, userFor } from '../../model/unprivileged';
import { expandIn } from '../../model/variables';
import { insert, keywordLike, replace } from '../edits';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type Finding, type FixResult } from '../rule';

export default defineRule({
  id: 'root-user',
  category: 'security',
  severity: 'info',
  aliases: ['DL3002', 'S6471'],
  fix: 'suggestion',
  docs: {
    what: 'The final stage ends as root: by `USER root` as its last one, or without any `USER` on a base image that is known to run as root.',
    why: 'Whoever breaks into the program is root in the container: may change every file in it, and is one kernel bug away from the host. Kubernetes refuses such an image where `runAsNonRoot` is set.',
    fix: 'Switch to another user once everything is installed. The quick fix makes one in the way of the base image, or takes the one that it has, and says `USER` with its number: Kubernetes cannot tell whether a name is root. Files that the program writes must belong to that user (`COPY --chown=…`), and ports below 1024 may need another mapping.',
    ignore: 'For images that others build on, and for tools that must be root.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#user',
      'https://docs.docker.com/reference/dockerfile/#user',
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM alpine:3.20
             ^^^^^^^^^^^ info root-user: The container runs as root, as \`alpine:3.20\` does: whoever breaks into the program may do everything in it.
        RUN apk add --no-cache curl

        # keep it short
        ENTRYPOINT ["curl"]
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache curl

        RUN adduser -D -u 10001 app
        USER 10001
        # keep it short
        ENTRYPOINT ["curl"]
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-slim
        USER node
        WORKDIR /srv
        COPY . .
        USER root
             ^^^^ info root-user: The container runs as \`root\`: whoever breaks into the program may do everything in it.
        RUN apt-get update \
            # for the health check
            && apt-get install -y --no-install-recommends curl \
            && rm -rf /var/lib/apt/lists/*
        CMD ["node", "server.js"]
      `,
      good: dockerfile`
        FROM node:22-slim
        USER node
        WORKDIR /srv
        COPY . .
        USER root
        RUN apt-get update \
            # for the health check
            && apt-get install -y --no-install-recommends curl \
            && rm -rf /var/lib/apt/lists/*
        USER node
        CMD ["node", "server.js"]
      `,
    },
    {
      ok: dockerfile`
        FROM golang:1.24 AS build
        RUN go build -o /app .
        FROM gcr.io/distroless/static:nonroot
        COPY --from=build /app /app
        ENTRYPOINT ["/app"]
      `,
      because: 'the base image is known to run as another user, and the build stage does not count',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y --no-install-recommends gosu && rm -rf /var/lib/apt/lists/*
        COPY entrypoint.sh /
        ENTRYPOINT ["/entrypoint.sh"]
      `,
      because: 'gosu is there for the entrypoint to become another user',
    },
    {
      ok: dockerfile`
        FROM golang:1.24 AS build
        RUN go build -o /out/tool .
        FROM scratch
        COPY --from=build /out/ /
      `,
      because: 'nothing is started from an image that only carries files',
    },
    {
      ok: dockerfile`
        FROM registry.example.com/team/service-base:4
        COPY service /srv/service
      `,
      because: 'who this base image runs as is not known',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN useradd --no-log-init --uid 1000 app \
            # a place for its files
            && mkdir /data && chown app /data
        USER 1000
      `,
      because: 'another user is in force at the end',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        ARG RUN_AS
        USER $RUN_AS
      `,
      because: 'the variable may hold anybody',
    },
  ],
  *check({ model }) {
    const stage = model.finalStage;
    if (!stage || stage.isWindows || !stage.baseSpan) return;
    const last = lastUser(stage);
    if (!last) {
      const finding = withoutUser(model, stage);
      if (finding) yield finding;
      return;
    }
    const user = expandIn(last.body.rest, last.before.scope, last.body.escape);
    if (user === null || !isRoot(user)) return;
    const isOwn = last.stage === stage;
    const written = isOwn ? last.at(last.body.restSpan) : stage.from.at(stage.baseSpan);
    yield {
      at: onOneLine(model.dockerfile, written),
      message: l10n.t('The container runs as `{0}`: whoever breaks into the program may do everything in it.', user),
      ...(isOwn ? {} : { related: [{ at: last.at(last.body.keywordSpan), message: l10n.t('The USER in force.') }] }),
      fix: () => switchUser(model, stage, last),
    };
  },
});

/** The USER in force at the end of a stage; null where neither it nor a stage it is built from has one. */
function lastUser(stage: Stage): Step | null {
  for (let at: Stage | null = stage; at; at = at.parent) {
    const own = at.steps.filter((step) => step.keyword === 'USER').at(-1);
    if (own) return own;
  }
  return null;
}

function withoutUser(model: Model, stage: Stage): Finding | null {
  if (!runsAsRootByDefault(stage) || isOnlyFiles(stage) || stepsDownItself(stage)) return null;
  return {
    at: stage.from.at(stage.baseSpan ?? stage.from.body.keywordSpan),
    message: l10n.t(
      'The container runs as root, as `{0}` does: whoever breaks into the program may do everything in it.',
      stage.rootImage?.text ?? 'scratch',
    ),
    // DL3002 is about the last USER; here there is none.
    aliases: ['S6471'],
    fix: () => switchUser(model, stage, null),
  };
}

/** Whether nothing is ever started: a scratch image without a command carries files, as `docker build --output` takes them. */
function isOnlyFiles(stage: Stage): boolean {
  if (stage.rootImage) return false;
  for (let at: Stage | null = stage; at; at = at.parent)
    if (at.steps.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT')) return false;
  return true;
}

/** Whether the stage brings a program that starts others as another user: then its entrypoint needs root, and leaves it. */
function stepsDownItself(stage: Stage): boolean {
  for (let at: Stage | null = stage; at; at = at.parent)
    if (at.steps.some(({ body }) => /\b(?:gosu|su-exec|setpriv|s6-overlay|s6-setuidgid|chpst)\b/.test(body.rest)))
      return true;
  return false;
}

/** Puts another user in force before the container's command, or at the end of the stage. */
function switchUser(model: Model, stage: Stage, last: Step | null): FixResult {
  const earlier = last ? earlierUser(stage, last) : null;
  const chosen: NewUser = earlier ? { command: null, user: earlier, label: earlier } : userFor(stage);
  const title = l10n.t('Run as {0}', chosen.label);
  const risk = l10n.t(
    'Files that the program writes must belong to this user, and it cannot listen below port 1024 everywhere.',
  );
  const isLastStep = last !== null && last.stage === stage && !changesFilesBehind(stage, last);
  // A `USER root` with nothing to do for root behind it only has to say another name.
  if (isLastStep && chosen.command === null && last)
    return { title, safety: 'suggestion', edits: [replace(last.at(last.body.restSpan), chosen.user)], risk };
  const end = stage.steps.at(-1) ?? null;
  if (end?.body.open)
    return { refused: l10n.t('The {0} on line {1} is not finished.', end.keyword, end.instruction.line + 1) };
  const edit = insertBeforeCommand(model, stage, chosen);
  return { title, safety: 'suggestion', edits: [edit], risk };
}

/** The user before a last `USER root`, as written, where it is another one. */
function earlierUser(stage: Stage, last: Step): string | null {
  const { user } = last.before;
  return last.stage === stage && user !== null && !isRoot(user) && !user.includes('$') ? user : null;
}

const fileSteps = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

function changesFilesBehind(stage: Stage, last: Step): boolean {
  return stage.steps.slice(last.index + 1).some((step) => fileSteps.has(step.keyword));
}

/** Before the CMD or ENTRYPOINT behind the last step that changes files, above its comments; else behind the last step. */
function insertBeforeCommand(model: Model, stage: Stage, { command, user }: NewUser) {
  const file = model.dockerfile;
  const end = stage.steps.at(-1)?.instruction ?? stage.from;
  const lines = [
    ...(command === null ? [] : [`${keywordLike(end, 'RUN')} ${command}`]),
    `${keywordLike(end, 'USER')} ${user}`,
  ];
  const from = stage.steps.reduce(
    (at, step) => (fileSteps.has(step.keyword) || step.keyword === 'USER' ? step.index + 1 : at),
    0,
  );
  // A SHELL in between may be one that cannot make users.
  const target = stage.steps.slice(from).find((step) => /^(?:CMD|ENTRYPOINT|SHELL)$/.test(step.keyword));
  if (target) {
    const above = target.instruction.precedingComments[0]?.line ?? target.instruction.line;
    return insert(file.lines.lineStart(above), lines.map((line) => `${line}${file.eol}`).join(''));
  }
  return insert(end.span.end, lines.map((line) => `${file.eol}${line}`).join(''));
}
