/** A package manager downloads everything again each time its step is repeated. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { type CacheMount, ecosystemOf, isProjectInstall } from '../../model/ecosystems';
import type { Model, RunStep, Stage } from '../../model/model';
import { isWithin } from '../../model/paths';
import { isCopyStep, isRunStep } from '../../model/steps';
import { isYarnClassic } from '../../model/yarn-version';
import type { PackageCall, PackageManager } from '../../shell/packages';
import type { Dockerfile } from '../../syntax/tree';
import { addCacheMounts, cacheMountsOf } from '../cache-mount';
import { defeatsOf } from '../defeated-cache';
import { editsTouch } from '../edits';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type Edit, type FixResult } from '../rule';

export default defineRule({
  id: 'no-cache-mount',
  category: 'cache',
  severity: 'hint',
  keywords: ['RUN'],
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'A `RUN` installs what a project depends on (npm, pip, go, cargo, maven …) without a cache mount. For the packages of a distribution it is reported where the list is long.',
    why: 'One changed line in a lockfile repeats the step, and everything is downloaded again. A cache mount stays with the builder, and never becomes a part of the image.',
    fix: 'Mount the cache: `RUN --mount=type=cache,target=/root/.npm npm ci`. The quick fix adds the mount to each `RUN` of the stage that uses the manager, locked where two builds must not write at once, and takes out what would keep the cache empty (`--no-cache-dir`, `rm -rf /var/lib/apt/lists/*`, the `docker-clean` of Debian’s images).',
    ignore: 'Where each build has a new builder, as on many hosted pipelines: its cache is empty anyway.',
    references: [
      'https://docs.docker.com/build/cache/optimize/#use-cache-mounts',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypecache',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-alpine
        WORKDIR /srv
        COPY package*.json ./
        RUN npm ci --omit=dev
            ^^^^^^ hint no-cache-mount: \`npm ci\` downloads everything again whenever this step is repeated: a cache mount at \`/root/.npm\` keeps it.
        COPY . .
      `,
      good: dockerfile`
        FROM node:22-alpine
        WORKDIR /srv
        COPY package*.json ./
        RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
        COPY . .
      `,
    },
    {
      bad: dockerfile`
        FROM golang:1.24 AS build
        WORKDIR /src
        COPY go.mod go.sum ./
        RUN go mod download
            ^^^^^^^^^^^^^^^ hint no-cache-mount
        COPY . .
        RUN CGO_ENABLED=0 \
            # a small one
            go build -ldflags=-s -o /out/app .
        FROM scratch
        COPY --from=build /out/app /app
      `,
      good: dockerfile`
        FROM golang:1.24 AS build
        WORKDIR /src
        COPY go.mod go.sum ./
        RUN --mount=type=cache,target=/go/pkg/mod \
            --mount=type=cache,target=/root/.cache/go-build \
            go mod download
        COPY . .
        RUN --mount=type=cache,target=/go/pkg/mod \
            --mount=type=cache,target=/root/.cache/go-build \
            CGO_ENABLED=0 \
            # a small one
            go build -ldflags=-s -o /out/app .
        FROM scratch
        COPY --from=build /out/app /app
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.12-slim
        RUN apt-get update \
            && apt-get install -y --no-install-recommends \
               ^^^^^^^^^^^^^^^ hint no-cache-mount
                autoconf automake bison cmake flex g++ gcc git libbz2-dev libcurl4-openssl-dev libffi-dev \
                libpq-dev libssl-dev libtool libxml2-dev make nasm ninja-build pkg-config zlib1g-dev \
            # the lists
            && rm -rf /var/lib/apt/lists/*
      `,
      good: dockerfile`
        FROM python:3.12-slim
        RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
            --mount=type=cache,target=/var/lib/apt,sharing=locked \
            rm -f /etc/apt/apt.conf.d/docker-clean \
            && apt-get update \
            && apt-get install -y --no-install-recommends \
                autoconf automake bison cmake flex g++ gcc git libbz2-dev libcurl4-openssl-dev libffi-dev \
                libpq-dev libssl-dev libtool libxml2-dev make nasm ninja-build pkg-config zlib1g-dev
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.12
        COPY requirements.txt .
        RUN <<EOF
        pip install --no-cache-dir -r requirements.txt
        ^^^^^^^^^^^ hint no-cache-mount
        EOF
      `,
      good: dockerfile`
        FROM python:3.12
        COPY requirements.txt .
        RUN --mount=type=cache,target=/root/.cache/pip <<EOF
        pip install -r requirements.txt
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
        RUN pip install flask
      `,
      because: 'a few packages are soon there, and the list hardly changes',
    },
    {
      ok: dockerfile`
        FROM node:22
        USER node
        RUN npm ci
        FROM maven:3.9 AS run
        COPY pom.xml .
        RUN mvn dependency:go-offline
        CMD ["mvn", "exec:java"]
      `,
      because:
        'where another user’s cache lies is not known, and the program of the second needs its downloads in the image',
    },
    {
      ok: dockerfile`
        FROM node:22
        RUN npm ci
      `,
      builder: 'legacy',
      because: 'the legacy builder knows no mounts',
    },
  ],
  *check({ model, context }) {
    if (model.builder === 'legacy') return;
    for (const stage of model.stages) {
      if (stage.isWindows) continue;
      const seen = new Set<PackageManager>();
      for (const run of stage.steps) {
        if (!isRunStep(run) || !run.isKnown) continue;
        for (const call of run.calls()) {
          if (seen.has(call.manager) || !isWorthIt(call)) continue;
          const mounts = cacheMountsOf(run, call.manager);
          const [mount] = mounts;
          seen.add(call.manager);
          if (!mount || !isFree(model, run, call, mounts, context)) continue;
          yield {
            at: onOneLine(model.dockerfile, run.at(call.nameSpan)),
            message: l10n.t(
              '`{0}` downloads everything again whenever this step is repeated: a cache mount at `{1}` keeps it.',
              quotable(run.body.raw.slice(call.nameSpan.from, call.nameSpan.to)),
              mount.target,
            ),
            fix: () => mountCaches(model, stage, call.manager, mounts),
          };
        }
      }
    }
  },
});

const manyPackages = 20;

/** Installs of a project; those of a distribution only where they are large. */
function isWorthIt(call: PackageCall): boolean {
  const { kind } = ecosystemOf(call.manager);
  if (kind === 'system') return call.action === 'install' && call.packages.length >= manyPackages;
  if (isProjectInstall(call) || call.action === 'download') return true;
  return call.action === 'build' && /^(?:go|cargo|maven|gradle|dotnet|sbt)$/.test(call.manager);
}

