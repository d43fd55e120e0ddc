/** Programs that make no sense while an image is built. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import type { ShellCommand, ShellScript } from '../../shell/script';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

type Kind = 'editor' | 'process' | 'machine' | 'remote';

const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...['vim', 'vi', 'nvim', 'nano', 'emacs'].map((name) => [name, 'editor'] as const),
  ...['ps', 'top', 'htop', 'kill', 'killall', 'pkill'].map((name) => [name, 'process'] as const),
  ...['shutdown', 'reboot', 'halt', 'poweroff', 'mount', 'ifconfig', 'free'].map((name) => [name, 'machine'] as const),
  ['ssh', 'remote'],
]);

/** Those that the names of this finding in other tools are about. */
const listed: ReadonlySet<string> = new Set('ssh vim shutdown ps free top kill mount ifconfig'.split(' '));

export default defineRule({
  id: 'pointless-command',
  category: 'correctness',
  severity: 'info',
  scope: 'instruction',
  keywords: ['RUN'],
  aliases: ['DL3001'],
  fix: 'none',
  docs: {
    what: 'A `RUN` calls a program that has nothing to do in a build: an editor, `ssh`, `ps`, `top`, `kill`, `mount`, `shutdown`, `free`, `ifconfig`.',
    why: 'Every `RUN` starts in a fresh container without a terminal, in which nothing else runs. There is nobody to type, nothing to stop, and no machine to switch off; only files are kept.',
    fix: 'Leave it out, or put it where it belongs: into the script that starts the container, or into the pipeline that builds the image. Text is edited by `sed`.',
    ignore: 'Where the command only looks at something while you search an error.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#run',
      'https://docs.docker.com/build/building/best-practices/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12
        RUN apt-get update && apt-get install -y vim \
            # the defaults will not do
            && vim /etc/app.conf
               ^^^ info pointless-command: \`vim\` waits for somebody to type, and nobody does during a build.
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN <<EOF
        free -m
        ^^^^ info pointless-command: \`free\` is about the machine: in a build it leaves nothing behind, or is not permitted.
        kill -HUP 1
        ^^^^ info pointless-command: \`kill\` is about running programs, and a RUN begins with none.
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN ssh deploy@example.com systemctl restart app
            ^^^ info pointless-command: \`ssh\` works on another machine; the next build takes this RUN from the cache and does not.
      `,
    },
    {
      ok: dockerfile`
        FROM mysql:8
        RUN mysqld --daemonize --pid-file=/tmp/pid && mysql < /dump.sql && kill "$(cat /tmp/pid)"
        RUN --mount=type=ssh ssh -T git@example.com || true
        RUN vim +PlugInstall +qall
      `,
      because: 'there is a program to stop, keys to connect with, and commands for the editor',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN apt-get install -y vim mount && which ssh && man kill > /kill.txt
      `,
      because: 'the programs are not called',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown) continue;
      for (const script of run.scripts) {
        for (const command of script.commands) {
          const kind = kinds.get(command.name ?? '');
          if (!kind || !command.nameWord || !isPlain(command) || hasReason(run, script, command, kind)) continue;
          const name = command.name ?? '';
          yield {
            at: onOneLine(model.dockerfile, run.at(command.nameWord.span)),
            message: messageOf(kind, name),
            aliases: listed.has(name) ? ['DL3001'] : [],
          };
        }
      }
    }
  },
});

function messageOf(kind: Kind, name: string): string {
  switch (kind) {
    case 'editor':
      return l10n.t('`{0}` waits for somebody to type, and nobody does during a build.', name);
    case 'process':
      return l10n.t('`{0}` is about running programs, and a RUN begins with none.', name);
    case 'machine':
      return l10n.t('`{0}` is about the machine: in a build it leaves nothing behind, or is not permitted.', name);
    case 'remote':
      return l10n.t('`{0}` works on another machine; the next build takes this RUN from the cache and does not.', name);
  }
}

/** Where conditions and loops ask, somebody has thought about it. */
const isPlain = ({ nesting }: ShellCommand): boolean =>
  nesting === 'top' || nesting === 'group' || nesting === 'pipeline' || nesting === 'subshell';

function hasReason(run: RunStep, script: ShellScript, command: ShellCommand, kind: Kind): boolean {
  const words = command.args.map(({ unquoted }) => unquoted);
  if (words.some((word) => /^(?:--version|--help|-V|-version)$/.test(word))) return true;
  switch (kind) {
    case 'editor':
      return (
        words.some((word) => /^(?:\+|-[cesSE]|--(?:batch|cmd|headless|eval|script))/.test(word)) ||
        command.redirects.some(({ operator }) => operator.startsWith('<')) ||
        command.connector === '|'
      );
    case 'process':
      return words.includes('-l') || startsSomething(script);
    case 'machine':
      return run.body.flags.some(({ name }) => name === 'security');
    case 'remote':
      // `ssh -V`, or keys that the build hands over.
      return run.mounts.some(({ type }) => type === 'ssh' || type === 'secret');
  }
}

/** Whether the script may have started what the command looks at or stops. */
function startsSomething(script: ShellScript): boolean {
  if (script.statements.some(({ terminator }) => terminator === '&') || /&\s|\$!/.test(script.text.replace(/&&/g, '')))
    return true;
  return /daemon|service|init\.d|\bstart\b|[_-]ctl\b|pid|--fork|-D\b/i.test(script.text);
}
