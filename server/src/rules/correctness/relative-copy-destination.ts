/** A relative destination where no WORKDIR says what it is relative to. */
import * as l10n from '@vscode/l10n';
import { baseWorkdir } from '../../model/base-config';
import type { CopyPath, CopyStep, Stage } from '../../model/model';
import { normalizePath } from '../../model/paths';
import { isCopyStep } from '../../model/steps';
import type { Dockerfile } from '../../syntax/tree';
import { keywordLike, replace } from '../edits';
import { insertAbove } from '../insert-above';
import { startCommandOf } from '../multi-stage/start-command';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'relative-copy-destination',
  category: 'correctness',
  severity: 'warning',
  aliases: ['DL3045'],
  fix: 'suggestion',
  docs: {
    what: 'A `COPY` or `ADD` has a relative destination, and no `WORKDIR` stands before it in the stage or in those that it is built from.',
    why: 'The files go to the working directory of the base image, which is not written here: mostly `/`, among the folders of the system, and perhaps another one with the next release of that image.',
    fix: 'Set a `WORKDIR` first, or write the absolute path. The quick fix writes the path that is meant where the base image works in `/`, or where it is known to work, and for `COPY . .` a `WORKDIR`.',
    ignore: 'Where the files are meant to follow the base image, as in images that bring their own `WORKDIR` for you.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#destination',
      'https://docs.docker.com/reference/dockerfile/#workdir',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-slim
        COPY package.json package-lock.json ./app/
                                            ^^^^^^ warning relative-copy-destination: \`./app/\` is relative, and no WORKDIR says to what: the base image \`node:22-slim\` decides.
        RUN cd app && npm ci
      `,
      good: dockerfile`
        FROM node:22-slim
        COPY package.json package-lock.json /app/
        RUN cd app && npm ci
      `,
    },
    {
      bad: dockerfile`
        FROM golang:1.23
        COPY --chown=1:1 \
            # the sources
            ["cmd tool", "src/cmd tool"]
                         ^^^^^^^^^^^^^^ warning relative-copy-destination
        ADD <<EOF motd
                  ^^^^ warning relative-copy-destination
        Hello
        EOF
      `,
      good: dockerfile`
        FROM golang:1.23
        COPY --chown=1:1 \
            # the sources
            ["cmd tool", "/go/src/cmd tool"]
        ADD <<EOF /go/motd
        Hello
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM scratch
        COPY hello.sh .
                      ^ info relative-copy-destination: \`.\` is relative, and no WORKDIR says to what: it goes to \`/\`.
      `,
      good: dockerfile`
        FROM scratch
        COPY hello.sh /
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.13-slim
        # what it needs
        COPY requirements.txt .
                              ^ warning relative-copy-destination
        RUN pip install -r requirements.txt
        COPY . ./
               ^^ warning relative-copy-destination
      `,
      good: dockerfile`
        FROM python:3.13-slim
        WORKDIR /app
        # what it needs
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        COPY . ./
      `,
    },
    {
      bad: dockerfile`
        FROM php:8.3-apache
        COPY site .
                  ^ warning relative-copy-destination
      `,
      good: dockerfile`
        FROM php:8.3-apache
        WORKDIR /var/www/html
        COPY site .
      `,
    },
    {
      bad: dockerfile`
        FROM example.com/base/java:21
        COPY libraries/ ./
                        ^^ warning relative-copy-destination
        ENTRYPOINT ["java", "-jar", "/app.jar"]
      `,
      good: dockerfile`
        FROM example.com/base/java:21
        WORKDIR /
        COPY libraries/ ./
        ENTRYPOINT ["java", "-jar", "/app.jar"]
      `,
      because: 'the start command names the file where it is now',
    },
    {
      ok: dockerfile`
        FROM node:22-slim AS base
        WORKDIR /srv

        FROM base
        COPY . .
      `,
      because: 'the stage that it is built from sets a WORKDIR',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        ARG TARGET
        COPY tool $TARGET
        COPY tool "/usr/local/bin/"
      `,
      because: 'the variable may hold an absolute path, and the other one is absolute',
    },
  ],
  *check({ model }) {
    for (const step of model.copies) {
      const { destination, stage, before } = step;
      if (before.workdirSet || stage.isWindows || !destination || !isRelative(destination)) continue;
      const base = baseWorkdir(stage);
      const isScratch = stage.rootImage === null && base === '/';
      const text = quotable(destination.text);
      const image = stage.parent ? stage.baseText : (stage.baseName ?? stage.baseText);
      yield {
        at: onOneLine(model.dockerfile, step.at(destination.span)),
        message: isScratch
          ? l10n.t(
              '`{0}` is relative, and no WORKDIR says to what: it goes to `{1}`.',
              text,
              absolute('/', destination.value ?? ''),
            )
          : l10n.t('`{0}` is relative, and no WORKDIR says to what: the base image `{1}` decides.', text, image),
        // Nothing can change it there.
        ...(isScratch ? { severity: 'info' as const } : {}),
        aliases: step.keyword === 'COPY' ? ['DL3045'] : [],
        fix: () =>
          isWorkdirItself(destination) && !isScratch
            ? setWorkdir(model.dockerfile, stage, base)
            : makeAbsolute(step, destination, base),
      };
    }
  },
});

/** Whether a path is surely relative: no slash or drive at its start, and no variable whose value is not known. */
function isRelative({ value }: CopyPath): boolean {
  return value !== null && value !== '' && !/^(?:[/\\]|[A-Za-z]:)/.test(value);
}

/** A relative path from a folder, its trailing slash kept. */
function absolute(base: string, path: string): string {
  const isFolder = /(?:^|\/)\.{0,2}$/.test(path);
  const full = normalizePath(`${base}/${path}`);
  return isFolder && full !== '/' ? `${full}/` : full;
}

/** `COPY . .` */
const isWorkdirItself = ({ value }: CopyPath): boolean => /^(?:\.\/*)+$/.test(value ?? '');

/** One WORKDIR before the first COPY of the stage that goes there: the folder of the base where it has one of its own. */
function setWorkdir(file: Dockerfile, stage: Stage, base: string | null): FixResult {
  const first = stage.steps.find(
    (step): step is CopyStep => isCopyStep(step) && step.destination !== null && isWorkdirItself(step.destination),
  );
  if (!first) return { refused: l10n.t('No COPY of this stage needs it.') };
  const isOwn = base !== null && base !== '/';
  const workdir = `${keywordLike(first.instruction, 'WORKDIR')} ${isOwn ? base : startsInRoot(stage) ? '/' : '/app'}`;
  return {
    title: l10n.t('Put `{0}` before it', workdir),
    safety: 'suggestion',
    edits: [insertAbove(file, first.instruction, workdir)],
    risk: l10n.t('What follows, and the container, will run in this directory.'),
  };
}

/** Whether the image is started from a file in `/`, as `java -jar /app.jar` is, that none but these COPYs can bring. */
function startsInRoot(stage: Stage): boolean {
  const start = startCommandOf(stage);
  const files = start ? [start.program, ...start.args].filter((word) => /^\/[^/]+\.\w+$/.test(word)) : [];
  return files.some((file) => !stage.steps.filter(isCopyStep).some(({ destinationPath }) => destinationPath === file));
}

function makeAbsolute(step: CopyStep, destination: CopyPath, base: string | null): FixResult {
  const line = step.instruction.line + 1;
  const written = step.body.raw.slice(destination.span.from, destination.span.to);
  const quote = /^["']/.exec(written)?.[0] ?? '';
  const bare = quote ? written.slice(1, -1) : written;
  const { value } = destination;
  if (value === null || /["'\\`\n]/.test(bare) || (quote && !written.endsWith(quote)))
    return { refused: l10n.t('The destination on line {0} has escapes or several lines.', line) };
  const text = bare.includes('$')
    ? `${(base ?? '/').replace(/\/$/, '')}/${bare.replace(/^(?:\.\/+)+/, '')}`
    : absolute(base ?? '/', bare);
  return {
    title: l10n.t('Make it `{0}`', quotable(text)),
    safety: 'suggestion',
    edits: [replace(step.at(destination.span), `${quote}${text}${quote}`)],
    risk:
      base === null
        ? l10n.t('The directory is another one where the base image does not work in `/`.')
        : l10n.t('A WORKDIR may be what you want: then all that follows is relative to it.'),
  };
}
