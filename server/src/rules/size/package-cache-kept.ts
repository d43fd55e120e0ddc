/** Downloads that package managers keep for a next time that never comes. */
import * as l10n from '@vscode/l10n';
import { apkCache, uselessUpdates } from '../../model/apk-index';
import { emptiesFolder } from '../../model/clean-up';
import { isUncached } from '../../model/ecosystems';
import { laterLook } from '../../model/later-looks';
import type { Model, RunStep } from '../../model/model';
import { type KeptCache, keptCaches } from '../../model/package-cache';
import { isShipped } from '../../model/shipped';
import { isRunStep, triggeredRun } from '../../model/steps';
import { isYarnClassic } from '../../model/yarn-version';
import { packageCalls } from '../../shell/package-calls';
import type { PackageManager } from '../../shell/packages';
import type { ShellCommand, ShellScript } from '../../shell/script';
import { appendCommand } from '../append-command';
import { appendNested } from '../append-nested';
import { cleanUpCommand } from '../clean-up-command';
import { editsTouch } from '../edits';
import { riskOfLook } from '../later-look-risk';
import { apkWithoutCache, pipWithoutCache } from '../no-cache-option';
import { onOneLine, quotable } from '../places';
import { removeCommand } from '../remove-command';
import { defineRule, dockerfile, type Finding, type FixResult, isRefusal } from '../rule';

const aliasesOf: Readonly<Partial<Record<PackageManager, readonly string[]>>> = {
  apk: ['DL3019'],
  yum: ['DL3032'],
  zypper: ['DL3036'],
  dnf: ['DL3040'],
  microdnf: ['DL3040'],
  pip: ['DL3042'],
  yarn: ['DL3060'],
};

/** Where the cache lies for root, to be shown. */
const placeOf: Readonly<Partial<Record<PackageManager, string>>> = {
  apk: '/var/cache/apk',
  pip: '~/.cache/pip',
  npm: '~/.npm',
  yum: '/var/cache/yum',
  dnf: '/var/cache/dnf',
  microdnf: '/var/cache/yum',
  zypper: '/var/cache/zypp',
  pacman: '/var/cache/pacman/pkg',
  yarn: '/usr/local/share/.cache/yarn',
  pnpm: '~/.local/share/pnpm/store',
  gem: '$(gem env gemdir)/cache',
  composer: '~/.composer/cache',
  conda: '/opt/conda/pkgs',
};

