/** The whole source is copied before the dependencies are installed, so that every change of it installs them again. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import type { RunStep, Stage } from '../../model/model';
import { sourceInstallsOf } from '../../model/source-installs';
import type { Dockerfile } from '../../syntax/tree';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile } from '../rule';
import { splitCopy } from '../split-copy';

export default defineRule({
  id: 'source-copied-before-install',
  category: 'cache',
  severity: 'warning',
  keywords: ['RUN'],
  aliases: [],
  fix: 'safe',
  order: 20,
  docs: {
    what: 'A `COPY` of the whole source stands before the `RUN` that installs the dependencies (npm, yarn, pnpm, pip, bundler, composer, go, cargo, maven …), which needs only the manifests and lockfiles.',
    why: 'A step is cached as long as nothing above it changed. Here any change of any file repeats the install, usually the slowest step of the build.',
    fix: 'Copy the manifests, install, then copy the rest. The quick fix does so with the files that are in the build context. It is safe where they are known to ask for nothing else (no install scripts, no local packages, a locked install, no copied `node_modules`), else a suggestion.',
    ignore: 'When the install needs the source: local packages, install scripts of the project, generated manifests.',
    references: [
      'https://docs.docker.com/build/cache/optimize/#order-your-layers',
      'https://docs.docker.com/build/building/best-practices/#leverage-build-cache',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:20
        WORKDIR /app
        COPY . .
             ^^^ warning source-copied-before-install: Any change in \`.\` repeats \`npm ci\` on line 4, which needs only package.json, package-lock.json.
        RUN npm ci
        CMD ["node", "server.js"]
      `,
      good: dockerfile`
        FROM node:20
        WORKDIR /app
        COPY package.json package-lock.json ./
        RUN npm ci
        COPY . .
        CMD ["node", "server.js"]
      `,
      files: {
        'package.json': '{"dependencies":{"express":"4.21.2"}}',
        'package-lock.json': '{}',
        'server.js': '',
      },
    },
    {
      bad: dockerfile`
        FROM python:3.12-slim
        WORKDIR /srv
        # the application
        COPY --chown=1000 . /srv
                          ^^^^^^ warning source-copied-before-install
        ENV PYTHONUNBUFFERED=1
        RUN pip install --no-cache-dir -r requirements/prod.txt \
            && python manage.py collectstatic --noinput
      `,
      good: dockerfile`
        FROM python:3.12-slim
        WORKDIR /srv
        COPY --chown=1000 requirements/prod.txt /srv/requirements/
        ENV PYTHONUNBUFFERED=1
        RUN pip install --no-cache-dir -r requirements/prod.txt
        # the application
        COPY --chown=1000 . /srv
        RUN python manage.py collectstatic --noinput
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.12-slim
        WORKDIR /srv
        COPY requirements.txt .
        COPY app ./app
             ^^^^^^^^^ warning source-copied-before-install
        RUN pip install -r requirements.txt
      `,
      good: dockerfile`
        FROM python:3.12-slim
        WORKDIR /srv
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        COPY app ./app
      `,
      files: { 'requirements.txt': 'flask==3.0.3\n', 'app/main.py': '' },
    },
    {
      bad: dockerfile`
        FROM golang:1.23 AS build
        WORKDIR /src
        COPY . .
             ^^^ info source-copied-before-install
        RUN go build -o /bin/tool ./cmd/tool
      `,
      good: dockerfile`
        FROM golang:1.23 AS build
        WORKDIR /src
        COPY go.mod go.sum* ./
        RUN go mod download
        COPY . .
        RUN go build -o /bin/tool ./cmd/tool
      `,
    },
    {
      bad: dockerfile`
        FROM php:8.4-cli
        WORKDIR /srv
        COPY . .
             ^^^ warning source-copied-before-install: Any change in \`.\` repeats \`composer install\` on line 4, which needs only composer.json, composer.lock.
        RUN composer install --no-dev
      `,
      files: {
        'composer.json':
          '{"require": {"a/b": "1"}, "scripts": {"post-autoload-dump": ["@php artisan package:discover"]}}',
        'composer.lock': '{}',
        artisan: '',
      },
      because: 'there is no fix: the install runs a program of the source',
    },
    {
      bad: dockerfile`
        FROM maven:3.9
        WORKDIR /src
        COPY . .
             ^^^ warning source-copied-before-install: Any change in \`.\` makes \`mvn package\` on line 4 fetch all dependencies again, which depend on pom.xml only.
        RUN mvn package
      `,
      files: { 'pom.xml': '<project><dependencies/></project>', 'src/main/java/A.java': '' },
    },
    {
      ok: dockerfile`
        FROM node:20
        WORKDIR /app
        COPY package*.json ./
        RUN npm ci
        COPY . .
        RUN npm run build
      `,
      because: 'the manifests come first',
    },
    {
      ok: dockerfile`
        FROM python:3.12
        WORKDIR /srv
        COPY . .
        RUN pip install .
      `,
      because: 'the project itself is installed, which needs its source',
    },
  ],
  *check({ model, context }) {
    for (const stage of model.stages) if (!stage.isWindows) yield* findingsOf(model.dockerfile, stage, context);
  },
});

function* findingsOf(file: Dockerfile, stage: Stage, context: BuildContext | null) {
  for (const found of sourceInstallsOf(stage, context)) {
    const { copy, run, need, source } = found;
    const [first] = copy.sources;
    const span = { start: copy.at(first?.span ?? copy.body.restSpan).start, end: copy.instruction.span.end };
    const words = [
      quotable(source.text),
      quotable(commandText(run, found.call.nameSpan.from, found.call.nameSpan.to)),
      run.instruction.line + 1,
      need.files.map((name) => name.replace(/\*$/, '')).join(', '),
    ];
    const isGuess = !need.isExact && need.fetch !== null;
    yield {
      at: onOneLine(file, span),
      ...(isGuess ? { severity: 'info' as const } : {}),
      message:
        need.fetch === null
          ? l10n.t('Any change in `{0}` repeats `{1}` on line {2}, which needs only {3}.', ...words)
          : l10n.t(
              'Any change in `{0}` makes `{1}` on line {2} fetch all dependencies again, which depend on {3} only.',
              ...words,
            ),
      related: [{ at: run.at(found.call.nameSpan), message: l10n.t('This installs the dependencies.') }],
      fix: () => splitCopy(file, found),
    };
  }
}

const commandText = (run: RunStep, from: number, to: number): string => run.body.raw.slice(from, to);
