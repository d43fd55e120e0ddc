/** What changes often is copied before what changes rarely, or before steps that do not need it. */
import * as l10n from '@vscode/l10n';
import { swapRefusal } from '../../model/dependencies';
import type { CopyStep, RunStep, Stage, Step } from '../../model/model';
import { workOf } from '../../model/run-work';
import { volatilityOf } from '../../model/volatility';
import type { Dockerfile } from '../../syntax/tree';
import { moveBefore, moveBehind } from '../move';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'volatile-copy-first',
  category: 'cache',
  severity: 'info',
  aliases: [],
  fix: 'safe',
  order: 25,
  docs: {
    what: 'A `COPY` of what changes often (the source, the output of another stage) stands before a `COPY` of what rarely changes (libraries, manifests, configuration), or before an expensive `RUN` that does not use it. How often something changes is judged by its kind.',
    why: 'A changed file throws away the cache of its `COPY` and of everything below it in the stage. What does not depend on it is done again for nothing.',
    fix: 'Put what is stable and expensive first. The quick fix moves the instruction where it is proven that the two touch different files.',
    ignore: 'When in this project it is the other way round.',
    references: [
      'https://docs.docker.com/build/cache/optimize/#order-your-layers',
      'https://docs.docker.com/build/cache/invalidation/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM eclipse-temurin:21-jre
        COPY app/ /srv/app/
             ^^^^^^^^^^^^^^ info volatile-copy-first: \`app/\` changes often: each time the COPY on line 3, which does not depend on it, is done again.
        COPY lib/ /srv/lib/
        CMD ["java", "-cp", "/srv/app:/srv/lib/*", "Main"]
      `,
      good: dockerfile`
        FROM eclipse-temurin:21-jre
        COPY lib/ /srv/lib/
        COPY app/ /srv/app/
        CMD ["java", "-cp", "/srv/app:/srv/lib/*", "Main"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        WORKDIR /srv/app
        # the application
        COPY . .
             ^^^ info volatile-copy-first: \`.\` changes often: each time the RUN on line 6, which does not depend on it, is done again.
        ENV PORT=8080
        RUN apt-get update \
            && apt-get install -y --no-install-recommends libpq5 \
            && rm -rf /var/lib/apt/lists/*
        USER 1000
      `,
      good: dockerfile`
        FROM debian:12
        WORKDIR /srv/app
        ENV PORT=8080
        RUN apt-get update \
            && apt-get install -y --no-install-recommends libpq5 \
            && rm -rf /var/lib/apt/lists/*
        # the application
        COPY . .
        USER 1000
      `,
    },
    {
      bad: dockerfile`
        FROM golang:1.23 AS build
        WORKDIR /src
        COPY . .
        RUN go build -o /out/tool .

        FROM alpine:3.20
        COPY --from=build /out/tool /app/tool
                          ^^^^^^^^^^^^^^^^^^^ info volatile-copy-first
        RUN chmod 755 /app/tool
        RUN apk add --no-cache ca-certificates
      `,
      good: dockerfile`
        FROM golang:1.23 AS build
        WORKDIR /src
        COPY . .
        RUN go build -o /out/tool .

        FROM alpine:3.20
        RUN apk add --no-cache ca-certificates
        COPY --from=build /out/tool /app/tool
        RUN chmod 755 /app/tool
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        COPY src/ /src/
        RUN /src/setup.sh
        RUN apt-get update && apt-get install -y curl
      `,
      because: 'what the script does to the system is not known',
    },
    {
      ok: dockerfile`
        FROM debian:12
        COPY app/ /etc/app/
        RUN apt-get update && apt-get install -y libpq5
      `,
      because: 'an install writes to /etc too',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (stage.isWindows) continue;
      const plan = planFor(stage);
      if (!plan) continue;
      const { copy, gains } = plan;
      const [first] = gains;
      const [source] = copy.sources;
      if (!first || !source) continue;
      yield {
        at: onOneLine(model.dockerfile, { start: copy.at(source.span).start, end: copy.instruction.span.end }),
        message: l10n.t(
          '`{0}` changes often: each time the {1} on line {2}, which does not depend on it, is done again.',
          quotable(source.text),
          first.keyword,
          first.instruction.line + 1,
        ),
        related: gains.map((step) => ({
          at: step.at(step.body.keywordSpan),
          message: l10n.t('This can stand above.'),
        })),
        fix: () => reorder(model.dockerfile, plan),
      };
    }
  },
});

interface Plan {
  /** The first COPY of the stage that changes often. */
  readonly copy: CopyStep;
  /** Steps below it that are better above it, in their order. */
  readonly gains: readonly Step[];
  /** True where the COPY can go below all of them; false where they have to be lifted above it. */
  readonly sinks: boolean;
}

function planFor(stage: Stage): Plan | null {
  const copy = stage.steps.find((step) => isCopy(step) && volatilityOf(step as CopyStep) === 'often');
  if (!copy) return null;
  const below = stage.steps.slice(copy.index + 1);
  const sunk = sinkPast(copy, below);
  if (sunk.length > 0) return { copy: copy as CopyStep, gains: sunk, sinks: true };
  const lifted = lift(copy, below);
  return lifted.length > 0 ? { copy: copy as CopyStep, gains: lifted, sinks: false } : null;
}

const isCopy = (step: Step): boolean => step.keyword === 'COPY' || step.keyword === 'ADD';

/** Steps that cost something when they are done again, and are so rarely for a reason of their own. */
function isGain(step: Step): boolean {
  // A linked copy does not care what stands above it.
  if (isCopy(step))
    return volatilityOf(step as CopyStep) === 'rare' && !step.body.flags.some((flag) => flag.name === 'link');
  if (step.keyword !== 'RUN' || !(step as RunStep).isKnown) return false;
  return [...workOf(step as RunStep)].some((topic) => /^(?:system|tool|download)/.test(topic));
}

/** What the COPY can go below, up to the last step that gains; nothing where another one that changes often comes first. */
function sinkPast(copy: Step, below: readonly Step[]): Step[] {
  const gains: Step[] = [];
  for (const step of below) {
    if (swapRefusal(copy, step) !== null) break;
    if (isCopy(step) && volatilityOf(step as CopyStep) === 'often') break;
    if (isGain(step)) gains.push(step);
  }
  return gains;
}

/** The steps that can go above the COPY and all that stays between. */
function lift(copy: Step, below: readonly Step[]): Step[] {
  const staying: Step[] = [copy];
  const lifted: Step[] = [];
  for (const step of below) {
    if (isGain(step) && staying.every((other) => swapRefusal(other, step) === null)) lifted.push(step);
    else staying.push(step);
  }
  return lifted;
}

function reorder(file: Dockerfile, { copy, gains, sinks }: Plan): FixResult {
  const last = gains.at(-1) ?? copy;
  const [first] = gains;
  const edits = sinks
    ? moveBehind(file, copy.instruction, last.instruction)
    : moveBefore(
        file,
        gains.map((step) => step.instruction),
        copy.instruction,
      );
  const title = sinks
    ? l10n.t('Move below the {0} on line {1}', last.keyword, last.instruction.line + 1)
    : l10n.t('Move the {0} on line {1} above', first?.keyword ?? '', (first?.instruction.line ?? 0) + 1);
  return {
    title,
    safety: 'safe',
    edits,
    claims: [{ start: copy.instruction.span.start, end: last.instruction.span.end }],
  };
}
