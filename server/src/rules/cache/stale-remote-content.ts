/** What a RUN fetches from a moving place is fetched once, and then comes from the cache. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import { expandIn } from '../../model/variables';
import type { ShellCommand, ShellScript, ShellWord } from '../../shell/script';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'stale-remote-content',
  category: 'cache',
  severity: 'info',
  aliases: [],
  fix: 'none',
  scope: 'instruction',
  keywords: ['RUN'],
  docs: {
    what: 'A `RUN` fetches what changes without its address changing: `git clone` of a branch, `curl …/latest/…`, a file of the branch `main` or `master`.',
    why: 'The cache knows a `RUN` by its text. As long as that stays the same, a builder with a cache goes on using what it fetched at first, be it months old, and another builder gets something else.',
    fix: 'Name what you want: a tag, a commit, a version in an `ARG`. Then the step is repeated when that changes, and only then. Where it has to be the newest, `ADD https://github.com/owner/repository.git#main /src` helps: for `ADD`, BuildKit asks in each build whether something is new.',
    ignore: 'When the image is always built with `--no-cache`, or an older state does no harm.',
    references: [
      'https://docs.docker.com/build/cache/invalidation/#run-instructions',
      'https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12
        RUN git clone --depth=1 https://github.com/acme/tool.git /tool \
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info stale-remote-content: \`https://github.com/acme/tool.git\` is fetched once as it is then: the cache keeps that until this RUN changes.
            # the whole of it
            && make -C /tool install
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN <<EOF
        wget -O /bin/tool https://github.com/acme/tool/releases/latest/download/tool
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info stale-remote-content
        EOF
        RUN curl -fsSL https://raw.githubusercontent.com/acme/tool/master/install.sh -o /install.sh
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info stale-remote-content
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        ARG COMMIT=0a1b2c3
        RUN git clone --branch v2.1.0 https://github.com/acme/tool.git /tool
        RUN git clone https://github.com/acme/lib.git /lib && git -C /lib checkout $COMMIT
        RUN curl -fsSLO https://github.com/acme/tool/releases/download/v2.1.0/tool
      `,
      because: 'a tag, a commit and a version are named',
    },
    {
      ok: dockerfile`
        FROM debian:12
        ADD https://github.com/acme/tool.git#main /tool
        RUN curl -fsS http://localhost/latest/status
      `,
      because: 'BuildKit asks for news of an ADD in each build, and the other is no download',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown) continue;
      const word = movingWord(run);
      if (!word) continue;
      yield {
        at: onOneLine(model.dockerfile, run.at(word.span)),
        message: l10n.t(
          '`{0}` is fetched once as it is then: the cache keeps that until this RUN changes.',
          quotable(word.unquoted),
        ),
      };
    }
  },
});

/** The first address in a RUN behind which something else may be tomorrow. */
function movingWord(run: RunStep): ShellWord | null {
  // A variable is there to repeat it.
  if (/CACHE_?BUST|REFRESHED|NO_?CACHE_?DATE/i.test(run.body.raw)) return null;
  for (const script of run.scripts) {
    for (const command of script.commands) {
      const word =
        command.name === 'git'
          ? clonedBranch(run, script, command)
          : command.name === 'curl' || command.name === 'wget'
            ? movingAddress(run, command)
            : null;
      if (word) return word;
    }
  }
  return null;
}

const expanded = (run: RunStep, word: ShellWord): string =>
  word.value ?? expandIn(word.unquoted, run.before.scope, run.body.escape) ?? word.unquoted;

/** The address of a `git clone` that takes a branch as it is, and stays there. */
function clonedBranch(run: RunStep, script: ShellScript, command: ShellCommand): ShellWord | null {
  const { args } = command;
  const clone = args.findIndex((arg) => arg.text === 'clone');
  if (clone < 0) return null;
  let address: ShellWord | null = null;
  for (let index = clone + 1; index < args.length; index++) {
    const arg = args[index];
    if (!arg) continue;
    const branch = /^(?:--branch|-b|--revision)(?:=(.*))?$/.exec(arg.unquoted);
    if (branch) {
      const name = branch[1] ?? (args[index + 1] ? expanded(run, args[index + 1] as ShellWord) : '');
      if (branch[1] === undefined) index++;
      if (!movingBranch.test(name)) return null;
    } else if (/^--?(?:depth|o|origin|c|config|j|jobs|reference|template|filter|u)$/.test(arg.unquoted)) index++;
    else if (!arg.unquoted.startsWith('-')) {
      address ??= arg;
    }
  }
  if (!address || address.unquoted.includes('$') || !/^(?:https?|git|ssh):\/\/|^git@/.test(address.unquoted))
    return null;
  const settles = script.commands.some(
    (other) =>
      other.start > command.start &&
      other.name === 'git' &&
      other.args.some((arg) => /^(?:checkout|reset|switch|fetch|pull|submodule|cherry-pick|apply)$/.test(arg.text)) &&
      !other.args.some((arg) => movingBranch.test(arg.unquoted)),
  );
  return settles ? null : address;
}

const movingBranch = /^(?:main|master|develop|dev|trunk|HEAD|nightly|latest|stable|next)$/;

const movingPath =
  /\/latest(?:[/?]|$)|\/releases\/latest\/|^https?:\/\/raw\.githubusercontent\.com\/[^/]+\/[^/]+\/(?:refs\/heads\/)?(?:main|master|HEAD|develop)\/|\/(?:raw|blob|tree|archive|tarball|zipball)\/(?:refs\/heads\/)?(?:main|master|HEAD|develop)(?:[/.?]|$)/;

/** The address of a download that is no version of anything. */
function movingAddress(run: RunStep, { args }: ShellCommand): ShellWord | null {
  return (
    args.find((arg) => {
      const text = expanded(run, arg);
      // A version in the file's own name does not move.
      const name = text.slice(text.lastIndexOf('/') + 1);
      return /^https?:\/\/(?!localhost|127\.)/.test(text) && movingPath.test(text) && !/\d\.\d/.test(name);
    }) ?? null
  );
}
