/** apt installs packages that nobody asked for. */
import * as l10n from '@vscode/l10n';
import type { RunStep, Step } from '../../model/model';
import { packageCalls } from '../../shell/package-calls';
import type { PackageCall, PackageManager } from '../../shell/packages';
import { insertOption } from '../insert-option';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

const managers: readonly PackageManager[] = ['apt-get', 'apt', 'aptitude'];

export default defineRule({
  id: 'recommended-packages',
  category: 'size',
  severity: 'info',
  keywords: ['RUN'],
  aliases: ['DL3015', 'S6500'],
  fix: 'suggestion',
  docs: {
    what: '`apt-get install` installs recommended packages as well.',
    why: 'Besides what a package needs, Debian and Ubuntu install what its maintainer recommends on a desktop: manuals, fonts, a mail server. That can be several times the size of what you wanted, and more to keep secure.',
    fix: 'Add `--no-install-recommends`, and name those recommended packages that you do need. The quick fix adds the option; build and try the image then, because a program may miss what came along until now (`ca-certificates` with curl is the classic).',
    ignore: 'Where the recommended packages are wanted.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#apt-get',
      'https://manpages.debian.org/stable/apt/apt-get.8.en.html',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            && apt-get install -y \
               ^^^^^^^^^^^^^^^ info recommended-packages: \`apt-get install\` brings recommended packages along, often more than you asked for.
              curl \
              git \
            && rm -rf /var/lib/apt/lists/*
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            && apt-get install -y --no-install-recommends \
              curl \
              git \
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        apt-get update
        # for the health check
        apt install curl -y
        ^^^^^^^^^^^ info recommended-packages
        rm -rf /var/lib/apt/lists/*
        EOF
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        apt-get update
        # for the health check
        apt install --no-install-recommends curl -y
        rm -rf /var/lib/apt/lists/*
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            && apt-get install -y --no-install-recommends curl \
            # what curl needs for https
            && apt-get install -y -o APT::Install-Recommends=false ca-certificates \
            && rm -rf /var/lib/apt/lists/*
      `,
      because: 'both say that they want nothing else',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN echo 'APT::Install-Recommends "false";' > /etc/apt/apt.conf.d/99-lean
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
      `,
      because: 'apt is configured so',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown || run.calls(managers, 'install').length === 0 || isConfigured(run)) continue;
      for (const script of run.scripts) {
        for (const call of packageCalls(script)) {
          if (!bringsRecommended(call)) continue;
          const option = call.manager === 'aptitude' ? '--without-recommends' : '--no-install-recommends';
          yield {
            at: onOneLine(model.dockerfile, run.at(call.nameSpan)),
            message: l10n.t(
              '`{0}` brings recommended packages along, often more than you asked for.',
              `${call.manager} ${call.subcommand}`,
            ),
            // Other tools look at apt-get alone.
            ...(call.manager === 'aptitude' ? { aliases: ['S6500'] } : {}),
            fix: () => ({
              title: l10n.t('Add `{0}`', option),
              safety: 'suggestion',
              edits: [insertOption(run, script, lastOption(call), option)],
              risk: l10n.t('A program may miss a package that came along until now.'),
            }),
          };
        }
      }
    }
  },
});

function bringsRecommended(call: PackageCall): boolean {
  if (!managers.includes(call.manager) || call.subcommand !== 'install') return false;
  // `apt-get install -f` completes what dpkg has left half done.
  if (call.packages.length === 0 && !call.opaque) return false;
  return !call.flags.some(
    ({ name, value }) =>
      /^--(?:no-)?install-recommends$|^--with(?:out)?-recommends$/.test(name) ||
      (call.manager === 'aptitude' && /^-[rR]$/.test(name)) ||
      ((name === '-o' || name === '--option') && /install-recommends/i.test(value ?? '')) ||
      name === '--download-only' ||
      name === '-d',
  );
}

/** Behind the options that directly follow `install`, else behind `install`. */
function lastOption(call: PackageCall): PackageCall['nameSpan'] {
  const first = call.operands[0]?.start ?? Number.POSITIVE_INFINITY;
  let last = call.nameSpan;
  for (const { word, valueWord } of call.flags) {
    const end = valueWord && valueWord.start > word.start ? valueWord : word;
    if (word.span.from >= last.to && end.start < first) last = end.span;
  }
  return last;
}

/** Whether an earlier step, or this one, switches recommended packages off for all of apt, or brings a configuration that may. */
function isConfigured(run: RunStep): boolean {
  const configures = ({ body, keyword }: Step): boolean => {
    if (keyword === 'COPY' || keyword === 'ADD') return /\/etc\/apt(?:\/apt\.conf|\/?(?:\s|"|$))/.test(body.raw);
    return keyword === 'RUN' && /Install-Recommends(?!=)/i.test(body.raw.replace(/--(?:no-)?install-recommends/gi, ''));
  };
  for (let stage: RunStep['stage'] | null = run.stage; stage; stage = stage.parent) {
    const steps = stage === run.stage ? stage.steps.slice(0, run.index + 1) : stage.steps;
    if (steps.some(configures)) return true;
  }
  return false;
}
