/** A cache is mounted for a package manager that is told not to use it, or that empties it. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import { cachesOf } from '../../model/path-claims';
import { isWithin, resolvePath } from '../../model/paths';
import { expandIn } from '../../model/variables';
import { packageCalls } from '../../shell/package-calls';
import type { PackageManager } from '../../shell/packages';
import { type Defeat, defeatsOf } from '../defeated-cache';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'cache-mount-defeated',
  category: 'cache',
  severity: 'info',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'A `RUN` has a cache mount for a package manager, and the manager is told not to cache (`pip --no-cache-dir`, `apk --no-cache`, `PIP_NO_CACHE_DIR=1`), the same `RUN` empties the cache, or the base image does: images of Debian and Ubuntu delete what apt downloads by `/etc/apt/apt.conf.d/docker-clean`.',
    why: 'The mount stays empty, and every build downloads everything again. With a mount nothing of the cache is in the image anyway, so there is nothing to clean.',
    fix: 'Take the option or the clean-up out; for apt delete `docker-clean` first. The quick fix does so.',
    ignore: 'When the mount is only there to keep the cache out of the image.',
    references: [
      'https://docs.docker.com/build/cache/optimize/#use-cache-mounts',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypecache',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.12-slim
        COPY requirements.txt .
        RUN --mount=type=cache,target=/root/.cache/pip \
            # what the application needs
            pip install --no-cache-dir -r requirements.txt
                        ^^^^^^^^^^^^^^ info cache-mount-defeated: \`--no-cache-dir\` leaves the mounted cache \`/root/.cache/pip\` empty: every build downloads again.
      `,
      good: dockerfile`
        FROM python:3.12-slim
        COPY requirements.txt .
        RUN --mount=type=cache,target=/root/.cache/pip \
            # what the application needs
            pip install -r requirements.txt
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
            --mount=type=cache,target=/var/lib/apt,sharing=locked \
            apt-get update \
            ^^^^^^^^^^^^^^ info cache-mount-defeated: \`/etc/apt/apt.conf.d/docker-clean\`, which the base image brings, leaves…
            && apt-get install -y --no-install-recommends git \
            && rm -rf /var/lib/apt/lists/*
               ^^ info cache-mount-defeated: \`rm -rf /var/lib/apt/lists/*\` leaves…
      `,
      good: dockerfile`
        FROM debian:12
        RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
            --mount=type=cache,target=/var/lib/apt,sharing=locked \
            rm -f /etc/apt/apt.conf.d/docker-clean \
            && apt-get update \
            && apt-get install -y --no-install-recommends git
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-alpine
        RUN --mount=type=cache,target=/etc/apk/cache <<EOF
        apk add --no-cache git
                ^^^^^^^^^^ info cache-mount-defeated
        EOF
      `,
      good: dockerfile`
        FROM node:22-alpine
        RUN --mount=type=cache,target=/etc/apk/cache <<EOF
        apk add --update-cache git
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN rm -f /etc/apt/apt.conf.d/docker-clean
        RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
            apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
      `,
      because: 'the archives are kept, and the lists are not in a mount',
    },
    {
      ok: dockerfile`
        FROM python:3.12
        RUN --mount=type=cache,target=/root/.npm pip install --no-cache-dir flask
        RUN --mount=type=cache,target=/root/.cache/pip pip install flask
      `,
      because: 'the mount is not for pip, or pip uses it',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown || run.stage.isWindows || !run.mounts.some((mount) => mount.type === 'cache')) continue;
      for (const { defeat, target } of defeatedMounts(model.dockerfile, run)) {
        yield {
          at: onOneLine(model.dockerfile, run.at(defeat.at)),
          message:
            defeat.kind === 'hook'
              ? l10n.t(
                  '`{0}`, which the base image brings, leaves the mounted cache `{1}` empty: every build downloads again.',
                  defeat.text,
                  target,
                )
              : l10n.t(
                  '`{0}` leaves the mounted cache `{1}` empty: every build downloads again.',
                  quotable(defeat.text),
                  target,
                ),
          fix: () => fixOf(defeat),
        };
      }
    }
  },
});

function* defeatedMounts(
  file: Parameters<typeof defeatsOf>[0],
  run: RunStep,
): Iterable<{ readonly defeat: Defeat; readonly target: string }> {
  const targets = run.mounts.flatMap((mount) => {
    const text = mount.type === 'cache' ? expandIn(mount.target ?? '', run.before.scope, run.body.escape) : null;
    const path = text ? resolvePath(run.before.workdir, text) : null;
    return path === null ? [] : [path];
  });
  for (const script of run.scripts) {
    const calls = packageCalls(script).filter(({ action }) =>
      /^(?:install|update-index|upgrade|download)$/.test(action),
    );
    const managers = new Set(calls.map(({ manager }) => manager));
    const seen = new Set<number>();
    for (const manager of managers) {
      const own = targets.filter((target) => isCacheOf(manager, target));
      const [target] = own;
      if (target === undefined) continue;
      const ofManager = calls.filter((call) => call.manager === manager);
      for (const defeat of defeatsOf(file, run, script, ofManager, own)) {
        if (seen.has(defeat.at.from)) continue;
        seen.add(defeat.at.from);
        yield { defeat, target };
      }
    }
  }
}

/** Whether a folder is a cache of a manager, or holds one. */
function isCacheOf(manager: PackageManager, target: string): boolean {
  const home = (path: string) => path.replace(/^\/home\/[^/]+/, '/root');
  return (
    target !== '/' &&
    cachesOf(manager).some((cache) => isWithin(home(cache), home(target)) || isWithin(home(target), home(cache)))
  );
}

function fixOf({ kind, text, edit, refusal }: Defeat): FixResult {
  if (edit === null) return { refused: refusal };
  const title = kind === 'hook' ? l10n.t('Delete `{0}` first', text) : l10n.t('Take out `{0}`', quotable(text));
  return {
    title,
    safety: 'suggestion',
    edits: [edit],
    risk:
      kind === 'hook'
        ? l10n.t('Installs further down then keep their archives, too.')
        : l10n.t('What is cached is then used again, as old as it may be.'),
  };
}