export default defineRule({
  id: 'package-cache-kept',
  category: 'size',
  severity: 'warning',
  keywords: ['RUN', 'ONBUILD'],
  aliases: ['DL3019', 'DL3032', 'DL3036', 'DL3040', 'DL3042', 'DL3060'],
  fix: 'safe',
  changes: {
    what: 'removes the caches of apk, pip, npm, yum, dnf, zypper, pacman, yarn, pnpm, gem, composer and conda',
    files: [
      '/var/cache/apk/**',
      '/**/.cache',
      '/**/.cache/**',
      '/**/.npm',
      '/**/.npm/**',
      '/var/cache/yum/**',
      '/var/cache/dnf/**',
      '/var/cache/libdnf5/**',
      '/var/cache/zypp/**',
      '/var/cache/pacman/pkg/**',
      '/**/.yarn/berry/cache/**',
      '/**/.local/share/pnpm/store/**',
      '/**/cache/*.gem',
      '/**/.composer/cache/**',
      '/**/pkgs/**',
      '/**/.conda/pkgs/**',
    ],
  },
  docs: {
    what: "A `RUN` installs packages and keeps the package manager's cache: the index of apk, the downloads of pip, npm, yum, dnf, microdnf, zypper, pacman, yarn, pnpm, gem, composer or conda.",
    why: 'The cache would serve a second install, which an image never sees. It stays in the layer, often as large as what was installed.',
    fix: 'Say so where the manager has an option for it (`apk add --no-cache`, which needs no `apk update` before it; `pip install --no-cache-dir`), else empty the cache in the same `RUN` (`yum clean all`, `npm cache clean --force`). The quick fix does either. Better still for rebuilds: `RUN --mount=type=cache`, which keeps the downloads on the builder and out of the image. In a stage that only builds something for another one, system packages and pip are a hint, and the rest is left alone: its layers are not shipped.',
    ignore: 'Where the container goes on installing packages, as in a development image.',
    references: [
      'https://docs.docker.com/build/building/best-practices/',
      'https://docs.docker.com/build/cache/optimize/#use-cache-mounts',
      'https://pip.pypa.io/en/stable/topics/caching/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.12-slim
        COPY requirements.txt .
        RUN pip install --upgrade pip \
            ^^^^^^^^^^^ warning package-cache-kept: \`pip install\` leaves what it downloads in \`~/.cache/pip\`: it stays in this layer, and nothing reads it.
            # exact versions
            && pip install -r requirements.txt
      `,
      good: dockerfile`
        FROM python:3.12-slim
        COPY requirements.txt .
        RUN pip install --no-cache-dir --upgrade pip \
            # exact versions
            && pip install --no-cache-dir -r requirements.txt
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN apk update \
            && apk add curl git
               ^^^^^^^ warning package-cache-kept: \`apk add\` leaves what it downloads in \`/var/cache/apk\`…
        RUN apk add --update jq
            ^^^^^^^ warning package-cache-kept
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache curl git
        RUN apk add --no-cache jq
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN apk update \
            && apk add git \
               ^^^^^^^ hint package-cache-kept: \`apk add --no-cache\` needs no \`rm -rf /var/cache/apk/*\` behind it: it keeps no index.
            && rm -rf /var/cache/apk/*
        ONBUILD RUN pip install flask
                    ^^^^^^^^^^^ warning package-cache-kept
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache git
        ONBUILD RUN pip install --no-cache-dir flask
      `,
    },
    {
      bad: dockerfile`
        FROM rockylinux:9
        RUN dnf install -y httpd && \
            ^^^^^^^^^^^ warning package-cache-kept
            systemctl enable httpd
      `,
      good: dockerfile`
        FROM rockylinux:9
        RUN dnf install -y httpd && \
            dnf clean all && \
            systemctl enable httpd
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-alpine
        WORKDIR /srv
        COPY package.json package-lock.json ./
        RUN <<EOF
        set -e
        npm ci --omit=dev
        ^^^^^^ warning package-cache-kept
        node --version
        EOF
      `,
      good: dockerfile`
        FROM node:22-alpine
        WORKDIR /srv
        COPY package.json package-lock.json ./
        RUN <<EOF
        set -e
        npm ci --omit=dev
        npm cache clean --force
        node --version
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache curl
        RUN apk update \
            && apk fetch git \
            && rm -rf /var/cache/apk/*
      `,
      because: 'nothing is cached, or it is deleted in the same RUN',
    },
    {
      ok: dockerfile`
        FROM python:3.12-slim
        RUN --mount=type=cache,target=/root/.cache/pip pip install flask
        ENV PIP_NO_CACHE_DIR=1
        RUN pip install gunicorn
      `,
      because: 'a cache mount keeps the downloads out of the image, and the variable switches the cache off',
    },
    {
      ok: dockerfile`
        FROM node:22-alpine AS build
        COPY package.json package-lock.json ./
        RUN npm ci
        FROM nginx:1.28
        COPY --from=build /dist /usr/share/nginx/html
      `,
      because: 'the layers of the build stage are not part of the image',
    },
    {
      ok: dockerfile`
        FROM rockylinux:9
        RUN <<EOF
        dnf install -y httpd
        dnf clean all
        EOF
      `,
      because: 'the heredoc cleans up itself',
    },
  ],
  *check({ model, context }) {
    for (const step of model.steps) {
      const trigger = step.keyword === 'ONBUILD' ? triggeredRun(step) : null;
      const run = trigger ?? (isRunStep(step) ? step : null);
      if (run === null || run.calls().length === 0) continue;
      const shipped = trigger !== null || isShipped(model, run.stage);
      for (const kept of keptCaches(run)) {
        if (!shipped && !isHint(kept.manager)) continue;
        const yarn = kept.manager === 'yarn' ? isYarnClassic(run, kept.calls, context) : true;
        if (yarn === false) continue;
        yield {
          ...findingOf(model, run, kept),
          ...(shipped ? {} : { severity: 'hint' as const }),
          fix: () => inTrigger(trigger, judged(model, run, kept, fixOf(model, run, kept, yarn === null))),
        };
      }
      if (trigger === null && run.calls('apk').length > 0) {
        yield* updatesOf(model, run, shipped);
        yield* cleanedCallsOf(model, run);
      }
    }
  },
});

/** In a stage that is not shipped only what costs a word to mend is worth one. */
const isHint = (manager: PackageManager): boolean =>
  ['apk', 'pip', 'yum', 'dnf', 'microdnf', 'zypper', 'pacman'].includes(manager);

function findingOf(model: Model, run: RunStep, { manager, calls }: KeptCache): Finding {
  const [first] = calls;
  const span = first ? first.nameSpan : run.body.keywordSpan;
  return {
    at: onOneLine(model.dockerfile, run.at(span)),
    message: l10n.t(
      '`{0}` leaves what it downloads in `{1}`: it stays in this layer, and nothing reads it.',
      `${first?.manager ?? manager} ${first?.subcommand ?? ''}`.trim(),
      placeOf[manager] ?? '',
    ),
    aliases: aliasesOf[manager] ?? [],
  };
}

