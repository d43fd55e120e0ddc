/** An install that does not hold to a lockfile takes whatever fits on the day of the build. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { type BroughtFile, broughtFile, foldersUpwards } from '../../model/brought-files';
import { ecosystemOf, hasFlag, isFrozenInstall, isProjectInstall } from '../../model/ecosystems';
import { elsewhere } from '../../model/manifests';
import type { RunStep } from '../../model/model';
import { normalizePath } from '../../model/paths';
import { perStep } from '../../model/per-step';
import { openRequirements } from '../../model/requirements';
import { folderOf } from '../../model/source-installs';
import { isYarnClassic } from '../../model/yarn-version';
import { packageCalls } from '../../shell/package-calls';
import type { PackageCall, PackageManager } from '../../shell/packages';
import type { ShellScript } from '../../shell/script';
import { replace } from '../edits';
import { insertOption } from '../insert-option';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type Finding, type Fix } from '../rule';

export default defineRule({
  id: 'install-without-lockfile',
  category: 'reproducibility',
  severity: 'info',
  keywords: ['RUN'],
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'Dependencies are installed without holding to a lockfile: `npm install` beside a `package-lock.json`, `yarn`, `pnpm`, `bun` or `uv` without a frozen lockfile, `pip install -r` of requirements without versions, poetry, pipenv, bundler, composer or cargo where no lockfile is copied.',
    why: 'The lockfile says which versions were tested. An install that may go beyond it gives another image tomorrow, and breaks on the day a dependency of a dependency publishes a bad release.',
    fix: 'Use the command that takes the lockfile as it is and fails when it does not fit (`npm ci`, `--frozen-lockfile`, `--immutable`, `--locked`, `--deploy`), and copy the lockfile together with the manifest. The quick fix writes that command. Where there is no lockfile yet, make one and commit it.',
    ignore: 'In images for development, where the newest versions are wanted.',
    references: [
      'https://docs.npmjs.com/cli/commands/npm-ci',
      'https://pip.pypa.io/en/stable/topics/repeatable-installs/',
      'https://docs.astral.sh/uv/concepts/projects/sync/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22
        WORKDIR /app
        COPY package*.json ./
        RUN npm install --omit=dev
            ^^^^^^^^^^^ info install-without-lockfile: \`npm install\` may take other versions than \`package-lock.json\` says; \`npm ci\` holds to it.
        COPY . .
      `,
      good: dockerfile`
        FROM node:22
        WORKDIR /app
        COPY package*.json ./
        RUN npm ci --omit=dev
        COPY . .
      `,
      files: { 'package.json': '{}', 'package-lock.json': '{}' },
    },
    {
      bad: dockerfile`
        FROM node:22
        WORKDIR /app
        COPY package.json yarn.lock ./
        RUN set -e; \
            # the dependencies
            yarn install --production \
            ^^^^^^^^^^^^ info install-without-lockfile: \`yarn install\` may take other versions than \`yarn.lock\` says; \`--frozen-lockfile\` holds to it.
            && yarn cache clean
      `,
      good: dockerfile`
        FROM node:22
        WORKDIR /app
        COPY package.json yarn.lock ./
        RUN set -e; \
            # the dependencies
            yarn install --frozen-lockfile --production \
            && yarn cache clean
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.13-slim
        WORKDIR /app
        COPY . .
        RUN pip install -r requirements.txt
            ^^^^^^^^^^^ info install-without-lockfile: \`requirements.txt\` names no version of \`flask\`, and nothing else does.
        RUN pipenv install --system
            ^^^^^^^^^^^^^^ info install-without-lockfile: There is no \`Pipfile.lock\` beside \`Pipfile\`: every new build takes the newest versions that fit.
      `,
      files: { 'requirements.txt': 'flask\nrequests==2.32.3\n', Pipfile: '[packages]\nflask = "*"\n' },
    },
    {
      bad: dockerfile`
        FROM rust:1
        WORKDIR /src
        COPY Cargo.toml ./
        COPY src src
        RUN cargo build --release
            ^^^^^^^^^^^ info install-without-lockfile: \`Cargo.lock\` is in the build context and is not copied: every new build takes the newest versions that fit.
      `,
      files: { 'Cargo.toml': '[dependencies]\nserde = "1"\n', 'Cargo.lock': '', 'src/main.rs': '' },
    },
    {
      ok: dockerfile`
        FROM node:22
        WORKDIR /app
        COPY package.json package-lock.json ./
        RUN npm ci && npm install -g pm2@5.4.3
        COPY web/ web/
        RUN cd web && npm install
      `,
      because: '`npm ci` holds to the lockfile, tools have none, and the other folder has none either',
      files: { 'package.json': '{}', 'package-lock.json': '{}', 'web/package.json': '{}' },
    },
    {
      ok: dockerfile`
        FROM node:22
        WORKDIR /app
        COPY package.json yarn.lock .yarnrc.yml ./
        RUN yarn workspaces focus --production shop
      `,
      because: 'no option makes this command fail where the lockfile does not fit',
      files: { 'package.json': '{"packageManager": "yarn@4.5.0"}', 'yarn.lock': '', '.yarnrc.yml': '' },
    },
    {
      ok: dockerfile`
        FROM python:3.13-slim
        ENV CI=true
        WORKDIR /app
        COPY . .
        RUN pip install -r requirements.txt -c constraints.txt && poetry install --no-root && pnpm install
      `,
      because: 'constraints and lockfiles hold the versions, and pnpm takes the lockfile as it is where `CI` is set',
      files: {
        'requirements.txt': 'flask\n',
        'constraints.txt': 'flask==3.1.0\n',
        'pyproject.toml': '',
        'poetry.lock': '',
        'package.json': '{}',
        'pnpm-lock.yaml': '',
      },
    },
  ],
  *check({ model, context }) {
    for (const run of model.runs) {
      for (const { call, script } of projectInstalls(run)) {
        const found = looseInstall(call, run, script, context);
        if (found) yield { ...found, at: onOneLine(model.dockerfile, run.at(call.nameSpan)) };
      }
    }
  },
});

interface ProjectInstall {
  readonly call: PackageCall;
  readonly script: ShellScript;
}

/** The calls that install what a project says it needs. */
const projectInstalls = perStep((run: RunStep): readonly ProjectInstall[] => {
  if (!run.isKnown) return [];
  return run.scripts.flatMap((script) =>
    packageCalls(script)
      .filter((call) => {
        if (ecosystemOf(call.manager).kind === 'system' || call.opaque || elsewhere(call)) return false;
        return isProjectInstall(call) || (call.manager === 'cargo' && /^(?:build|b|fetch)$/.test(call.subcommand));
      })
      .map((call) => ({ call, script })),
  );
});

