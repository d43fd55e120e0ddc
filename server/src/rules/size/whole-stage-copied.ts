/** Everything of another stage is copied over everything of this one. */
import * as l10n from '@vscode/l10n';
import { targetPath } from '../../model/dependencies';
import { baseContents, contentsOf } from '../../model/image-contents';
import { parseImageReference } from '../../model/images';
import type { CopyStep, Stage } from '../../model/model';
import { normalizePath } from '../../model/paths';
import { rootOf } from '../../model/stages';
import { isRunStep } from '../../model/steps';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'whole-stage-copied',
  category: 'size',
  severity: 'info',
  aliases: ['DL3067'],
  fix: 'none',
  docs: {
    what: '`COPY --from=x / /` copies the whole file system of a stage or image.',
    why: 'It takes along what a second stage is meant to leave behind: compilers, package caches, the source. Over another base image it also stores every file of the system a second time. And it is one layer: any change ships all of it again.',
    fix: 'Copy what the program needs, by name: `COPY --from=build /out/server /usr/local/bin/`. Where a whole system is wanted, build the stage `FROM` it.',
    ignore:
      'Where an image is made flat on purpose, `FROM scratch`: its layers become one, and files that were deleted in between are gone. `ENV`, `USER`, `WORKDIR` and the like do not come along and have to be said again.',
    references: ['https://docs.docker.com/build/building/multi-stage/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12 AS build
        RUN apt-get update && apt-get install -y gcc make
        FROM debian:12-slim
        COPY --from=build / /
                          ^^^ info whole-stage-copied: This copies everything of \`build\`: what its build needed stays in the image, in one layer that every change ships again.
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20 AS one
        RUN apk add --no-cache make
        FROM alpine:3.20
        COPY --from=one --chown=0:0 \
            # everything
            /. /
            ^^^^ info whole-stage-copied
      `,
    },
    {
      ok: dockerfile`
        FROM golang:1.24 AS build
        FROM alpine:3.20
        COPY --from=build /out/ /
        COPY --from=build /go/bin/server /
      `,
      because: 'only some of the stage is copied',
    },
    {
      ok: dockerfile`
        FROM debian:12 AS rootfs
        FROM debian:12-slim
        COPY --from=rootfs / /rootfs/
        COPY . /
      `,
      because: 'the system is kept in a folder, and the context is no stage',
    },
    {
      ok: dockerfile`
        FROM scratch AS files
        COPY etc /etc
        FROM tonistiigi/xx AS xx
        FROM alpine:3.20
        COPY --from=files / /
        COPY --link --from=xx / /
      `,
      because: 'these hold nothing but what is meant to be copied',
    },
  ],
  *check({ model }) {
    for (const copy of model.copies) {
      if (copy.fromText === null || copy.stage.isWindows || copy.keyword !== 'COPY') continue;
      const target = targetPath(copy);
      if (target === null || normalizePath(target) !== '/') continue;
      if (copy.body.flags.some(({ name }) => name === 'exclude') || !holdsSystem(copy)) continue;
      const source = copy.sources.find(({ value }) => value !== null && isRoot(value));
      if (!source || !copy.destination) continue;
      const { from } = source.span;
      yield {
        at: onOneLine(model.dockerfile, copy.at({ from, to: copy.destination.span.to })),
        message: l10n.t(
          'This copies everything of `{0}`: what its build needed stays in the image, in one layer that every change ships again.',
          copy.fromText,
        ),
      };
    }
  },
});

/** Whether what is copied has more than somebody put there to be copied: a stage on scratch, an image of files are meant so. */
function holdsSystem({ fromStage, fromText }: CopyStep): boolean {
  if (!fromStage) {
    const image = parseImageReference(fromText ?? '');
    return image !== null && contentsOf(image)?.hasShell === true;
  }
  if (rootOf(fromStage).isScratch) return false;
  const runs = (stage: Stage): boolean => stage.steps.some(isRunStep) || (stage.parent !== null && runs(stage.parent));
  return runs(fromStage) || baseContents(fromStage)?.hasShell === true;
}

/** `/`, `/.`, `.` and `/*`: paths of a stage count from its root. */
const isRoot = (path: string): boolean => normalizePath(`/${path}`) === '/' || /^\/?\*$/.test(path);
