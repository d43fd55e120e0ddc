/** `apt-get update` in a RUN of its own: the install behind it works with an index as old as the cache. */
import * as l10n from '@vscode/l10n';
import { swapRefusal } from '../../model/dependencies';
import type { RunStep, Stage, Step } from '../../model/model';
import { workOf } from '../../model/run-work';
import type { PackageCall } from '../../shell/packages';
import type { Dockerfile } from '../../syntax/tree';
import { loneUpdate, nextInstall } from '../lone-update';
import { mergeMoved, mergeRuns } from '../merge';
import { quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'split-update-install',
  category: 'cache',
  severity: 'warning',
  aliases: [],
  fix: 'safe',
  order: 30,
  docs: {
    what: 'A `RUN` refreshes the package index (`apt-get update`, `apk update`, `yum makecache` …) and a later `RUN` installs from it.',
    why: 'Each is cached on its own. When the list of packages is edited months later, the index still comes from the cache: the install finds old versions, or fails because they are gone from the mirror.',
    fix: 'Refresh and install in one `RUN`. The quick fix merges them; where other steps stand between that do not touch packages, it moves the update down to the install.',
    ignore: 'When the base image or a build argument makes sure that the update is never older than the install.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#apt-get',
      'https://docs.docker.com/build/cache/invalidation/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12
        RUN apt-get update
            ^^^^^^^^^^^^^^ warning split-update-install: \`apt-get update\` is cached apart from the install on line 3, which may get an outdated index and fail.
        RUN apt-get install -y --no-install-recommends \
              curl \
              git
      `,
      good: dockerfile`
        FROM debian:12
        RUN apt-get update \
            && apt-get install -y --no-install-recommends \
              curl \
              git
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        # the index
        RUN apt-get update -q && apt-get upgrade -y
            ^^^^^^^^^^^^^^ warning split-update-install
        ENV DEBIAN_FRONTEND=noninteractive
        WORKDIR /srv
        # tools
        RUN apt-get install -y curl; \
            rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN apk update
            ^^^^^^^^^^ warning split-update-install
        LABEL purpose=tools
        RUN mkdir /data
        RUN apk add jq
      `,
      good: dockerfile`
        FROM alpine:3.20
        LABEL purpose=tools
        RUN mkdir /data
        RUN apk update \
            && apk add jq
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        RUN apt-get install -y git
      `,
      because: 'the index was made for the install in the same RUN',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN apt-get update
        COPY setup.sh /
        RUN /setup.sh
      `,
      because: 'nothing is known to be installed',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (stage.isWindows) continue;
      for (const step of stage.steps) {
        if (step.keyword !== 'RUN') continue;
        const run = step as RunStep;
        const update = loneUpdate(run);
        const install = update && nextInstall(stage, run, update.manager);
        if (!update || !install) continue;
        const line = install.instruction.line + 1;
        yield {
          at: run.at(update.nameSpan),
          message: l10n.t(
            '`{0}` is cached apart from the install on line {1}, which may get an outdated index and fail.',
            quotable(nameOf(update, run)),
            line,
          ),
          related: [{ at: install.at(install.body.keywordSpan), message: l10n.t('This RUN installs from the index.') }],
          fix: () => mergeUpdate(model.dockerfile, stage, run, install),
        };
      }
    }
  },
});

const nameOf = (call: PackageCall, run: RunStep): string => run.body.raw.slice(call.nameSpan.from, call.nameSpan.to);

function mergeUpdate(file: Dockerfile, stage: Stage, run: RunStep, install: RunStep): FixResult {
  const between = stage.steps.slice(run.index + 1, install.index);
  const claims = [{ start: run.instruction.span.start, end: install.instruction.span.end }];
  const title = l10n.t('Merge with the RUN on line {0}', install.instruction.line + 1);
  const moved = between.map((step) => passRefusal(run, step)).find((refusal) => refusal !== null) ?? null;
  if (moved !== null && !between.every((step) => belongsTo(step, run))) return { refused: moved };
  const merge =
    between.length === 0 || moved !== null
      ? mergeRuns(file, [run, ...between.map((step) => step as RunStep), install])
      : mergeMoved(file, run, install, 'before');
  return 'refused' in merge ? merge : { title, safety: 'safe', edits: merge.edits, claims };
}

/** Settings of the installer's dialogues: a mere refresh of the index asks nothing. */
const dialogueSettings =
  /^(?:DEBIAN_FRONTEND|DEBCONF_\w+|DEBIAN_PRIORITY|LANG|LANGUAGE|LC_\w+|TZ|TERM|APT_KEY_DONT_WARN\w*)$/;

function passRefusal(run: RunStep, step: Step): string | null {
  const isSetting = step.keyword === 'ENV' || step.keyword === 'ARG';
  const onlyUpdates =
    run.calls().every((call) => call.action === 'update-index') &&
    run.scripts[0]?.commands.length === run.calls().length;
  if (isSetting && onlyUpdates && step.body.pairs.every((pair) => dialogueSettings.test(pair.name))) return null;
  return swapRefusal(run, step);
}

/** A RUN between that is quick or does the same kind of work may be part of the merge. */
function belongsTo(step: Step, run: RunStep): boolean {
  if (step.keyword !== 'RUN') return false;
  const topics = workOf(run);
  return [...workOf(step as RunStep)].every((topic) => topics.has(topic));
}