/** Managers that take the lockfile where there is one, and resolve anew where there is none. */
const needsLockfile: ReadonlySet<PackageManager> = new Set([
  'pipenv',
  'poetry',
  'pdm',
  'uv',
  'bundle',
  'composer',
  'cargo',
  'mix',
]);

/** The option that makes an install fail rather than leave the lockfile. */
const frozenOption: Readonly<Partial<Record<PackageManager, string>>> = {
  pnpm: '--frozen-lockfile',
  bun: '--frozen-lockfile',
  uv: '--locked',
  pipenv: '--deploy',
  dotnet: '--locked-mode',
};

function looseInstall(
  call: PackageCall,
  run: RunStep,
  script: ShellScript,
  context: BuildContext | null,
): Omit<Finding, 'at'> | null {
  const { manager } = call;
  const ecosystem = ecosystemOf(manager);
  const folder = folderOf(run, call);
  if (folder === null) return null;
  // `uv pip install` is pip's, whatever stands in uv.lock.
  if (manager === 'pip' || (manager === 'uv' && call.subcommand !== 'sync'))
    return openInstall(call, run, folder, context);
  if (isSwitchedOff(call) || ecosystem.lockfiles.length === 0) return null;
  const locks = ecosystem.lockfiles.filter((name) => !name.includes('*'));
  const isFrozen = isFrozenInstall(call) || isFrozenBySetting(run, call);
  const lock = locks.find((name) => isThere(broughtFile(run, normalizePath(`${folder}/${name}`), context)));
  if (lock !== undefined) return isFrozen ? null : notHolding(call, run, script, lock, context);
  return needsLockfile.has(manager) ? withoutLockfile(call, run, folder, locks, context) : null;
}

const isThere = (file: ReturnType<typeof broughtFile>): file is BroughtFile => typeof file === 'object';

/** The author does not want a lockfile, or no install. */
const isSwitchedOff = (call: PackageCall): boolean =>
  [
    '--no-package-lock',
    '--package-lock-only',
    '--lockfile-only',
    '--no-lockfile',
    '--pure-lockfile',
    '--fix-lockfile',
    '--skip-lock',
    '--package-lock=false',
    '--lockfile=false',
    '--no-frozen-lockfile',
    '--frozen-lockfile=false',
    '--no-immutable',
    '--dry-run',
  ].some((flag) => hasFlag(call, flag)) || call.flags.some(({ name }) => /^--no-(?:frozen|package)/.test(name));

function isFrozenBySetting(run: RunStep, call: PackageCall): boolean {
  return ecosystemOf(call.manager).frozenEnv.some(({ name, values }) => {
    const own = call.command.assignments.find((assignment) => assignment.name === name);
    const value = own ? own.value?.value : run.before.scope.get(name)?.value;
    return own || run.before.scope.get(name) ? value === null || values.includes(value ?? '') : false;
  });
}

