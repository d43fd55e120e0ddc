/** A build argument that changes with every build stands above expensive steps that do not use it. */
import * as l10n from '@vscode/l10n';
import { swapRefusal } from '../../model/dependencies';
import type { Model, RunStep, Stage, Step } from '../../model/model';
import { runAccess } from '../../model/run-access';
import { workOf } from '../../model/run-work';
import { isRunStep } from '../../model/steps';
import type { Dockerfile, Pair } from '../../syntax/tree';
import { indentOf, insert } from '../edits';
import { removeWithComments, textWithComments } from '../move';
import { defineRule, dockerfile, type Fix } from '../rule';

export default defineRule({
  id: 'volatile-arg-early',
  category: 'cache',
  severity: 'warning',
  keywords: ['ARG', 'ENV', 'LABEL'],
  aliases: [],
  fix: 'safe',
  order: 24,
  docs: {
    what: 'An `ARG` or `ENV` that is another one in every build (`GIT_SHA`, `BUILD_DATE`, `BUILD_NUMBER`, the version of the application) stands above expensive `RUN` steps that do not use it. With the legacy builder, which has a step for each instruction, a `LABEL` of such a value as well.',
    why: 'Every `RUN` behind an `ARG` or `ENV` has its value in the environment, used or not, and so in its cache key. A new commit then installs everything again.',
    fix: 'Put it right above the first step that uses it, at best at the end of the stage. The quick fix moves it, with the `LABEL`s that show it, below what does not use it. That is safe past package managers and plain commands; scripts, `make` and build tools can read the value from their environment, so it is a suggestion there, and always for `ENV`.',
    ignore: 'When the value is meant to repeat these steps.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#impact-on-build-caching',
      'https://docs.docker.com/build/cache/invalidation/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12
        ARG GIT_SHA
            ^^^^^^^ warning volatile-arg-early: \`GIT_SHA\` changes with every build: each time the RUN on line 4, which does not use it, is done again.
        LABEL org.opencontainers.image.revision=$GIT_SHA
        RUN apt-get update \
            && apt-get install -y --no-install-recommends libpq5 \
            && rm -rf /var/lib/apt/lists/*
        COPY app /srv/app
      `,
      good: dockerfile`
        FROM debian:12
        RUN apt-get update \
            && apt-get install -y --no-install-recommends libpq5 \
            && rm -rf /var/lib/apt/lists/*
        ARG GIT_SHA
        LABEL org.opencontainers.image.revision=$GIT_SHA
        COPY app /srv/app
      `,
    },
    {
      bad: dockerfile`
        FROM golang:1.24-alpine AS build
        # given by the pipeline
        ARG BUILD_DATE=unknown
            ^^^^^^^^^^ warning volatile-arg-early
        RUN apk add --no-cache git \
            # for the tests
            make
        COPY . /src
        RUN go build -ldflags "-X main.date=$BUILD_DATE" -o /out/app /src
      `,
      good: dockerfile`
        FROM golang:1.24-alpine AS build
        RUN apk add --no-cache git \
            # for the tests
            make
        # given by the pipeline
        ARG BUILD_DATE=unknown
        COPY . /src
        RUN go build -ldflags "-X main.date=$BUILD_DATE" -o /out/app /src
      `,
    },
    {
      bad: dockerfile`
        FROM node:22
        ARG COMMIT
        ENV APP_COMMIT=$COMMIT
            ^^^^^^^^^^ warning volatile-arg-early
        RUN <<EOF
        npm install -g pnpm
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        ARG VCS_REF
            ^^^^^^^ warning volatile-arg-early
        LABEL org.label-schema.vcs-ref=$VCS_REF
        ^^^^^ warning volatile-arg-early
        USER root
        RUN apk add --no-cache curl
        RUN echo $VCS_REF > /etc/commit
      `,
      good: dockerfile`
        FROM alpine:3.20
        USER root
        RUN apk add --no-cache curl
        ARG VCS_REF
        LABEL org.label-schema.vcs-ref=$VCS_REF
        RUN echo $VCS_REF > /etc/commit
      `,
      builder: 'legacy',
      because:
        'the legacy builder repeats every step behind a changed LABEL; the ARG, which it has to follow, does the same to RUNs',
    },
    {
      ok: dockerfile`
        FROM debian:12
        ARG NODE_VERSION=22.1.0
        ARG GIT_REF=v2.1
        RUN apt-get update && apt-get install -y git
        RUN git clone --branch $GIT_REF https://example.org/tool.git /tool
        ARG GIT_SHA
        RUN /tool/build --revision $GIT_SHA
      `,
      because: 'the one is a pinned version of a tool, the other stands where it is used',
    },
    {
      ok: dockerfile`
        ARG GIT_SHA
        FROM debian:12
        ARG CACHEBUST
        ARG BUILD_DATE
        RUN mkdir /data
        RUN apt-get update && echo $BUILD_DATE > /etc/date
      `,
      because: 'an ARG above FROM reaches no step, CACHEBUST is there to repeat them, and the last RUN uses the date',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (stage.isWindows) continue;
      for (const step of stage.steps) {
        if (step.body.pairs.length === 0) continue;
        const moved = volatilePair(model, stage, step);
        const plan = moved && planFor(stage, step);
        const [first] = plan?.gains ?? [];
        if (!moved || !plan || !first) continue;
        yield {
          at: step.keyword === 'LABEL' ? step.at(step.body.keywordSpan) : step.at(moved.nameSpan),
          message: l10n.t(
            '`{0}` changes with every build: each time the RUN on line {1}, which does not use it, is done again.',
            moved.name,
            first.instruction.line + 1,
          ),
          related: plan.gains.map((gain) => ({
            at: gain.at(gain.body.keywordSpan),
            message: l10n.t('This does not use it.'),
          })),
          fix: () => moveDown(model.dockerfile, step, plan),
        };
      }
    }
  },
});

