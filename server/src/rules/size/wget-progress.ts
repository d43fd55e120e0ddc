/** wget draws a progress bar into the build's log. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import { type Download, downloadsOf } from '../../shell/downloads';
import { isOutputKept } from '../../shell/kept-output';
import type { ShellRedirect, ShellScript } from '../../shell/script';
import { insertOption } from '../insert-option';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'wget-progress',
  category: 'size',
  severity: 'hint',
  scope: 'instruction',
  keywords: ['RUN'],
  aliases: ['DL3047'],
  fix: 'safe',
  docs: {
    what: '`wget` is called without `-nv`, `-q` or `--progress`. One finding stands for all such calls of a `RUN`.',
    why: 'Without a terminal wget prints a line of dots for every 50 KB: thousands of lines for a large file, in which the one that matters is lost. Some CI systems cut a log of that length.',
    fix: 'Add `-nv`: one line for each file, and errors as before. `-q` hides errors too, and the wget of busybox does not know `--progress`. The quick fix adds `-nv`; the image stays the same.',
    ignore: 'Where the dots show that a slow download is alive.',
    references: ['https://www.gnu.org/software/wget/manual/wget.html#Logging-and-Input-File-Options'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN wget -O /tmp/tool.tgz https://example.com/tool.tgz \
            ^^^^ hint wget-progress: \`wget\` fills the log with its progress: a line for every 50 KB.
            # and what goes with it
            && wget \
              https://example.com/data.tgz
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN wget -nv -O /tmp/tool.tgz https://example.com/tool.tgz \
            # and what goes with it
            && wget -nv \
              https://example.com/data.tgz
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        if [ ! -e /x ]; then
          wget https://example.com/x
          ^^^^ hint wget-progress
        fi
        EOF
        RUN ["wget", "https://example.com/y"]
              ^^^^ hint wget-progress
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        if [ ! -e /x ]; then
          wget -nv https://example.com/x
        fi
        EOF
        RUN ["wget", "-nv", "https://example.com/y"]
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN wget -qO- https://example.com/a | tar -xz \
            # dots of a megabyte
            && wget --progress=dot:giga https://example.com/b \
            && wget --no-verbose https://example.com/c \
            && wget -nv https://example.com/d
      `,
      because: 'the log stays short',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN wget -o /tmp/log https://example.com/a && wget https://example.com/b 2>/dev/null \
            && wget -v https://example.com/c && wget --version && wget $OPTIONS https://example.com/d
      `,
      because: 'the output goes elsewhere or is wanted, nothing is fetched, or the variable may say it',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown || !run.body.raw.includes('wget')) continue;
      const noisy = run.scripts.flatMap((script) =>
        downloadsOf(script)
          .filter((download) => isNoisy(script, download))
          .map((download) => ({ script, download })),
      );
      const first = noisy[0]?.download.command.nameWord;
      if (!first) continue;
      yield {
        at: onOneLine(model.dockerfile, run.at(first.span)),
        message: l10n.t('`wget` fills the log with its progress: a line for every 50 KB.'),
        fix: () => ({
          title: l10n.t('Add `{0}`', '-nv'),
          safety: 'safe',
          edits: noisy.flatMap(({ script, download }) => quieten(run, script, download)),
        }),
      };
    }
  },
});

/** Options that settle what is printed, or with which nothing is fetched. */
const settled = new Set(
  '-q --quiet --no-verbose -v --verbose -d --debug --progress --show-progress -o --output-file -a --append-output -b --background -V --version -h --help -S --server-response --config'.split(
    ' ',
  ),
);

function isNoisy(script: ShellScript, { tool, command, options, urls }: Download): boolean {
  if (tool !== 'wget' || command.nameWord === null || options.some(({ name }) => settled.has(name))) return false;
  // Without an address there is nothing to fetch; a variable may hold options.
  if (urls.length === 0 && !options.some(({ name }) => name === '-i' || name === '--input-file')) return false;
  if (urls.some((url) => url.kind === 'expansion' && /^\$\w+$|^\$\{\w+\}$|^\$@$/.test(url.text))) return false;
  if (script.functions.some(({ name }) => name === 'wget')) return false;
  // What goes elsewhere is read by somebody, or by nobody.
  return !command.redirects.some(silences) && !isOutputKept(script, command, 'errors');
}

const silences = ({ operator, descriptor }: ShellRedirect): boolean =>
  descriptor === 2 || operator.startsWith('&>') || operator === '>&';

function quieten(run: RunStep, script: ShellScript, { command }: Download) {
  return command.nameWord ? [insertOption(run, script, command.nameWord.span, '-nv')] : [];
}
