/** The legacy builder drops what a RUN writes below a VOLUME that was declared before it. */
import * as l10n from '@vscode/l10n';
import { startDirectory } from '../../model/base-config';
import { volumesOfBase } from '../../model/image-volumes';
import type { Model, RunStep, Stage, Step } from '../../model/model';
import { isWithin, resolvePath } from '../../model/paths';
import { rootOf } from '../../model/stages';
import { isRunStep } from '../../model/steps';
import { expandIn } from '../../model/variables';
import type { ShellCommand } from '../../shell/script';
import { writesOf } from '../../shell/writes';
import { moveBehind } from '../move';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'lost-volume-write',
  category: 'correctness',
  severity: 'warning',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'With `builder: legacy`, a `RUN` writes below a path that a `VOLUME` before it, or the base image, declares as a volume. BuildKit keeps such files, so with BuildKit nothing is reported.',
    why: 'The legacy builder runs the command in a container, where the path is a fresh anonymous volume that is thrown away with it. The files are not in the image, and nothing says so. What `COPY` and `ADD` bring stays.',
    fix: 'Declare the `VOLUME` behind the last step that writes there; the quick fix moves it. What the base image declares cannot be taken back: write elsewhere, bring the files with `COPY`, or build with BuildKit.',
    ignore: 'Where the files are only needed while that `RUN` runs.',
    references: ['https://docs.docker.com/reference/dockerfile/#notes-about-specifying-volumes'],
  },
  examples: [
    {
      builder: 'legacy',
      bad: dockerfile`
        FROM debian:12-slim
        # kept outside
        VOLUME /data
        RUN mkdir -p /data/cache \
            ^^^^^ warning lost-volume-write: The legacy builder drops \`/data/cache\`: \`/data\` is a volume since line 3.
            # for the first start
            && echo '{}' > /data/cache/index.json
        CMD ["ls", "/data"]
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN mkdir -p /data/cache \
            # for the first start
            && echo '{}' > /data/cache/index.json
        # kept outside
        VOLUME /data
        CMD ["ls", "/data"]
      `,
    },
    {
      builder: 'legacy',
      bad: dockerfile`
        FROM debian:12-slim
        VOLUME ["/srv/www", "/srv/log"]
        WORKDIR /srv/log
        RUN <<EOF
        touch first.log
        ^^^^^ warning lost-volume-write: The legacy builder drops \`/srv/log/first.log\`: \`/srv/log\` is a volume since line 2.
        EOF
      `,
      good: dockerfile`
        FROM debian:12-slim
        WORKDIR /srv/log
        RUN <<EOF
        touch first.log
        EOF
        VOLUME ["/srv/www", "/srv/log"]
      `,
    },
    {
      builder: 'legacy',
      bad: dockerfile`
        FROM postgres:17
        RUN cp /etc/hostname /var/lib/postgresql/data/
            ^^ warning lost-volume-write: The legacy builder drops \`/var/lib/postgresql/data/\`: \`/var/lib/postgresql/data\` is a volume in \`postgres:17\`.
      `,
    },
    {
      builder: 'legacy',
      ok: dockerfile`
        FROM debian:12-slim
        RUN mkdir -p /data && touch /data/first
        VOLUME /data
        COPY second /data/
        RUN touch /database && rm -rf /data/cache
      `,
      because: 'it is written before, brought by COPY, or lies beside it',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        VOLUME /data
        RUN touch /data/first
      `,
      because: 'BuildKit keeps it',
    },
  ],
  *check({ model }) {
    if (model.builder !== 'legacy') return;
    for (const stage of model.stages) {
      const volumes = [...inherited(stage)];
      if (stage.isWindows) continue;
      for (const step of stage.steps) {
        if (step.keyword === 'VOLUME') volumes.push(...declared(step));
        else if (isRunStep(step) && volumes.length > 0) yield* lostIn(model, step, volumes);
      }
    }
  },
});

interface Volume {
  readonly path: string;
  /** The VOLUME instruction; null for one of the base image. */
  readonly step: Step | null;
}

function inherited(stage: Stage): readonly Volume[] {
  if (!stage.parent) return volumesOfBase(stage).map((path) => ({ path, step: null }));
  return [
    ...inherited(stage.parent),
    ...stage.parent.steps.filter(({ keyword }) => keyword === 'VOLUME').flatMap(declared),
  ];
}

function declared(step: Step): readonly Volume[] {
  const { body, before } = step;
  const texts = body.json ? body.json.map(({ text }) => text) : body.words.map(({ text }) => text);
  return texts.flatMap((text) => {
    const value = expandIn(text, before.scope, body.escape);
    const path = value === null || value === '' ? null : resolvePath('/', value);
    return path === null || path === '/' ? [] : [{ path, step }];
  });
}

/** One finding a RUN and volume: the first thing that is lost. */
function* lostIn(model: Model, run: RunStep, volumes: readonly Volume[]) {
  if (!run.isKnown) return;
  const reported = new Set<Volume>();
  for (const script of run.scripts)
    for (const { path, text, command } of writesOf(script)) {
      const start = startDirectory(run);
      const absolute = path === null || path.startsWith('~') ? null : resolvePath(start, path);
      if (absolute === null || absolute.includes('$')) continue;
      const volume = volumes.find((one) => isWithin(absolute, one.path));
      // The folder itself is made anew with every volume.
      if (!volume || reported.has(volume) || (absolute === volume.path && command.name === 'mkdir')) continue;
      if (run.mounts.some(({ target }) => target !== null && isWithin(absolute, target))) continue;
      reported.add(volume);
      const shown = absolute === volume.path ? text : absolute;
      yield {
        at: onOneLine(model.dockerfile, run.at(placeOf(command))),
        message: volume.step
          ? l10n.t(
              'The legacy builder drops `{0}`: `{1}` is a volume since line {2}.',
              shown,
              volume.path,
              volume.step.instruction.line + 1,
            )
          : l10n.t(
              'The legacy builder drops `{0}`: `{1}` is a volume in `{2}`.',
              shown,
              volume.path,
              rootOf(run.stage).baseText,
            ),
        ...(volume.step?.stage === run.stage
          ? { related: [{ at: volume.step.at(volume.step.body.keywordSpan), message: l10n.t('The volume.') }] }
          : {}),
        fix: () => moveDown(model, run, volume),
      };
    }
}

const placeOf = ({ nameWord, span }: ShellCommand) => nameWord?.span ?? span;

function moveDown(model: Model, run: RunStep, { step, path }: Volume): FixResult {
  if (!step)
    return { refused: l10n.t('The base image of line {0} declares the volume.', rootOf(run.stage).from.line + 1) };
  if (step.stage !== run.stage)
    return { refused: l10n.t('The VOLUME on line {0} belongs to another stage.', step.instruction.line + 1) };
  const { steps } = run.stage;
  const writers = steps.filter(
    (other) =>
      isRunStep(other) &&
      other.index >= run.index &&
      other.scripts.some((script) => writesOf(script).some((write) => reaches(other, write.path, path))),
  );
  const last = writers.at(-1) ?? run;
  return {
    title: l10n.t('Move VOLUME behind line {0}', last.instruction.endLine + 1),
    safety: 'suggestion',
    edits: moveBehind(model.dockerfile, step.instruction, last.instruction),
    claims: [step.instruction.span, last.instruction.span],
    risk: l10n.t('What these steps write is in the image then, and is copied into each new volume.'),
  };
}

function reaches(run: Step, path: string | null, volume: string): boolean {
  const absolute = path === null ? null : resolvePath(startDirectory(run), path);
  return absolute !== null && isWithin(absolute, volume);
}