/** Managers that go on using their cache: without the mount a later step would find nothing. */
const storing: ReadonlySet<PackageManager> = new Set<PackageManager>([
  'go',
  'cargo',
  'maven',
  'gradle',
  'dotnet',
  'nuget',
  'sbt',
  'deno',
  'bundle',
  'gem',
  'mix',
]);

const programs: Readonly<Partial<Record<PackageManager, RegExp>>> = {
  maven: /\bmvnw?\b/,
  gradle: /\bgradlew?\b/,
};

/** Whether the cache is not mounted already, and nothing but the manager's own RUNs of the stage needs what is in it. */
function isFree(
  model: Model,
  run: RunStep,
  call: PackageCall,
  mounts: readonly CacheMount[],
  context: BuildContext | null,
): boolean {
  const { manager } = call;
  const { stage } = run;
  if (manager === 'yarn' && isYarnClassic(run, [call], context) !== true) return false;
  if (
    mounts.some(({ target }) => run.hasCacheMount(target)) ||
    run.mounts.some(({ type }) => type === 'cache' && manager === 'pnpm')
  )
    return false;
  // Somebody takes the cache elsewhere, or says where it is to be.
  const isTaken = model.allStages.some((other) =>
    other.steps.some(
      (step) =>
        isCopyStep(step) &&
        step.fromStage === stage &&
        step.sources.some(
          ({ value }) =>
            value === null ||
            mounts.some(({ target }) => isWithin(value, target) || (value !== '/' && isWithin(target, value))),
        ),
    ),
  );
  if (
    isTaken ||
    stage.steps.some((step) =>
      /(?<!no-)cache-dir|(?<!no_)cache_dir|store-dir|config set (?:cache|store)|-Dmaven\.repo\.local/.test(
        step.body.raw,
      ),
    )
  )
    return false;
  if (!storing.has(manager)) return true;
  const pattern = programs[manager] ?? new RegExp(`\\b${manager}\\b`);
  const isRunLater = stage.steps.some(
    (step) => /^(?:CMD|ENTRYPOINT|HEALTHCHECK|ONBUILD)$/.test(step.keyword) && pattern.test(step.body.raw),
  );
  const hasChildren = model.allStages.some((other) => other.parent === stage);
  // A script may call it without a word of it here.
  const hasUnknown = stage.steps.some((step) => isRunStep(step) && step.index > run.index && !step.isKnown);
  return !isRunLater && !hasChildren && !hasUnknown;
}

