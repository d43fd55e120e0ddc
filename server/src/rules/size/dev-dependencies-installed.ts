/** The final image holds what only development needs. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { stepsBefore } from '../../model/brought-programs';
import { type DevInstall, devInstallOf } from '../../model/dev-dependencies';
import type { RunStep, Stage } from '../../model/model';
import { isRunStep } from '../../model/steps';
import { isYarnClassic } from '../../model/yarn-version';
import { packageCalls } from '../../shell/package-calls';
import type { PackageCall } from '../../shell/packages';
import type { ShellCommand, ShellScript } from '../../shell/script';
import type { Dockerfile } from '../../syntax/tree';
import { indentOf, insert, keywordLike, remove } from '../edits';
import { insertOption } from '../insert-option';
import { startWithComments } from '../move';
import { startCommandOf } from '../multi-stage/start-command';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'dev-dependencies-installed',
  category: 'size',
  severity: 'info',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'A `RUN` of the final stage installs the dependencies of a project with those for development: npm, yarn, pnpm, bun, composer, bundler, poetry, uv, pdm without the option that leaves them out, `pipenv install --dev`, `pip install -r requirements-dev.txt` or `.[dev]`. Silent where the same image builds or tests with them, or takes them out again later.',
    why: 'Test frameworks, linters and bundlers are often more than half of what is installed. They are pulled at every deployment, and scanners report holes in programs that never run.',
    fix: 'Leave them out: `npm ci --omit=dev`, `yarn install --production`, `pnpm install --prod`, `composer install --no-dev`, `poetry install --only main`, `uv sync --no-dev`, `pdm install --prod`, `BUNDLE_WITHOUT=development:test`. The quick fix adds it. Where a build needs them, build in a stage before and copy the result.',
    ignore: 'In images to develop or test in.',
    references: [
      'https://docs.npmjs.com/cli/commands/npm-install',
      'https://getcomposer.org/doc/03-cli.md#install-i',
      'https://python-poetry.org/docs/managing-dependencies/#dependency-groups',
      'https://docs.astral.sh/uv/guides/integration/docker/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-alpine
        WORKDIR /srv
        COPY package.json package-lock.json ./
        RUN npm ci \
            ^^^^^^ info dev-dependencies-installed: \`npm ci\` installs the devDependencies too: tests and linters stay in the image.
            # not needed any more
            && npm cache clean --force
        COPY . .
        CMD ["node", "server.js"]
      `,
      good: dockerfile`
        FROM node:22-alpine
        WORKDIR /srv
        COPY package.json package-lock.json ./
        RUN npm ci --omit=dev \
            # not needed any more
            && npm cache clean --force
        COPY . .
        CMD ["node", "server.js"]
      `,
    },
    {
      bad: dockerfile`
        FROM php:8.4-cli
        RUN <<EOF
        composer install --optimize-autoloader
        ^^^^^^^^^^^^^^^^ info dev-dependencies-installed
        EOF
        CMD ["php", "worker.php"]
      `,
      good: dockerfile`
        FROM php:8.4-cli
        RUN <<EOF
        composer install --no-dev --optimize-autoloader
        EOF
        CMD ["php", "worker.php"]
      `,
    },
    {
      bad: dockerfile`
        FROM ruby:3.4-slim
        COPY Gemfile Gemfile.lock ./
        # the gems
        RUN bundle install
            ^^^^^^^^^^^^^^ info dev-dependencies-installed: \`bundle install\` installs the groups development and test too…
        CMD ["puma"]
      `,
      good: dockerfile`
        FROM ruby:3.4-slim
        COPY Gemfile Gemfile.lock ./
        ENV BUNDLE_WITHOUT=development:test
        # the gems
        RUN bundle install
        CMD ["puma"]
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.13-slim
        RUN pip install --no-cache-dir -r requirements.txt -r requirements-dev.txt
            ^^^^^^^^^^^ info dev-dependencies-installed: \`requirements-dev.txt\` is for development: what it names stays in the image.
        RUN pip install -r requirements/test.txt
            ^^^^^^^^^^^ info dev-dependencies-installed
        RUN pipenv install --system --dev
            ^^^^^^^^^^^^^^ info dev-dependencies-installed
        RUN ["poetry", "install"]
              ^^^^^^^^^^^^^^^^^ info dev-dependencies-installed
        RUN uv sync --locked && pdm install
            ^^^^^^^ info dev-dependencies-installed
                                ^^^^^^^^^^^ info dev-dependencies-installed
        CMD ["python", "app.py"]
      `,
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
        COPY package.json package-lock.json ./
        RUN npm ci
        COPY . .
        RUN npm run build && npm prune --omit=dev
        CMD ["node", "dist/server.js"]
      `,
      because: 'the build needs them, and they are taken out again',
    },
    {
      ok: dockerfile`
        FROM node:22 AS build
        RUN npm ci
        FROM node:22-slim
        ENV NODE_ENV=production
        RUN npm ci
        RUN yarn install --production \
            # only what runs
            && composer install --no-dev
        CMD ["node", "server.js"]
      `,
      because: 'the build stage is not shipped, and the others leave them out',
    },
    {
      ok: dockerfile`
        FROM node:22-slim
        RUN npm install
        CMD ["npm", "run", "dev"]
      `,
      because: 'the image is there to develop in',
    },
    {
      ok: dockerfile`
        FROM node:22-slim
        COPY package.json .
        RUN npm install
        CMD ["node", "server.js"]
      `,
      files: { 'package.json': '{"dependencies": {"express": "^5"}}' },
      because: 'there are none',
    },
  ],
  *check({ model, context }) {
    const final = model.allStages.find(({ isFinal }) => isFinal);
    if (!final || final.isWindows || isToDevelopIn(final, context)) return;
    const chain = chainOf(final);
    for (const run of chain) {
      if (!model.stages.includes(run.stage) || !run.isKnown) continue;
      for (const script of run.scripts)
        for (const call of packageCalls(script)) {
          if (call.action !== 'install') continue;
          const found = devInstallOf(run, script, call, () => stepsBefore(run), context);
          if (!found || call.command.connector === '||' || !/^(?:top|group)$/.test(call.command.nesting)) continue;
          if (isNeededLater(chain, run, call)) continue;
          yield {
            at: onOneLine(model.dockerfile, run.at(call.nameSpan)),
            message: messageOf(call, found),
            fix: () => leaveOut(model.dockerfile, run, script, call, found, context),
          };
        }
    }
  },
});

/** The RUNs whose layers are in the final image. */
function chainOf(stage: Stage): readonly RunStep[] {
  const own = stage.steps.filter(isRunStep);
  return stage.parent ? [...chainOf(stage.parent), ...own] : own;
}