const volatileNames =
  /^(?:(?:\w+_)?(?:GIT|VCS|SCM|SOURCE|CI|BUILD|IMAGE|APP|RELEASE|GITHUB|SVN)_?(?:SHORT_?)?(?:SHA1?|COMMIT|COMMIT_\w+|HASH|REV|REVISION|DATE|TIME|TIMESTAMP|NUMBER|NUM|NO|ID|DESCRIBE|PIPELINE_ID|JOB_ID|REF)|(?:\w+_)?COMMIT(?:_?(?:SHA|HASH|ID|REF|DATE))?|REVISION|GITHUB_SHA|BUILDTIME|BUILDDATE|BUILD|CREATED|TIMESTAMP)$/i;
/** What is as often the version of a tool. */
const versionNames =
  /^(?:VERSION|(?:APP|APPLICATION|RELEASE|BUILD|IMAGE|PROJECT|SERVICE|GIT)_?(?:VERSION|TAG|BRANCH)|GIT_REF|RELEASE)$/i;

/** The pair by which an instruction changes with every build; null where it does not. */
function volatilePair(model: Model, stage: Stage, step: Step): Pair | null {
  const { pairs } = step.body;
  const [first] = pairs;
  if (!first) return null;
  if (step.keyword === 'ARG') return pairs.length === 1 && isVolatileArg(stage, step, first) ? first : null;
  if (step.keyword === 'ENV') {
    const refers = pairs.every((pair) => refersToVolatile(stage, step, pair));
    return refers ? first : null;
  }
  if (step.keyword !== 'LABEL' || model.builder !== 'legacy') return null;
  return pairs.find((pair) => refersToVolatile(stage, step, pair)) ?? null;
}

