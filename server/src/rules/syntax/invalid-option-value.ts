/** A value that Docker does not take: of a HEALTHCHECK option, a signal, a mode, a platform, a mount, a stage's name. */
import * as l10n from '@vscode/l10n';
import { replace } from '../edits';
import { onFirstLine } from '../places';
import { defineRule, dockerfile } from '../rule';
import { findValueProblems } from '../value-problems';

export default defineRule({
  id: 'invalid-option-value',
  category: 'syntax',
  severity: 'error',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'A value is none that Docker takes: a duration without a unit in `HEALTHCHECK --interval`, an unknown signal in `STOPSIGNAL`, a `--chmod` that is no mode, an unknown `--platform`, `--network` or mount type, a mount option that does not go with its type, a stage name with a digit in front, a URL in `COPY`. `RUN --security`, `RUN --device` and `COPY --parents` are reported where no `# syntax=` line asks for a Dockerfile version that has them.',
    why: 'Docker refuses the file, for some of these only after it has pulled images and begun to build.',
    fix: 'Write a value that Docker takes; the message says which. The quick fix does it where there is only one thing that can be meant.',
    ignore: 'Never for a file that Docker is to read.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#healthcheck',
      'https://docs.docker.com/reference/dockerfile/#run---mount',
      'https://docs.docker.com/reference/dockerfile/#stopsignal',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM nginx:1.27
        HEALTHCHECK --interval=30 CMD curl -f http://localhost/
                               ^^ error invalid-option-value: \`30\` has no unit (\`30s\`), so Docker refuses the file.
        STOPSIGNAL SIGQIT
                   ^^^^^^ error invalid-option-value: \`SIGQIT\` is no signal, so Docker refuses the file; \`SIGQUIT\` may be meant.
      `,
      good: dockerfile`
        FROM nginx:1.27
        HEALTHCHECK --interval=30s CMD curl -f http://localhost/
        STOPSIGNAL SIGQUIT
      `,
    },
    {
      bad: dockerfile`
        FROM --platform=amd46 alpine:3.20
                        ^^^^^ error invalid-option-value: \`amd46\` is no platform, so Docker refuses the file; \`amd64\` may be meant.
        COPY --chmod=rwxr-xr-x run.sh /
                     ^^^^^^^^^ error invalid-option-value: \`rwxr-xr-x\` is no mode, such as \`755\` or \`u+x\`, so Docker refuses the file.
      `,
      good: dockerfile`
        FROM --platform=amd64 alpine:3.20
        COPY --chmod=755 run.sh /
      `,
    },
    {
      bad: dockerfile`
        FROM golang:1.24
        RUN --mount=type=cahce,target=/root/.cache \
                         ^^^^^ error invalid-option-value: \`cahce\` is no value for \`type\`, which takes bind, cache, tmpfs, secret, ssh, so Docker refuses the file; \`cache\` may be meant.
            # modules
            --mount=type=bind,target=/src \
            go build ./...
      `,
      good: dockerfile`
        FROM golang:1.24
        RUN --mount=type=cache,target=/root/.cache \
            # modules
            --mount=type=bind,target=/src \
            go build ./...
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        ARG MODE=755
        HEALTHCHECK --interval=1m30s --retries=5 CMD true
        STOPSIGNAL 9
        COPY --chmod=$MODE a /a
        COPY --chmod=u=rwX,go=rX b /b
        RUN --mount=type=secret,id=token,required --network=none true
      `,
      because: 'all of these are fine, or may be with a variable',
    },
    {
      ok: dockerfile`
        # syntax=docker/dockerfile:1
        FROM alpine:3.20
        RUN --security=sandbox true
        COPY --parents src/*/package.json ./
      `,
      because: 'the syntax line asks for a version that has these flags',
    },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      for (const { span, message, meant, severity } of findValueProblems(model, instruction)) {
        const place = onFirstLine(model.dockerfile, instruction, span);
        yield {
          ...place,
          ...(severity && { severity }),
          message: meant?.isGuess ? l10n.t('{0}; `{1}` may be meant.', message, meant.text) : `${message}.`,
          ...(meant && {
            fix: () => ({
              title: l10n.t('Change to `{0}`', meant.text),
              safety: 'suggestion' as const,
              edits: [replace(instruction.at(span), meant.text)],
            }),
          }),
        };
      }
    }
  },
});
