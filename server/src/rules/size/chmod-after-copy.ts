/** A RUN changes mode or owner of what a COPY brought. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { absoluteIn, relationTo } from '../../model/copied-paths';
import { isSurelyFile } from '../../model/dependencies';
import type { CopyStep, Model, RunStep } from '../../model/model';
import { runAccess } from '../../model/run-access';
import { isShipped } from '../../model/shipped';
import { isCopyStep, isRunStep } from '../../model/steps';
import { type ModeChange, modeChangeOf } from '../../shell/mode-changes';
import type { ShellScript } from '../../shell/script';
import { setFlag } from '../copy-flag';
import { wordWithBlanks } from '../drop-command';
import { remove, removeInstruction } from '../edits';
import { doubtOf, flagValue, knowsLetters, type Match } from '../mode-flag';
import { quotable } from '../places';
import { removeCommand } from '../remove-command';
import { defineRule, dockerfile, type Edit, type FixResult } from '../rule';

export default defineRule({
  id: 'chmod-after-copy',
  category: 'size',
  severity: 'warning',
  keywords: ['RUN'],
  aliases: [],
  fix: 'safe',
  order: 33,
  docs: {
    what: 'A `RUN` changes the mode or the owner (`chmod`, `chown`, `chgrp`) of files that a `COPY` or `ADD` of the same stage brought.',
    why: 'A layer cannot say “the same file with another mode”. It stores every changed file whole: the image has them twice.',
    fix: 'Let the `COPY` do it: `COPY --chmod=755`, `COPY --chown=app:app`. The quick fix sets the flag and removes the command. It is safe where the flag does exactly the same; a flag also holds for the folders that the COPY makes on the way and for everything it copies, so it is a suggestion elsewhere. Letters (`--chmod=+x`) need `# syntax=docker/dockerfile:1`; without that line the quick fix writes what they mostly come to, as a suggestion. An executable bit can also be kept in Git: `git update-index --chmod=+x`.',
    ignore:
      'When the files are small and several commands depend on the order; and with the legacy builder, which has no `--chmod`.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#copy---chown---chmod',
      'https://docs.docker.com/build/building/best-practices/#add-or-copy',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12
        COPY docker-entrypoint.sh /usr/local/bin/
        RUN chmod +x /usr/local/bin/docker-entrypoint.sh
            ^^^^^ warning chmod-after-copy: \`chmod +x\` stores what the COPY on line 2 brought a second time.
        ENTRYPOINT ["docker-entrypoint.sh"]
      `,
      good: dockerfile`
        FROM debian:12
        COPY --chmod=755 docker-entrypoint.sh /usr/local/bin/
        ENTRYPOINT ["docker-entrypoint.sh"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        COPY app.conf /etc/app.conf
        RUN apt-get update \
            && apt-get install -y --no-install-recommends tini \
            # not for everybody
            && chmod 0640 /etc/app.conf \
               ^^^^^ warning chmod-after-copy
            && rm -rf /var/lib/apt/lists/*
      `,
      good: dockerfile`
        FROM debian:12
        COPY --chmod=0640 app.conf /etc/app.conf
        RUN apt-get update \
            && apt-get install -y --no-install-recommends tini \
            # not for everybody
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM node:22
        COPY app /srv/app
        RUN chown -R node:node /srv/app
            ^^^^^ warning chmod-after-copy
        USER node
      `,
      good: dockerfile`
        FROM node:22
        COPY --chown=node:node app /srv/app
        USER node
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.12-slim
        WORKDIR /app
        COPY . .
        RUN <<EOF
        pip install --no-cache-dir -r requirements.txt
        chown -R 1000:1000 /app
        ^^^^^ warning chmod-after-copy: \`chown 1000:1000\` stores what the COPY on line 3 brought a second time.
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        COPY --chmod=755 run.sh /run.sh
        RUN mkdir /data && chown 1000:1000 /data && chmod 600 /etc/shadow
      `,
      because: 'what is changed was not copied',
    },
    {
      ok: dockerfile`
        FROM node:22
        COPY --chown=node:node app /srv/app
        RUN chown -R node:node /srv/app
      `,
      because: 'it is theirs already',
    },
    {
      ok: dockerfile`
        FROM debian:12 AS build
        COPY run.sh /run.sh
        RUN chmod +x /run.sh
        FROM alpine:3.20
        COPY --from=build /run.sh /run.sh
      `,
      because: 'the layers of the build stage are not part of the image',
    },
  ],
  *check({ model, context }) {
    for (const run of model.runs) {
      if (!run.isKnown || run.isExec || !isShipped(model, run.stage)) continue;
      for (const script of run.scripts) {
        for (const command of script.commands) {
          const change = modeChangeOf(command, script);
          if (!change || !/^(?:top|group)$/.test(command.nesting) || command.quoted) continue;
          const matches = matchesOf(run, change, context);
          const [first] = matches;
          if (!first) continue;
          const lines = [...new Set(matches.map(({ copy }) => copy.instruction.line + 1))].sort((a, b) => a - b);
          yield {
            at: run.at(command.nameWord?.span ?? command.span),
            message: messageOf(change, first.copy.keyword, lines),
            // Of a large COPY only a file is stored again.
            ...(matches.every(({ relation }) => relation.kind === 'part') && { severity: 'info' as const }),
            related: [...new Set(matches.map(({ copy }) => copy))].map((copy) => ({
              at: copy.at(copy.body.keywordSpan),
              message: l10n.t('The files come from here.'),
            })),
            fix: () => useFlags(model, run, script, change, matches, context),
          };
        }
      }
    }
  },
});

function messageOf({ command, value }: ModeChange, keyword: string, lines: readonly number[]): string {
  const written = quotable(`${command.name} ${value.replace(/^:/, '')}`);
  return lines.length > 1
    ? l10n.t('`{0}` stores what the instructions on lines {1} brought a second time.', written, lines.join(', '))
    : l10n.t('`{0}` stores what the {1} on line {2} brought a second time.', written, keyword, lines[0] ?? 0);
}

/** The operands that an earlier COPY of the stage brought, each with the last such COPY. */
function matchesOf(run: RunStep, change: ModeChange, context: BuildContext | null): Match[] {
  const earlier = run.stage.steps.slice(0, run.index).reverse();
  if (!earlier.some(isCopyStep)) return [];
  return change.operands.flatMap(({ path: written }) => {
    const path = written === null || /[*?[]/.test(written) || written.startsWith('~') ? null : absoluteIn(run, written);
    if (path === null) return [];
    for (const step of earlier) {
      if (!isCopyStep(step)) continue;
      const relation = relationTo(step, path, change.recursive, context);
      if (relation === null) continue;
      // Files that have this owner already are stored once.
      if (change.kind === 'chown' && ownerOf(step) === change.value) return [];
      if (relation.kind === 'file' && !relation.certain && !isForProgram(step, change, context)) return [];
      if (relation.kind === 'part' && !relation.certain && isMadeBetween(run, step)) return [];
      // Several COPYs into one folder: the last one stands for all of them.
      return [{ copy: step, path, relation }];
    }
    return [];
  });
}

const ownerOf = (copy: CopyStep): string | null => copy.body.flags.find(({ name }) => name === 'chown')?.value ?? null;

/** What may be a folder is taken for a program where it is made executable, and for a file where the source is one. */
const isForProgram = (copy: CopyStep, { kind, value }: ModeChange, context: BuildContext | null): boolean =>
  copy.sources.every((source) => isSurelyFile(copy, source, context)) ||
  (kind === 'chmod' && /^(?:[ugoa]*\+[rwx]*x[rwx]*|0?[57][0-7]{2})$/.test(value));

/** Whether a RUN between may have made files in what was copied. */
const isMadeBetween = (run: RunStep, copy: CopyStep): boolean =>
  run.stage.steps
    .slice(copy.index + 1, run.index)
    .some((step) => isRunStep(step) && (runAccess(step).unknown !== null || runAccess(step).usesWorkdir));

function useFlags(
  model: Model,
  run: RunStep,
  script: ShellScript,
  change: ModeChange,
  matches: readonly Match[],
  context: BuildContext | null,
): FixResult {
  const line = run.instruction.line + 1;
  const { kind, command } = change;
  const part = matches.find(({ relation }) => relation.kind === 'part');
  if (part)
    return {
      refused: l10n.t(
        'The {0} on line {1} brings more than `{2}`, and a flag holds for all of it; set the mode in the sources.',
        part.copy.keyword,
        part.copy.instruction.line + 1,
        part.path,
      ),
    };
  if (kind === 'chmod' && model.builder === 'legacy')
    return { refused: l10n.t('The legacy builder does not know `{0}`.', '--chmod') };
  const maker = userMaker(run, matches, change);
  if (maker !== null)
    return { refused: l10n.t('The user is only made on line {0}, below the COPY.', maker.instruction.line + 1) };
  const wanted = flagValue(change);
  const removal = removalOf(model, run, script, change, matches);
  if (wanted === null || removal === null)
    return {
      refused: l10n.t('`{0}` on line {1} cannot be taken out.', quotable(`${command.name} ${change.value}`), line),
    };
  const value = kind === 'chmod' && /[a-z]/.test(wanted) && !knowsLetters(model.dockerfile) ? numeric(wanted) : wanted;
  const copies = [...new Set(matches.map(({ copy }) => copy))];
  const edits = [...copies.map((copy) => setFlag(copy, kind, value)), ...removal];
  const doubt = doubtOf(model, run, script, change, matches, context);
  const base = {
    title: l10n.t(
      'Use `{0}` on line {1}',
      `${copies[0]?.keyword ?? 'COPY'} --${kind}=${value}`,
      (copies[0]?.instruction.line ?? 0) + 1,
    ),
    edits,
    claims: [
      {
        start: copies.map((copy) => copy.instruction.span.start).sort((a, b) => a - b)[0] ?? 0,
        end: run.instruction.span.end,
      },
    ],
  };
  return doubt === null ? { ...base, safety: 'safe' } : { ...base, safety: 'suggestion', risk: doubt };
}

/** Where letters are not known: what they mostly come to. */
const numeric = (mode: string): string => (/x/.test(mode) ? '755' : '644');

/** A RUN between that makes the user or group that the files are to belong to. */
function userMaker(run: RunStep, matches: readonly Match[], { kind, value }: ModeChange): RunStep | null {
  const names = kind === 'chown' ? value.split(/[:.]/).filter((name) => /^[a-z_][\w-]*$/.test(name)) : [];
  const first = Math.min(...matches.map(({ copy }) => copy.index));
  for (const step of run.stage.steps.slice(first + 1, run.index + 1)) {
    if (!isRunStep(step)) continue;
    const makes = step.scripts.some((script) =>
      script.commands.some(
        (command) =>
          /^(?:useradd|adduser|groupadd|addgroup|usermod|groupmod)$/.test(command.name ?? '') &&
          command.args.some((arg) => names.includes(arg.unquoted)),
      ),
    );
    if (makes) return step;
  }
  return null;
}

/** Takes the operands out of the command, or the command out of the RUN, or the RUN out of the file. */
function removalOf(
  model: Model,
  run: RunStep,
  script: ShellScript,
  { command, operands }: ModeChange,
  matches: readonly Match[],
): readonly Edit[] | null {
  const paths = new Set(matches.map(({ path }) => path));
  const gone = operands.filter(({ path }) => path !== null && paths.has(absoluteIn(run, path) ?? ''));
  if (gone.length < operands.length)
    return gone.map(({ word }) => {
      const { start, end } = wordWithBlanks(script, word);
      return remove(run.at(script.map.span(start, end)));
    });
  const isOnly = run.scripts.length === 1 && script.commands.length === 1 && run.mounts.length === 0;
  if (isOnly) return command.redirects.length === 0 ? [removeInstruction(model.dockerfile, run.instruction)] : null;
  const edit = removeCommand(model.dockerfile, run, script, command);
  return edit === null ? null : [edit];
}
