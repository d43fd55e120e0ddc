/** RUNs in a row that could share one layer. */
import * as l10n from '@vscode/l10n';
import type { RunStep, Stage } from '../../model/model';
import { perStep } from '../../model/per-step';
import type { RunContent } from '../../model/run-content';
import { workOf } from '../../model/run-work';
import { isShipped } from '../../model/shipped';
import { removals } from '../../shell/removals';
import type { Dockerfile } from '../../syntax/tree';
import { loneUpdate, nextInstall } from '../lone-update';
import { mergeRefusal, mergeRuns } from '../merge';
import { quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';
import { isSeparatedByComments } from '../separation';

export default defineRule({
  id: 'consecutive-runs',
  category: 'size',
  severity: 'info',
  keywords: ['RUN'],
  aliases: ['DL3059', 'S7031'],
  fix: 'safe',
  order: 60,
  docs: {
    what: '`RUN` instructions follow one another and could be one. Reported where a merge costs nothing: not where it would join two expensive steps that change for different reasons (an install and a build, two package managers), in a stage that is only copied from, where options differ, or where comments keep topics apart.',
    why: 'Every `RUN` makes a layer of its own. What one of them removes or changes again stays in the layer of the other, and more layers mean more to pull and unpack.',
    fix: 'Join the commands with `&&`. The quick fix merges the whole group. It puts `a; b` into braces, and what must not be seen by the next commands (`cd`, variables, `umask`, `trap`, `exit`) into a subshell, so that the image is the same; comments stay where they are.',
    ignore: 'While you work on the commands: separate layers make the next build faster.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#run',
      'https://docs.docker.com/build/cache/optimize/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12
        RUN useradd --system app
        RUN mkdir -p /srv/data
        ^^^ info consecutive-runs: \`mkdir -p /srv/data\` makes a layer of its own; it can share that of the RUN on line 2.
        # the volume is mounted here
        RUN chown app: /srv/data
        ^^^ info consecutive-runs
      `,
      good: dockerfile`
        FROM debian:12
        RUN useradd --system app \
            && mkdir -p /srv/data \
            # the volume is mounted here
            && chown app: /srv/data
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN cd /opt && tar xf tool.tar; \
            chmod +x tool/run
        RUN ln -s /opt/tool/run /usr/local/bin/tool || true
        ^^^ info consecutive-runs
      `,
      good: dockerfile`
        FROM debian:12
        RUN (cd /opt && tar xf tool.tar; \
            chmod +x tool/run) && \
            { ln -s /opt/tool/run /usr/local/bin/tool || true; }
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache curl && \
            curl --version

        RUN apk add --no-cache \
        ^^^ info consecutive-runs
              git \
              jq
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache curl && \
            curl --version && \
            apk add --no-cache \
              git \
              jq
      `,
    },
    {
      ok: dockerfile`
        FROM node:20
        WORKDIR /app
        COPY . .
        RUN npm ci
        RUN npm run build
      `,
      because: 'a changed build command would install everything again',
    },
    {
      ok: dockerfile`
        FROM golang:1.23 AS build
        RUN mkdir /out
        RUN touch /out/done

        FROM scratch
        COPY --from=build /out /
      `,
      because: 'the layers of the first stage are no part of the image, only of the build cache',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN --mount=type=cache,target=/var/cache/apt apt-get update
        RUN mkdir /data
      `,
      because: 'the RUNs have different mounts',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN set -e; \
            mkdir /a; \
            touch /a/b
        RUN <<EOF
        mkdir /c
        EOF
      `,
      because: 'a here-document is no part of a list, and set -e has no effect in one',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      // In a stage that nobody pulls a merge gains nothing, and costs cache.
      if (stage.isWindows || !isShipped(model, stage)) continue;
      for (const group of groupsOf(model.dockerfile, stage)) {
        const [first] = group;
        if (!first) continue;
        for (const run of group.slice(1)) {
          const line = first.instruction.line + 1;
          yield {
            at: run.at(run.body.keywordSpan),
            message: l10n.t(
              '`{0}` makes a layer of its own; it can share that of the RUN on line {1}.',
              commandsOf(run),
              line,
            ),
            related: [{ at: first.at(first.body.keywordSpan), message: l10n.t('These commands can be in one RUN.') }],
            fix: () => mergeGroup(model.dockerfile, group),
          };
        }
      }
    }
  },
});