function refersToVolatile(stage: Stage, step: Step, { value }: Pair): boolean {
  const names = [...(value ?? '').matchAll(/\$\{?(\w+)/g)].map((match) => match[1] ?? '');
  return names.some((name) => {
    const definition = stage.steps
      .slice(0, step.index)
      .reverse()
      .find((one) => one.keyword === 'ARG' && one.body.pairs.some((pair) => pair.name === name));
    const pair = definition?.body.pairs.find((one) => one.name === name);
    return definition !== undefined && pair !== undefined && isVolatileArg(stage, definition, pair);
  });
}

/** By its name, and because nothing is fetched by it: then it would be the version of that. */
function isVolatileArg(stage: Stage, step: Step, { name, value }: Pair): boolean {
  const isVersion = versionNames.test(name);
  if (!isVersion && !volatileNames.test(name)) return false;
  const fetched = stage.steps.slice(step.index + 1).some((later) => {
    if (!uses(later, name)) return false;
    if (later.keyword === 'ADD' || later.keyword === 'FROM') return true;
    return isRunStep(later) && [...workOf(later)].some((topic) => !/^(?:build|script)/.test(topic));
  });
  if (fetched) return false;
  return !isVersion || value === null || !/\d/.test(value.replace(/^["']?v?0(?:\.0)*(?:-?\w+)?["']?$/, ''));
}

/** Whether a variable's name stands in a step: for a RUN anywhere, since a program may be told to look it up. */
function uses(step: Step, name: string): boolean {
  const pattern = isRunStep(step) || step.keyword === 'ONBUILD' ? `\\b${name}\\b` : `\\$\\{?${name}\\b`;
  return new RegExp(pattern).test(step.body.raw);
}

interface Plan {
  /** Expensive steps that need not be repeated. */
  readonly gains: readonly RunStep[];
  /** LABELs that use the value and go along. */
  readonly labels: readonly Step[];
  /** Everything that it moves past. */
  readonly passed: readonly Step[];
}

function planFor(stage: Stage, moved: Step): Plan | null {
  const names = moved.body.pairs.map((pair) => pair.name);
  const isLabel = moved.keyword === 'LABEL';
  const read = isLabel ? [...moved.body.raw.matchAll(/\$\{?(\w+)/g)].map((match) => match[1] ?? '') : names;
  const labels: Step[] = [];
  const region: Step[] = [];
  let gains: RunStep[] = [];
  let end = 0;
  let labelCount = 0;
  for (const step of stage.steps.slice(moved.index + 1)) {
    const defines = step.keyword === 'ARG' || step.keyword === 'ENV';
    if (
      defines &&
      step.body.pairs.some(
        (pair) => read.includes(pair.name) || [moved, ...labels].some((one) => refersTo(one, pair.name)),
      )
    )
      break;
    if (step.keyword === 'LABEL') {
      const keys = step.body.pairs.map((pair) => pair.name);
      if (
        [moved, ...labels].some(
          (one) => one.keyword === 'LABEL' && one.body.pairs.some(({ name }) => keys.includes(name)),
        )
      )
        break;
      if (!isLabel && names.some((name) => uses(step, name))) labels.push(step);
    } else if (!isLabel && names.some((name) => uses(step, name))) break;
    region.push(step);
    if (isRunStep(step) && step.isKnown && isExpensive(step)) {
      gains = [...gains, step];
      end = region.length;
      labelCount = labels.length;
    }
  }
  if (gains.length === 0) return null;
  return { gains, labels: labels.slice(0, labelCount), passed: region.slice(0, end) };
}

const refersTo = (step: Step, name: string): boolean => new RegExp(`\\$\\{?${name}\\b`).test(step.body.raw);

const isExpensive = (run: RunStep): boolean =>
  [...workOf(run)].some((topic) => /^(?:system|tool|project|download|build)/.test(topic));

function moveDown(file: Dockerfile, moved: Step, { gains, labels, passed }: Plan): Fix {
  const target = (gains.at(-1) ?? moved).instruction;
  const steps = [moved, ...labels];
  const indent = indentOf(file, target);
  const text = steps.map((step) => `${file.eol}${indent}${textWithComments(file, step.instruction)}`).join('');
  const base = {
    title: l10n.t('Move below the RUN on line {0}', target.line + 1),
    edits: [...steps.map((step) => removeWithComments(file, step.instruction)), insert(target.span.end, text)],
    claims: [{ start: moved.instruction.span.start, end: target.span.end }],
  };
  const risk = moved.keyword === 'LABEL' ? null : riskOf(moved, passed);
  return risk === null ? { ...base, safety: 'safe' } : { ...base, safety: 'suggestion', risk };
}

/** What may read the value although it does not say so; null where nothing does. */
function riskOf(moved: Step, passed: readonly Step[]): string | null {
  for (const step of passed) {
    if (!isRunStep(step)) continue;
    const access = runAccess(step);
    const runsProject = [...access.reads, ...access.writes].some((claim) => claim.kind === 'anything');
    if (runsProject || swapRefusal(step, moved) !== null)
      return l10n.t(
        '`{0}` on line {1} may read it from the environment.',
        access.unknown ?? step.scripts[0]?.commands[0]?.name ?? step.keyword,
        step.instruction.line + 1,
      );
  }
  return moved.keyword === 'ENV' ? l10n.t('Programs in the steps between may read it from the environment.') : null;
}
