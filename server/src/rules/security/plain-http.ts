/** A download over http, which anybody on the way can change. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../../model/model';
import { downloadsOf, hostOf } from '../../shell/downloads';
import type { ShellCommand, ShellScript, ShellWord } from '../../shell/script';
import { isVerified, namesOf } from '../../shell/verification';
import type { LocalSpan } from '../../syntax/span';
import { insert } from '../edits';
import { isInternalHost, servesHttps } from '../https-hosts';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type Finding, type FixResult } from '../rule';

export default defineRule({
  id: 'plain-http',
  category: 'security',
  severity: 'info',
  scope: 'instruction',
  keywords: ['RUN', 'ADD'],
  aliases: ['S5332'],
  fix: 'suggestion',
  docs: {
    what: 'Something is fetched by `http://`: with curl, wget, git, a package manager or `ADD`.',
    why: 'Without TLS anybody on the way, a proxy or a stranger in the same network, can read the request and put something else into your image.',
    fix: 'Write `https://`, which nearly every server answers today. The quick fix does so where the host is known to. Where there is none, compare what comes with a checksum.',
    ignore:
      'Where the server has nothing but http and what it sends is worth nothing to an attacker. Sources of apt and repositories of apk are not reported, because their packages are signed, nor are hosts of your own network, nor a RUN that compares what it gets with a written checksum or checks its signature.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#add---checksum',
      'https://everything.curl.dev/usingcurl/tls',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN curl -fsSL "http://archive.apache.org/dist/maven/maven-3/3.9.9/binaries/apache-maven-3.9.9-bin.tar.gz" \
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info plain-http: What comes from \`archive.apache.org\` by http can be changed by anybody on the way.
            # without the folder
            | tar -xz --strip-components=1 -C /opt \
            && git clone --depth=1 http://github.com/acme/tool.git /tool
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info plain-http
        ADD http://nginx.org/keys/nginx_signing.key /tmp/
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info plain-http
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN curl -fsSL "https://archive.apache.org/dist/maven/maven-3/3.9.9/binaries/apache-maven-3.9.9-bin.tar.gz" \
            # without the folder
            | tar -xz --strip-components=1 -C /opt \
            && git clone --depth=1 https://github.com/acme/tool.git /tool
        ADD https://nginx.org/keys/nginx_signing.key /tmp/
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.13-slim
        RUN <<EOF
        pip install --index-url=http://pypi.org/simple flask
                                ^^^^^^^^^^^^^^^^^^^^^^ info plain-http
        wget http://$HOST_OF_THE_MIRROR/x http://downloads.sourceforge.net/project/x/x.tgz
                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info plain-http
        EOF
      `,
      good: dockerfile`
        FROM python:3.13-slim
        RUN <<EOF
        pip install --index-url=https://pypi.org/simple flask
        wget http://$HOST_OF_THE_MIRROR/x https://downloads.sourceforge.net/project/x/x.tgz
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN wget http://download.example.com/tool.deb && dpkg -i tool.deb
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info plain-http
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN echo 'deb http://deb.debian.org/debian bookworm main' > /etc/apt/sources.list \
            # signed as well
            && apk add -X http://dl-cdn.alpinelinux.org/alpine/edge/main curl
        RUN curl -fsS http://localhost:8080/health && curl -O http://mirror/x && curl -O http://10.0.0.3/x
      `,
      because: 'packages are signed, and inner networks seldom have certificates',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN wget -O x.tgz http://ftp.gnu.org/gnu/x/x.tgz \
            && echo "2f1c3a4b5d6e7f80912a3b4c5d6e7f80912a3b4c5d6e7f80912a3b4c5d6e7f80  x.tgz" | sha256sum -c -
        ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d http://ftp.gnu.org/gnu/x/y.tgz /tmp/
      `,
      because: 'a written checksum tells whether it was changed',
    },
  ],
  *check({ model }) {
    const report = (step: Step, place: LocalSpan, host: string): Finding => ({
      at: onOneLine(model.dockerfile, step.at(place)),
      message: l10n.t('What comes from `{0}` by http can be changed by anybody on the way.', host),
      fix: () => writeHttps(step, place, host),
    });
    for (const copy of model.copies) {
      if (copy.keyword !== 'ADD' || copy.body.flags.some(({ name }) => name === 'checksum')) continue;
      for (const { text, span } of copy.sources) {
        const host = plainHost(text);
        if (host !== null) yield report(copy, span, host);
      }
    }
    for (const run of model.runs) {
      if (!run.isKnown || !run.body.raw.includes('http://')) continue;
      for (const script of run.scripts) {
        for (const word of fetched(script)) {
          const host = plainHost(word.unquoted.slice(word.unquoted.indexOf('http://')));
          const place = host === null ? null : addressIn(run.body.raw, word);
          if (host !== null && place) yield report(run, place, host);
        }
      }
    }
  },
});

/** The host of an http address on the internet; null for everything else. */
function plainHost(url: string): string | null {
  if (!url.startsWith('http://')) return null;
  const host = hostOf(url) ?? hostBelowVariable(url);
  return host === null || isInternalHost(host) ? null : host;
}

