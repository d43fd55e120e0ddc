/** A file with secrets is copied into the image, by its name or with the whole context. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { holdsSecret, isSecretFile, isSecretFolder, secretsIn } from '../../context/secret-files';
import { matchSource, type SourceMatch } from '../../context/sources';
import type { CopyPath, CopyStep, Model } from '../../model/model';
import { perStep } from '../../model/per-step';
import { isShipped } from '../../model/shipped';
import { ignorePaths } from '../ignore-lines';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type Finding, type FixResult } from '../rule';

export default defineRule({
  id: 'secret-copied',
  category: 'security',
  severity: 'warning',
  // A fix that makes a .dockerignore must know all that the file takes from the context.
  scope: 'file',
  keywords: ['COPY', 'ADD'],
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: '`COPY` or `ADD` takes a file that holds secrets: `.env`, a private key (`id_rsa`, `*.pem`), `.npmrc`, `.netrc`, `.aws`, a kubeconfig and the like. It is found by its name, and, where the build context is known, in the folders that are copied whole.',
    why: 'Whoever can pull the image can read the file. A later `RUN rm` does not help: the layer of the COPY keeps it for good. In a stage that only builds, it stays in the build cache, which is shared on many build servers.',
    fix: 'Give a secret to the one `RUN` that needs it: `RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci`. What the program needs when it runs belongs to its environment or is mounted into the container. The quick fix adds what a whole folder would bring along to `.dockerignore`.',
    ignore:
      'Where the file holds nothing that others may not see, such as an `.env` of a front end that ends up in the browser.',
    references: [
      'https://docs.docker.com/build/building/secrets/',
      'https://docs.docker.com/build/concepts/context/#dockerignore-files',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-slim
        WORKDIR /srv
        COPY package.json .env ./
                          ^^^^ warning secret-copied: \`.env\` gets into the image with its secrets: whoever can pull it can read them, even where a later step deletes the file.
        COPY --chmod=600 \
             # to fetch what is private
             ["deploy/id_rsa", "/root/.ssh/"]
              ^^^^^^^^^^^^^^^ warning secret-copied
        ADD certs/*.pem /etc/ssl/private/
            ^^^^^^^^^^^ warning secret-copied
        COPY .aws /root/.aws
             ^^^^ warning secret-copied
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-slim
        WORKDIR /srv
        COPY . .
             ^ warning secret-copied: \`.\` brings \`.env.production\` and \`keys/server.key\` into the image: whoever can pull it can read the secrets in them.
      `,
      good: dockerfile`
        FROM node:22-slim
        WORKDIR /srv
        COPY . .
      `,
      files: {
        'server.js': '',
        '.env.production': 'DB_PASSWORD=x',
        '.env.example': 'DB_PASSWORD=',
        'keys/server.key': '',
        'keys/ca.pem': '',
        'test/fixtures/id_rsa': '',
        '.dockerignore': 'node_modules\n',
      },
      because: 'the fix adds lines to `.dockerignore` and leaves the Dockerfile as it is',
    },
    {
      bad: dockerfile`
        FROM node:22 AS build
        WORKDIR /srv
        COPY .npmrc package.json ./
             ^^^^^^ info secret-copied: \`.npmrc\` gets into a stage of the build with its secrets: they stay in the build cache, and go wherever it goes.
        RUN npm ci && npm run build
        FROM nginx:1.27
        COPY --from=build /srv/dist /usr/share/nginx/html
      `,
    },
    {
      ok: dockerfile`
        FROM node:22-slim
        COPY .env.example id_rsa.pub ca.pem fullchain.pem /srv/
        COPY .ssh/known_hosts \
             # nobody's secret
             /root/.ssh/
        COPY --from=build /root/.npmrc /tmp/
        RUN --mount=type=bind,source=.env,target=/tmp/.env . /tmp/.env && make
      `,
      because: 'templates, public halves and certificates are no secrets, and a mount leaves nothing behind',
    },
    {
      ok: dockerfile`
        FROM node:22-slim
        COPY package.json .npmrc /srv/
        COPY . /srv
      `,
      files: {
        'package.json': '{}',
        '.npmrc': '//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n',
        '.env': 'A=1',
        '.dockerignore': '.env\n',
      },
      because: 'the token is a variable, and `.env` is ignored',
    },
    {
      ok: dockerfile`
        FROM node:22-slim
        COPY . /srv
      `,
      files: {
        'package.json': '{}',
        '.env': 'VITE_API=https://api.example.com\nVITE_MAP_KEY=abc\n',
        'deploy/.env.production': 'APP_NAME=shop\nAPP_KEY=\nCACHE=file\nLOG_LEVEL=info\n',
      },
      because: 'what a front end shows to every browser is no secret, and a key that is empty is none either',
    },
  ],
  *check({ model, context }) {
    for (const copy of model.copies) {
      // What is named like a secret is so in every version; only with a context there is more to look at.
      if (!context && !namesSecret(copy)) continue;
      if (copy.fromText !== null || copy.destination === null) continue;
      for (const source of copy.sources) {
        const finding = context ? checkSource(model, context, copy, source) : byName(model, null, copy, source);
        if (finding) yield finding;
      }
    }
  },
});

function checkSource(model: Model, context: BuildContext, copy: CopyStep, source: CopyPath): Finding | null {
  if (source.value === null || isUrl(source.value)) return null;
  const { path, matched, ignored, isPattern } = matchOnce(context, source.value);
  // What is ignored is not copied, and the build fails for it.
  if (ignored.length > 0 && matched.length === 0) return null;
  if (!isPattern && context.entries.get(path)?.type !== 'directory' && path !== '')
    return byName(model, context, copy, source);
  const taken = path === '' || !isPattern ? [path] : matched;
  const secrets = secretsIn(context).filter((secret) =>
    taken.some((one) => one === '' || secret === one || secret.startsWith(`${one}/`)),
  );
  if (secrets.length === 0) return null;
  return broad(model, context, copy, source, secrets);
}

/** Matches are asked for at every keystroke, and going through a large context takes its time. */
const matches = new WeakMap<BuildContext, Map<string, SourceMatch>>();

