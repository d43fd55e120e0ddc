/** One RUN joins the installation of packages, which rarely changes, with work on the source, which often does. */
import * as l10n from '@vscode/l10n';
import { ecosystemOf, isProjectInstall } from '../../model/ecosystems';
import type { RunStep } from '../../model/model';
import { perStep } from '../../model/per-step';
import { workOf } from '../../model/run-work';
import { isCopyStep } from '../../model/steps';
import { volatilityOf } from '../../model/volatility';
import type { PackageCall } from '../../shell/packages';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'over-merged-run',
  category: 'cache',
  severity: 'hint',
  keywords: ['RUN'],
  aliases: [],
  fix: 'none',
  docs: {
    what: 'One `RUN` below a `COPY` of the source installs packages of the distribution and, in the same chain, installs the dependencies of the project or builds it.',
    why: 'A change of the source repeats the whole `RUN`, with the download of the packages, which have nothing to do with it.',
    fix: 'Install the packages in a `RUN` of their own above the `COPY`, and leave here what needs the source. Several layers cost next to nothing.',
    ignore:
      'When the packages are removed again in the same `RUN`, which is no finding, or when they follow from the source.',
    references: [
      'https://docs.docker.com/build/cache/optimize/#order-your-layers',
      'https://docs.docker.com/build/building/best-practices/#leverage-build-cache',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-bookworm
        WORKDIR /srv
        COPY . .
        RUN apt-get update \
            && apt-get install -y --no-install-recommends ffmpeg \
               ^^^^^^^^^^^^^^^ hint over-merged-run: Each change of what the COPY on line 3 brings repeats \`apt-get install\`, because \`npm ci\` is in the same RUN.
            # the application
            && npm ci \
            && npm run build
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        COPY src /src
        RUN <<EOF
        apk add --no-cache gcc musl-dev make
        ^^^^^^^ hint over-merged-run
        make -C /src install
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache make && make --version
        COPY src /src
        RUN apk add --no-cache --virtual .build gcc && make -C /src install && apk del .build
      `,
      because: 'the one does not depend on the source, and the other removes the packages again',
    },
    {
      ok: dockerfile`
        FROM debian:12
        COPY nginx.conf /etc/nginx/nginx.conf
        RUN apt-get update && apt-get install -y nginx && make --version
      `,
      because: 'a configuration rarely changes',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      const found = findJoin(run);
      if (!found) continue;
      const { install, work } = found;
      const copy = run.stage.steps
        .slice(0, run.index)
        .find((step) => isCopyStep(step) && volatilityOf(step) !== 'rare');
      if (!copy) continue;
      yield {
        at: onOneLine(model.dockerfile, run.at(install.nameSpan)),
        message: l10n.t(
          'Each change of what the {0} on line {1} brings repeats `{2}`, because `{3}` is in the same RUN.',
          copy.keyword,
          copy.instruction.line + 1,
          `${install.manager} ${install.subcommand}`,
          quotable(work, 40),
        ),
        related: [{ at: copy.at(copy.body.keywordSpan), message: l10n.t('This changes often.') }],
      };
    }
  },
});

/** The install of a distribution's packages, and what behind it works on the source. */
const findJoin = perStep((run: RunStep): { readonly install: PackageCall; readonly work: string } | null => {
  if (!run.isKnown || run.isExec || run.stage.isWindows) return null;
  const topics = workOf(run);
  if (![...topics].some((topic) => topic.startsWith('system:'))) return null;
  if (![...topics].some((topic) => topic.startsWith('project:') || topic === 'build')) return null;
  const calls = run.calls();
  if (calls.some((call) => call.action === 'remove')) return null;
  const install = calls.find((call) => call.action === 'install' && ecosystemOf(call.manager).kind === 'system');
  if (!install || install.packages.some(({ isFile }) => isFile)) return null;
  const later = calls.find(
    (call) =>
      call.command.start > install.command.start &&
      ecosystemOf(call.manager).kind !== 'system' &&
      (call.action === 'build' || call.action === 'run' || isProjectInstall(call)),
  );
  if (later) return { install, work: `${later.manager} ${later.subcommand}`.trim() };
  const built = run.scripts
    .flatMap((script) => script.commands)
    .find(
      (command) =>
        command.start > install.command.start &&
        /^(?:make|cmake|ninja|meson)$/.test(command.name ?? '') &&
        !command.args.some((arg) => arg.text === '--version'),
    );
  // What it builds may be fetched in the same RUN.
  const fetches = run.scripts.some((script) =>
    script.commands.some(({ name }) => /^(?:curl|wget|git)$/.test(name ?? '')),
  );
  return built && !fetches ? { install, work: built.name ?? '' } : null;
});
