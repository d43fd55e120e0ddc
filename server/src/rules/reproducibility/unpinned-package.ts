/** A package without a version is whatever is newest on the day of the build. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import { perStep } from '../../model/per-step';
import type { PackageCall, PackageManager, PackageOperand } from '../../shell/packages';
import type { LocalSpan } from '../../syntax/span';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

/** Names of other tools for the findings about a manager; a manager that is not here is never asked for versions. */
const aliasesOf: Readonly<Partial<Record<PackageManager, readonly string[]>>> = {
  'apt-get': ['DL3008'],
  apt: ['DL3008'],
  aptitude: ['DL3008'],
  apk: ['DL3018'],
  yum: ['DL3033'],
  dnf: ['DL3041'],
  microdnf: ['DL3041'],
  zypper: ['DL3037'],
  pip: ['DL3013'],
  npm: ['DL3016'],
  gem: ['DL3028'],
  go: ['DL3062'],
  uv: [],
  pipenv: [],
  poetry: [],
  pdm: [],
  conda: [],
  yarn: [],
  pnpm: [],
  bun: [],
  composer: [],
  cargo: [],
  dotnet: [],
  nuget: [],
};

/** Packages of distributions: old versions vanish from their mirrors, so that pinning has a price of its own. */
const ofDistributions = ['DL3008', 'DL3018', 'DL3033', 'DL3037', 'DL3041'];

export default defineRule({
  id: 'unpinned-package',
  category: 'reproducibility',
  severity: 'info',
  keywords: ['RUN'],
  aliases: [...ofDistributions, 'DL3013', 'DL3016', 'DL3028', 'DL3062'],
  onRequest: ofDistributions,
  fix: 'none',
  docs: {
    what: 'A package is installed by its name alone, without a version.',
    why: 'Every build that does not come from the cache takes what is newest that day. The same Dockerfile then gives another image, and the day an incompatible release appears it gives none.',
    fix: 'Name a version (`requests==2.32.3`, `typescript@5.6.3`, `rake:13.2.1`), or list the packages in a manifest with a lockfile. Packages of distributions (apt, apk, yum, dnf, zypper) are looked at only when you ask for it, by giving this rule a severity or by selecting `DL3008` and its like: their mirrors drop old versions, so that a pinned one breaks the build as soon as a security update comes out. A digest of the base image holds more.',
    ignore: 'For tools whose version does not matter to the image, such as pip itself before the real install.',
    references: [
      'https://pip.pypa.io/en/stable/topics/repeatable-installs/',
      'https://docs.npmjs.com/cli/commands/npm-install',
      'https://docs.docker.com/build/building/best-practices/#apt-get',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.13-slim
        RUN pip install --no-cache-dir flask==3.1.0 requests \
                                                    ^^^^^^^^ info unpinned-package: \`requests\` is installed without a version: every new build takes the newest.
            # for the server
            && npm install -g pm2@latest
                              ^^^^^^^^^^ info unpinned-package: \`pm2@latest\` names no fixed version: every new build takes the newest.
      `,
    },
    {
      bad: dockerfile`
        FROM ruby:3.4
        RUN <<EOF
        gem install bundler rake rspec pry
                    ^^^^^^^ info unpinned-package: \`bundler\`, \`rake\`, \`rspec\` and 1 more are installed without a version: every new build takes the newest.
        go install golang.org/x/tools/gopls@latest
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info unpinned-package
        cargo install just --version 1.36.0
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y --no-install-recommends curl=8.* git && rm -rf /var/lib/apt/lists/*
                                                                                  ^^^ info unpinned-package: \`git\` is installed…
      `,
      because: 'somebody asked for packages of the distribution, too',
    },
    {
      ok: dockerfile`
        FROM python:3.13-slim
        ARG VERSION
        RUN pip install -r requirements.txt -c constraints.txt gunicorn \
            # a path, an archive, the project itself
            && pip install . ./lib "app==$VERSION" https://example.com/x.whl \
            && npm i ./x.tgz && npm install -g typescript@5.6.3 $TOOLS \
            && gem install rake -v 13.2.1
      `,
      because: 'versions, constraints or files say what is installed, and what a variable holds is not known',
    },
    {
      ok: dockerfile`
        FROM node:22
        RUN npm ci && yarn install --frozen-lockfile
        RUN apt-get install -f && apt-get install -y ./local.deb
      `,
      because: 'an install of a project takes its versions from the lockfile',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      for (const { call, known } of looseInstalls(run)) {
        const found = known ?? unpinnedOf(call, run);
        if (found)
          yield { at: onOneLine(model.dockerfile, run.at(found.span)), message: found.message, aliases: found.aliases };
      }
    }
  },
});

