/** A package list in no order hides what is listed twice. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import { packageCalls } from '../../shell/package-calls';
import type { PackageCall, PackageManager } from '../../shell/packages';
import type { ShellScript, ShellWord } from '../../shell/script';
import { defineRule, dockerfile } from '../rule';
import { arrangeWords, comparePackages, groupsOf } from '../word-list';

/** Managers for which the order means nothing: they work out themselves what comes first. */
const managers: ReadonlySet<PackageManager> = new Set<PackageManager>([
  'apt-get',
  'apt',
  'apk',
  'yum',
  'dnf',
  'microdnf',
  'zypper',
  'pacman',
]);

/** A name, for apt and apk with a version: no `-` or `+` at the end, no suite, no file, no group, nothing the shell changes. */
const plainName = /^[A-Za-z0-9](?:[A-Za-z0-9+._-]*(?:[A-Za-z0-9.]|\+\+))?(?::[a-z0-9]+)?(?:=[A-Za-z0-9.+:~_-]+)?$/;

export default defineRule({
  id: 'unsorted-packages',
  category: 'size',
  severity: 'hint',
  scope: 'instruction',
  keywords: ['RUN'],
  aliases: ['S7018'],
  fix: 'safe',
  docs: {
    what: 'The packages of an install are not in alphabetical order, or one is listed twice.',
    why: 'In a sorted list a reader finds a package, sees at once what is there twice, and two people who add one do not write into the same line. Nothing else changes: the package manager works out the order of installation itself.',
    fix: 'Sort the list and drop what is listed twice. The quick fix does so and leaves lines, options and comments as they are; a comment stays with the package below it. Where comments head groups of packages, each group is sorted by itself. Names are compared character by character by their code (as `LC_ALL=C sort` does), so that the order is the same for everybody: capitals before small letters, `-` before digits before letters.',
    ignore: 'Where the order says something to a reader.',
    references: ['https://docs.docker.com/build/building/best-practices/#sort-multi-line-arguments'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y --no-install-recommends \
                git \
                # for the health check
                curl \
                ^^^^ hint unsorted-packages: \`curl\` stands behind \`git\`: sorted, the list reads well and shows what is there twice.
                ca-certificates \
            && rm -rf /var/lib/apt/lists/*
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y --no-install-recommends \
                ca-certificates \
                # for the health check
                curl \
                git \
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache git curl git bash
                                   ^^^^ hint unsorted-packages
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache bash curl git
      `,
    },
    {
      bad: dockerfile`
        FROM rockylinux:9
        RUN <<EOF
        dnf install -y httpd httpd php
                             ^^^^^ hint unsorted-packages: \`httpd\` is listed twice.
        dnf clean all
        EOF
      `,
      good: dockerfile`
        FROM rockylinux:9
        RUN <<EOF
        dnf install -y httpd php
        dnf clean all
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y --no-install-recommends \
                # to build
                make \
                g++ \
                ^^^ hint unsorted-packages
                # to run
                git=1:2.39.5-0+deb12u2 \
                curl \
                ^^^^ hint unsorted-packages
            && rm -rf /var/lib/apt/lists/*
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y --no-install-recommends \
                # to build
                g++ \
                make \
                # to run
                curl \
                git=1:2.39.5-0+deb12u2 \
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y --no-install-recommends \
                # to build
                g++ \
                make \
                # to run
                curl \
                git \
            && rm -rf /var/lib/apt/lists/*
      `,
      because: 'each group under a comment is sorted',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y $PACKAGES curl ./app.deb bash vim- && pip install wheel flask
      `,
      because: 'a variable, a file or a removal among them may need its place, and pip looks at the order',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown) continue;
      for (const script of run.scripts)
        for (const call of packageCalls(script)) {
          const words = sortableWords(call, script);
          if (words) yield* unsorted(model.dockerfile.text, run, script, words);
        }
    }
  },
});

/** The words of a list that can be put in any order; null where one of them may need its place. */
function sortableWords(call: PackageCall, script: ShellScript): readonly ShellWord[] | null {
  if (!managers.has(call.manager) || call.action !== 'install' || call.opaque || call.command.quoted) return null;
  const words = call.packages.map((operand) => operand.word);
  const [first] = words;
  const last = words.at(-1);
  if (!first || !last || words.length < 2 || script.form === 'exec' || call.subcommand.startsWith('-U')) return null;
  if (call.packages.some((operand) => operand.isFile || !operand.word.plain || !plainName.test(operand.word.text)))
    return null;
  const isInterrupted = call.flags.some(({ word }) => word.start > first.start && word.start < last.start);
  return isInterrupted || call.operands.length !== words.length ? null : words;
}

function* unsorted(text: string, run: RunStep, script: ShellScript, words: readonly ShellWord[]) {
  const places = words.map((word) => run.at(word.span));
  const groups = groupsOf(text, places);
  for (const group of groups) {
    const names = group.map((place) => text.slice(place.start, place.end));
    const at = names.findIndex((name, index) => index > 0 && comparePackages(names[index - 1] ?? '', name) >= 0);
    const place = group[at];
    const name = names[at];
    if (!place || name === undefined) continue;
    const earlier = names.slice(0, at);
    const message = earlier.includes(name)
      ? l10n.t('`{0}` is listed twice.', name)
      : l10n.t(
          '`{0}` stands behind `{1}`: sorted, the list reads well and shows what is there twice.',
          name,
          names[at - 1] ?? '',
        );
    yield {
      at: place,
      message,
      fix: () => {
        const edits = arrangeWords(text, group, script.form);
        if (!edits)
          return {
            refused: l10n.t('Comments and packages share lines in the RUN on line {0}.', run.instruction.line + 1),
          };
        return { title: l10n.t('Sort the packages'), safety: 'safe' as const, edits };
      },
    };
  }
}
