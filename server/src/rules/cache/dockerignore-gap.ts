/** A whole directory is copied, and the .dockerignore lets through what no image needs. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { isIncluded, matchSource } from '../../context/sources';
import { type Gap, ignoreGaps } from '../../context/unwanted';
import type { CopyPath, CopyStep, Model } from '../../model/model';
import { contextUseOf } from '../context-use';
import { ignorePatterns } from '../ignore-lines';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'dockerignore-gap',
  category: 'cache',
  severity: 'warning',
  aliases: [],
  fix: 'suggestion',
  // One finding tells it for the whole file.
  scope: 'file',
  docs: {
    what: 'A `COPY` or `ADD` takes a whole directory, and the `.dockerignore` does not keep out what no image needs: `.git`, a local `node_modules`, virtual environments, caches, build output.',
    why: 'Every commit and every local build or test changes some of it. Each change repeats this step and all after it, and dependencies that were built for another system may replace those of the image.',
    fix: 'Add a line for each to the ignore file. The quick fix does so, for what is there now. A build that needs one of them has to have its line taken out.',
    ignore: 'When the image is meant to hold these files, for instance because they are built outside.',
    references: [
      'https://docs.docker.com/build/concepts/context/#dockerignore-files',
      'https://docs.docker.com/build/cache/optimize/#keep-the-context-small',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-alpine
        WORKDIR /srv
        COPY package*.json ./
        RUN npm ci
        COPY . .
             ^ warning dockerignore-gap: \`.dockerignore\` lets \`.git\` and \`node_modules\` through: \`.\` takes them along, and any change in them rebuilds from here.
        CMD ["node", "server.js"]
      `,
      good: dockerfile`
        FROM node:22-alpine
        WORKDIR /srv
        COPY package*.json ./
        RUN npm ci
        COPY . .
        CMD ["node", "server.js"]
      `,
      files: {
        'package.json': '{}',
        'server.js': '',
        '.git/HEAD': '',
        'node_modules/a/index.js': '',
        '.dockerignore': '*.log\n',
      },
      because: 'the fix adds the lines to the file `.dockerignore` and leaves the Dockerfile as it is',
    },
    {
      bad: dockerfile`
        FROM python:3.12-slim
        # the application
        COPY --chown=1000:1000 \
            app/ /srv/app/
            ^^^^ warning dockerignore-gap: \`.dockerignore\` lets \`app/__pycache__\` through…
      `,
      files: {
        'app/main.py': '',
        'main.py': '',
        'app/__pycache__/main.pyc': '',
        '.git/HEAD': '',
        '.dockerignore': 'docs\n',
      },
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
        COPY . /srv
        RUN npm ci
      `,
      files: {
        'package.json': '{}',
        '.git/HEAD': '',
        'node_modules/a.js': '',
        '.dockerignore': '**/node_modules\n.git\n',
      },
      because: 'both are kept out',
    },
    {
      ok: dockerfile`
        FROM ruby:3.4
        COPY . /src
      `,
      files: {
        '.git/HEAD': '',
        'config/application.rb': '',
        'log/.keep': '',
        '.vscode/a.json': '',
        '.dockerignore': '*\n!.git\n!config\n!log\n!.vscode\n',
      },
      because: 'a line lets `.git` in on purpose, and of the logs there is only the file that keeps their folder',
    },
    {
      ok: dockerfile`
        FROM debian:12
        COPY . /src
        RUN git -C /src describe > /version
        COPY node_modules /app/node_modules
      `,
      files: { '.git/HEAD': '', 'node_modules/a.js': '', 'package.json': '{}', '.dockerignore': '\n' },
      because: 'the build uses the history, and the Dockerfile names the modules',
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
        COPY package.json server.js /srv/
      `,
      files: { 'package.json': '{}', 'server.js': '', '.git/HEAD': '', '.dockerignore': '\n' },
      because: 'only single files are taken',
    },
  ],
  *check({ model, context }) {
    if (context === null || context.ignoreFile === null || model.copies.length === 0) return;
    const found = firstGap(model, context);
    if (!found) return;
    const { step, source, gaps } = found;
    const paths = outermost(gaps.map((gap) => gap.paths[0] ?? ''));
    const values = [context.ignoreFile.path, listOf(paths), quotable(source.text)];
    yield {
      at: onOneLine(model.dockerfile, step.at(source.span)),
      message:
        paths.length === 1
          ? l10n.t('`{0}` lets {1} through: `{2}` takes it along, and any change in it rebuilds from here.', ...values)
          : l10n.t(
              '`{0}` lets {1} through: `{2}` takes them along, and any change in them rebuilds from here.',
              ...values,
            ),
      fix: () => addLines(model, context),
    };
  },
});

interface Found {
  readonly step: CopyStep;
  readonly source: CopyPath;
  readonly gaps: readonly Gap[];
}

/** The COPY that takes the most of it: of the whole context before that of a folder. */
function firstGap(model: Model, context: BuildContext): Found | null {
  const sources = model.copies
    .filter((step) => step.fromText === null && !step.stage.isWindows)
    .flatMap((step) => step.sources.map((source) => ({ step, source, folder: folderOf(source, context) })))
    .filter(({ folder }) => folder !== null)
    .sort((a, b) => Number(a.folder !== '') - Number(b.folder !== ''));
  if (sources.length === 0) return null;
  const all = ignoreGaps(context, contextUseOf(model));
  for (const { step, source, folder } of sources) {
    const gaps = all.flatMap(({ pattern, paths }) => {
      const below = paths.filter((path) => folder === '' || path.startsWith(`${folder}/`));
      return below.length > 0 ? [{ pattern, paths: below }] : [];
    });
    if (gaps.length > 0) return { step, source, gaps };
  }
  return null;
}

/** The folder of the context that a source takes whole; '' for all of it; null where it is no folder. */
function folderOf({ value }: CopyPath, context: BuildContext): string | null {
  if (value === null || /[*?[\]:]/.test(value)) return /^(?:\.?\/)*\*$/.test(value ?? '') ? '' : null;
  if (value === '') return null;
  const { path } = matchSource(context, value);
  return path === '' || (context.entries.get(path)?.type === 'directory' && isIncluded(context, path)) ? path : null;
}

function addLines(model: Model, context: BuildContext): FixResult {
  const { ignoreFile, dockerfilePath } = context;
  const patterns = ignoreGaps(context, contextUseOf(model)).map(({ pattern }) => pattern);
  if (!ignoreFile || dockerfilePath?.includes('/') || ignoreFile.path.includes('/'))
    return { refused: l10n.t('The ignore file does not lie beside the Dockerfile: add {0} there.', listOf(patterns)) };
  return {
    title: l10n.t('Add {0} to {1}', listOf(patterns), ignoreFile.path),
    safety: 'suggestion',
    edits: [],
    creates: [ignorePatterns(ignoreFile, patterns)],
    risk: l10n.t('Files that the build needs must not be in it: read it through.'),
  };
}

/** Without what lies in another of them. */
const outermost = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => !paths.some((other) => path.startsWith(`${other}/`)));

/** At most three, to be read. */
function listOf(texts: readonly string[]): string {
  const quoted = texts.slice(0, 3).map((text) => `\`${text}\``);
  const last = quoted.pop();
  if (last === undefined) return '';
  return quoted.length === 0 ? last : l10n.t('{0} and {1}', quoted.join(', '), last);
}
