/** A command is given to a shell in an image that has none. */
import * as l10n from '@vscode/l10n';
import { mayBeBrought } from '../../model/brought-programs';
import { baseContents } from '../../model/image-contents';
import type { Step } from '../../model/model';
import { rootOf } from '../../model/stages';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'shell-in-scratch',
  category: 'correctness',
  severity: 'error',
  aliases: [],
  fix: 'none',
  docs: {
    what: 'A `RUN`, or a shell-form `CMD`, `ENTRYPOINT` or `HEALTHCHECK`, stands in a stage without a shell: on `scratch`, on a distroless image or on `hello-world`.',
    why: 'The shell form is `/bin/sh -c "…"`. Where there is no `/bin/sh`, the build ends at the `RUN`, and the container at its start: `exec: "/bin/sh": stat /bin/sh: no such file or directory`.',
    fix: 'Do the work in a stage before, on an image with a shell, and `COPY --from=…` the result. Write `CMD` and `ENTRYPOINT` in exec form: `CMD ["/app", "serve"]`.',
    ignore: 'Where a shell gets into the image in a way that the Dockerfile does not show.',
    references: [
      'https://docs.docker.com/build/building/base-images/#create-a-minimal-base-image-using-scratch',
      'https://docs.docker.com/reference/dockerfile/#shell-and-exec-form',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM golang:1.24 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /out/server .

        FROM scratch
        COPY --from=build /out/server /server
        # a place for its files
        RUN mkdir /data \
        ^^^ error shell-in-scratch: RUN needs \`/bin/sh\`, and \`scratch\` has no shell: the build ends here.
            && touch /data/empty
        CMD /server --data /data
        ^^^ error shell-in-scratch: CMD in shell form needs \`/bin/sh\`, and \`scratch\` has no shell: the container does not start.
      `,
    },
    {
      bad: dockerfile`
        FROM gcr.io/distroless/base-debian12
        COPY server /server
        RUN <<EOF
        ^^^ error shell-in-scratch: RUN needs \`/bin/sh\`, and \`gcr.io/distroless/base-debian12\` has no shell…
        chmod +x /server
        EOF
        ENTRYPOINT ["/server"]
      `,
    },
    {
      bad: dockerfile`
        FROM scratch
        COPY hello /
        # in shell form
        CMD /hello
        ^^^ error shell-in-scratch
      `,
    },
    {
      ok: dockerfile`
        FROM scratch
        ADD rootfs.tar.gz /
        RUN echo made by hand > /etc/motd
        CMD bash
      `,
      because: 'the archive brings a whole system',
    },
    {
      ok: dockerfile`
        FROM scratch
        COPY server /server
        RUN ["/server", "--check"]
        HEALTHCHECK CMD ["/server", "--health"]
        CMD ["/server"]
      `,
      because: 'the exec form starts the program without a shell',
    },
    {
      ok: dockerfile`
        FROM busybox:1.37 AS tools
        FROM gcr.io/distroless/static
        COPY --from=tools /bin/sh /bin/sh
        RUN --mount=from=tools,target=/usr/bin \
            echo a shell was copied
      `,
      because: 'a shell is copied first',
    },
  ],
  *check({ model, context }) {
    for (const stage of model.stages) {
      const contents = baseContents(stage);
      if (!contents || contents.hasShell) continue;
      const started = stage.steps.flatMap(startedBy);
      for (const step of stage.steps) {
        if (!needsShell(step) || mayBeBrought(step, shells, context, started)) continue;
        const { baseText } = rootOf(stage);
        yield {
          at: step.at(step.body.keywordSpan),
          message:
            step.keyword === 'RUN'
              ? l10n.t('RUN needs `/bin/sh`, and `{0}` has no shell: the build ends here.', baseText)
              : step.keyword === 'HEALTHCHECK'
                ? l10n.t(
                    'HEALTHCHECK in shell form needs `/bin/sh`, and `{0}` has no shell: it fails for ever.',
                    baseText,
                  )
                : l10n.t(
                    '{0} in shell form needs `/bin/sh`, and `{1}` has no shell: the container does not start.',
                    step.keyword,
                    baseText,
                  ),
        };
      }
    }
  },
});

const shells = ['sh', 'bash', 'ash', 'dash', 'busybox'];

/** The paths of the programs that an instruction starts: what is copied to be one of them is no folder with a shell in it. */
function startedBy({ keyword, body, scripts }: Step): readonly string[] {
  if (!/^(?:CMD|ENTRYPOINT|RUN)$/.test(keyword)) return [];
  const [first] = body.json ?? [];
  if (first) return [first.text];
  return scripts.flatMap(({ commands }) => commands.flatMap(({ nameWord }) => nameWord?.value ?? []));
}

function needsShell({ keyword, body, before }: Step): boolean {
  if (body.json !== null || body.problems.length > 0 || before.shell !== null || body.rest === '') return false;
  if (keyword === 'HEALTHCHECK') return body.healthcheck === 'CMD';
  // A heredoc that begins with `#!` is started by itself.
  if (keyword === 'RUN') return !body.heredocs.some(({ content }) => content.startsWith('#!'));
  return keyword === 'CMD' || keyword === 'ENTRYPOINT';
}