function messageOf(call: PackageCall, found: DevInstall): string {
  if (found.kind === 'asked')
    return l10n.t('`{0}` is for development: what it names stays in the image.', quotable(found.text));
  const words = `${call.manager} ${call.subcommand}`.trim();
  if (/^(?:npm|yarn|pnpm|bun)$/.test(call.manager))
    return l10n.t('`{0}` installs the devDependencies too: tests and linters stay in the image.', words);
  return call.manager === 'bundle'
    ? l10n.t('`{0}` installs the groups development and test too: they stay in the image.', words)
    : l10n.t('`{0}` installs what is for development too: tests and linters stay in the image.', words);
}

const words =
  /(?:^|[\s:/_-])(?:dev|develop|development|watch|test|tests|debug|storybook|e2e|ci|lint|builder?)(?:$|[\s:/_-])/;
const tools =
  /^(?:.*\/)?(?:nodemon|ts-node|ts-node-dev|tsx|vite|jest|mocha|vitest|cypress|karma|ng|webpack(?:-dev-server)?|react-scripts|next|nuxt|gulp|grunt|pytest|tox|phpunit|rspec|rake|guard|bash|sh|zsh|tail|sleep)$/;

/** An image that is started to develop, test or look around in. */
function isToDevelopIn(final: Stage, context: BuildContext | null): boolean {
  if (words.test(final.name ?? '')) return true;
  // `Dockerfile.dev`, `docker/development/Dockerfile`
  if (words.test((context?.dockerfilePath ?? '').replace(/\./g, '-'))) return true;
  const start = startCommandOf(final);
  if (!start) return false;
  const line = [start.program, ...start.args];
  if (line.some((word) => tools.test(word) || words.test(word))) return true;
  const scripts = context?.text('package.json') ?? '';
  // `npm start` says what it starts in package.json.
  return /"start"\s*:\s*"[^"]*\b(?:nodemon|ts-node|tsx|webpack|vite|react-scripts|ng serve|next dev|nuxt dev)\b/.test(
    scripts,
  );
}

const builders =
  /^(?:npx|bunx|tsc|ng|vite|webpack|rollup|esbuild|parcel|next|nuxt|nest|gulp|grunt|bower|lerna|nx|turbo|jest|mocha|vitest|eslint|pytest|tox|mypy|flake8|phpunit|phpstan|rspec|rake|rails|make|sh|bash)$/;

/** Whether something behind the install builds or tests with what it brought, or takes it out. */
function isNeededLater(chain: readonly RunStep[], run: RunStep, install: PackageCall): boolean {
  for (const later of chain.slice(chain.indexOf(run)))
    for (const script of later.scripts) {
      const calls = new Map(packageCalls(script).map((call) => [call.command, call]));
      for (const command of script.commands) {
        if (later === run && command.start <= install.command.start) continue;
        if (uses(command, calls.get(command) ?? null, install)) return true;
      }
    }
  return false;
}

