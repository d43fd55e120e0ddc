/** A manifest with open versions and no lockfile is another program at every build. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { type BroughtFile, broughtFile, foldersUpwards } from '../../model/brought-files';
import { ecosystemOf, hasFlag, isProjectInstall } from '../../model/ecosystems';
import { elsewhere } from '../../model/manifests';
import type { RunStep, Stage } from '../../model/model';
import { type OpenVersion, openVersions } from '../../model/open-versions/open-versions';
import { normalizePath } from '../../model/paths';
import { folderOf } from '../../model/source-installs';
import { isCopyStep } from '../../model/steps';
import type { PackageCall, PackageManager } from '../../shell/packages';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type Finding } from '../rule';

export default defineRule({
  id: 'floating-dependency',
  category: 'reproducibility',
  severity: 'info',
  aliases: [],
  fix: 'none',
  docs: {
    what: 'The manifest that a `COPY` brings (`requirements.txt`, `package.json`, `pom.xml`, `build.gradle`, `Gemfile`, `Cargo.toml`, `composer.json`, `pyproject.toml`, `Pipfile`) leaves versions open, and no lockfile says which ones to take.',
    why: '`mysqlclient>=1.4.2` is whatever was published last when the layer is built. The cache hides it for weeks; then one machine builds anew and gets another program, or none that starts.',
    fix: 'Commit a lockfile and copy it together with the manifest, or name exact versions where the tool has no lockfile (`requirements.txt` made by `pip-compile` or `uv pip compile`, fixed versions in `pom.xml`).',
    ignore: 'For libraries that are tested against the newest versions on purpose.',
    references: [
      'https://pip.pypa.io/en/stable/topics/repeatable-installs/',
      'https://docs.npmjs.com/cli/configuring-npm/package-lock-json',
      'https://maven.apache.org/enforcer/enforcer-rules/versionRanges.html',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.13
        WORKDIR /app
        COPY requirements.txt ./
             ^^^^^^^^^^^^^^^^ info floating-dependency: \`requirements.txt\` leaves versions open (\`mysqlclient>=1.4.2\`): every new build may take others.
        RUN pip install -r requirements.txt
      `,
      files: { 'requirements.txt': 'mysqlclient>=1.4.2\nflask==3.1.0  # the web\n' },
    },
    {
      bad: dockerfile`
        FROM node:22
        WORKDIR /app
        COPY --chown=node \
          # the manifest alone
          package.json ./
          ^^^^^^^^^^^^ info floating-dependency: \`package.json\` leaves versions open (\`express@^5.0.0\`, \`left-pad@*\` and 1 more), and \`package-lock.json\` is not copied.
        RUN npm install
      `,
      files: {
        'package.json':
          '{"dependencies": {"express": "^5.0.0", "left-pad": "*", "pino": "9.5.0"}, "devDependencies": {"mocha": "11.x"}}',
        'package-lock.json': '{}',
      },
    },
    {
      bad: dockerfile`
        FROM maven:3.9 AS build
        COPY . /src
             ^ info floating-dependency: \`pom.xml\` leaves versions open (\`guava [30,)\`)…
        WORKDIR /src
        RUN mvn -B package
      `,
      files: {
        'pom.xml':
          '<project><properties><guava>[30,)</guava></properties><dependencies><dependency><groupId>g</groupId><artifactId>guava</artifactId><version>${guava}</version></dependency><dependency><groupId>g</groupId><artifactId>junit</artifactId><version>5.11.3</version></dependency></dependencies></project>',
      },
    },
    {
      ok: dockerfile`
        FROM node:22
        WORKDIR /app
        COPY package.json package-lock.json ./
        RUN npm ci
        FROM nginx:1.28
        COPY . /usr/share/nginx/html
      `,
      because: 'the lockfile is copied, and the second stage installs nothing',
      files: { 'package.json': '{"dependencies": {"express": "^5.0.0"}}', 'package-lock.json': '{}' },
    },
    {
      ok: dockerfile`
        FROM node:22
        WORKDIR /app
        COPY package.json ./package-lock.json ./
        RUN npm ci
      `,
      because: 'the lockfile is named, so it is there when the image is built',
      files: { 'package.json': '{"dependencies": {"express": "^5.0.0"}}', '.gitignore': 'package-lock.json\n' },
    },
    {
      ok: dockerfile`
        FROM python:3.13
        WORKDIR /app
        COPY . .
        RUN pip install -r requirements.txt && go build ./...
      `,
      because: 'every version is exact; go.mod knows no ranges',
      files: {
        'requirements.txt': '-i https://example.com/simple\nflask==3.1.0\napp @ https://example.com/app-1.0.zip\n',
        'go.mod': 'module example.com/x\nrequire example.com/y v1.2.3\n',
      },
    },
  ],
  *check({ model, context }) {
    if (!context?.complete) return;
    for (const stage of model.stages)
      for (const { file, finding } of floatingIn(stage, context))
        yield { ...finding, at: onOneLine(model.dockerfile, file.copy.at(file.source.span)) };
  },
});

interface Floating {
  readonly file: BroughtFile;
  readonly finding: Omit<Finding, 'at'>;
}

function floatingIn(stage: Stage, context: BuildContext): Floating[] {
  const found = new Map<string, Floating>();
  for (const step of stage.steps) {
    if (step.keyword !== 'RUN' || !(step as RunStep).isKnown) continue;
    const run = step as RunStep;
    for (const call of run.calls()) {
      if (ecosystemOf(call.manager).kind === 'system' || elsewhere(call) || isHeld(call, run)) continue;
      const folder = folderOf(run, call);
      if (folder === null) continue;
      for (const name of manifestsOf(call)) {
        const file = broughtFile(run, normalizePath(name.startsWith('/') ? name : `${folder}/${name}`), context);
        if (typeof file !== 'object' || file.path === null || file.copy.stage !== stage || found.has(file.path))
          continue;
        const finding = floating(call.manager, run, folder, { ...file, path: file.path }, context);
        if (finding) found.set(file.path, { file, finding });
      }
    }
  }
  return [...found.values()];
}

/** The manifests that a call follows, as it names them or by their usual names. */
function manifestsOf(call: PackageCall): readonly string[] {
  const { manager, subcommand, action } = call;
  switch (manager) {
    case 'pip':
    case 'uv': {
      const files = call.flags
        .filter(
          ({ name, value }) => /^(?:-r|--requirements?)$/.test(name) && value !== null && !/[$`*]|:\/\//.test(value),
        )
        .map(({ value }) => value ?? '');
      return manager === 'uv' && subcommand === 'sync' ? ['pyproject.toml'] : files;
    }
    case 'maven':
      return action === 'build' || isProjectInstall(call) ? ['pom.xml'] : [];
    case 'gradle':
      return action === 'build' || isProjectInstall(call) ? ['build.gradle', 'build.gradle.kts'] : [];
    case 'cargo':
      return /^(?:build|b|fetch|rustc)$/.test(subcommand) ? ['Cargo.toml'] : [];
    default:
      return isProjectInstall(call) ? (usualManifests[manager] ?? []) : [];
  }
}

const usualManifests: Readonly<Partial<Record<PackageManager, readonly string[]>>> = {
  npm: ['package.json'],
  yarn: ['package.json'],
  pnpm: ['package.json'],
  bun: ['package.json'],
  pipenv: ['Pipfile'],
  poetry: ['pyproject.toml'],
  pdm: ['pyproject.toml'],
  bundle: ['Gemfile'],
  composer: ['composer.json'],
};

const javascript: readonly PackageManager[] = ['npm', 'yarn', 'pnpm', 'bun'];

/** The lockfiles that a manager may follow; those of JavaScript's managers look at each other's. */
function lockfilesOf(manager: PackageManager): readonly string[] {
  if (manager === 'pip') return [];
  const own = ecosystemOf(manager).lockfiles;
  const all = javascript.includes(manager)
    ? [...own, ...javascript.flatMap((other) => ecosystemOf(other).lockfiles)]
    : own;
  return [...new Set(all)].filter((name) => !name.includes('*'));
}

/** Constraints say which versions to take. */
const isHeld = (call: PackageCall, run: RunStep): boolean =>
  ['-c', '--constraint', '--constraints', '--require-hashes'].some((flag) => hasFlag(call, flag)) ||
  ['PIP_CONSTRAINT', 'PIP_REQUIRE_HASHES', 'UV_CONSTRAINT'].some((name) => run.before.scope.get(name) !== undefined);

/** Whether a COPY names a lockfile: where it is not there now, it is made before the build. */
const namesLockfile = (stage: Stage, locks: readonly string[]): boolean =>
  stage.steps
    .filter(isCopyStep)
    .some(({ sources }) => sources.some(({ text }) => locks.includes(text.slice(text.lastIndexOf('/') + 1))));

function floating(
  manager: PackageManager,
  run: RunStep,
  folder: string,
  { path }: { readonly path: string },
  context: BuildContext,
): Omit<Finding, 'at'> | null {
  const text = context.text(path);
  const open = text === undefined ? [] : openVersions(path, text);
  if (open.length === 0) return null;
  const locks = lockfilesOf(manager);
  const isAbsent = foldersUpwards(folder).every((above) =>
    locks.every((name) => broughtFile(run, normalizePath(`${above}/${name}`), context) === 'absent'),
  );
  if (!isAbsent || namesLockfile(run.stage, locks)) return null;
  const beside = path.slice(0, path.lastIndexOf('/') + 1);
  const uncopied = locks.find((name) => context.entries.has(beside + name));
  const listed = describe(open, path);
  if (uncopied)
    return { message: l10n.t('`{0}` leaves versions open ({1}), and `{2}` is not copied.', path, listed, uncopied) };
  return {
    message:
      locks.length === 0 || manager === 'maven'
        ? l10n.t('`{0}` leaves versions open ({1}): every new build may take others.', path, listed)
        : l10n.t('`{0}` leaves versions open ({1}), and no lockfile says which to take.', path, listed),
  };
}

/** The first two, as the manifest's own tools write them. */
function describe(open: readonly OpenVersion[], path: string): string {
  const separator = /\.(?:txt|in|pip)$/.test(path) ? '' : path.endsWith('.json') ? '@' : ' ';
  const names = open.map(({ name, range }) => {
    const between = range === '' || /^[<>=~!]/.test(range) ? '' : separator;
    return `\`${name}${between}${range}\``;
  });
  const shown = names.slice(0, 2).join(', ');
  return names.length <= 2 ? shown : l10n.t('{0} and {1} more', shown, names.length - 2);
}
