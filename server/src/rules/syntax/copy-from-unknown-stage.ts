/** `--from=` names no stage that files could be taken from. */
import * as l10n from '@vscode/l10n';
import { parseImageReference } from '../../model/images';
import type { Model, Stage, Step } from '../../model/model';
import { expandWord } from '../../syntax/expand';
import { mountFields } from '../../syntax/expanded-texts';
import type { LocalSpan } from '../../syntax/span';
import type { Flag } from '../../syntax/tree';
import { replace } from '../edits';
import { nearestName } from '../nearest-name';
import { isOfficialImage } from '../official-tags';
import { onFirstLine } from '../places';
import { defineRule, dockerfile, type Finding } from '../rule';

export default defineRule({
  id: 'copy-from-unknown-stage',
  category: 'syntax',
  severity: 'error',
  scope: 'file',
  keywords: ['COPY', 'RUN'],
  aliases: ['DL3022', 'DL3023'],
  fix: 'suggestion',
  docs: {
    what: 'The `--from=` of a `COPY`, or the `from=` of a mount, names the stage it stands in, a stage further down, a number that no stage has, or something that is neither a stage nor an image. A name that is one letter off a stage is reported too: Docker takes it for an image.',
    why: 'Docker refuses the file, or looks for an image of that name in the registry, finds none, or worse, one of somebody else.',
    fix: 'Name a stage that stands above. The quick fix writes the name that is nearest.',
    ignore: 'Where an image of your own is really called almost like a stage.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#copy---from',
      'https://docs.docker.com/build/building/multi-stage/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22 AS builder
        RUN npm run build
        FROM nginx:1.27
        COPY --from=bulider /app/dist /usr/share/nginx/html
                    ^^^^^^^ warning copy-from-unknown-stage: There is no stage \`bulider\`, so Docker looks for an image of that name; \`builder\` may be meant.
      `,
      good: dockerfile`
        FROM node:22 AS builder
        RUN npm run build
        FROM nginx:1.27
        COPY --from=builder /app/dist /usr/share/nginx/html
      `,
    },
    {
      bad: dockerfile`
        FROM node:22 AS build
        COPY --from=build /app /srv
                    ^^^^^ error copy-from-unknown-stage: \`build\` is the stage that this COPY belongs to: it cannot take files from itself, so Docker refuses the file.
        RUN --mount=type=bind,from=tools,target=/tools /tools/run
                                   ^^^^^ error copy-from-unknown-stage: The stage \`tools\` stands further down, on line 4, so Docker refuses the file.
        FROM alpine:3.20 AS tools
        COPY --from=$STAGE /a /a
                    ^^^^^^ error copy-from-unknown-stage: \`--from\` takes no variable, so Docker refuses the file; name a stage that is built \`FROM\` it.
        COPY --from=7 /b /b
                    ^ error copy-from-unknown-stage: No stage has the number 7, so Docker refuses the file.
      `,
    },
    {
      ok: dockerfile`
        FROM node:22 AS Builder
        FROM nginx:1.27
        COPY --from=builder /app /app
        COPY --from=0 /app /app
        COPY --from=composer /usr/bin/composer /usr/bin/
        COPY --from=ghcr.io/astral-sh/uv:0.5 /uv /bin/
        RUN --mount=type=bind,from=builder,target=/b true
      `,
      because: 'stages by name or number, and images',
    },
    {
      ok: dockerfile`
        FROM node:22 AS build
        FROM build
        COPY --from=build /app /srv
      `,
      because: 'a stage may take files from the one it is built on',
    },
  ],
  *check({ model }) {
    for (const step of model.steps) {
      if (step.body.flags.length === 0) continue;
      if (step.keyword === 'COPY') {
        for (const flag of step.body.flags) {
          if (flag.name !== 'from' || !flag.value) continue;
          yield* checkReference(model, step, flag.value, flag.valueSpan ?? flag.span, false);
        }
      } else if (step.keyword === 'RUN') {
        for (const flag of step.body.flags) {
          if (flag.name === 'mount' && flag.value?.includes('from')) yield* checkMount(model, step, flag, flag.value);
        }
      }
    }
  },
});

