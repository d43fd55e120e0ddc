/** A RUN that changes nothing in the image. */
import * as l10n from '@vscode/l10n';
import { startDirectory } from '../../model/base-config';
import { madeDirectories } from '../../model/directories';
import type { RunStep, Step } from '../../model/model';
import { claimsMeet, treeClaim } from '../../model/path-claims';
import { resolvePath } from '../../model/paths';
import { runAccess } from '../../model/run-access';
import type { ShellCommand } from '../../shell/script';
import { removeInstruction } from '../edits';
import { isFreshShell } from '../fresh-shell';
import { obstacleToFollow } from '../merge-obstacles';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'no-op-run',
  category: 'size',
  severity: 'hint',
  keywords: ['RUN'],
  aliases: [],
  fix: 'safe',
  order: 30,
  docs: {
    what: 'A `RUN` only prints something (`echo` of fixed text, `ls`, `pwd`), does nothing at all (`true`), or makes a directory that an instruction above it has made.',
    why: 'It starts a container, and adds an empty layer and a line to the history of the image. What `ls` or `cat` print is seen only when the step is not taken from the cache.',
    fix: 'Remove it. The quick fix does so; for `ls`, `cat` and the like, which also fail when a file is missing, it is a suggestion. Guards (`test -f x`, `which git`, `node --version`) and a `RUN echo $CACHEBUST` are no finding.',
    ignore: 'While you look for a mistake in the build, or where the failing `ls` is meant as a check.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#run',
      'https://docs.docker.com/reference/dockerfile/#run',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12
        RUN echo "Installing the tools"
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint no-op-run: \`echo "Installing the tools"\` changes nothing in the image: the step is an empty layer.
        RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
      `,
      good: dockerfile`
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        WORKDIR /srv/app
        # where the application lives
        RUN mkdir -p /srv/app \
            ^^^^^^^^^^^^^^^^^ hint no-op-run: \`mkdir -p /srv/app && true\` changes nothing in the image: the step is an empty layer.
            # nothing else
            && true
        COPY . .
      `,
      good: dockerfile`
        FROM alpine:3.20
        WORKDIR /srv/app
        # where the application lives
        COPY . .
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-alpine
        COPY . /srv
        RUN <<EOF
            ^^^^^ hint no-op-run
        pwd
        ls -la /srv
        EOF
        USER node
      `,
      good: dockerfile`
        FROM node:22-alpine
        COPY . /srv
        USER node
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        ARG CACHEBUST=1
        RUN echo $CACHEBUST
        RUN test -x /usr/bin/perl
        RUN which perl
        RUN perl --version
      `,
      because: 'a variable may be there to break the cache, and the others fail when something is missing',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN echo "deb http://deb.debian.org/debian sid main" > /etc/apt/sources.list.d/sid.list
        RUN mkdir -p /data
        RUN --mount=type=cache,target=/cache true
      `,
      because: 'a file or a directory is made, and a mount may make one',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      const idle = idlenessOf(run);
      if (idle === null) continue;
      yield {
        at: onOneLine(model.dockerfile, run.at(run.body.restSpan)),
        message: l10n.t(
          '`{0}` changes nothing in the image: the step is an empty layer.',
          quotable(run.scripts[0]?.text ?? run.body.rest, 50),
        ),
        tags: ['unnecessary'],
        fix: () => dropRun(run, idle, removeInstruction(model.dockerfile, run.instruction)),
      };
    }
  },
});

/** `quiet`: cannot fail and does nothing; `looks`: prints what is there, and fails when it is not; `made`: makes what is there. */
type Idleness = 'quiet' | 'looks' | 'made';

function idlenessOf(run: RunStep): Idleness | null {
  if (!run.isKnown || run.mounts.length > 0 || run.scripts.length === 0) return null;
  if (run.body.flags.some((flag) => flag.name !== 'network') || isFreshShell(run)) return null;
  let idleness: Idleness = 'quiet';
  let made: ReadonlySet<string> | null = null;
  for (const script of run.scripts) {
    if (script.functions.length > 0 || script.variables.length > 0 || script.reads.size > 0) return null;
    if (script.commands.length === 0 && !/^\s*#/.test(script.text)) return null;
    if (script.statements.some((statement) => statement.pipelines.some((one) => one.negated))) return null;
    if (script.statements.some((statement) => statement.operators.includes('||'))) return null;
    for (const command of script.commands) {
      const kind = commandIdleness(command);
      if (kind === null) return null;
      if (kind !== 'made') {
        if (kind === 'looks') idleness = 'looks';
        continue;
      }
      made ??= madeDirectories(run.stage, run.index);
      if (!directoriesOf(run, command)?.every((path) => made?.has(path))) return null;
      if (idleness === 'quiet') idleness = 'made';
    }
  }
  // A directory that is there already is made for nothing; `set -e` alone says nothing at all.
  return run.scripts.every((script) => script.commands.every((command) => command.name === 'set')) &&
    run.scripts.some((script) => script.commands.length > 0)
    ? null
    : idleness;
}

const lookers = new Set('ls pwd env printenv whoami id date uname cat tree df du ps'.split(' '));

function commandIdleness({ name, args, assignments, redirects, nesting, prefixes }: ShellCommand): Idleness | null {
  if (assignments.length > 0 || redirects.length > 0 || prefixes.length > 0 || nesting !== 'top') return null;
  const isLiteral = args.every((arg) => arg.value !== null);
  if (name === 'true' || name === ':' || name === 'set') return isLiteral ? 'quiet' : null;
  if (name === 'exit') return args.length === 1 && args[0]?.text === '0' ? 'quiet' : null;
  if (name === 'echo' || name === 'printf') return isLiteral && args.length > 0 ? 'quiet' : null;
  if (name === 'mkdir') return isLiteral && args.some((arg) => arg.text === '-p') ? 'made' : null;
  if (name === 'date' && args.some((arg) => !arg.text.startsWith('+'))) return null;
  if (name === 'env' && args.length > 0) return null;
  return name !== null && lookers.has(name) && args.every((arg) => arg.kind !== 'expansion') ? 'looks' : null;
}

/** The directories that a `mkdir -p` without other options makes; null where one is not known. */
function directoriesOf(run: RunStep, { args }: ShellCommand): readonly string[] | null {
  const paths: string[] = [];
  for (const arg of args) {
    if (arg.text === '-p' || arg.text === '-pv' || arg.text === '-v') continue;
    const path = arg.text.startsWith('-') ? null : resolvePath(startDirectory(run), arg.value ?? '');
    if (path === null || arg.value === null) return null;
    paths.push(path);
  }
  return paths.length > 0 ? paths : null;
}

function dropRun(
  run: RunStep,
  idleness: Idleness,
  edit: { span: { start: number; end: number }; newText: string },
): FixResult {
  const base = { title: l10n.t('Remove the RUN that does nothing'), edits: [edit], claims: [run.instruction.span] };
  if (idleness === 'looks')
    return { ...base, safety: 'suggestion', risk: l10n.t('It also fails when what it shows is missing.') };
  const doubt = doubtOf(run, idleness);
  return doubt === null ? { ...base, safety: 'safe' } : { ...base, safety: 'suggestion', risk: doubt };
}

/** What a RUN above may have removed that this one brings back; null where nothing. */
function doubtOf(run: RunStep, idleness: Idleness): string | null {
  const { workdir, user, shell } = run.before;
  const claims = run.scripts
    .flatMap((script) => script.commands)
    .flatMap((command) => (idleness === 'made' && command.name === 'mkdir' ? (directoriesOf(run, command) ?? []) : []))
    .map(treeClaim);
  for (const step of stepsAbove(run)) {
    if (step.keyword === 'WORKDIR' && idleness === 'quiet') return null;
    if (step.keyword !== 'RUN') continue;
    const above = step as RunStep;
    const line = above.instruction.line + 1;
    const access = runAccess(above);
    if (
      claims.length > 0 &&
      (access.unknown !== null || access.writes.some((write) => claims.some((claim) => claimsMeet(write, claim))))
    ) {
      // The mkdir that made it is itself such a write.
      if (access.unknown !== null || removesAnything(above))
        return l10n.t('The RUN on line {0} may have removed the directory.', line);
    }
    // A RUN whose working directory is gone makes it again.
    const gone = above.scripts.some(
      (script) => obstacleToFollow(script, { shell, workdir, user })?.code === 'working-directory',
    );
    if (gone) return l10n.t('The RUN on line {0} may have removed the directory.', line);
  }
  return null;
}

/** The steps before one, those of the stages that its own is built on included; the nearest first. */
function stepsAbove(run: RunStep): Step[] {
  const steps = run.stage.steps.slice(0, run.index).reverse();
  for (let stage = run.stage.parent; stage; stage = stage.parent) steps.push(...[...stage.steps].reverse());
  return steps;
}

const removesAnything = (run: RunStep): boolean =>
  run.scripts.some((script) => script.commands.some((command) => /^(?:rm|rmdir|mv|find)$/.test(command.name ?? '')));
