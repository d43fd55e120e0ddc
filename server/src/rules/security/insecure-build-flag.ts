/** A RUN steps out of the build's sandbox, or the socket of the host's Docker is part of the image. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../../model/model';
import { isRunStep } from '../../model/steps';
import type { LocalSpan } from '../../syntax/span';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'insecure-build-flag',
  category: 'security',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['RUN', 'VOLUME'],
  aliases: ['S6431', 'S6502'],
  fix: 'none',
  docs: {
    what: 'A `RUN` leaves the sandbox of the build (`--security=insecure`, `--network=host`), or the socket of Docker is mounted or made a volume.',
    why: 'With `--security=insecure` every program that the RUN starts, the scripts of packages included, has the rights of the builder. On the network of the host it reaches what listens on localhost only, databases and metadata services among it. Whoever holds the socket of Docker is root on the host.',
    fix: 'Find out what the step needs, and give it that alone: a cache or secret mount, a service in a container of its own, `docker buildx build` from outside. BuildKit refuses both flags unless the build is started with `--allow`.',
    ignore: 'In builds of images for virtual machines and the like, on builders made for it.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#run---security',
      'https://docs.docker.com/reference/dockerfile/#run---network',
      'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        # syntax=docker/dockerfile:1
        FROM debian:12-slim
        RUN --security=insecure mount -t tmpfs none /mnt
            ^^^^^^^^^^^^^^^^^^^ warning insecure-build-flag: \`--security=insecure\` gives all that this RUN starts the rights of the builder.
        RUN --mount=type=cache,target=/root/.cache \
            --network=host \
            ^^^^^^^^^^^^^^ warning insecure-build-flag: \`--network=host\` lets this RUN reach what listens on the host's localhost only.
            # the registry of the company
            pip install acme
      `,
    },
    {
      bad: dockerfile`
        FROM docker:27-cli
        VOLUME /data /var/run/docker.sock
                     ^^^^^^^^^^^^^^^^^^^^ warning insecure-build-flag: \`/var/run/docker.sock\` in the image asks for the host's Docker: who holds it is root on the host.
        RUN --mount=type=bind,source=docker.sock,target=/var/run/docker.sock docker ps
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning insecure-build-flag
      `,
    },
    {
      ok: dockerfile`
        # syntax=docker/dockerfile:1
        FROM debian:12-slim
        RUN --security=sandbox --network=none \
            # nothing from outside
            make install
      `,
      because: 'the sandbox is kept, and the network is off',
    },
    {
      ok: dockerfile`
        FROM docker:27-cli
        RUN echo --network=host /var/run/docker.sock
        CMD ["docker", "-H", "unix:///var/run/docker.sock", "ps"]
      `,
      because: 'these are words of commands',
    },
  ],
  *check({ model }) {
    for (const step of model.steps) {
      for (const { span, message, alias } of risksOf(step))
        yield { at: onOneLine(model.dockerfile, step.at(span)), message, aliases: alias ? [alias] : [] };
    }
  },
});

interface Risk {
  readonly span: LocalSpan;
  readonly message: string;
  readonly alias: string | null;
}

const isSocket = (path: string): boolean => /(?:^|\/)(?:docker|containerd|podman|crio)\.sock$/.test(path);

function* risksOf(step: Step): Iterable<Risk> {
  if (isRunStep(step)) {
    for (const { name, value, span } of step.body.flags) {
      if (name === 'security' && value === 'insecure')
        yield {
          span,
          alias: 'S6502',
          message: l10n.t('`{0}` gives all that this RUN starts the rights of the builder.', '--security=insecure'),
        };
      if (name === 'network' && value === 'host')
        yield {
          span,
          alias: 'S6431',
          message: l10n.t("`{0}` lets this RUN reach what listens on the host's localhost only.", '--network=host'),
        };
    }
    for (const mount of step.mounts) {
      const path = [mount.target, mount.source].find((one) => one !== null && isSocket(one));
      if (path) yield { span: mount.span, alias: null, message: socketMessage(path) };
    }
  }
  if (step.keyword === 'VOLUME')
    for (const { text, span } of step.body.words)
      if (isSocket(text.replace(/["']/g, ''))) yield { span, alias: null, message: socketMessage(text) };
}

const socketMessage = (path: string): string =>
  l10n.t("`{0}` in the image asks for the host's Docker: who holds it is root on the host.", path);
