/** `apt` is for people at a terminal, `apt-get` for scripts. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import { isOutputKept } from '../../shell/kept-output';
import { packageCalls } from '../../shell/package-calls';
import type { PackageCall } from '../../shell/packages';
import { replace } from '../edits';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

/** What both do alike. `upgrade` of apt installs new packages too, and the rest is not known to apt-get, or prints something else. */
const same: ReadonlySet<string> = new Set('install update remove purge autoremove clean autoclean'.split(' '));

/** The options of apt-get; apt has some of its own. */
const options: ReadonlySet<string> = new Set(
  `-y --yes --assume-yes --assume-no -q --quiet -qq -s --simulate --just-print --dry-run --recon --no-act -d --download-only
  -f --fix-broken -m --ignore-missing --fix-missing -t --target-release --default-release -o --option -c --config-file
  -V --verbose-versions -u --show-upgraded -a --host-architecture -P --build-profiles --purge --reinstall --auto-remove
  --autoremove --no-remove --no-upgrade --only-upgrade --install-recommends --no-install-recommends --install-suggests
  --no-install-suggests --allow-unauthenticated --allow-insecure-repositories --allow-downgrades --allow-remove-essential
  --allow-change-held-packages --allow-releaseinfo-change --no-allow-insecure-repositories --force-yes --print-uris
  --no-download --ignore-hold --show-progress --trivial-only`.split(/\s+/),
);

export default defineRule({
  id: 'apt-instead-of-apt-get',
  category: 'style',
  severity: 'hint',
  scope: 'instruction',
  keywords: ['RUN'],
  aliases: ['DL3027'],
  fix: 'safe',
  changes: {
    what: 'apt-get may keep downloaded packages in /var/cache/apt where the base image does not say otherwise',
    files: ['/var/cache/apt/**', '/var/log/apt/**'],
  },
  docs: {
    what: 'A `RUN` calls `apt` instead of `apt-get`.',
    why: '`apt` is made for people at a terminal: its authors reserve the right to change its options and its output, and it warns about that in every build. `apt-get` and `apt-cache` stay as they are.',
    fix: 'Call `apt-get`. The quick fix does for what both do alike: install, update, remove, purge, autoremove and clean. `apt list`, `apt show` and `apt search` have their like in `dpkg` and `apt-cache`.',
    ignore: 'Where it has always worked for you.',
    references: [
      'https://manpages.debian.org/stable/apt/apt.8.en.html#SCRIPT_USAGE_AND_DIFFERENCES_FROM_OTHER_APT_TOOLS',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt update && apt install -y \
            ^^^^^^^^^^ hint apt-instead-of-apt-get: \`apt\` is made for people at a terminal; \`apt-get\` keeps its options and output the same for scripts.
              --no-install-recommends \
              # for the health check
              curl \
            && rm -rf /var/lib/apt/lists/*
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y \
              --no-install-recommends \
              # for the health check
              curl \
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM ubuntu:24.04
        RUN <<EOF
        set -e
        /usr/bin/apt remove -y nano
        ^^^^^^^^^^^^^^^^^^^ hint apt-instead-of-apt-get
        EOF
        RUN ["apt", "purge", "-y", "vim"]
              ^^^^^^^^^^^^ hint apt-instead-of-apt-get
      `,
      good: dockerfile`
        FROM ubuntu:24.04
        RUN <<EOF
        set -e
        /usr/bin/apt-get remove -y nano
        EOF
        RUN ["apt-get", "purge", "-y", "vim"]
      `,
    },
    {
      bad: dockerfile`
        FROM ubuntu:24.04
        RUN apt list --installed > /packages.txt
            ^^^^^^^^ hint apt-instead-of-apt-get
      `,
      because: 'apt-get has no such command; `dpkg -l` serves',
    },
    {
      bad: dockerfile`
        FROM ubuntu:24.04
        RUN apt update \
            ^^^^^^^^^^ hint apt-instead-of-apt-get
            && apt full-upgrade -y
               ^^^^^^^^^^^^^^^^ hint apt-instead-of-apt-get
      `,
      good: dockerfile`
        FROM ubuntu:24.04
        RUN apt-get update \
            && apt full-upgrade -y
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        # apt install
        RUN apt-get update && apt-cache policy curl && apt-get install -y /tmp/apt && echo apt update
      `,
      because: 'none of these programs is apt',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN apt --version
      `,
      because: 'it is only asked for its version',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown) continue;
      const calls = run.scripts.flatMap((script) => packageCalls(script)).filter(isOfApt);
      if (calls.length === 0) continue;
      // One word for all of a RUN that can be changed together, and one for what cannot.
      const fixable = calls.filter((call) => obstacleTo(run, call) === null);
      const others = calls.filter((call) => !fixable.includes(call));
      for (const [first] of [fixable, others]) {
        if (!first) continue;
        yield {
          at: onOneLine(model.dockerfile, run.at(first.nameSpan)),
          message: l10n.t(
            '`apt` is made for people at a terminal; `apt-get` keeps its options and output the same for scripts.',
          ),
          fix: () => callAptGet(run, first, fixable),
        };
      }
    }
  },
});

const isOfApt = ({ manager, subcommand }: PackageCall): boolean => manager === 'apt' && subcommand !== '';

/** Why apt-get cannot simply take its place; null where it can. */
function obstacleTo(run: RunStep, call: PackageCall): string | null {
  const strange = call.flags.find(({ name }) => !options.has(name));
  if (!same.has(call.subcommand) || nameOf(run, call) === null)
    return l10n.t('`apt-get {0}` does something else than `apt {0}`, or there is no such command.', call.subcommand);
  return strange ? l10n.t('apt-get may not know the option `{0}`.', strange.name) : null;
}

/** The program as written. */
function nameOf(run: RunStep, { nameSpan }: PackageCall): string | null {
  const text = run.body.raw.slice(nameSpan.from, nameSpan.from + 20);
  return /^(?:\/usr\/bin\/)?apt(?=[\s"'\\`]|$)/.exec(text)?.[0] ?? null;
}

function callAptGet(run: RunStep, call: PackageCall, fixable: readonly PackageCall[]): FixResult {
  const obstacle = obstacleTo(run, call);
  if (obstacle !== null) return { refused: obstacle };
  const edits = fixable.map((one) => {
    const end = run.at(one.nameSpan).start + (nameOf(run, one)?.length ?? 0);
    return replace({ start: end - 'apt'.length, end }, 'apt-get');
  });
  const title = l10n.t('Call `apt-get`');
  const isRead = run.scripts.some((script) =>
    packageCalls(script).some((one) => fixable.includes(one) && isOutputKept(script, one.command, 'any')),
  );
  return isRead
    ? { title, safety: 'suggestion', edits, risk: l10n.t('What it prints is kept, and apt-get words it differently.') }
    : { title, safety: 'safe', edits };
}
