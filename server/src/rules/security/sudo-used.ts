/** A RUN calls sudo, which has nothing to add where root is at work anyway. */
import * as l10n from '@vscode/l10n';
import type { RunStep, Step } from '../../model/model';
import { endsUnprivileged, isRoot, runsAsRootByDefault } from '../../model/unprivileged';
import { expandIn } from '../../model/variables';
import type { ShellCommand, ShellScript, ShellWord } from '../../shell/script';
import { programName } from '../../shell/words';
import { remove } from '../edits';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'sudo-used',
  category: 'security',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['RUN'],
  aliases: ['DL3004'],
  fix: 'suggestion',
  docs: {
    what: 'A `RUN` calls `sudo`.',
    why: 'Without a `USER` a build runs as root, so `sudo` does nothing but need its package. Where it is needed, the user may become root without a password, in the container too: the `USER` then protects nothing.',
    fix: 'Leave `sudo` out while root is in force. In front of steps that need root, say `USER root`, and switch back behind them. For the other direction, a command as another user, say `USER`, or use `gosu` or `setpriv` in the entrypoint. The quick fix takes `sudo` and its options away where no other user is in force.',
    ignore: 'Where a base image insists on its own user and you cannot switch.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#user',
      'https://docs.docker.com/reference/dockerfile/#user',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM ubuntu:24.04
        RUN sudo apt-get update \
            ^^^^ warning sudo-used: The build is root already: \`sudo\` adds nothing but a package that lets others become root.
            # what the program needs
            && sudo -E apt-get install -y --no-install-recommends libpq5 \
               ^^^^ warning sudo-used
            && rm -rf /var/lib/apt/lists/*
      `,
      good: dockerfile`
        FROM ubuntu:24.04
        RUN apt-get update \
            # what the program needs
            && apt-get install -y --no-install-recommends libpq5 \
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        echo "vm.swappiness=1" | sudo tee /etc/sysctl.d/99-app.conf
                                 ^^^^ warning sudo-used
        sudo --preserve-env=PATH -- make install
        ^^^^ warning sudo-used
        EOF
        RUN ["sudo", "-H", "make", "clean"]
              ^^^^ warning sudo-used
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        echo "vm.swappiness=1" | tee /etc/sysctl.d/99-app.conf
        make install
        EOF
        RUN ["make", "clean"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        USER app
        RUN sudo chown app /data
            ^^^^ warning sudo-used: \`sudo\` turns \`app\` into root: who breaks into the container can do the same.
        USER root
        RUN sudo -u app make
            ^^^^ warning sudo-used: \`sudo\` runs \`make\` as another user and needs a package for it; USER does the same.
      `,
    },
    {
      ok: dockerfile`
        FROM ubuntu:24.04
        RUN apt-get update && apt-get install -y --no-install-recommends sudo \
            # for those who log in
            && echo "dev ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/dev \
            && rm -rf /var/lib/apt/lists/*
      `,
      because: 'sudo is installed, not called',
    },
    {
      ok: dockerfile`
        FROM ubuntu:24.04
        USER root
        RUN make install
        CMD ["sudo", "-u", "app", "/app"]
      `,
      because: 'only RUN is looked at: what is started may need to change its user',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown || !run.body.raw.includes('sudo')) continue;
      for (const script of run.scripts) {
        for (const command of script.commands) {
          const call = sudoCall(command);
          if (!call) continue;
          yield {
            at: onOneLine(model.dockerfile, run.at(call.word.span)),
            message: messageFor(run, command, call),
            fix: () => dropSudo(run, script, command, call),
          };
        }
      }
    }
  },
});

interface SudoCall {
  readonly word: ShellWord;
  /** Its options, without their values. */
  readonly options: readonly string[];
  /** The first word that is no longer sudo's own: an assignment or a program; null where it runs nothing. */
  readonly program: ShellWord | null;
  /** The last word of its own. */
  readonly last: ShellWord;
}

