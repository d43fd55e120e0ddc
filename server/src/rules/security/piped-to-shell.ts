/** A script is run straight from the network. */
import * as l10n from '@vscode/l10n';
import { type Download, downloadsOf } from '../../shell/downloads';
import type { ShellCommand, ShellScript } from '../../shell/script';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'piped-to-shell',
  category: 'security',
  severity: 'info',
  scope: 'instruction',
  keywords: ['RUN'],
  aliases: [],
  fix: 'none',
  docs: {
    what: 'What `curl` or `wget` fetches is handed to a shell or an interpreter right away: `curl … | sh`, `bash -c "$(curl …)"`, `sh <(curl …)`.',
    why: 'Whatever the server says that day runs as root in your image, without anybody having seen it. Docker caches the step, so nobody can tell later which version it was, and a download that breaks off half way has run half way.',
    fix: 'Fetch a version that does not change, compare its checksum, then run it: `curl -fsSLo i.sh URL && echo "SUM  i.sh" | sha256sum -c && sh i.sh`. `ADD --checksum=sha256:… URL /i.sh` does the first two. Better still, take a package, or copy the program from its own image.',
    ignore:
      'Where you trust the server as much as your base image. A script at an address that names a commit is not reported: it cannot change.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#add---checksum',
      'https://docs.docker.com/build/building/best-practices/#add-or-copy',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN curl -fsSL https://deb.nodesource.com/setup_20.x | bash - \
            ^^^^ info piped-to-shell: \`bash\` runs whatever \`https://deb.nodesource.com/setup_20.x\` sends that day, unseen and unchecked.
            # and what it is for
            && apt-get install -y nodejs
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        wget -qO- https://install.example.com/tool | tee /tmp/log | sudo -E python3 -
        ^^^^ info piped-to-shell: \`python3\` runs whatever \`https://install.example.com/tool\` sends that day, unseen and unchecked.
        EOF
        RUN bash -c "$(curl -fsSL https://raw.githubusercontent.com/ohmyzsh/ohmyzsh/master/tools/install.sh)"
                       ^^^^ info piped-to-shell: \`bash\` runs whatever \`https://raw.githubusercontent.com/ohmyzsh/ohmyzsh/master/tools/install.…\` sends that day, unseen and unchecked.
        SHELL ["/bin/bash", "-c"]
        RUN source <(curl -s https://example.com/env.sh)
                     ^^^^ info piped-to-shell: \`source\` runs whatever \`https://example.com/env.sh\` sends that day, unseen and unchecked.
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN curl -fsSLo /tmp/i.sh https://example.com/install.sh \
            && echo "2b8b815229aa8a61e483fb4ba0588b8b6c491890  /tmp/i.sh" | sha1sum -c - \
            # nobody has changed it
            && sh /tmp/i.sh
      `,
      because: 'the script is stored and compared before it runs',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN curl -fsSL https://example.com/key.asc | gpg --dearmor -o /usr/share/keyrings/x.gpg \
            && curl -fsSL https://example.com/a.json | python3 -c 'import json, sys; print(json.load(sys.stdin))' \
            && curl -fsSL https://example.com/a.tar.gz | tar -xz
      `,
      because: 'what is fetched is read, not run',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN curl -fsSL https://raw.githubusercontent.com/acme/tool/0123456789abcdef0123456789abcdef01234567/install.sh | sh
      `,
      because: 'the address names a commit: what is there does not change',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown) continue;
      for (const script of run.scripts) {
        for (const download of downloadsOf(script)) {
          const runner = runnerOf(script, download);
          if (!runner?.name || isFixed(download)) continue;
          const url = download.urls[0];
          yield {
            at: onOneLine(model.dockerfile, run.at(download.command.nameWord?.span ?? download.command.span)),
            message: url
              ? l10n.t(
                  '`{0}` runs whatever `{1}` sends that day, unseen and unchecked.',
                  runner.name,
                  quotable(url.unquoted, 72),
                )
              : l10n.t('`{0}` runs whatever the server sends that day, unseen and unchecked.', runner.name),
          };
        }
      }
    }
  },
});

const shells = /^(?:ba|da|a|k|z|fi)?sh$/;
const interpreters = /^(?:python[\d.]*|perl|ruby|node|php)$/;

/** The command that runs what a download writes: further down its pipe, or around it. */
function runnerOf(script: ShellScript, { command }: Download): ShellCommand | null {
  const index = script.commands.indexOf(command);
  let end = command.end;
  for (const next of script.commands.slice(index + 1)) {
    // What is nested in a command of the pipe is no member of it.
    if (next.start < end) continue;
    if (next.connector !== '|' || !/^\s*\|&?\s*(?:[({]\s*)*$/.test(script.text.slice(end, next.start))) break;
    if (readsProgram(next)) return next;
    end = next.end;
  }
  return around(script, command);
}

/** Whether a command runs what it reads: it has no script or program of its own. */
function readsProgram({ name, args }: ShellCommand): boolean {
  if (name === null) return false;
  const isShell = shells.test(name);
  if (!isShell && !interpreters.test(name)) return false;
  // What these options say is run, or named by the word behind them.
  const given = isShell ? /^-[a-z]*c$/ : /^-[a-z]*[cmenr]$/;
  const first = args.find(({ unquoted }) => !/^-[a-z]|^--\w/.test(unquoted) || given.test(unquoted));
  const options = args.slice(0, first ? args.indexOf(first) : args.length).map((word) => word.unquoted);
  if (options.some((option) => isShell && /^-[a-z]*s/.test(option))) return true;
  if (!first) return options.every((option) => option !== '--version');
  return first.unquoted === '-' || first.unquoted === '--' || first.unquoted === '/dev/stdin';
}

/** `sh -c "$(curl …)"`, `eval "$(curl …)"`, `. <(curl …)`: the command with nothing but the download in its script. */
function around(script: ShellScript, inner: ShellCommand): ShellCommand | null {
  if (inner.nesting !== 'substitution') return null;
  for (const outer of script.commands) {
    if (outer === inner || outer.start > inner.start || outer.end < inner.end || outer.name === null) continue;
    const word = outer.args.find(({ start, end }) => start <= inner.start && inner.end <= end);
    if (!word) continue;
    const before = outer.args[outer.args.indexOf(word) - 1];
    const isWhole = /^["']?(?:\$\(|`)\s*$/.test(script.text.slice(word.start, inner.start));
    const isFile = /^<\(\s*$/.test(script.text.slice(word.start, inner.start));
    const isShell = shells.test(outer.name);
    if (isShell && isWhole && /^-[a-z]*c$/.test(before?.unquoted ?? '')) return outer;
    if (outer.name === 'eval' && isWhole) return outer;
    if (isFile && (isShell || interpreters.test(outer.name) || outer.name === '.' || outer.name === 'source'))
      return outer;
  }
  return null;
}

/** Whether everything is fetched from addresses that name a commit. */
const isFixed = ({ urls }: Download): boolean =>
  urls.length > 0 && urls.every(({ unquoted }) => /\/[0-9a-f]{40}(?:[0-9a-f]{24})?\//.test(unquoted));