function mergeGroup(file: Dockerfile, group: readonly RunStep[]): FixResult {
  const merge = mergeRuns(file, group);
  if ('refused' in merge) return merge;
  const first = group[0]?.instruction;
  const last = group.at(-1)?.instruction;
  const lines = [(first?.line ?? 0) + 1, (last?.line ?? 0) + 1] as const;
  return {
    title:
      group.length === 2
        ? l10n.t('Merge with the RUN on line {0}', lines[0])
        : l10n.t('Merge the {0} RUNs from line {1} to line {2}', group.length, ...lines),
    safety: 'safe',
    edits: merge.edits,
    claims: [{ start: first?.span.start ?? 0, end: last?.span.end ?? 0 }],
  };
}

const commandsOf = perStep((run: RunStep): string => quotable(run.scripts[0]?.text ?? run.body.rest, 40));

/** Groups of at least two RUNs that can be merged without a loss. */
function* groupsOf(file: Dockerfile, stage: Stage): Generator<readonly RunStep[]> {
  let group: RunStep[] = [];
  const topics = new Set<string>();
  const runs: (RunStep | null)[] = stage.steps.map((step) => (step.keyword === 'RUN' ? (step as RunStep) : null));
  const flush = () => {
    const done = group;
    group = [];
    topics.clear();
    return done;
  };
  const splits = splitUpdates(stage);
  for (const [index, run] of runs.entries()) {
    const last = group.at(-1);
    const isJoined =
      run !== null &&
      last !== undefined &&
      !splits.some(([update, install]) => update < index && index <= install) &&
      mayFollow(file, last, run, topics) &&
      !prefersNext(file, run, runs[index + 1] ?? null, topics) &&
      isMergeable([...group, run]);
    if (!isJoined) {
      const done = flush();
      if (done.length > 1) yield done;
    }
    if (run === null || !isCandidate(run)) {
      const done = flush();
      if (done.length > 1) yield done;
      continue;
    }
    group.push(run);
    for (const topic of workOf(run)) topics.add(topic);
  }
  if (group.length > 1) yield group;
}

/** What is known of RUNs by what they say, the first one first: neither their places nor their stage decide. */
interface Row {
  readonly longer: WeakMap<RunContent, Row>;
  isMergeable?: boolean;
}

const rows: Row = { longer: new WeakMap() };

function isMergeable(runs: readonly RunStep[]): boolean {
  let row = rows;
  for (const { content } of runs) {
    let longer = row.longer.get(content);
    if (!longer) {
      longer = { longer: new WeakMap() };
      row.longer.set(content, longer);
    }
    row = longer;
  }
  row.isMergeable ??= mergeRefusal(runs) === null;
  return row.isMergeable;
}

/** Where an update and its install stand, by their places: that they belong together is a finding of its own. */
function splitUpdates(stage: Stage): readonly (readonly [number, number])[] {
  return stage.steps.flatMap((step) => {
    if (step.keyword !== 'RUN') return [];
    const update = loneUpdate(step as RunStep);
    const install = update && nextInstall(stage, step as RunStep, update.manager);
    return install ? [[step.index, install.index] as const] : [];
  });
}

/** A RUN that only changes what is gone afterwards (\`cd\`, \`export\`) is a mistake of its own. */
const isCandidate = perStep((run: RunStep): boolean => {
  if (!run.isKnown || run.isExec || run.body.heredocs.length > 0) return false;
  const lasting = run.scripts.some((script) =>
    script.commands.some(
      (command) => !/^(?:cd|export|alias|set|source|\.|umask|ulimit|shopt|unset)$/.test(command.name ?? 'export'),
    ),
  );
  return lasting && run.body.problems.length === 0;
});

function mayFollow(file: Dockerfile, last: RunStep, run: RunStep, topics: ReadonlySet<string>): boolean {
  if (!isCandidate(run) || isSeparatedByComments(file, last.instruction, run.instruction)) return false;
  return isCheapToJoin(topics, workOf(run));
}

/** Joining costs where a change of one would repeat the other: two kinds of expensive work, or a build behind anything. */
function isCheapToJoin(before: ReadonlySet<string>, added: ReadonlySet<string>): boolean {
  if (before.size === 0 || added.size === 0) return true;
  if (added.has('build') || added.has('script')) return false;
  return [...added].every((topic) => before.has(topic)) || [...before].every((topic) => added.has(topic));
}

/** A quick RUN between two kinds of expensive work goes with the later one, where its change repeats nothing more, unless it tidies up. */
function prefersNext(file: Dockerfile, run: RunStep, next: RunStep | null, topics: ReadonlySet<string>): boolean {
  if (topics.size === 0 || workOf(run).size > 0 || next === null) return false;
  if (workOf(next).size === 0 || isCheapToJoin(topics, workOf(next))) return false;
  if (run.scripts.some((script) => removals(script).length > 0)) return false;
  return mayFollow(file, run, next, new Set()) && isMergeable([run, next]);
}