interface Unpinned {
  /** The first package without a version, local to its instruction. */
  readonly span: LocalSpan;
  readonly message: string;
  readonly aliases: readonly string[];
}

interface LooseInstall {
  readonly call: PackageCall;
  /** Null for calls of Go: whether they belong to a module is decided by the steps before. */
  readonly known: Unpinned | null;
}

/** The calls of a RUN that take, or may take, packages without a version. */
const looseInstalls = perStep((run: RunStep): readonly LooseInstall[] => {
  if (!run.isKnown) return [];
  return run.calls().flatMap((call): LooseInstall[] => {
    if (call.manager === 'go') return call.action === 'install' ? [{ call, known: null }] : [];
    const known = unpinnedOf(call, run);
    return known ? [{ call, known }] : [];
  });
});

function unpinnedOf(call: PackageCall, run: RunStep): Unpinned | null {
  const aliases = aliasesOf[call.manager];
  if (!aliases || call.action !== 'install' || !takesNames(call) || isHeld(call, run)) return null;
  const unpinned = call.packages.filter((operand) => isUnpinned(operand, call, run));
  const [first] = unpinned;
  if (!first) return null;
  const { span } = first.word;
  if (unpinned.every(({ version }) => version !== null)) {
    const message = l10n.t('`{0}` names no fixed version: every new build takes the newest.', first.word.unquoted);
    // Other tools look for any version at all; Go has none but this way to say so.
    return { span, message, aliases: call.manager === 'go' ? aliases : [] };
  }
  return { span, message: messageAbout(unpinned), aliases: namedByOthers(call) ? aliases : [] };
}

function messageAbout(unpinned: readonly PackageOperand[]): string {
  const names = unpinned.map(({ word }) => `\`${word.unquoted}\``);
  if (names.length === 1)
    return l10n.t('{0} is installed without a version: every new build takes the newest.', names[0] ?? '');
  const shown = names.slice(0, 3).join(', ');
  return names.length <= 3
    ? l10n.t('{0} are installed without a version: every new build takes the newest.', shown)
    : l10n.t(
        '{0} and {1} more are installed without a version: every new build takes the newest.',
        shown,
        names.length - 3,
      );
}

/** hadolint speaks of `go install`, not of `go get`. */
const namedByOthers = (call: PackageCall): boolean => call.manager !== 'go' || call.subcommand === 'install';

/** Subcommands whose operands are names of packages. */
function takesNames({ manager, subcommand }: PackageCall): boolean {
  switch (manager) {
    case 'composer':
      return /^(?:global )?(?:require|req|r)$/.test(subcommand);
    case 'dotnet':
      return /^(?:tool install|add package|package add)$/.test(subcommand);
    case 'nuget':
      return subcommand === 'install';
    case 'uv':
      return /^(?:add|pip install|tool install)$/.test(subcommand);
    case 'conda':
      return /^(?:install|create)$/.test(subcommand);
    case 'gem':
      return /^(?:install|i)$/.test(subcommand);
    case 'yum':
    case 'dnf':
    case 'microdnf':
      return /^(?:install|install-n|install-nevra)$/.test(subcommand);
    default:
      return true;
  }
}

