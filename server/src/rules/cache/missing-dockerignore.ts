/** A whole directory is copied, and no .dockerignore keeps anything out. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { matchSource } from '../../context/sources';
import { proposeIgnoreFile } from '../../context/unwanted';
import type { CopyPath, CopyStep, Model } from '../../model/model';
import { contextUseOf } from '../context-use';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'missing-dockerignore',
  category: 'cache',
  severity: 'warning',
  aliases: [],
  fix: 'suggestion',
  // One finding tells it for the whole file.
  scope: 'file',
  docs: {
    what: '`COPY` or `ADD` takes a whole directory of the build context, and the context has no `.dockerignore`.',
    why: 'The copy then takes along what no image needs: `.git`, a local `node_modules` or `target`, logs, and a `.env` with its passwords. Every commit and every local build changes some of it, and each change makes Docker repeat this step and all steps after it.',
    fix: 'Put a `.dockerignore` beside the Dockerfile, or at the root of the build context. The quick fix creates one from what is in the folder: version control, local settings, and what the tools of the project make anew. What an instruction names itself is left out of it. Read it through: a build that needs one of these files has to have its line taken out.',
    ignore: 'Where the context is made for the build and holds nothing else.',
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
             ^ warning missing-dockerignore: There is no \`.dockerignore\`: \`.\` takes \`.git\`, \`node_modules\` and \`.env\` along, and any change there rebuilds from here.
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
      files: { 'package.json': '{}', 'server.js': '', '.env': 'KEY=1', '.git/': '', 'node_modules/': '' },
      because: 'the fix creates the file `.dockerignore` and leaves the Dockerfile as it is',
    },
    {
      bad: dockerfile`
        FROM debian:bookworm-slim
        # all of it
        ADD --chown=1000:1000 \
            ["./", "/srv/"]
             ^^^^ warning missing-dockerignore: There is no \`.dockerignore\`: \`./\` takes everything in the folder along, and any change in it rebuilds from here.
      `,
      files: { 'server.py': '' },
    },
    {
      bad: dockerfile`
        FROM golang:1.24 AS build
        COPY cmd /src/cmd
             ^^^ info missing-dockerignore: There is no \`.dockerignore\`: \`cmd\` takes everything in that folder along, and any change in it rebuilds from here.
      `,
      files: { 'cmd/main.go': '' },
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
        COPY . /srv
      `,
      files: { 'server.js': '', '.dockerignore': '.git\n' },
      because: 'there is a `.dockerignore`',
    },
    {
      ok: dockerfile`
        FROM node:22-alpine AS build
        COPY package.json server.js /srv/
        FROM node:22-alpine
        COPY --from=build . /
        COPY <<EOF /etc/motd
        COPY . .
        EOF
      `,
      files: { 'package.json': '{}', 'server.js': '' },
      because: 'nothing but single files is taken from the context',
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
        COPY . /srv
      `,
      because: 'what is in the build context is not known',
    },
  ],
  *check({ model, context }) {
    if (context === null || model.copies.length === 0) return;
    const found = broadCopy(model, context);
    if (!found || context.ignoreFile !== null) return;
    const { step, source, isWhole } = found;
    const written = quotable(source.text);
    const unwanted = isWhole ? unwantedNames(context) : '';
    yield {
      at: onOneLine(model.dockerfile, step.at(source.span)),
      severity: isWhole ? 'warning' : 'info',
      message: unwanted
        ? l10n.t(
            'There is no `.dockerignore`: `{0}` takes {1} along, and any change there rebuilds from here.',
            written,
            unwanted,
          )
        : isWhole
          ? l10n.t(
              'There is no `.dockerignore`: `{0}` takes everything in the folder along, and any change in it rebuilds from here.',
              written,
            )
          : l10n.t(
              'There is no `.dockerignore`: `{0}` takes everything in that folder along, and any change in it rebuilds from here.',
              written,
            ),
      fix: () => ({
        title: l10n.t('Create a .dockerignore'),
        safety: 'suggestion',
        edits: [],
        creates: [{ path: '.dockerignore', content: proposeIgnoreFile(context, contextUseOf(model)) }],
        risk: l10n.t('Files that the build needs must not be in it: read it through.'),
      }),
    };
  },
});

interface BroadCopy {
  readonly step: CopyStep;
  readonly source: CopyPath;
  /** All of the context, not one of its folders. */
  readonly isWhole: boolean;
}

/** The first copy of the whole context, else the first of a folder in it. */
function broadCopy(model: Model, context: BuildContext): BroadCopy | null {
  const sources = model.copies
    .filter((step) => step.fromText === null)
    .flatMap((step) => step.sources.map((source) => ({ step, source })));
  const whole = sources.find(({ source }) => isWholeContext(source.value));
  if (whole) return { ...whole, isWhole: true };
  if (sources.length === 0 || context.ignoreFile !== null) return null;
  const folder = sources.find(({ source }) => isFolder(source.value, context));
  return folder ? { ...folder, isWhole: false } : null;
}

const isWholeContext = (source: string | null): boolean =>
  source !== null && /^(?:\.?\/)*(?:\.|\*)?$/.test(source) && source !== '';

function isFolder(source: string | null, context: BuildContext): boolean {
  if (source === null || /[*?[\]:]/.test(source)) return false;
  return context.entries.get(matchSource(context, source).path)?.type === 'directory';
}

/** The names of unwanted things that are there for all to see, as a list to be read; '' for none. */
function unwantedNames({ entries }: BuildContext): string {
  const candidates = [
    '.git',
    'node_modules',
    '.env',
    '.venv',
    'venv',
    'target',
    '__pycache__',
    '.gradle',
    '.next',
    '.idea',
  ];
  const names = candidates.filter((name) => entries.has(name)).slice(0, 3);
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.pop();
  if (last === undefined) return '';
  return quoted.length === 0 ? last : l10n.t('{0} and {1}', quoted.join(', '), last);
}
