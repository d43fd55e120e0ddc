/** EXPOSE of a port through which machines are administered. */
import * as l10n from '@vscode/l10n';
import { exposedPorts } from '../exposed-ports';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

/** By port: what usually listens there. */
const services: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [23, 'Telnet'],
  [512, 'rexec'],
  [513, 'rlogin'],
  [514, 'rsh'],
  [2375, 'Docker'],
  [3389, 'RDP'],
  [5800, 'VNC'],
  [5900, 'VNC'],
  [5901, 'VNC'],
  [5985, 'WinRM'],
  [5986, 'WinRM'],
]);

export default defineRule({
  id: 'admin-port-exposed',
  category: 'security',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['EXPOSE'],
  aliases: ['S6473'],
  fix: 'none',
  docs: {
    what: '`EXPOSE` names the port of a service that administers a machine: 22 (SSH), 23 (Telnet), 3389 (RDP), 5900 (VNC), 2375 (Docker) and the like.',
    why: 'Such a service hands out the whole container, often for a password alone, and `docker run -P` publishes every exposed port on the host. It is also one more program to keep secure in every image.',
    fix: 'Leave it out: `docker exec` or `kubectl exec` open a shell in a running container, and `docker logs` shows what it says. Where the service is the point of the image, bind its port to an inner network when the container is started.',
    ignore: 'For images whose purpose this is: a jump host, an SFTP server, a remote desktop.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#expose',
      'https://docs.docker.com/engine/security/protect-access/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        EXPOSE 8080 22
                    ^^ warning admin-port-exposed: \`22\` is the port of SSH: who gets through to it can take over the container.
        EXPOSE 3389/tcp \
               ^^^^^^^^ warning admin-port-exposed: \`3389/tcp\` is the port of RDP: who gets through to it can take over the container.
            # for the browser
            5900-5905
            ^^^^^^^^^ warning admin-port-exposed: \`5900-5905\` has the port of VNC in it: who gets through to it can take over the container.
      `,
    },
    {
      bad: dockerfile`
        FROM docker:27-dind
        ENV ENGINE=2375
        EXPOSE $ENGINE
               ^^^^^^^ warning admin-port-exposed: \`2375\` is the port of Docker: who gets through to it can take over the container.
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        EXPOSE 8080 2222 22/udp \
            # a range of the program
            30000-30100
      `,
      because: 'these are ports of programs',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        ARG PORT
        EXPOSE $PORT 1-65535
      `,
      because: 'the port is not known, and a wide range means no service in particular',
    },
  ],
  *check({ model }) {
    for (const step of model.steps) {
      if (step.keyword !== 'EXPOSE') continue;
      for (const { text, span, protocol, problem } of exposedPorts(step)) {
        if (problem?.isRefused || protocol.toLowerCase() !== 'tcp') continue;
        const [first, last] = portsOf(text);
        const service = [...services].find(([port]) => first <= port && port <= last)?.[1];
        if (service === undefined || last - first > widest) continue;
        yield {
          at: onOneLine(model.dockerfile, step.at(span)),
          message:
            first === last
              ? l10n.t('`{0}` is the port of {1}: who gets through to it can take over the container.', text, service)
              : l10n.t(
                  '`{0}` has the port of {1} in it: who gets through to it can take over the container.',
                  text,
                  service,
                ),
        };
      }
    }
  },
});

/** Ranges of more ports than this are not made for one service. */
const widest = 20;

/** First and last port of the container. */
function portsOf(text: string): readonly [number, number] {
  const own = (text.split(':').at(-1) ?? '').replace(/\/.*/, '');
  const [first = '', last = first] = own.split('-');
  return [Number(first), Number(last)];
}
