/** Upgrading the whole distribution makes an image that nobody can build twice. */
import * as l10n from '@vscode/l10n';
import type { PackageCall, PackageManager } from '../../shell/packages';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

const managers: readonly PackageManager[] = [
  'apt-get',
  'apt',
  'aptitude',
  'apk',
  'yum',
  'dnf',
  'microdnf',
  'tdnf',
  'zypper',
  'pacman',
];

export default defineRule({
  id: 'distribution-upgrade',
  category: 'reproducibility',
  severity: 'info',
  aliases: ['DL3035'],
  fix: 'none',
  scope: 'instruction',
  keywords: ['RUN'],
  docs: {
    what: 'A `RUN` upgrades all packages of the distribution (`apt-get upgrade`, `apk upgrade`, `yum update`, `zypper dup` …).',
    why: 'What it installs depends on the day of the build, and the cache keeps it from running again when an update comes out. Every upgraded file is stored a second time on top of the base image, which already carries the updates if it is a recent one.',
    fix: 'Take a newer tag or digest of the base image, build with `docker build --pull`, and upgrade single packages by name where one fix cannot wait.',
    ignore:
      'Where the base image is rebuilt too seldom to carry security updates and your images are built without cache.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often',
      'https://docs.docker.com/build/building/best-practices/#apt-get',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            # security
            && apt-get upgrade -y \
               ^^^^^^^^^^^^^^^ info distribution-upgrade: \`apt-get upgrade\` makes the image depend on the day it is built, and stores what it upgrades a second time.
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM opensuse/leap:15.6
        RUN <<EOF
        zypper --non-interactive dup
        ^^^^^^ info distribution-upgrade
        yum -y update
        ^^^ info distribution-upgrade
        apk -U upgrade
        ^^^ info distribution-upgrade
        pacman -Syu --noconfirm
        ^^^^^^^^^^^ info distribution-upgrade
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            && apt-get install -y --no-install-recommends --only-upgrade openssl \
            && rm -rf /var/lib/apt/lists/*
      `,
      because: 'one package is upgraded, by name',
    },
    {
      ok: dockerfile`
        FROM archlinux:base
        RUN pacman -Syu --noconfirm git && yum check-update; dnf update -y openssl; apk update
      `,
      because: 'packages are named, or only the index is refreshed; Arch Linux has no other way to install',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown) continue;
      for (const call of run.calls(managers, 'upgrade')) {
        if (!upgradesAll(call)) continue;
        yield {
          at: onOneLine(model.dockerfile, run.at(nameOf(call))),
          message: l10n.t(
            '`{0}` makes the image depend on the day it is built, and stores what it upgrades a second time.',
            `${call.manager} ${call.subcommand}`,
          ),
          // hadolint speaks of zypper's dist-upgrade.
          aliases: call.manager === 'zypper' && /^(?:dup|dist-upgrade)$/.test(call.subcommand) ? ['DL3035'] : [],
        };
      }
    }
  },
});

/** Everything, not packages by name, and for real. */
function upgradesAll(call: PackageCall): boolean {
  if (call.operands.length > 0 || call.opaque) return false;
  if (/fix|minimal|group|offline|system/.test(call.subcommand)) return false;
  return !call.flags.some(({ name }) =>
    /^(?:--simulate|--dry-run|--just-print|--assumeno|--download-only|--downloadonly|--print)$/.test(name),
  );
}

/** The command up to the subcommand where they stand together, else the command's name. */
function nameOf({ nameSpan, command }: PackageCall): PackageCall['nameSpan'] {
  const name = command.nameWord;
  if (!name) return nameSpan;
  const words = command.args.filter(({ span }) => span.from >= name.span.to && span.to <= nameSpan.to);
  return words.length <= 1 ? nameSpan : name.span;
}