function matchOnce(context: BuildContext, source: string): SourceMatch {
  const known = matches.get(context) ?? new Map<string, SourceMatch>();
  matches.set(context, known);
  const match = known.get(source) ?? matchSource(context, source);
  known.set(source, match);
  return match;
}

const isUrl = (text: string): boolean => /^(?:[a-z][a-z+]*:\/\/|git@)/i.test(text);

const namesSecret = perStep((copy: CopyStep): boolean =>
  copy.sources.some((source) => {
    const path = pathOf(source);
    return isSecretFolder(path) || isSecretFile(path);
  }),
);

const pathOf = (source: CopyPath): string => (source.value ?? source.text).replace(/^(?:\.?\/)+/, '');

/** A source that is named like a file or folder of secrets. */
function byName(model: Model, context: BuildContext | null, copy: CopyStep, source: CopyPath): Finding | null {
  const path = pathOf(source);
  if (isUrl(path) || path.includes('$')) return null;
  const isFolder = isSecretFolder(path);
  if (!isFolder && (!isSecretFile(path) || holdsSecret(context, path) === false)) return null;
  const written = quotable(source.text);
  return {
    ...placeOf(model, copy, source),
    message: isShipped(model, copy.stage)
      ? l10n.t(
          '`{0}` gets into the image with its secrets: whoever can pull it can read them, even where a later step deletes the file.',
          written,
        )
      : l10n.t(
          '`{0}` gets into a stage of the build with its secrets: they stay in the build cache, and go wherever it goes.',
          written,
        ),
    fix: () => ({
      refused: l10n.t(
        '`{0}` is copied by its name: mount it into the RUN that needs it, with `--mount=type=secret`.',
        written,
      ),
    }),
  };
}

/** A folder, or a pattern, that takes files with secrets along. */
function broad(
  model: Model,
  context: BuildContext,
  copy: CopyStep,
  source: CopyPath,
  secrets: readonly string[],
): Finding {
  const written = quotable(source.text);
  const names = listOf(secrets);
  return {
    ...placeOf(model, copy, source),
    message: isShipped(model, copy.stage)
      ? l10n.t('`{0}` brings {1} into the image: whoever can pull it can read the secrets in them.', written, names)
      : l10n.t(
          '`{0}` brings {1} into a stage of the build: the secrets in them stay in the build cache, and go wherever it goes.',
          written,
          names,
        ),
    fix: () => ignoreThem(model, context, secrets),
  };
}

function placeOf(model: Model, copy: CopyStep, source: CopyPath): Pick<Finding, 'at' | 'severity'> {
  const at = onOneLine(model.dockerfile, copy.at(source.span));
  return isShipped(model, copy.stage) ? { at } : { at, severity: 'info' };
}

function ignoreThem(model: Model, context: BuildContext, secrets: readonly string[]): FixResult {
  const named = secrets.find((secret) =>
    model.copies.some(
      (copy) =>
        copy.fromText === null &&
        copy.sources.some(({ value }) => value !== null && value.replace(/^(?:\.?\/)+/, '') === secret),
    ),
  );
  if (named !== undefined)
    return { refused: l10n.t('`{0}` is copied by its name too, which an ignored file cannot be.', named) };
  const change = ignorePaths(model, context, secrets);
  if (!change)
    return { refused: l10n.t('The ignore file does not lie beside the Dockerfile: add {0} there.', listOf(secrets)) };
  return {
    title:
      change.follows === undefined
        ? l10n.t('Create a .dockerignore')
        : l10n.t('Add {0} to {1}', listOf(secrets), change.path),
    safety: 'suggestion',
    edits: [],
    creates: [change],
    risk: l10n.t('A program that reads the file in the container has to be given it when it is started.'),
  };
}

/** At most three names, to be read. */
function listOf(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).map((path) => `\`${path}\``);
  if (paths.length > 3) return l10n.t('{0} and {1} more', shown.join(', '), paths.length - 3);
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : l10n.t('{0} and {1}', shown.join(', '), last);
}