function fixOf(model: Model, run: RunStep, kept: KeptCache, isDoubtful: boolean): FixResult {
  const { manager, script, calls } = kept;
  if (manager === 'apk') return apkWithoutCache(model, run, script);
  if (manager === 'pip') return pipWithoutCache(run, kept);
  const last = calls.at(-1);
  const command = last ? cleanUpCommand(script, last) : null;
  if (!last || command === null)
    return {
      refused: l10n.t(
        'How to call {0} again in the RUN on line {1} is not certain.',
        manager,
        run.instruction.line + 1,
      ),
    };
  const isSystem = isHint(manager);
  // A manager that only a branch uses may not be there at all in the other.
  const isTop =
    !last.command.quoted && (last.command.nesting === 'top' || (isSystem && last.command.nesting !== 'function'));
  const edits = isTop
    ? appendCommand(model.dockerfile, run, script, last.command, command)
    : appendNested(run, script, last.command, command);
  if ('refused' in edits) return edits;
  const title = l10n.t('Run `{0}` in the same RUN', command);
  if (!isDoubtful) return { title, safety: 'safe', edits };
  return {
    title,
    safety: 'suggestion',
    edits,
    risk: l10n.t('From version 2 on yarn may run the program out of its cache; then it must stay.'),
  };
}

/** A cache that something further down names is not the rule's to take away. */
function judged(model: Model, run: RunStep, { manager, calls }: KeptCache, fix: FixResult): FixResult {
  const place = placeOf[manager];
  const [first] = calls;
  if (isRefusal(fix) || fix.safety !== 'safe' || place === undefined || !first) return fix;
  const look = laterLook(model, run, first.command, place);
  return look ? { ...fix, safety: 'suggestion', risk: riskOfLook(look, place) } : fix;
}

/** What a trigger says is part of the image's configuration. */
function inTrigger(trigger: RunStep | null, fix: FixResult): FixResult {
  if (trigger === null || isRefusal(fix) || fix.safety !== 'safe') return fix;
  return { ...fix, safety: 'suggestion', risk: l10n.t('The trigger runs in the builds of other images.') };
}

/** Installs of apk with an index that the same RUN fetches before and deletes behind: `--no-cache` does both. */
function* cleanedCallsOf(model: Model, run: RunStep): Iterable<Finding> {
  if (!run.isKnown || run.stage.isWindows || run.hasCacheMount(apkCache) || run.hasCacheMount('/etc/apk/cache')) return;
  for (const script of run.scripts) {
    const calls = packageCalls(script).filter(({ manager }) => manager === 'apk');
    const install = calls.find((call) => call.action === 'install' && !isUncached(call));
    const cleaning = script.commands.find(
      (command) => install && command.start > install.command.start && isApkCleaning(command),
    );
    if (!install || !cleaning) continue;
    yield {
      at: onOneLine(model.dockerfile, run.at(install.nameSpan)),
      severity: 'hint',
      message: l10n.t(
        '`{0}` needs no `{1}` behind it: it keeps no index.',
        'apk add --no-cache',
        quotable(script.text.slice(cleaning.start, cleaning.end)),
      ),
      aliases: ['DL3019'],
      fix: () => uncleaned(model, run, script, cleaning),
    };
  }
}

const isApkCleaning = ({ name, args }: ShellCommand): boolean =>
  name === 'rm' &&
  args.every(({ unquoted }) => /^-[rf]+$|^\/var\/cache\/apk(?:\/\*?)?$/.test(unquoted)) &&
  args.some(({ unquoted }) => unquoted.startsWith('/'));

function uncleaned(model: Model, run: RunStep, script: ShellScript, cleaning: ShellCommand): FixResult {
  const fix = apkWithoutCache(model, run, script);
  if (isRefusal(fix)) return fix;
  const removal = removeCommand(model.dockerfile, run, script, cleaning);
  const edits =
    removal && !fix.edits.some((edit) => editsTouch(edit.span, removal.span)) ? [...fix.edits, removal] : fix.edits;
  return { ...fix, edits };
}

/** An `apk update` beside installs that fetch the index themselves. */
function* updatesOf(model: Model, run: RunStep, shipped: boolean): Iterable<Finding> {
  if (!run.isKnown || run.stage.isWindows || run.hasCacheMount(apkCache) || run.hasCacheMount('/etc/apk/cache')) return;
  for (const { script, call } of uselessUpdates(run)) {
    if (emptiesFolder(script, apkCache, call.command.start)) continue;
    yield {
      at: onOneLine(model.dockerfile, run.at(call.nameSpan)),
      message: l10n.t(
        '`{0}` leaves the package index in `{1}`, which `{2}` does not even read.',
        'apk update',
        apkCache,
        '--no-cache',
      ),
      aliases: [],
      ...(shipped ? {} : { severity: 'hint' as const }),
      fix: () => apkWithoutCache(model, run, script),
    };
  }
}