/** `$MIRROR.example.com`: whatever the variable holds, the domain is written out; null for every other host with a variable. */
function hostBelowVariable(url: string): string | null {
  return /^http:\/\/(\$(?:\w+|\{\w+\})(?:\.[\w-]+){2,})(?=[/:?#]|$)/.exec(url)?.[1] ?? null;
}

/** Programs that fetch what they are told, signatures left out of account; `apt-key` and `rpm --import` fetch the keys themselves. */
const fetchers =
  /^(?:git|svn|hg|aria2c|axel|fetch|pip[\d.]*|npm|pnpm|yarn|yarnpkg|gem|rpm|dpkg|apt-key|yum|dnf|microdnf|yum-config-manager|easy_install|go|luarocks)$/;

/** Words that hold an address from which a command fetches. */
function* fetched(script: ShellScript): Iterable<ShellWord> {
  for (const download of downloadsOf(script)) {
    const plain = download.urls.filter(({ unquoted }) => unquoted.startsWith('http://'));
    if (plain.length > 0 && !isVerified(script, namesOf(download))) yield* plain;
  }
  for (const command of script.commands) {
    if (!isFetcher(command)) continue;
    for (const word of command.args) if (/^(?:--?[\w-]+=)?http:\/\//.test(word.unquoted)) yield word;
  }
}

function isFetcher({ name, args }: ShellCommand): boolean {
  if (name === null) return false;
  if (/^python[\d.]*$/.test(name))
    return args.some((word) => word.unquoted === 'pip' || word.unquoted === 'easy_install');
  // `git config url.https://….insteadOf http://…` fetches nothing, and a proxy is no source.
  if (name === 'git') return args[0]?.unquoted !== 'config';
  if (/^(?:npm|pnpm|yarn)$/.test(name)) return !args.some((word) => /proxy/.test(word.unquoted));
  return fetchers.test(name);
}

/** Where the address stands, without an option and quotes around it; null where it is not written in one piece. */
function addressIn(raw: string, { span }: ShellWord): LocalSpan | null {
  const written = raw.slice(span.from, span.to);
  const start = written.indexOf('http://');
  if (start < 0) return null;
  return { from: span.from + start, to: span.to - (/["']$/.test(written) ? 1 : 0) };
}

function writeHttps(step: Step, place: LocalSpan, host: string): FixResult {
  if (!servesHttps(host))
    return { refused: l10n.t('Whether `{0}` serves https is not known; try it.', quotable(host)) };
  return {
    title: l10n.t('Write `https://{0}`', host),
    safety: 'suggestion',
    edits: [insert(step.at(place).start + 'http'.length, 's')],
    risk: l10n.t('The image needs CA certificates for https; the `ca-certificates` package has them.'),
  };
}
