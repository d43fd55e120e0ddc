/** Files that everybody in the container may write. */
import * as l10n from '@vscode/l10n';
import type { CopyStep, RunStep } from '../../model/model';
import type { ShellCommand, ShellWord } from '../../shell/script';
import type { LocalSpan } from '../../syntax/span';
import { replace } from '../edits';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type Finding, type FixResult } from '../rule';

export default defineRule({
  id: 'world-writable',
  category: 'security',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['RUN', 'COPY', 'ADD'],
  aliases: ['S2612'],
  fix: 'suggestion',
  docs: {
    what: 'A mode lets everybody write: `chmod 777`, `chmod a+w`, `chmod o+w`, `mkdir -m 777`, `COPY --chmod=666`.',
    why: 'Every process in the container may then change these files, whatever user it has been given. Where they are programs or settings, a small hole in one service becomes control over all of them.',
    fix: 'Give the files to the user who writes them (`chown`, `COPY --chown`), and let nobody else. The quick fix takes the right to write from others and leaves owner and group as they are, so that a group that is shared on purpose, as on OpenShift, keeps working.',
    ignore:
      'For a directory that several users really share; with the sticky bit (`chmod 1777`) nobody can remove the files of another, and this rule is silent.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#copy---chown---chmod',
      'https://man7.org/linux/man-pages/man1/chmod.1.html',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN mkdir -p /data /logs \
            # the program writes there
            && chmod -R 777 /data \
                        ^^^ warning world-writable: \`777\` lets every user in the container write: any process there may change these files.
            && chmod a+rwx,u+s /logs
                     ^^^^^^^^^ warning world-writable
        COPY --chmod=0666 settings.json /etc/app/
                     ^^^^ warning world-writable
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN mkdir -p /data /logs \
            # the program writes there
            && chmod -R 775 /data \
            && chmod ug+rwx,o+rx,u+s /logs
        COPY --chmod=0664 settings.json /etc/app/
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        mkdir -m 0777 -p /data
                 ^^^^ warning world-writable
        chmod go+w /data/queue
              ^^^^ warning world-writable
        EOF
        RUN ["chmod", "--recursive", "a+w", "/srv"]
                                      ^^^ warning world-writable
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        mkdir -m 0775 -p /data
        chmod g+w /data/queue
        EOF
        RUN ["chmod", "--recursive", "ug+w", "/srv"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN chmod o+w /data
                  ^^^ warning world-writable: \`o+w\` lets every user in the container write: any process there may change these files.
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN mkdir /shared && chmod 1777 /shared \
            # what nobody may write any more
            && chmod o-w,a+rX /data && chmod 755 /srv && chmod +w /etc/app.conf
      `,
      because: 'the sticky bit guards a shared folder, and `+w` without a letter heeds the umask',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        ARG MODE=777
        RUN chmod $MODE /data && echo chmod 777
        COPY --chmod=755 start.sh /
      `,
      because: 'the mode is not written there, or lets only the owner write',
    },
  ],
  *check({ model }) {
    const report = (place: Finding['at'], mode: string, edit: () => FixResult): Finding => ({
      at: onOneLine(model.dockerfile, place),
      message: l10n.t('`{0}` lets every user in the container write: any process there may change these files.', mode),
      fix: edit,
    });
    for (const run of model.runs) {
      if (!run.isKnown) continue;
      for (const script of run.scripts) {
        for (const command of script.commands) {
          const mode = modeOf(command);
          if (mode?.value && letsOthersWrite(mode.value))
            yield report(run.at(mode.span), mode.value, () => narrow(run, mode.span, mode.value ?? ''));
        }
      }
    }
    for (const copy of model.copies) {
      const flag = copy.body.flags.find(({ name }) => name === 'chmod');
      const span = flag?.valueSpan;
      if (flag?.value && span && letsOthersWrite(flag.value))
        yield report(copy.at(span), flag.value, () => narrow(copy, span, flag.value ?? ''));
    }
  },
});

interface ModeWord {
  readonly value: string | null;
  readonly span: LocalSpan;
}

/** The mode that a command gives to files. */
function modeOf({ name, args }: ShellCommand): ModeWord | null {
  if (name === 'chmod') return args.find((word) => !/^-(?:[cfvRLPH]+$|-)/.test(word.unquoted)) ?? null;
  if (name !== 'mkdir' && name !== 'install') return null;
  for (const [index, word] of args.entries()) {
    const written = word.text;
    const glued = /^(?:--mode=|-[pvdDTCs]*m)(?=\S)/.exec(written)?.[0];
    if (glued) return word.plain ? behind(word, glued.length) : null;
    if (/^(?:--mode|-[pvdDTCs]*m)$/.test(written)) return args[index + 1] ?? null;
  }
  return null;
}

function behind({ text, span }: ShellWord, length: number): ModeWord | null {
  if (span.to - span.from !== text.length) return null;
  return { value: text.slice(length), span: { from: span.from + length, to: span.to } };
}

/** A mode in digits without the sticky bit, or in letters, with which others than owner and group may write. */
function letsOthersWrite(mode: string): boolean {
  if (/^[0-7]{1,5}$/.test(mode)) {
    const bits = Number.parseInt(mode, 8);
    return (bits & 0o002) !== 0 && (bits & 0o1000) === 0;
  }
  const clauses = clausesOf(mode);
  if (!clauses || clauses.some(({ what }) => what.includes('t'))) return false;
  return (
    clauses.some(givesOthers) &&
    !clauses.some(({ who, sign, what }) => sign === '-' && who.has('o') && what.includes('w'))
  );
}

interface Clause {
  readonly who: ReadonlySet<string>;
  readonly sign: string;
  readonly what: string;
  readonly text: string;
}

/** The parts of a mode in letters that name whom they are for; null for what is none. */
function clausesOf(mode: string): readonly Clause[] | null {
  const clauses: Clause[] = [];
  for (const text of mode.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(text);
    if (!match) return null;
    const [, who = '', sign = '', what = ''] = match;
    clauses.push({ who: new Set(who.replace('a', 'ugo')), sign, what, text });
  }
  return clauses;
}

const givesOthers = ({ who, sign, what }: Clause): boolean => sign !== '-' && who.has('o') && what.includes('w');

/** The same mode without the right of others to write; null where nothing is left of it. */
function narrowed(mode: string): string | null {
  if (/^[0-7]+$/.test(mode)) {
    const last = Number(mode.at(-1)) & 0o5;
    return `${mode.slice(0, -1)}${last}`;
  }
  const parts = (clausesOf(mode) ?? []).flatMap((clause) => {
    if (!givesOthers(clause)) return [clause.text];
    const { who, sign, what } = clause;
    const kept = ['u', 'g'].filter((letter) => who.has(letter)).join('');
    const left = what.replace('w', '');
    return [...(kept ? [`${kept}${sign}${what}`] : []), ...(left !== '' || sign === '=' ? [`o${sign}${left}`] : [])];
  });
  return parts.length === 0 ? null : parts.join(',');
}

function narrow(step: RunStep | CopyStep, span: LocalSpan, mode: string): FixResult {
  const line = step.instruction.line + 1;
  const meant = narrowed(mode);
  if (meant === null)
    return {
      refused: l10n.t('`{0}` on line {1} does nothing else: give the files to the user who writes them.', mode, line),
    };
  const written = step.body.raw.slice(span.from, span.to);
  if (!written.includes(mode)) return { refused: l10n.t('The mode on line {0} is not written plainly.', line) };
  return {
    title: l10n.t('Write `{0}`', meant),
    safety: 'suggestion',
    edits: [replace(step.at(span), written.replace(mode, meant))],
    risk: l10n.t(
      'A program that runs as another user than the owner, and not in the group, cannot write there any more.',
    ),
  };
}