/** Mounts for every RUN of the stage that uses the manager, and nothing in them that keeps the cache empty. */
function mountCaches(model: Model, stage: Stage, manager: PackageManager, mounts: readonly CacheMount[]): FixResult {
  const edits: Edit[] = [];
  let first: RunStep | null = null;
  let last: RunStep | null = null;
  for (const run of stage.steps) {
    if (!isRunStep(run) || !usesManager(run, manager) || mounts.some(({ target }) => run.hasCacheMount(target)))
      continue;
    first ??= run;
    last = run;
    const own: Edit[] = [addCacheMounts(model.dockerfile, run, mounts)];
    for (const script of run.scripts) {
      const calls = run.calls(manager).filter((call) => script.commands.includes(call.command));
      const targets = mounts.map(({ target }) => target);
      for (const defeat of defeatsOf(model.dockerfile, run, script, calls, targets)) {
        if (defeat.edit === null) return { refused: defeat.refusal };
        const { edit } = defeat;
        const touched = own.findIndex((other) => editsTouch(other.span, edit.span));
        const joined = touched < 0 ? edit : joinRemovals(model.dockerfile, own[touched], edit);
        if (joined === null)
          return {
            refused: l10n.t('The commands of the RUN on line {0} stand too close together.', run.instruction.line + 1),
          };
        if (touched >= 0) own.splice(touched, 1);
        own.push(joined);
      }
    }
    edits.push(...own);
  }
  if (!first || !last) return { refused: l10n.t('Nothing in the stage uses it.') };
  return {
    title: l10n.t('Mount a cache at `{0}`', mounts.map(({ target }) => target).join('`, `')),
    safety: 'suggestion',
    edits,
    claims: [{ start: first.instruction.span.start, end: last.instruction.span.end }],
    risk: l10n.t('What lies in the cache is then not in the image.'),
  };
}

/** Two removals at the end of a chain as one, with the `&&` before them; null where they are no such thing. */
function joinRemovals(file: Dockerfile, first: Edit | undefined, second: Edit): Edit | null {
  if (first?.newText !== '' || second.newText !== '' || second.span.start < first.span.start) return null;
  const before = /(?:[ \t]*&&[ \t]*|[ \t]*[\\`][ \t]*\r?\n[ \t]*)+$/.exec(file.text.slice(0, first.span.start));
  const rest = file.text.slice(second.span.end);
  if (!before || !/^[ \t]*(?:\r?\n|$)/.test(rest)) return null;
  return { span: { start: first.span.start - before[0].length, end: second.span.end }, newText: '' };
}

function usesManager(run: RunStep, manager: PackageManager): boolean {
  const calls = run.calls(manager);
  if (!run.isKnown || run.isExec) return false;
  // What a language's manager stored is used by its other commands, too.
  if (storing.has(manager)) return calls.length > 0;
  return calls.some(({ action }) => /^(?:install|download|update-index|upgrade)$/.test(action));
}
