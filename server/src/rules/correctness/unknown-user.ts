/** USER names somebody who is not in the image. */
import * as l10n from '@vscode/l10n';
import { usersOfBase } from '../../model/image-users';
import { packageMayMake, usersMadeBefore } from '../../model/made-users';
import { rootOf } from '../../model/stages';
import { expandIn } from '../../model/variables';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'unknown-user',
  category: 'correctness',
  severity: 'info',
  aliases: [],
  fix: 'none',
  docs: {
    what: '`USER` names a user that neither the base image brings nor a step before makes. Only reported for base images whose users are known.',
    why: 'The next `RUN` fails, or the container at its start: `unable to find user app: no matching entries in passwd file`. A build without a later `RUN` passes, and you learn it in production.',
    fix: 'Make the user first, with a number: `RUN useradd --uid 10001 app` on Debian, `RUN adduser -D -u 10001 app` on Alpine; or say the number itself, `USER 10001`, which needs no entry.',
    ignore: 'Where the user comes into the image in a way that the Dockerfile does not show.',
    references: ['https://docs.docker.com/reference/dockerfile/#user'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.13-slim
        COPY . /srv
        USER app
             ^^^ info unknown-user: Neither \`python:3.13-slim\` nor a step before makes the user \`app\`: nothing can be started as it.
        CMD ["python", "/srv/app.py"]
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20 AS base
        RUN adduser -D -u 10001 \
            # for its files
            worker
        FROM base
        USER node:node
             ^^^^ info unknown-user
      `,
    },
    {
      bad: dockerfile`
        FROM golang:1.24 AS build
        RUN CGO_ENABLED=0 go build -o /server .
        FROM scratch
        COPY --from=build /server /server
        USER nobody
             ^^^^^^ info unknown-user: Neither \`scratch\` nor a step before makes the user \`nobody\`: nothing can be started as it.
        ENTRYPOINT ["/server"]
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20 AS base
        RUN <<EOF
        addgroup -S app
        adduser -S -G app app
        EOF
        FROM base
        USER app
      `,
      because: 'the stage below makes it',
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
        USER node
        FROM debian:12-slim
        USER www-data
        FROM debian:12-slim
        USER 10001
      `,
      because: 'the images bring these users, and a number needs no entry',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/*
        USER redis
      `,
      because: 'the package makes its user',
    },
    {
      ok: dockerfile`
        FROM registry.example.com/base:1
        USER app
        FROM debian:12-slim
        COPY passwd /etc/passwd
        USER app
      `,
      because: 'who is in this base image, or in the file, is not known',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const known = usersOfBase(stage);
      if (!known) continue;
      for (const step of stage.steps) {
        if (step.keyword !== 'USER') continue;
        const user = expandIn(step.body.rest, step.before.scope, step.body.escape);
        const name = user?.split(':')[0]?.trim() ?? '';
        if (!/^[a-zA-Z_][\w.-]*$/.test(name) || known.has(name)) continue;
        const made = usersMadeBefore(step);
        if (made === null || made.some((one) => one.name === name) || packageMayMake(step, name)) continue;
        const written = step.body.rest.split(':')[0] ?? '';
        const span = { from: step.body.restSpan.from, to: step.body.restSpan.from + written.length };
        yield {
          at: onOneLine(model.dockerfile, step.at(written.includes('$') ? step.body.restSpan : span)),
          message: l10n.t(
            'Neither `{0}` nor a step before makes the user `{1}`: nothing can be started as it.',
            rootOf(stage).baseText,
            name,
          ),
        };
      }
    }
  },
});
