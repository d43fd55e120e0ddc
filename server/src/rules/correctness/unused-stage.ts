/** A stage that nothing takes anything from. */
import * as l10n from '@vscode/l10n';
import type { Stage } from '../../model/model';
import { isRunStep } from '../../model/steps';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

/** Names of stages that people build by `--target`: BuildKit builds them only then. */
const targets =
  /(?:^|[-_.])(?:dev|devel|develop|development|devcontainer|tests?|testing|tester|unit|e2e|integration|lint|linter|ci|debug|debugger|targets?\d*|docs?|local|prod|production|release|staging|coverage|benchmark|export|artifacts?|validate|format)(?:$|[-_.])/i;

export default defineRule({
  id: 'unused-stage',
  category: 'correctness',
  severity: 'hint',
  scope: 'file',
  aliases: [],
  fix: 'none',
  docs: {
    what: 'Neither the last stage nor any other uses this one, by `FROM`, `COPY --from` or a mount.',
    why: 'BuildKit leaves it out, so what it tests or makes does not happen; the legacy builder runs it for nothing. Often a `COPY --from` was forgotten, or names another stage.',
    fix: 'Copy from it what it was made for, build it with `--target`, or delete it. Stages whose names say that they are such targets (`dev`, `test`, `lint` …) are left alone.',
    ignore: 'Where it is built with `--target`, by Compose or by bake.',
    references: [
      'https://docs.docker.com/build/building/multi-stage/',
      'https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22 AS assets
                        ^^^^^^ hint unused-stage: No other stage uses \`assets\`: a build without \`--target assets\` leaves it out.
        RUN npx --yes vite build

        # serves the files
        FROM nginx:1.28
        COPY public /usr/share/nginx/html
      `,
    },
    {
      bad: dockerfile`
        FROM golang:1.23
        ^^^^ hint unused-stage: No other stage uses this one: a build leaves it out.
        RUN go version

        FROM alpine:3.20 AS tools
                            ^^^^^ hint unused-stage
        RUN <<EOF
        echo FROM golang
        EOF

        FROM alpine:3.20
        RUN echo "--from=0"
      `,
    },
    {
      ok: dockerfile`
        FROM golang:1.23 AS build
        RUN go build -o /tool

        FROM alpine:3.20 AS keys
        RUN echo key > /key

        FROM alpine:3.20
        RUN --mount=from=keys,target=/keys cat /keys/key
        COPY --from=0 \
            # the program
            /tool /tool
      `,
      because: 'both are used, by a mount and by number',
    },
    {
      ok: dockerfile`
        FROM python:3.13-slim AS base
        RUN pip install flask

        FROM base AS test
        RUN pip install pytest && pytest

        FROM base
        CMD ["flask", "run"]
      `,
      because: 'the name says that the stage is built by `--target`',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20 AS files-linux
        FROM alpine:3.20 AS files-windows
        FROM files-\${TARGETOS}
      `,
      because: 'a variable decides which of them is used',
    },
  ],
  *check({ model }) {
    const { allStages, dockerfile: file } = model;
    if (allStages.length < 2 || allStages.every(({ isNeeded }) => isNeeded)) return;
    const used = new Set(allStages.flatMap(({ uses }) => uses.map(({ stage }) => stage)));
    const unused = model.stages.filter(
      (stage) => !stage.isFinal && !stage.isNeeded && !used.has(stage) && !isTarget(stage),
    );
    if (unused.length === 0) return;
    const references = allStages.flatMap(openReferences);
    for (const stage of unused) {
      const { name, nameSpan, from } = stage;
      if (references.some((reference) => reference.test(name ?? ''))) continue;
      yield {
        at: onOneLine(file, from.at(nameSpan ?? from.body.keywordSpan)),
        message:
          name === null
            ? l10n.t('No other stage uses this one: a build leaves it out.')
            : l10n.t('No other stage uses `{0}`: a build without `--target {0}` leaves it out.', name),
      };
    }
  },
});

/** What is built from nothing and read by nobody is there to be taken out of the build. */
const isTarget = ({ name, isScratch }: Stage): boolean => name !== null && (isScratch || targets.test(name));

/** References in which a variable stands, as patterns of the names that they may mean: `FROM build-$TARGETOS`. */
function openReferences({ baseText, image, steps }: Stage): RegExp[] {
  // `FROM $BASE` whose default is an image hardly ever means a stage.
  const isImage = image !== null && /^\$(?:\w+|\{[^}]*\})$/.test(baseText);
  const texts = isImage || !baseText.includes('$') ? [] : [baseText];
  for (const step of steps) {
    if (step.body.flags.length === 0 || !isRunStep(step)) continue;
    for (const { from } of step.mounts) if (from?.includes('$')) texts.push(from);
  }
  return texts.map((text) => {
    const parts = text.split(/\$\w+|\$\{[^}]*\}/).map((part) => part.replace(/[^\w-]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 'i');
  });
}
