/** useradd of a high user number makes a login record for every number below it. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import { expandIn } from '../../model/variables';
import type { ShellCommand, ShellScript, ShellWord } from '../../shell/script';
import { insertOption } from '../insert-option';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

/** Bytes of a record in lastlog. */
const recordSize = 292;

/** From this number on the file is worth a word: 29 MB. */
const highest = 100_000;

export default defineRule({
  id: 'useradd-long-uid',
  category: 'size',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['RUN'],
  aliases: ['DL3046'],
  fix: 'safe',
  changes: {
    what: 'no entry in /var/log/lastlog and /var/log/faillog',
    files: ['/var/log/lastlog', '/var/log/faillog'],
  },
  docs: {
    what: '`useradd` makes a user with a number of 100,000 or more, without `--no-log-init`.',
    why: 'useradd then writes an empty record for that number to `/var/log/lastlog` and `/var/log/faillog`. These files hold a record of 292 bytes for every number below it too: mostly holes, but a layer stores them as zeros. With the number 1,000,000,000 that is 290 GB, and the build never ends.',
    fix: 'Add `--no-log-init` (`-l`). The quick fix does so; nothing in a container reads these files.',
    ignore: 'Never: newer distributions have no such files any more, and the option does no harm there.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#user',
      'https://man7.org/linux/man-pages/man8/useradd.8.html',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN groupadd -g 1000720000 app \
            # as the cluster has it
            && useradd -u 1000720000 -g app app
               ^^^^^^^ warning useradd-long-uid: \`useradd\` with the number 1000720000 adds login records of up to 292 GB to the image.
        RUN useradd \
            ^^^^^^^ warning useradd-long-uid: \`useradd\` with the number 123456 adds login records of up to 36 MB to the image.
            --create-home --uid=123456 \
            other
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN groupadd -g 1000720000 app \
            # as the cluster has it
            && useradd -l -u 1000720000 -g app app
        RUN useradd --no-log-init \
            --create-home --uid=123456 \
            other
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        ENV APP_UID=200000
        RUN <<EOF
        useradd -mu "$APP_UID" app
        ^^^^^^^ warning useradd-long-uid
        EOF
        RUN ["useradd", "-u", "200001", "other"]
              ^^^^^^^ warning useradd-long-uid
      `,
      good: dockerfile`
        FROM debian:12-slim
        ENV APP_UID=200000
        RUN <<EOF
        useradd -l -mu "$APP_UID" app
        EOF
        RUN ["useradd", "-l", "-u", "200001", "other"]
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN useradd -l -u 1000720000 app \
            # the same
            && useradd --no-log-init --uid 1000720001 other && useradd -rlu 1000720002 third
      `,
      because: 'no records are written',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        ARG APP_UID
        RUN useradd -u 10001 app && useradd -u $APP_UID other && useradd -D -s /bin/bash && usermod -u 200000 app
      `,
      because: 'the number is low, or not known, or no user is made',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown || !run.body.raw.includes('useradd')) continue;
      // Who deals with the records knows of them.
      if (/\b(?:lastlog|faillog)\b/.test(run.body.raw)) continue;
      for (const script of run.scripts) {
        for (const command of script.commands) {
          const { name, nameWord } = command;
          const uid = name === 'useradd' && nameWord ? highUid(run, script, command) : null;
          if (uid === null || !nameWord) continue;
          const option = command.args.some(({ text }) => /^--[a-z]/.test(text)) ? '--no-log-init' : '-l';
          yield {
            at: onOneLine(model.dockerfile, run.at(nameWord.span)),
            message: l10n.t(
              '`useradd` with the number {0} adds login records of up to {1} to the image.',
              `${uid}`,
              sizeOf(uid * recordSize),
            ),
            fix: () => ({
              title: l10n.t('Add `{0}`', option),
              safety: 'safe',
              edits: [insertOption(run, script, nameWord.span, option)],
            }),
          };
        }
      }
    }
  },
});

const sizeOf = (bytes: number): string =>
  bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e9)} GB`;

/** Short options of useradd whose value is glued to them or the next word. */
const valued = 'bcdefgGkKpPRsuZ';

/** The number of the user that is made with login records, where it is high; null where it is not, or not known. */
function highUid(run: RunStep, script: ShellScript, { args }: ShellCommand): number | null {
  let uid: string | null = null;
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (!word) break;
    const text = word.unquoted;
    if (!text.startsWith('-')) continue;
    if (/^--(?:no-log-init|defaults)$/.test(text)) return null;
    const long = /^--uid(?:=(.*))?$/.exec(text);
    if (long) uid = long[1] === undefined ? valueFrom(run, script, args[++at]) : known(run, script, long[1]);
    if (text.startsWith('--')) continue;
    const index = [...text].findIndex((letter, position) => position > 0 && valued.includes(letter));
    const flags = index < 0 ? text : text.slice(0, index);
    if (/[lD]/.test(flags)) return null;
    if (index < 0) continue;
    const glued = text.slice(index + 1);
    const isUid = text.charAt(index) === 'u';
    if (glued !== '') uid = isUid ? known(run, script, glued) : uid;
    else {
      const value = args[++at];
      if (isUid) uid = valueFrom(run, script, value);
    }
  }
  if (uid === null || !/^\d{6,10}$/.test(uid)) return null;
  const number = Number(uid);
  return number >= highest ? number : null;
}

const valueFrom = (run: RunStep, script: ShellScript, word: ShellWord | undefined): string | null =>
  word ? (word.value ?? known(run, script, word.unquoted)) : null;

/** A text after expansion, where nothing in the script changes its variables. */
function known(run: RunStep, script: ShellScript, text: string): string | null {
  if (!text.includes('$')) return text;
  const names = text.match(/\w+/g) ?? [];
  if (names.some((name) => script.assigns.has(name))) return null;
  return expandIn(text, run.before.scope, run.body.escape);
}
