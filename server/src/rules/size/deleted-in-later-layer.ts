/** What is deleted in a later layer than it was made in stays in the image. */
import * as l10n from '@vscode/l10n';
import { deletionsOf } from '../../model/deletions';
import { swapRefusal } from '../../model/dependencies';
import type { CopyStep, Model, RunStep, Stage, Step } from '../../model/model';
import { isShipped } from '../../model/shipped';
import { mountInstead } from '../bind-mount';
import { mergeMoved, mergeRuns } from '../merge';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'deleted-in-later-layer',
  category: 'size',
  severity: 'warning',
  keywords: ['RUN'],
  aliases: [],
  fix: 'safe',
  order: 40,
  docs: {
    what: 'A `RUN` deletes files that an earlier `RUN`, `COPY` or `ADD` of the same stage put into the image: downloads, archives, the caches of package managers, packages that only the build needed.',
    why: 'Layers only ever add. The deleted file stays in the layer that made it and is pushed and pulled for good; the later layer merely hides it.',
    fix: 'Delete in the `RUN` that makes the files. The quick fix merges the two, or moves the deletion up to it past steps that have nothing to do with the files. What a `COPY` brought can be mounted instead: `RUN --mount=type=bind,source=…,target=…`.',
    ignore:
      'When the file must not be there at run time and its size does not matter. It is no way to hide a secret: anybody can read the lower layer.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#apt-get',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypebind',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        RUN rm -rf /var/lib/apt/lists/*
                   ^^^^^^^^^^^^^^^^^^^^ warning deleted-in-later-layer: Deleting \`/var/lib/apt/lists/*\` frees nothing: the layer of the RUN on line 2 keeps it.
      `,
      good: dockerfile`
        FROM debian:12
        RUN apt-get update && apt-get install -y curl \
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN curl -fsSL -o /tmp/tool.tgz https://example.com/tool.tgz \
          && tar -xzf /tmp/tool.tgz -C /opt
        ENV PATH=/opt/tool/bin:$PATH
        LABEL tool=1
        COPY conf /etc/tool/
        # not needed any more
        RUN rm /tmp/tool.tgz
               ^^^^^^^^^^^^^ warning deleted-in-later-layer
        CMD ["tool"]
      `,
      good: dockerfile`
        FROM debian:12
        RUN curl -fsSL -o /tmp/tool.tgz https://example.com/tool.tgz \
          && tar -xzf /tmp/tool.tgz -C /opt \
          # not needed any more
          && rm /tmp/tool.tgz
        ENV PATH=/opt/tool/bin:$PATH
        LABEL tool=1
        COPY conf /etc/tool/
        CMD ["tool"]
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache --virtual .build gcc musl-dev
        COPY requirements.txt /tmp/
        RUN pip install --no-cache-dir -r /tmp/requirements.txt
        RUN apk del .build
                    ^^^^^^ warning deleted-in-later-layer
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN wget -q https://example.com/data.zip
        LABEL data=2
        RUN mkdir /data
        RUN rm data.zip
               ^^^^^^^^ warning deleted-in-later-layer
      `,
      good: dockerfile`
        FROM debian:12
        RUN wget -q https://example.com/data.zip \
            && rm data.zip
        LABEL data=2
        RUN mkdir /data
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        COPY setup.sh /tmp/
        RUN chmod +x /tmp/setup.sh
        RUN /tmp/setup.sh --all \
            && rm /tmp/setup.sh
                  ^^^^^^^^^^^^^ warning deleted-in-later-layer: Deleting \`/tmp/setup.sh\` frees nothing: the layer of the COPY on line 2 keeps it.
      `,
      good: dockerfile`
        FROM debian:12
        RUN --mount=type=bind,source=setup.sh,target=/tmp/setup.sh,rw chmod +x /tmp/setup.sh \
            && /tmp/setup.sh --all
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN curl -fsSL -o /tmp/tool.tgz https://example.com/tool.tgz \
          && tar -xzf /tmp/tool.tgz -C /opt \
          && rm /tmp/tool.tgz
      `,
      because: 'the same RUN made the file',
    },
    {
      ok: dockerfile`
        FROM debian:12 AS build
        RUN curl -fsSL -o /tmp/tool.tgz https://example.com/tool.tgz
        RUN tar -xzf /tmp/tool.tgz -C /opt && rm /tmp/tool.tgz

        FROM debian:12
        COPY --from=build /opt/tool /opt/tool
      `,
      because: 'the layers of that stage are not part of the image',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN rm -rf /usr/share/doc /usr/share/man
      `,
      because: 'the files came with the base image, and nothing here put them there',
    },
  ],
  *check({ model, context }) {
    for (const stage of model.stages) {
      if (stage.isWindows || !isShipped(model, stage)) continue;
      for (const step of stage.steps) {
        if (step.keyword !== 'RUN') continue;
        const run = step as RunStep;
        for (const { maker, span, text } of deletionsOf(run, context)) {
          const line = maker.instruction.line + 1;
          yield {
            at: onOneLine(model.dockerfile, run.at(span)),
            message: l10n.t(
              'Deleting `{0}` frees nothing: the layer of the {1} on line {2} keeps it.',
              quotable(text),
              maker.keyword,
              line,
            ),
            related: [{ at: maker.at(maker.body.keywordSpan), message: l10n.t('The files come from here.') }],
            ...(maker.keyword === 'RUN' || mountInstead(model, maker as CopyStep, run)
              ? { fix: () => mergeIntoMaker(model, stage, maker, run) }
              : {}),
          };
        }
      }
    }
  },
});

function mergeIntoMaker(model: Model, stage: Stage, maker: Step, run: RunStep): FixResult {
  const line = maker.instruction.line + 1;
  if (maker.keyword !== 'RUN') {
    const mount = mountInstead(model, maker as CopyStep, run);
    return mount ?? { refused: l10n.t('{0} on line {1} cannot be replaced by a mount.', maker.keyword, line) };
  }
  const target = maker as RunStep;
  const between = stage.steps.slice(target.index + 1, run.index);
  const refusal = between.map((step) => swapRefusal(step, run)).find((reason) => reason !== null) ?? null;
  const isRow = between.every((step) => step.keyword === 'RUN');
  if (refusal !== null && !isRow) return { refused: refusal };
  const row = [target, ...between.map((step) => step as RunStep), run];
  const isWhole = refusal !== null && between.length > 0;
  const merge =
    between.length === 0 || isWhole
      ? mergeRuns(model.dockerfile, row)
      : mergeMoved(model.dockerfile, run, target, 'after');
  if ('refused' in merge) return merge;
  const isCostly = isWhole && between.length > mostBetween;
  return {
    title: isWhole
      ? l10n.t('Merge the {0} RUNs from line {1} to line {2}', row.length, line, run.instruction.line + 1)
      : l10n.t('Merge with the RUN on line {0}', line),
    safety: isCostly ? 'suggestion' : 'safe',
    ...(isCostly ? { risk: l10n.t('A change of any of these commands will repeat all of them.') } : {}),
    edits: merge.edits,
    claims: [{ start: target.instruction.span.start, end: run.instruction.span.end }],
  };
}

/** More RUNs than this between what makes the files and what deletes them are merged on request only: they would lose their cache. */
const mostBetween = 2;