function sudoCall({ prefixWords, nameWord, name, args }: ShellCommand): SudoCall | null {
  const words = name === 'sudo' && nameWord ? [...prefixWords, nameWord, ...args] : prefixWords;
  const index = words.findIndex((word) => programName(word) === 'sudo');
  const word = words[index];
  if (!word) return null;
  const all = name === 'sudo' ? words : [...words, ...(nameWord ? [nameWord] : [])];
  const options: string[] = [];
  for (let at = index + 1; at < all.length; at++) {
    const next = all[at];
    if (!next) break;
    const text = next.unquoted;
    if (text === '--') return { word, options, program: all[at + 1] ?? null, last: next };
    if (!text.startsWith('-'))
      return { word, options, program: name === 'sudo' ? null : next, last: all[at - 1] ?? word };
    options.push(text);
    if (/^-[A-Za-z]*[ugpCcrtThDRU]$|^--(?:user|group|prompt|chdir|chroot|host|role|type|command-timeout)$/.test(text))
      at++;
  }
  return { word, options, program: null, last: word };
}

const changesUser = ({ options }: SudoCall): boolean =>
  options.some((option) => /^-[A-Za-z]*[ug]|^--(?:user|group)\b/.test(option));

/** The user in force, where it is known not to be root. */
function otherUser(run: Step): string | null {
  const { user, scope } = run.before;
  if (user === null) return null;
  const known = expandIn(user, scope, run.body.escape);
  return known !== null && isRoot(known) ? null : user;
}

function messageFor(run: RunStep, command: ShellCommand, call: SudoCall): string {
  const user = otherUser(run);
  if (changesUser(call) && command.name !== null)
    return l10n.t(
      '`sudo` runs `{0}` as another user and needs a package for it; USER does the same.',
      quotable(command.name, 30),
    );
  if (user !== null)
    return l10n.t('`sudo` turns `{0}` into root: who breaks into the container can do the same.', quotable(user, 30));
  const image = run.stage.rootImage;
  if (run.before.user !== null || runsAsRootByDefault(run.stage))
    return l10n.t('The build is root already: `sudo` adds nothing but a package that lets others become root.');
  if (image && endsUnprivileged(image))
    return l10n.t(
      '`sudo` turns the user of `{0}` into root: who breaks into the container can do the same.',
      image.text,
    );
  return l10n.t('`sudo` is not needed where the build is root, and where it is not, it lets everybody become root.');
}

function dropSudo(run: RunStep, script: ShellScript, command: ShellCommand, call: SudoCall): FixResult {
  const line = run.instruction.line + 1;
  const user = otherUser(run);
  if (changesUser(call))
    return {
      refused: l10n.t(
        'On line {0} sudo changes to another user: say USER before the RUN, or use `gosu` or `setpriv`.',
        line,
      ),
    };
  const userLine = run.before.userStep;
  if (user !== null && userLine)
    return {
      refused: l10n.t(
        'USER on line {0} puts `{1}` in force, who is not root: switch to `USER root` for line {2} and back behind it.',
        userLine.instruction.line + 1,
        quotable(user, 30),
        line,
      ),
    };
  const image = run.stage.rootImage;
  if (user === null && run.before.user === null && image && endsUnprivileged(image))
    return {
      refused: l10n.t(
        '`{0}` does not run as root: switch to `USER root` for line {1} and back behind it.',
        image.text,
        line,
      ),
    };
  if (
    !call.program ||
    call.options.some((option) => /^-[A-Za-z]*[isAbgDRTrthpC]|^--(?!preserve|non|set-home|stdin)/.test(option))
  )
    return {
      refused: l10n.t('The options of sudo on line {0} do more than to become root.', line),
    };
  // Only a shell, and only at the start of a command, takes `NAME=value` for what it is.
  const isFirst = call.word.start === command.start;
  if (/^\w+=/.test(call.program.unquoted) && (script.form === 'exec' || !isFirst))
    return { refused: l10n.t('The options of sudo on line {0} do more than to become root.', line) };
  const start = run.at(call.word.span).start;
  // A comment between the two stays: then only the words of sudo go.
  const hasComment = run.body.innerComments.some(
    ({ from }) => from > call.word.span.from && from < (call.program?.span.from ?? 0),
  );
  const end = hasComment ? run.at(call.last.span).end : run.at(call.program.span).start;
  // The span of an exec-form word is that of the text inside the quotes.
  const isExec = script.form === 'exec';
  return {
    title: l10n.t('Leave `sudo` out'),
    safety: 'suggestion',
    edits: [remove(isExec ? { start: start - 1, end: end - 1 } : { start, end })],
    risk:
      run.before.user === null && !runsAsRootByDefault(run.stage)
        ? l10n.t('The base image must run as root, and the command sees the environment of the build that sudo hides.')
        : l10n.t('The command sees the environment of the build that sudo hides.'),
  };
}