/** The lockfile is there, and the command may leave it. */
function notHolding(
  call: PackageCall,
  run: RunStep,
  script: ShellScript,
  lock: string,
  context: BuildContext | null,
): Omit<Finding, 'at'> | null {
  const { manager } = call;
  const written = `${manager} ${call.subcommand}`.trim();
  if (manager === 'npm') {
    if (!/^(?:install|i|in|ins|inst|insta|instal|add)$/.test(call.subcommand)) return null;
    return {
      message: l10n.t('`{0}` may take other versions than `{1}` says; `npm ci` holds to it.', written, lock),
      fix: () => {
        const word = call.command.args.find(({ unquoted }) => unquoted === call.subcommand);
        if (!word?.plain) return { refused: l10n.t('`{0}` is not written plainly here', written) };
        return risky({
          title: l10n.t('Use `npm ci`'),
          safety: 'suggestion',
          edits: [replace(run.at(word.span), 'ci')],
        });
      },
    };
  }
  // `yarn workspaces focus` knows no such option.
  if (call.subcommand === 'workspaces focus') return null;
  const option = manager === 'yarn' ? yarnOption(run, call, context) : frozenOption[manager];
  if (option === undefined) return null;
  return {
    message: l10n.t('`{0}` may take other versions than `{1}` says; `{2}` holds to it.', written, lock, option),
    fix: () =>
      risky({
        title: l10n.t('Add `{0}`', option),
        safety: 'suggestion',
        edits: [insertOption(run, script, call.nameSpan, option)],
      }),
  };
}

const risky = (fix: Fix): Fix => ({
  ...fix,
  risk: l10n.t('It fails where the lockfile does not fit the manifest; then the lockfile has to be made anew.'),
});

const yarnOption = (run: RunStep, call: PackageCall, context: BuildContext | null): string =>
  isYarnClassic(run, [call], context) === false ? '--immutable' : '--frozen-lockfile';

/** There is no lockfile at all, or it is not copied. */
function withoutLockfile(
  call: PackageCall,
  run: RunStep,
  folder: string,
  locks: readonly string[],
  context: BuildContext | null,
): Omit<Finding, 'at'> | null {
  const [lock] = locks;
  const manifests = ecosystemOf(call.manager).manifests.filter((name) => !name.includes('*'));
  const found = manifests
    .map((name) => ({ name, file: broughtFile(run, normalizePath(`${folder}/${name}`), context) }))
    .find(({ file }) => isThere(file));
  if (!lock || !found || !isThere(found.file) || run.before.scope.get('BUNDLE_GEMFILE')) return null;
  const isNowhere = foldersUpwards(folder).every((above) =>
    locks.every((name) => broughtFile(run, normalizePath(`${above}/${name}`), context) === 'absent'),
  );
  // A member of a workspace has its lockfile further up.
  if (
    !isNowhere ||
    foldersUpwards(folder)
      .slice(1)
      .some((above) => isThere(broughtFile(run, normalizePath(`${above}/${found.name}`), context)))
  )
    return null;
  const beside = found.file.path?.slice(0, -found.name.length);
  const uncopied = beside === undefined ? undefined : locks.find((name) => context?.entries.has(beside + name));
  return {
    message: uncopied
      ? l10n.t(
          '`{0}` is in the build context and is not copied: every new build takes the newest versions that fit.',
          uncopied,
        )
      : l10n.t('There is no `{0}` beside `{1}`: every new build takes the newest versions that fit.', lock, found.name),
  };
}

/** `pip install -r` of requirements of which some have no version. */
function openInstall(
  call: PackageCall,
  run: RunStep,
  folder: string,
  context: BuildContext | null,
): Omit<Finding, 'at'> | null {
  const isHeld =
    ['-c', '--constraint', '--require-hashes', '--no-index'].some((flag) => hasFlag(call, flag)) ||
    ['PIP_CONSTRAINT', 'PIP_REQUIRE_HASHES'].some((name) => run.before.scope.get(name));
  if (isHeld) return null;
  for (const { name, value } of call.flags) {
    if (!/^(?:-r|--requirements?)$/.test(name) || value === null || /[$`*]|:\/\//.test(value)) continue;
    const file = broughtFile(run, normalizePath(value.startsWith('/') ? value : `${folder}/${value}`), context);
    const text = isThere(file) && file.path !== null ? context?.text(file.path) : undefined;
    const open = text === undefined ? [] : openRequirements(text).filter(({ range }) => range === '');
    const [first] = open;
    if (!first) continue;
    return {
      message:
        open.length === 1
          ? l10n.t('`{0}` names no version of `{1}`, and nothing else does.', value, first.name)
          : l10n.t(
              '`{0}` names no version of `{1}` and {2} more, and nothing else does.',
              value,
              first.name,
              open.length - 1,
            ),
    };
  }
  return null;
}
