/** `RUN mkdir X` right before `WORKDIR X`, which makes the folder by itself. */
import * as l10n from '@vscode/l10n';
import { baseRunsAsRoot, startDirectory } from '../../model/base-config';
import type { RunStep, Stage, Step } from '../../model/model';
import { isWithin, resolvePath } from '../../model/paths';
import { expandIn } from '../../model/variables';
import { directoriesOf, pathOf } from '../../shell/directories';
import type { ShellCommand, ShellScript, ShellWord } from '../../shell/script';
import type { Dockerfile } from '../../syntax/tree';
import { droppableSpan, wordWithBlanks } from '../drop-command';
import { remove, removeInstruction } from '../edits';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type Edit, type FixResult } from '../rule';

export default defineRule({
  id: 'mkdir-before-workdir',
  category: 'correctness',
  severity: 'info',
  aliases: [],
  fix: 'safe',
  order: 45,
  docs: {
    what: 'A `RUN` makes a directory with `mkdir` and the `WORKDIR` behind it names the same one.',
    why: '`WORKDIR` makes the directory, with its parents, when it is not there. The `mkdir` is a layer, or at least a command, for nothing.',
    fix: 'Leave it to `WORKDIR`. The quick fix removes the `mkdir`, and the `RUN` where nothing else is in it. It is a suggestion where a `USER` is in force or the base may not run as root: then the owner of the directory may differ.',
    ignore: 'When the directory needs another mode or owner than `WORKDIR` gives it.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#workdir',
      'https://docs.docker.com/build/building/best-practices/#workdir',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:20
        RUN mkdir -p /srv/app
            ^^^^^^^^^^^^^^^^^ info mkdir-before-workdir: \`WORKDIR /srv/app\` on line 3 makes the directory by itself.
        WORKDIR /srv/app
        COPY . .
      `,
      good: dockerfile`
        FROM node:20
        WORKDIR /srv/app
        COPY . .
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.12-slim
        # everything the service needs
        RUN apt-get update \
            && apt-get install -y libpq5 \
            && mkdir /code /data \
               ^^^^^^^^^^^^^^^^^ info mkdir-before-workdir
            && rm -rf /var/lib/apt/lists/*
        ENV PYTHONUNBUFFERED=1
        WORKDIR /code
      `,
      good: dockerfile`
        FROM python:3.12-slim
        # everything the service needs
        RUN apt-get update \
            && apt-get install -y libpq5 \
            && mkdir /data \
            && rm -rf /var/lib/apt/lists/*
        ENV PYTHONUNBUFFERED=1
        WORKDIR /code
      `,
    },
    {
      ok: dockerfile`
        FROM node:20
        RUN mkdir -p /srv/app && chown node: /srv/app
        USER node
        WORKDIR /srv/app
      `,
      because: 'the directory gets an owner before WORKDIR could make it',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN mkdir -p /srv/app/cache
        WORKDIR /srv/app
      `,
      because: 'WORKDIR does not make what is below its own directory',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (stage.isWindows) continue;
      for (const step of stage.steps) {
        if (step.keyword !== 'WORKDIR') continue;
        const run = runBefore(stage, step);
        const path = pathOfWorkdir(step);
        const found = run && path !== null && path !== '/' ? findMkdir(run, path) : null;
        if (!run || !found) continue;
        const { script, command } = found;
        yield {
          at: onOneLine(model.dockerfile, run.at(command.span)),
          message: l10n.t(
            '`{0}` on line {1} makes the directory by itself.',
            `WORKDIR ${step.body.rest}`,
            step.instruction.line + 1,
          ),
          related: [
            { at: step.at(step.body.keywordSpan), message: l10n.t('This makes the directory, with its parents.') },
          ],
          tags: ['unnecessary'],
          fix: () => dropMkdir(model.dockerfile, run, step, { script, command, word: found.word }),
        };
      }
    }
  },
});

/** Instructions that neither touch files nor the user. */
const harmless = /^(?:ENV|ARG|LABEL|MAINTAINER|EXPOSE|CMD|ENTRYPOINT|HEALTHCHECK|STOPSIGNAL)$/;

/** The RUN next to a WORKDIR, nothing but configuration between them. */
function runBefore(stage: Stage, workdir: Step): RunStep | null {
  for (const step of stage.steps.slice(0, workdir.index).reverse()) {
    if (step.keyword === 'RUN')
      return (step as RunStep).isKnown && !(step as RunStep).isExec ? (step as RunStep) : null;
    if (!harmless.test(step.keyword)) return null;
  }
  return null;
}

function pathOfWorkdir(step: Step): string | null {
  const value = expandIn(step.body.rest, step.before.scope, step.body.escape);
  return value === null ? null : resolvePath(startDirectory(step), value);
}

interface Mkdir {
  readonly script: ShellScript;
  readonly command: ShellCommand;
  /** The operand that names the directory. */
  readonly word: ShellWord;
}

/** The command that makes the directory, where nothing else of the RUN has to do with it. */
function findMkdir(run: RunStep, path: string): Mkdir | null {
  const [script, ...others] = run.scripts;
  if (!script || others.length > 0 || script.form !== 'shell' || run.mounts.length > 0) return null;
  const makers = script.commands.filter((command) => command.name === 'mkdir');
  for (const command of makers) {
    if (
      command.nesting !== 'top' ||
      command.connector === '||' ||
      command.redirects.length > 0 ||
      command.prefixes.length > 0
    )
      continue;
    const operands = command.args.filter((arg) => !arg.unquoted.startsWith('-'));
    const absolute = operands.map((word) => absolutePath(run, script, command, word));
    const index = absolute.indexOf(path);
    const word = operands[index];
    if (!word) continue;
    const isAlone = absolute.every((other, at) => at === index || (other !== null && !isWithin(other, path)));
    return isAlone && !isUsed(script, command, word, path) ? { script, command, word } : null;
  }
  return null;
}

function absolutePath(run: RunStep, script: ShellScript, command: ShellCommand, word: ShellWord): string | null {
  const path = pathOf(word, directoriesOf(script).get(command) ?? null);
  if (path === null || /[$*?[~]/.test(path)) return null;
  return resolvePath(startDirectory(run), path);
}

/** Whether anything else in the script may need the directory: it names it, or works where it is not known. */
function isUsed(script: ShellScript, mkdir: ShellCommand, word: ShellWord, path: string): boolean {
  if (script.statements.length > 1) return true;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const rest = script.text.slice(0, word.start) + script.text.slice(word.end);
  if (new RegExp(`(?:^|[^\\w.-])${name.replace(/[^\w-]/g, '\\$&')}(?:[^\\w.-]|$)`).test(rest)) return true;
  // A mkdir below it may count on it too.
  return mkdir.args.some((arg) => arg !== word && arg.value === null);
}

function dropMkdir(file: Dockerfile, run: RunStep, workdir: Step, { script, command, word }: Mkdir): FixResult {
  const operands = command.args.filter((arg) => !arg.unquoted.startsWith('-'));
  const edit = dropEdit(file, run, script, command, operands.length > 1 ? word : null);
  if (!edit)
    return { refused: l10n.t('The mkdir on line {0} cannot be taken out of its commands.', run.instruction.line + 1) };
  const changesMode =
    command.args.some((arg) => /^(?:-[a-zA-Z]*[mZ]|--mode|--context)/.test(arg.unquoted)) ||
    script.commands.some((other) => /^(?:umask|chmod|chown|chgrp|\.|source|eval)$/.test(other.name ?? ''));
  const isSafe =
    workdir.before.user === null && baseRunsAsRoot(run.stage) && !changesMode && !mayUseIt(run, script, command);
  return {
    title: l10n.t('Leave the directory to WORKDIR'),
    safety: isSafe ? 'safe' : 'suggestion',
    ...(isSafe
      ? {}
      : { risk: l10n.t('WORKDIR gives the directory the usual mode and the user in force as its owner.') }),
    edits: [edit],
    claims: [{ start: run.instruction.span.start, end: workdir.instruction.span.end }],
  };
}

/** Programs behind a mkdir that surely leave a directory alone which they are not told of. */
const indifferent = new Set(
  'mkdir echo printf true : set rm touch cp mv ln chmod chown useradd groupadd adduser addgroup'.split(' '),
);

/** Whether a command behind the mkdir could use the directory without naming it: a script, a build tool. */
function mayUseIt(run: RunStep, script: ShellScript, mkdir: ShellCommand): boolean {
  const calls = new Set(run.calls().map((call) => call.command));
  return script.commands.some(
    (other) => other.start > mkdir.end && !calls.has(other) && !indifferent.has(other.name ?? ''),
  );
}

/** Removes one operand, the command, or the whole RUN. */
function dropEdit(
  file: Dockerfile,
  run: RunStep,
  script: ShellScript,
  command: ShellCommand,
  word: ShellWord | null,
): Edit | null {
  if (!word && script.commands.length === 1 && script.comments.length === 0 && run.body.innerComments.length === 0)
    return removeInstruction(file, run.instruction);
  const span = word ? wordWithBlanks(script, word) : droppableSpan(script, command);
  if (!span) return null;
  const edit = remove(run.at(script.map.span(span.start, span.end)));
  return file.text.slice(edit.span.start, edit.span.end).includes('#') ? null : edit;
}
