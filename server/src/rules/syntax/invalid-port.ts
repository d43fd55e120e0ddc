/** An EXPOSE of something that is no port, or of more than a port. */
import * as l10n from '@vscode/l10n';
import { replace } from '../edits';
import { exposedPorts } from '../exposed-ports';
import { onFirstLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'invalid-port',
  category: 'syntax',
  severity: 'error',
  scope: 'instruction',
  keywords: ['EXPOSE'],
  aliases: ['DL3011', 'ExposeInvalidFormat'],
  fix: 'suggestion',
  docs: {
    what: 'An `EXPOSE` names no port: a word, a number beyond 65535, a range that runs backwards, an unknown protocol. Or it names more than a port: a host port (`8080:80`) or an address, which Docker ignores.',
    why: 'Docker refuses the first kind when it comes to the instruction. The second kind reads as if it published a port on the host, which only `docker run -p` does, and will become an error.',
    fix: 'Write the port of the container alone: `EXPOSE 80`, `EXPOSE 8000-8010`, `EXPOSE 53/udp`. The quick fix does that where it is clear which port is meant.',
    ignore: 'Never: what Docker ignores is better left out.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#expose',
      'https://docs.docker.com/reference/build-checks/expose-invalid-format/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM nginx:1.27
        EXPOSE 8080:80
               ^^^^^^^ warning invalid-port: Docker ignores \`8080:\`: EXPOSE names ports of the container only.
        EXPOSE 127.0.0.1:443:443/tcp 8000
               ^^^^^^^^^^^^^^^^^^^^^ warning invalid-port: Docker ignores \`127.0.0.1:443:\`: EXPOSE names ports of the container only.
      `,
      good: dockerfile`
        FROM nginx:1.27
        EXPOSE 80
        EXPOSE 443/tcp 8000
      `,
    },
    {
      bad: dockerfile`
        FROM nginx:1.27
        EXPOSE 80,443
               ^^^^^^ error invalid-port: \`80,443\` is no port, so Docker refuses the file; \`80 443\` may be meant.
        expose 9000-8000 \
               ^^^^^^^^^ error invalid-port: The range \`9000-8000\` runs backwards, so Docker refuses the file; \`8000-9000\` may be meant.
            # and the rest
            22
      `,
      good: dockerfile`
        FROM nginx:1.27
        EXPOSE 80 443
        expose 8000-9000 \
            # and the rest
            22
      `,
    },
    {
      bad: dockerfile`
        FROM nginx:1.27
        EXPOSE 80800 80/http
               ^^^^^ error invalid-port: \`80800\` is beyond 65535, the last port there is, so Docker refuses the file.
                     ^^^^^^^ error invalid-port: \`http\` is no protocol: there are tcp, udp and sctp, so Docker refuses the file.
      `,
    },
    {
      ok: dockerfile`
        FROM nginx:1.27
        ENV PORT=8080
        ARG METRICS
        EXPOSE $PORT $METRICS 80 8000-8010/udp "443"
      `,
      because: 'these are ports, or may be',
    },
    {
      ok: dockerfile`
        FROM nginx:1.27
        ONBUILD EXPOSE http
      `,
      because: 'the trigger is run in another build',
    },
  ],
  *check({ model }) {
    for (const step of model.steps) {
      if (step.keyword !== 'EXPOSE') continue;
      for (const { text, span, problem } of exposedPorts(step)) {
        if (!problem) continue;
        const { isRefused, isOutOfRange, hasHost, message, meant } = problem;
        const isWritten = step.body.raw.slice(span.from, span.to) === text;
        const full = !isRefused
          ? `${message}.`
          : meant && isWritten
            ? l10n.t('{0}, so Docker refuses the file; `{1}` may be meant.', message, meant)
            : l10n.t('{0}, so Docker refuses the file.', message);
        yield {
          ...onFirstLine(model.dockerfile, step.instruction, span),
          message: full,
          ...(!isRefused && { severity: 'warning' as const }),
          aliases: [...(isOutOfRange ? ['DL3011'] : []), ...(hasHost ? ['ExposeInvalidFormat'] : [])],
          ...(meant &&
            isWritten && {
              fix: () => ({
                title: l10n.t('Write `{0}`', meant),
                safety: 'suggestion' as const,
                edits: [replace(step.at(span), meant)],
              }),
            }),
        };
      }
    }
  },
});
