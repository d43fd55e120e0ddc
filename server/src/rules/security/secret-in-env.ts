/** ARG or ENV that names or holds a secret. */
import * as l10n from '@vscode/l10n';
import type { Instruction, Pair } from '../../syntax/tree';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type Finding } from '../rule';
import { mountSecret } from '../secret-mount';
import { isSecretName, secretKind } from '../secret-values';

export default defineRule({
  id: 'secret-in-env',
  category: 'security',
  severity: 'warning',
  aliases: ['DL3064', 'SecretsUsedInArgOrEnv', 'S6472'],
  fix: 'suggestion',
  docs: {
    what: 'An `ARG` or `ENV` is named like a secret or holds something that looks like one.',
    why: 'ENV stays in the image for everybody who can pull it, and `docker history` shows the values of ARG. A secret in there is public to all of them, for good: deleting it in a later step changes nothing.',
    fix: 'Hand it to the one RUN that needs it: `RUN --mount=type=secret,id=token,env=TOKEN …` with `docker build --secret id=token`. The quick fix does that where RUNs use the variable: with `id` and `env` named like it, so that `docker build --secret id=TOKEN` takes the value from your own variable `TOKEN`. With a `# syntax=` line older than 1.10, which knows no `env`, it reads the file under `/run/secrets`. What the container needs at run time comes from its environment, not from the image.',
    ignore: 'Where the name only sounds like a secret, such as a key of a cache or a token that is public.',
    references: [
      'https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/',
      'https://docs.docker.com/build/building/secrets/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:20
        ARG NPM_TOKEN
            ^^^^^^^^^ warning secret-in-env: \`NPM_TOKEN\` looks like a secret; \`docker history\` shows the value of an ARG to everybody who has the image.
        ENV DB_PASSWORD=changeme
            ^^^^^^^^^^^ warning secret-in-env: \`DB_PASSWORD\` looks like a secret; ENV keeps its value in the image for everybody who can pull it.
      `,
    },
    {
      bad: dockerfile`
        FROM node:20
        ARG NODE_ENV=production \
        ^^^ warning secret-in-env
            # for our packages
            NPM_TOKEN
        WORKDIR /srv
        RUN --mount=type=cache,target=/root/.npm npm config set //registry.npmjs.org/:_authToken=$NPM_TOKEN \
            # what is in the lockfile
            && npm ci
        ARG API_TOKEN=none
            ^^^^^^^^^ warning secret-in-env
        RUN <<EOF
        curl -H "X-Token: \${API_TOKEN}" https://api.example.com/schema.json -o schema.json
        EOF
      `,
      good: dockerfile`
        FROM node:20
        ARG NODE_ENV=production
        WORKDIR /srv
        RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm config set //registry.npmjs.org/:_authToken=$NPM_TOKEN \
            # what is in the lockfile
            && npm ci
        RUN --mount=type=secret,id=API_TOKEN,env=API_TOKEN <<EOF
        curl -H "X-Token: \${API_TOKEN}" https://api.example.com/schema.json -o schema.json
        EOF
      `,
    },
    {
      bad: dockerfile`
        # syntax=docker/dockerfile:1.4
        FROM alpine:3.20
        ARG TOKEN
            ^^^^^ warning secret-in-env
        RUN apk add --no-cache curl && curl -u "bot:$TOKEN" https://example.com/a -o /a
      `,
      good: dockerfile`
        # syntax=docker/dockerfile:1.4
        FROM alpine:3.20
        RUN --mount=type=secret,id=TOKEN apk add --no-cache curl && curl -u "bot:$(cat /run/secrets/TOKEN)" https://example.com/a -o /a
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        ENV UPLOADER=AKIAIOSFODNN7EXAMPLE
            ^^^^^^^^ warning secret-in-env: The value of \`UPLOADER\` looks like an AWS access key; ENV keeps it in the image for everybody who can pull it.
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        ARG TOKEN_FILE=/run/secrets/token
        ENV PUBLIC_KEY=abc KEYBOARD=us AUTHOR=me
      `,
      because: 'a file name, a public key and parts of other words are no secrets',
    },
    {
      ok: dockerfile`
        FROM node:20
        RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci
      `,
      because: 'the secret is there for one command and leaves no trace',
    },
  ],
  *check({ model }) {
    const report = (instruction: Instruction, pair: Pair): Finding | null => {
      const step = model.stepOf(instruction);
      const isArg = instruction.keyword === 'ARG';
      const nameSpan = onOneLine(model.dockerfile, instruction.at(pair.nameSpan));
      // Docker names the line on which the instruction starts; a name further down is shown as the related place.
      const isFirstLine = model.dockerfile.lines.lineAt(nameSpan.start) === instruction.line;
      const place: Pick<Finding, 'at' | 'related'> = isFirstLine
        ? { at: nameSpan }
        : {
            at: instruction.at(instruction.body.keywordSpan),
            related: [{ at: nameSpan, message: l10n.t('The name.') }],
          };
      const fix = step ? { fix: () => mountSecret(model, step, pair) } : {};
      if (isSecretName(pair.name))
        return {
          ...place,
          ...fix,
          message: isArg
            ? l10n.t(
                '`{0}` looks like a secret; `docker history` shows the value of an ARG to everybody who has the image.',
                pair.name,
              )
            : l10n.t(
                '`{0}` looks like a secret; ENV keeps its value in the image for everybody who can pull it.',
                pair.name,
              ),
        };
      const kind = secretKind(pair.value ?? '');
      if (!kind) return null;
      return {
        ...place,
        ...fix,
        aliases: ['S6472'],
        message: isArg
          ? l10n.t(
              'The value of `{0}` looks like {1}; `docker history` shows it to everybody who has the image.',
              pair.name,
              kind,
            )
          : l10n.t(
              'The value of `{0}` looks like {1}; ENV keeps it in the image for everybody who can pull it.',
              pair.name,
              kind,
            ),
      };
    };
    for (const instruction of model.instructions) {
      if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') continue;
      // An ARG above the first FROM leaves no trace in the image. Without any FROM this is a piece of a file.
      if (!model.stepOf(instruction) && model.allStages.length > 0) continue;
      for (const pair of instruction.body.pairs) {
        const finding = report(instruction, pair);
        if (finding) yield finding;
      }
    }
  },
});
