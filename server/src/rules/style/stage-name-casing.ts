/** Upper case in the name of a stage. */
import * as l10n from '@vscode/l10n';
import type { Model, Stage } from '../../model/model';
import { replace } from '../edits';
import { onFirstLine } from '../places';
import { defineRule, dockerfile, type Edit, type FixResult } from '../rule';

export default defineRule({
  id: 'stage-name-casing',
  category: 'style',
  severity: 'hint',
  scope: 'file',
  aliases: ['StageNameCasing'],
  fix: 'safe',
  docs: {
    what: 'The name of a stage has upper-case letters.',
    why: 'Stage names ignore case, so `--from=build` finds `Build`; written in lower case they cannot be taken for instructions or variables.',
    fix: 'Write the name in lower case. The quick fix renames it wherever the file uses it.',
    ignore: 'Where scripts name the stage with `--target` and a report quotes that name.',
    references: ['https://docs.docker.com/reference/build-checks/stage-name-casing/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM golang:1.23 AS BuildEnv
                            ^^^^^^^^ hint stage-name-casing: The stage name \`BuildEnv\` has upper-case letters.
        RUN go build -o /app .

        FROM alpine:3.20
        COPY --from=BuildEnv /app /app
        RUN --mount=type=bind,from=buildenv,target=/src ls /src
      `,
      good: dockerfile`
        FROM golang:1.23 AS buildenv
        RUN go build -o /app .

        FROM alpine:3.20
        COPY --from=buildenv /app /app
        RUN --mount=type=bind,from=buildenv,target=/src ls /src
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20 AS Base
                            ^^^^ hint stage-name-casing
        FROM Base AS final
      `,
      good: dockerfile`
        FROM alpine:3.20 AS base
        FROM base AS final
      `,
    },
    { ok: dockerfile`FROM alpine:3.20 AS build-env_1.2`, because: 'it is all lower case' },
    { ok: dockerfile`FROM alpine:3.20`, because: 'the stage has no name' },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const { name, nameSpan, from } = stage;
      if (name === null || !nameSpan || name === name.toLowerCase()) continue;
      yield {
        ...onFirstLine(model.dockerfile, from, nameSpan),
        message: l10n.t('The stage name `{0}` has upper-case letters.', name),
        fix: () => renameStage(model, stage, name),
      };
    }
  },
});

/** Renames a stage and its uses. The name stands somewhere inside the span of a mount, alone in the others. */
function renameStage(model: Model, stage: Stage, name: string): FixResult {
  const wanted = name.toLowerCase();
  const edits: Edit[] = [];
  if (stage.nameSpan) edits.push(replace(stage.from.at(stage.nameSpan), wanted));
  const { text } = model.dockerfile;
  for (const use of model.stages.flatMap((other) => other.uses)) {
    if (use.stage !== stage) continue;
    const span = use.instruction.at(use.span);
    const written = text.slice(span.start, span.end);
    const offset = use.kind === 'mount' ? /(?<=\bfrom=)[^,\s]+/.exec(written) : /^.*$/.exec(written);
    if (!offset || offset[0].toLowerCase() !== wanted || offset[0] === wanted) continue;
    const start = span.start + offset.index;
    edits.push(replace({ start, end: start + offset[0].length }, wanted));
  }
  return { title: l10n.t('Rename the stage to `{0}`', wanted), safety: 'safe', edits };
}