/** Options and settings by which something else says which versions to take, or where the packages come from. */
function isHeld({ manager, flags, command }: PackageCall, run: RunStep): boolean {
  const has = (pattern: RegExp) => flags.some(({ name }) => pattern.test(name));
  if (command.assignments.some(({ name }) => /^(?:PIP|UV)_CONSTRAINT$/.test(name))) return true;
  switch (manager) {
    case 'pip':
      return (
        has(/^(?:-c|--constraint|--no-index|--require-hashes)$/) || run.before.scope.get('PIP_CONSTRAINT') !== undefined
      );
    case 'uv':
      return (
        has(/^(?:-c|--constraints?|--no-index|--require-hashes|--exclude-newer)$/) ||
        ['UV_CONSTRAINT', 'UV_EXCLUDE_NEWER'].some((name) => run.before.scope.get(name) !== undefined)
      );
    case 'cargo':
      return has(/^--(?:git|path|index|registry)$/);
    case 'gem':
      return has(/^(?:-l|--local|-g|--file)$/);
    case 'npm':
      return has(/^--(?:offline|before)$/);
    case 'apt-get':
    case 'apt':
    case 'aptitude':
      return has(/^--(?:download-only|no-download)$/);
    default:
      return false;
  }
}

const movingTag = /^(?:latest|next|\*|x|main|master|HEAD|stable|lts|canary|nightly|dev-(?:main|master))$/i;

function isUnpinned({ name, version, isFile, word }: PackageOperand, call: PackageCall, run: RunStep): boolean {
  if (name === null || isFile || name === '' || /^[-@]?$/.test(name)) return false;
  const { manager } = call;
  if (version !== null) return isMoving(manager, version);
  // Something is hidden in the word, or it is nobody's name (`>=2` cut off by a redirect, a pattern).
  if (word.kind !== 'literal' || /[*?$`<>|]/.test(word.unquoted)) return false;
  switch (manager) {
    case 'go':
      return isGoPackage(name) && !hasModule(run);
    case 'apk':
      // `-pkg`, `!pkg` remove or forbid; a tag picks a repository that is made for the image.
      return /^[a-z0-9.]/i.test(name) && !word.unquoted.includes('@');
    case 'apt-get':
    case 'apt':
    case 'aptitude':
      // `pkg/suite`, `pkg-` and tasks (`lamp-server^`).
      return !/[/^]|-$/.test(word.unquoted);
    case 'yum':
    case 'dnf':
    case 'microdnf':
    case 'zypper':
      return !/^[@+-]|\/|:|^\d|\s/.test(name);
    default:
      return true;
  }
}

/** A tag that moves, where the manager has such tags. */
function isMoving(manager: PackageManager, version: string): boolean {
  switch (manager) {
    case 'npm':
    case 'yarn':
    case 'pnpm':
    case 'bun':
    case 'go':
    case 'composer':
    case 'uv':
      return movingTag.test(version);
    default:
      return false;
  }
}

/** `example.com/module/cmd`; a path without a host is of the standard library or of the project. */
const isGoPackage = (name: string): boolean => /^[\w-]+(?:\.[\w-]+)+\/\S/.test(name) && !name.endsWith('...');

/** Inside a module `go install PATH` takes the version from go.mod; files that were copied may bring one. */
function hasModule(run: RunStep): boolean {
  for (let stage: RunStep['stage'] | null = run.stage; stage; stage = stage.parent) {
    const steps = stage === run.stage ? stage.steps.slice(0, run.index) : stage.steps;
    if (steps.some(({ keyword, body }) => keyword === 'COPY' || keyword === 'ADD' || /\bgo\s+mod\b/.test(body.raw)))
      return true;
  }
  return /\bgo\s+mod\b|\bgit\s+clone\b/.test(run.body.raw) || run.mounts.some(({ type }) => type === 'bind');
}
