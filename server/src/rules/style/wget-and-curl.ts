/** Two programs for downloads where one would do. */
import * as l10n from '@vscode/l10n';
import type { Stage, Step } from '../../model/model';
import { isRunStep } from '../../model/steps';
import type { LocalSpan } from '../../syntax/span';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

type Program = 'curl' | 'wget';

export default defineRule({
  id: 'wget-and-curl',
  category: 'style',
  severity: 'hint',
  aliases: ['DL4001'],
  fix: 'none',
  docs: {
    what: 'A stage installs both `wget` and `curl`, or downloads with both.',
    why: 'One of them does for nearly everything. The other one is 1 to 5 MB more, with libraries that need their updates, and readers have to know the options of both.',
    fix: 'Keep the one that the base image brings, or that you like better. `curl -fsSLO URL` is `wget -q URL`, and `curl -fsSL URL` is `wget -qO- URL`.',
    ignore: 'Where a script that you copy needs the other one, or the image is for people to work in.',
    references: ['https://curl.se/docs/manpage.html', 'https://www.gnu.org/software/wget/manual/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            && apt-get install -y --no-install-recommends \
              # for downloads
              curl \
              wget \
              ^^^^ hint wget-and-curl: \`wget\` and \`curl\` (line 5) do the same; one of them is enough.
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM buildpack-deps:bookworm
        RUN wget https://example.com/a.tgz
        RUN <<EOF
        set -e
        curl -fsSLO https://example.com/b.tgz
        ^^^^ hint wget-and-curl: \`curl\` and \`wget\` (line 2) do the same; one of them is enough.
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12 AS build
        RUN wget https://example.com/a.tgz

        FROM debian:12
        RUN curl -fsSLO https://example.com/b.tgz
      `,
      because: 'each stage has one',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN curl -fsSLO https://example.com/b.tgz && echo wget
        RUN apt-get update && apt-get install -y wget
      `,
      because: 'one is used and the other one installed for something else',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const { installed, used } = downloadersOf(stage);
      const pair = secondOf(installed) ?? secondOf(used);
      if (!pair) continue;
      const [first, second] = pair;
      const line = model.dockerfile.lines.lineAt(first.step.at(first.span).start) + 1;
      yield {
        at: onOneLine(model.dockerfile, second.step.at(second.span)),
        message: l10n.t(
          '`{0}` and `{1}` (line {2}) do the same; one of them is enough.',
          second.program,
          first.program,
          line,
        ),
        related: [
          { at: onOneLine(model.dockerfile, first.step.at(first.span)), message: l10n.t('This is the other one.') },
        ],
      };
    }
  },
});

interface Place {
  readonly program: Program;
  readonly step: Step;
  readonly span: LocalSpan;
}

const isDownloader = (name: string | null): name is Program => name === 'curl' || name === 'wget';

/** Where a stage installs and where it calls them, each the first time. */
function downloadersOf(stage: Stage): { installed: readonly Place[]; used: readonly Place[] } {
  const installed: Place[] = [];
  const used: Place[] = [];
  const note = (into: Place[], place: Place) => {
    if (!into.some(({ program }) => program === place.program)) into.push(place);
  };
  for (const step of stage.steps) {
    if (!isRunStep(step) || !step.isKnown) continue;
    for (const { packages } of step.calls(system, 'install'))
      for (const { name, word } of packages)
        if (isDownloader(name)) note(installed, { program: name, step, span: word.span });
    for (const script of step.scripts)
      for (const { name, nameWord, args } of script.commands)
        if (isDownloader(name) && nameWord && args.some(({ unquoted }) => !unquoted.startsWith('-')))
          note(used, { program: name, step, span: nameWord.span });
  }
  return { installed, used };
}

const system = ['apt-get', 'apt', 'aptitude', 'apk', 'yum', 'dnf', 'microdnf', 'tdnf', 'zypper', 'pacman'] as const;

function secondOf([first, second]: readonly Place[]): readonly [Place, Place] | null {
  return first && second ? [first, second] : null;
}
