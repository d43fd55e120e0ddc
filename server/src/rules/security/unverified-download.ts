/** A download whose sender or content nobody checks. */
import * as l10n from '@vscode/l10n';
import type { CopyStep, Model, RunStep, Step } from '../../model/model';
import { isRunStep } from '../../model/steps';
import { downloadsOf, hostOf } from '../../shell/downloads';
import type { ShellScript } from '../../shell/script';
import { isUnverifiedVariable, type SwitchedOff, switchedOff } from '../../shell/unverified';
import { isVerified, namesOf } from '../../shell/verification';
import type { Pair } from '../../syntax/tree';
import { dropWords } from '../drop-words';
import { remove, removeInstruction } from '../edits';
import { onOneLine, quotable } from '../places';
import { removeCommand } from '../remove-command';
import { removePair } from '../remove-pair';
import { defineRule, dockerfile, type Finding, type FixResult } from '../rule';

export default defineRule({
  id: 'unverified-download',
  category: 'security',
  severity: 'warning',
  keywords: ['RUN', 'ENV', 'ARG', 'ADD'],
  aliases: ['S4830'],
  fix: 'suggestion',
  docs: {
    what: 'A check is switched off: that of certificates (`curl -k`, `wget --no-check-certificate`, `pip --trusted-host`, npm `strict-ssl false`, `GIT_SSL_NO_VERIFY`, `NODE_TLS_REJECT_UNAUTHORIZED=0`) or that of signatures (`apt-get --allow-unauthenticated`, `yum --nogpgcheck`, `apk --allow-untrusted`, `[trusted=yes]`). Or `ADD` fetches a file without `--checksum`.',
    why: 'Whoever sits between your build and the server, a proxy or a taken-over mirror, decides what gets into the image, and the build says nothing. A variable set by `ENV` switches the check off in the running container too.',
    fix: 'Leave the option out. Where it hides a missing certificate, install `ca-certificates` or copy the certificate of your proxy in and run `update-ca-certificates`; where it hides a missing key, import that key. For `ADD` write `--checksum=sha256:…`. The quick fix takes the option, or the command that does nothing else, away.',
    ignore:
      'On a network without any route to the outside. A download that the same RUN compares with a written checksum, or whose signature it checks, is not reported.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#add---checksum',
      'https://curl.se/docs/sslcerts.html',
      'https://manpages.debian.org/stable/apt/apt-secure.8.en.html',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN curl -fskSL -o /tmp/tool https://example.com/tool \
                 ^^^^^^ warning unverified-download: With \`-fskSL\` the certificate is not checked: anybody between here and \`example.com\` can put something else into the image.
            # and the rest
            && wget --no-check-certificate \
                    ^^^^^^^^^^^^^^^^^^^^^^ warning unverified-download
              https://example.com/data
        RUN ["curl", "--insecure", "-O", "https://example.com/x"]
                      ^^^^^^^^^^ warning unverified-download
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN curl -fsSL -o /tmp/tool https://example.com/tool \
            # and the rest
            && wget \
              https://example.com/data
        RUN ["curl", "-O", "https://example.com/x"]
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-slim
        ENV NODE_ENV=production \
            # the proxy
            NODE_TLS_REJECT_UNAUTHORIZED=0
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning unverified-download: \`NODE_TLS_REJECT_UNAUTHORIZED=0\` switches the check of certificates off: anybody on the way to a server can pose as it.
        RUN npm config set strict-ssl false && npm ci
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning unverified-download: \`npm config set strict-ssl false\` switches the check of certificates off: anybody on the way to a server can pose as it.
        RUN git config --global http.sslVerify false
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning unverified-download
        RUN pip install --trusted-host pypi.example.com flask
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning unverified-download
      `,
      good: dockerfile`
        FROM node:22-slim
        ENV NODE_ENV=production
        RUN npm ci
        RUN pip install flask
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        apt-get update
        apt-get install -y --allow-unauthenticated tool
                           ^^^^^^^^^^^^^^^^^^^^^^^ warning unverified-download: With \`--allow-unauthenticated\` nobody checks who made the packages: any mirror can put something else into the image.
        EOF
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        apt-get update
        apt-get install -y tool
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        ADD https://example.com/tool-1.2.tar.gz /tmp/
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning unverified-download: Nothing checks what \`example.com\` sends for this file; \`ADD --checksum=sha256:…\` refuses any other.
        RUN echo 'deb [trusted=yes] https://apt.example.com stable main' > /etc/apt/sources.list.d/x.list
                       ^^^^^^^^^^^ warning unverified-download
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/a.tar.gz /tmp/
        ADD https://example.com/b.tar.gz /tmp/
        RUN echo "24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d  /tmp/b.tar.gz" | sha256sum -c -
        RUN curl -k -o /tmp/c https://example.com/c \
            # whoever sent it
            && echo "24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d  /tmp/c" | sha256sum -c -
      `,
      because: 'each is compared with a checksum that is written down',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        ADD https://github.com/acme/tool.git#v1.2 /src
        ENV GIT_SSL_NO_VERIFY=0
        RUN wget -k https://example.com/ && curl -fsSL https://example.com/k
        RUN curl -k https://localhost:8443/health
      `,
      because:
        'the checks are on (`-k` of wget converts links), git has its own, and nobody stands between a machine and itself',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown) continue;
      for (const script of run.scripts) {
        const found = switchedOff(script);
        for (const off of found) {
          if (isLocal(off) || isChecked(script, off)) continue;
          yield {
            at: onOneLine(model.dockerfile, run.at({ from: off.first.span.from, to: off.last.span.to })),
            message: messageFor(off),
            aliases: off.what === 'certificate' ? ['S4830'] : [],
            fix: () => undo(model, run, script, off),
          };
        }
      }
    }
    for (const step of model.steps) if (step.keyword === 'ENV' || step.keyword === 'ARG') yield* ofEnv(model, step);
    for (const copy of model.copies) yield* ofAdd(model, copy);
  },
});

/** Whether what comes is compared with a checksum, or its signature is checked. */
function isChecked(script: ShellScript, { command }: SwitchedOff): boolean {
  const download = downloadsOf(script).find((one) => one.command === command);
  const files = download
    ? namesOf(download)
    : command.args.map(({ unquoted }) => unquoted).filter((word) => /\.\w+$/.test(word));
  return files.length > 0 && isVerified(script, files);
}

/** Whether a download asks the machine that it runs on. */
function isLocal({ command }: SwitchedOff): boolean {
  return command.args.some(({ unquoted }) => /^https?:\/\/(?:localhost|127\.|\[::1\])/.test(unquoted));
}

function messageFor({ what, text, command }: SwitchedOff): string {
  const quoted = quotable(text);
  if (what === 'signature')
    return l10n.t(
      'With `{0}` nobody checks who made the packages: any mirror can put something else into the image.',
      quoted,
    );
  const url = command.args.find(({ unquoted }) => /^[a-z]+:\/\//.test(unquoted));
  const host = url ? hostOf(url.unquoted) : null;
  return host !== null && text.startsWith('-')
    ? l10n.t(
        'With `{0}` the certificate is not checked: anybody between here and `{1}` can put something else into the image.',
        quoted,
        host,
      )
    : l10n.t('`{0}` switches the check of certificates off: anybody on the way to a server can pose as it.', quoted);
}

function undo(model: Model, run: RunStep, script: ShellScript, off: SwitchedOff): FixResult {
  const risk =
    off.what === 'certificate'
      ? l10n.t('The build fails where the certificate is not known: then it has to be added.')
      : l10n.t('The build fails where the key of the packages is not known: then it has to be imported.');
  const title = l10n.t('Leave out `{0}`', quotable(off.text, 50));
  const line = run.instruction.line + 1;
  const suggest = (edit: ReturnType<typeof remove>): FixResult => ({
    title,
    safety: 'suggestion',
    edits: [edit],
    risk,
  });
  if (off.undo === 'words') return suggest(dropWords(run, script, off.first, off.last));
  if (off.undo === 'command') {
    if (script.commands.length === 1 && run.scripts.length === 1)
      return suggest(removeInstruction(model.dockerfile, run.instruction));
    const edit = removeCommand(model.dockerfile, run, script, off.command);
    return edit
      ? suggest(edit)
      : { refused: l10n.t('Other commands on line {0} depend on `{1}`.', line, quotable(off.text)) };
  }
  if (off.undo === 'assignment' && script.form !== 'exec') {
    const { from, to } = off.first.span;
    const blanks = /^[ \t]*/.exec(run.body.raw.slice(to))?.[0].length ?? 0;
    return suggest(remove(run.at({ from, to: to + blanks })));
  }
  if (off.undo && off.undo !== 'assignment') {
    const at = off.first.span.from + off.first.text.indexOf(off.undo.letter, 1);
    return suggest(remove(run.at({ from: at, to: at + 1 })));
  }
  return { refused: l10n.t('`{0}` on line {1} is part of a longer text.', quotable(off.text), line) };
}

function* ofEnv(model: Model, step: Step): Iterable<Finding> {
  if (step.keyword !== 'ENV' && step.keyword !== 'ARG') return;
  for (const pair of step.body.pairs) {
    if (pair.value === null || pair.value.includes('$') || !isUnverifiedVariable(pair.name, pair.value)) continue;
    const text = `${pair.name}=${pair.value}`;
    yield {
      at: onOneLine(model.dockerfile, step.at(pair.span)),
      message: l10n.t(
        '`{0}` switches the check of certificates off: anybody on the way to a server can pose as it.',
        quotable(text),
      ),
      fix: () => dropPair(model, step, pair, text),
    };
  }
}

function dropPair(model: Model, step: Step, pair: Pair, text: string): FixResult {
  return {
    title: l10n.t('Leave out `{0}`', quotable(text, 50)),
    safety: 'suggestion',
    edits: [removePair(model.dockerfile, step.instruction, pair)],
    risk: l10n.t('The build fails where the certificate is not known: then it has to be added.'),
  };
}

/**
 * ADD of a file from the web, without a checksum and without a later RUN that compares it. Repositories have their own checks,
 * an address that names a commit does not change, and what an API answers is asked for because it changes.
 */
function* ofAdd(model: Model, step: CopyStep): Iterable<Finding> {
  if (step.keyword !== 'ADD' || step.body.flags.some(({ name }) => name === 'checksum')) return;
  for (const source of step.sources) {
    if (!/^https?:\/\//i.test(source.text) || isRepository(source.text)) continue;
    const url = source.value ?? source.text;
    const host = hostOf(url);
    if (host === null || host.startsWith('api.') || /\/[0-9a-f]{40}\//.test(url) || isVerifiedLater(step, url))
      continue;
    yield {
      at: onOneLine(model.dockerfile, step.at(source.span)),
      message: l10n.t(
        'Nothing checks what `{0}` sends for this file; `ADD --checksum=sha256:…` refuses any other.',
        host,
      ),
      // What is meant to change has no checksum to compare with.
      ...(/\/(?:master|main|head|latest)(?:\/|$)/i.test(url) && { severity: 'info' as const }),
      aliases: [],
    };
  }
}

const isRepository = (url: string): boolean => /\.git(?:[#?]|$)/.test(url);

function isVerifiedLater(step: CopyStep, url: string): boolean {
  const name = /([^/?#]+)(?:[?#].*)?$/.exec(url)?.[1] ?? '';
  const destination = step.destination?.text.replace(/\/+$/, '') ?? '';
  const stored = destination.slice(destination.lastIndexOf('/') + 1);
  return step.stage.steps
    .slice(step.index + 1)
    .filter(isRunStep)
    .some((run) =>
      [name, stored].some(
        (file) =>
          file.length > 1 && run.body.raw.includes(file) && run.scripts.some((script) => isVerified(script, [file])),
      ),
    );
}