function uses(command: ShellCommand, call: PackageCall | null, install: PackageCall): boolean {
  const { name, nameWord, args } = command;
  if (name === null) return nameWord !== null;
  if (builders.test(name) || /^\.\.?\/|node_modules|vendor\/bin|\.sh$/.test(nameWord?.unquoted ?? '')) return true;
  if (name === 'rm') return args.some(({ unquoted }) => /node_modules|vendor|venv/.test(unquoted));
  if (!call)
    return (
      /^(?:python[\d.]*|php|ruby|node)$/.test(name) &&
      args.some(({ unquoted }) => /artisan|manage\.py|console|build|\.py$|\.js$|\.mjs$/.test(unquoted))
    );
  if (call.action === 'run' || call.action === 'build') return true;
  // Requirement files of pip add up.
  if (call.manager !== install.manager || call.manager === 'pip') return false;
  return (
    /prune|exec|run|rebuild|uninstall|remove|sync|focus/.test(call.subcommand) ||
    (call.action === 'install' && call.packages.length === 0)
  );
}

function leaveOut(
  file: Dockerfile,
  run: RunStep,
  script: ShellScript,
  call: PackageCall,
  found: DevInstall,
  context: BuildContext | null,
): FixResult {
  const line = run.instruction.line + 1;
  const suggest = (
    option: string,
    risk = l10n.t('What the program needs at run time must not be among them.'),
  ): FixResult => ({
    title: l10n.t('Add `{0}`', option),
    safety: 'suggestion',
    edits: [insertOption(run, script, call.nameSpan, option)],
    risk,
  });
  if (found.kind === 'asked') return withoutAsking(run, script, call, line);
  switch (call.manager) {
    case 'npm':
      // npm 6 and older, which came with Node.js 14 and older, know no --omit.
      return suggest(
        Number(/^\d+/.exec(run.stage.rootImage?.tag ?? '')?.[0] ?? 99) < 15 && run.stage.rootImage?.name === 'node'
          ? '--only=production'
          : '--omit=dev',
        hookRisk(context),
      );
    case 'yarn':
      if (isYarnClassic(run, [call], context) === false)
        return {
          refused: l10n.t(
            'yarn 2 and later says `yarn workspaces focus --all --production`, with a plugin before version 4.',
          ),
        };
      return suggest('--production', hookRisk(context));
    case 'pnpm':
      return suggest('--prod', hookRisk(context));
    case 'bun':
      return suggest('--production', hookRisk(context));
    case 'composer':
    case 'uv':
      return suggest('--no-dev');
    case 'pdm':
      return suggest('--prod');
    case 'poetry':
      if (script.form === 'exec') return { refused: l10n.t('The RUN on line {0} is in exec form.', line) };
      return suggest(
        '--only main',
        l10n.t('Needs poetry 1.2 or later; optional groups that the program needs have to be named too.'),
      );
    case 'bundle':
      return {
        title: l10n.t('Set `BUNDLE_WITHOUT=development:test`'),
        safety: 'suggestion',
        edits: [
          insert(
            startWithComments(run.instruction),
            `${keywordLike(run.instruction, 'ENV')} BUNDLE_WITHOUT=development:test${file.eol}${indentOf(file, run.instruction)}`,
          ),
        ],
        risk: l10n.t('The program must not ask for these groups when it starts: set RAILS_ENV=production.'),
      };
    default:
      return { refused: l10n.t('How `{0}` leaves them out is not known.', call.manager) };
  }
}

/** Scripts that an install runs may call what is no longer there: `"prepare": "husky"`. */
function hookRisk(context: BuildContext | null): string {
  const hook = /"(prepare|postinstall|install)"\s*:/.exec(context?.text('package.json') ?? '')?.[1];
  return hook === undefined
    ? l10n.t('What the program needs at run time must not be among them.')
    : l10n.t('The script `{0}` of package.json runs at the install and must not need them.', hook);
}

function withoutAsking(run: RunStep, script: ShellScript, call: PackageCall, line: number): FixResult {
  const flag = call.flags.find(({ name }) => name === '--dev' || name === '-d');
  if (call.manager !== 'pipenv' || !flag || script.form === 'exec' || flag.word.text.length !== flag.name.length)
    return { refused: l10n.t('Line {0} asks for them by name: take them out where nothing needs them.', line) };
  const { start, end } = run.at(flag.word.span);
  let first = start;
  while (/[ \t]/.test(run.body.raw[first - run.instruction.span.start - 1] ?? '')) first--;
  return {
    title: l10n.t('Remove `{0}`', flag.name),
    safety: 'suggestion',
    edits: [remove({ start: first, end })],
    risk: l10n.t('What the program needs at run time must not be among them.'),
  };
}
