/** `EXPOSE 80/TCP`: the protocol is written in lower case. */
import * as l10n from '@vscode/l10n';
import { replace } from '../edits';
import { exposedPorts } from '../exposed-ports';
import { onFirstLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'expose-proto-casing',
  category: 'syntax',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['EXPOSE'],
  aliases: ['ExposeProtoCasing'],
  fix: 'safe',
  docs: {
    what: 'An `EXPOSE` writes the protocol of a port in upper or mixed case.',
    why: 'Docker stores it in lower case; who searches for `80/TCP` in the image finds nothing. Other builders take the text as it is.',
    fix: 'Write `tcp`, `udp` or `sctp`. The quick fix does that; the image stays the same.',
    ignore: 'There is no good reason to keep it.',
    references: ['https://docs.docker.com/reference/build-checks/expose-proto-casing/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM alpine:3.20
        EXPOSE 80/TcP 53/UDP 8080/udp
                  ^^^ warning expose-proto-casing: \`TcP\` should be \`tcp\`, as Docker stores it.
                         ^^^ warning expose-proto-casing: \`UDP\` should be \`udp\`, as Docker stores it.
      `,
      good: dockerfile`
        FROM alpine:3.20
        EXPOSE 80/tcp 53/udp 8080/udp
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        EXPOSE 80 \
        ^^^^^^ warning expose-proto-casing
            # name service
            53/UDP
      `,
      good: dockerfile`
        FROM alpine:3.20
        EXPOSE 80 \
            # name service
            53/udp
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        EXPOSE 80/tcp 53/udp 8080
      `,
      because: 'lower case, or none at all',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        ARG PROTOCOL
        EXPOSE 80/$PROTOCOL
      `,
      because: 'the variable may be anything',
    },
  ],
  *check({ model }) {
    for (const step of model.steps) {
      if (step.keyword !== 'EXPOSE') continue;
      for (const { protocol, protocolSpan } of exposedPorts(step)) {
        if (!/^(?:tcp|udp|sctp)$/i.test(protocol) || protocol === protocol.toLowerCase()) continue;
        yield {
          ...onFirstLine(model.dockerfile, step.instruction, protocolSpan),
          message: l10n.t('`{0}` should be `{1}`, as Docker stores it.', protocol, protocol.toLowerCase()),
          fix: () =>
            step.body.raw.slice(protocolSpan.from, protocolSpan.to) === protocol
              ? {
                  title: l10n.t('Write `{0}`', protocol.toLowerCase()),
                  safety: 'safe',
                  edits: [replace(step.at(protocolSpan), protocol.toLowerCase())],
                }
              : { refused: l10n.t('The protocol comes out of a variable.') },
        };
      }
    }
  },
});