function* checkMount(model: Model, step: Step, flag: Flag, value: string): Iterable<Finding> {
  for (const [field, start] of mountFields(value)) {
    const match = /^(from=)(.+)$/i.exec(field);
    // A variable in it is a value that a mount does not take, which another rule reports.
    if (!match?.[1] || !match[2] || match[2].includes('$')) continue;
    const whole = flag.valueSpan ?? flag.span;
    const from = whole.from + start + match[1].length;
    const isWritten = whole.to - whole.from === value.length;
    yield* checkReference(model, step, match[2], isWritten ? { from, to: from + match[2].length } : whole, true);
  }
}

function* checkReference(model: Model, step: Step, name: string, span: LocalSpan, isMount: boolean): Iterable<Finding> {
  const { stage } = step;
  const report = (message: string, more: Partial<Finding> = {}): Finding => ({
    ...onFirstLine(model.dockerfile, step.instruction, span),
    aliases: ['DL3022'],
    message,
    ...more,
  });
  if (!isMount && !isPlain.test(name) && expandWord(name, () => undefined, step.body.escape).value !== name) {
    yield report(
      l10n.t('`--from` takes no variable, so Docker refuses the file; name a stage that is built `FROM` it.'),
      { aliases: [] },
    );
    return;
  }
  const isNumber = !isMount && /^[+-]?\d+$/.test(name);
  const target = isNumber ? (model.allStages[Number(name)] ?? null) : stageNamed(model, name);
  if (target) {
    if (target.index < stage.index) return;
    if (target.index === stage.index)
      yield report(
        l10n.t(
          '`{0}` is the stage that this {1} belongs to: it cannot take files from itself, so Docker refuses the file.',
          name,
          step.keyword,
        ),
        { aliases: ['DL3023'] },
      );
    else
      yield report(
        l10n.t(
          'The stage `{0}` stands further down, on line {1}, so Docker refuses the file.',
          name,
          target.from.line + 1,
        ),
        { related: [{ at: target.from.at(target.from.body.keywordSpan), message: l10n.t('The stage.') }] },
      );
    return;
  }
  if (isNumber) {
    yield report(l10n.t('No stage has the number {0}, so Docker refuses the file.', name));
    return;
  }
  const isImage = name === 'scratch' || name === 'context' || parseImageReference(name) !== null;
  if (isImage && isOfficialImage(name)) return;
  const meant = nearestStage(model, stage, name);
  const fix = meant && {
    fix: () => ({
      title: l10n.t('Change to `{0}`', meant),
      safety: 'suggestion' as const,
      edits: [replace(step.at(span), meant)],
    }),
  };
  if (!isImage)
    yield report(
      l10n.t('`{0}` is neither a stage nor an image reference, so Docker refuses the file.', name),
      fix ? { ...fix } : {},
    );
  else if (meant)
    yield report(
      l10n.t('There is no stage `{0}`, so Docker looks for an image of that name; `{1}` may be meant.', name, meant),
      { severity: 'warning', ...fix },
    );
}

/** A word that expansion leaves as it is. */
const isPlain = /^[\w./:@-]+$/;

const byName = new WeakMap<Model['allStages'], ReadonlyMap<string, Stage>>();

/** As `findStage`, for a file with many references. */
function stageNamed({ allStages }: Model, name: string): Stage | null {
  let stages = byName.get(allStages);
  if (!stages) {
    stages = new Map(allStages.flatMap((stage) => (stage.name === null ? [] : [[stage.name.toLowerCase(), stage]])));
    byName.set(allStages, stages);
  }
  return stages.get(name.toLowerCase()) ?? null;
}

/** The nearest name among the stages above. Whoever writes a registry, folder or tag means an image. */
function nearestStage(model: Model, stage: Stage, name: string): string | undefined {
  if (name.length < 4 || /[/:@]/.test(name)) return undefined;
  const names = model.allStages.slice(0, stage.index).flatMap((other) => other.name ?? []);
  return nearestName(name, names);
}
