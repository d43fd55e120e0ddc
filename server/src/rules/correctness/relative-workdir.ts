/** A first WORKDIR without a leading slash starts from wherever the base image left off. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../../model/model';
import { normalizePath } from '../../model/paths';
import { expandIn } from '../../model/variables';
import { replace } from '../edits';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'relative-workdir',
  category: 'correctness',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['WORKDIR'],
  aliases: ['DL3000', 'WorkdirRelativePath'],
  fix: 'suggestion',
  docs: {
    what: 'The first `WORKDIR` of a stage is a relative path.',
    why: 'It is appended to the working directory of the base image, which is not written here and may change with the next release of that image: then every file of this stage lies somewhere else.',
    fix: 'Write the absolute path. The quick fix puts a slash in front, which is right where the base image works in `/`. Later relative `WORKDIR`s are fine: they start from this one.',
    ignore: 'Where the path is meant to follow the base image.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#workdir',
      'https://docs.docker.com/reference/build-checks/workdir-relative-path/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM nginx:1.27
        WORKDIR usr/share/nginx/html
                ^^^^^^^^^^^^^^^^^^^^ warning relative-workdir: \`usr/share/nginx/html\` starts from the working directory of \`nginx:1.27\`, which may change.
        COPY public .
      `,
      good: dockerfile`
        FROM nginx:1.27
        WORKDIR /usr/share/nginx/html
        COPY public .
      `,
    },
    {
      bad: dockerfile`
        FROM node:20-alpine
        # the sources
        workdir "./app"
                ^^^^^^^ warning relative-workdir: \`./app\` starts from the working directory of \`node:20-alpine\`, which may change.
      `,
      good: dockerfile`
        FROM node:20-alpine
        # the sources
        workdir "/app"
      `,
    },
    {
      ok: dockerfile`
        FROM node:20-alpine AS base
        WORKDIR /srv
        WORKDIR app

        FROM base
        WORKDIR tests
      `,
      because: 'an absolute WORKDIR stands before them, in the stage or in the one it is built from',
    },
    {
      ok: dockerfile`
        FROM node:20-alpine
        ARG APP_DIR
        WORKDIR $APP_DIR
      `,
      because: 'the variable may hold an absolute path',
    },
  ],
  *check({ model }) {
    for (const step of model.steps) {
      if (step.keyword !== 'WORKDIR' || step.before.workdirSet || step.stage.isWindows) continue;
      const path = relativePath(step);
      if (path === null) continue;
      const at = onOneLine(model.dockerfile, step.at(step.body.restSpan));
      const base = step.stage.parent ? step.stage.baseText : (step.stage.baseName ?? step.stage.baseText);
      yield {
        at,
        message: l10n.t('`{0}` starts from the working directory of `{1}`, which may change.', quotable(path), base),
        fix: () => {
          const written = model.dockerfile.text.slice(at.start, at.end);
          const quote = /^["']/.exec(written)?.[0] ?? '';
          const bare = quote ? written.slice(1) : written;
          const absolute = bare.includes('$') ? `/${bare.replace(/^(?:\.\/)+/, '')}` : keepTail(bare);
          return {
            title: l10n.t('Make it `{0}`', quotable(absolute.replace(/["']$/, ''))),
            safety: 'suggestion',
            edits: [replace(at, `${quote}${absolute}`)],
            risk: l10n.t('The directory is another one where the base image does not work in `/`.'),
          };
        },
      };
    }
  },
});

/** The path where it is surely relative: its beginning is known and is neither a slash nor a drive. */
function relativePath(step: Step): string | null {
  const { rest } = step.body;
  const value = expandIn(rest, step.before.scope, step.body.escape) ?? rest.replace(/^["']|["']$/g, '');
  const isSurelyRelative = /^[^$/\\]/.test(value) && !/^[A-Za-z]:/.test(value);
  return isSurelyRelative ? value : null;
}

/** The path below the root, without `.` and `..`, a closing quote kept. */
function keepTail(bare: string): string {
  const quote = /["']$/.exec(bare)?.[0] ?? '';
  return normalizePath(`/${quote ? bare.slice(0, -1) : bare}`) + quote;
}
