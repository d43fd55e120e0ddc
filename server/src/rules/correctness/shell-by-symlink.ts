/** `ln -s /bin/bash /bin/sh`: SHELL is made for that. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import { dialectOfProgram } from '../../shell/dialect';
import type { ShellCommand, ShellPipeline, ShellScript } from '../../shell/script';
import type { Dockerfile } from '../../syntax/tree';
import { indentOf, insert, keywordLike, remove, replace } from '../edits';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'shell-by-symlink',
  category: 'correctness',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['RUN'],
  aliases: ['DL4005'],
  fix: 'suggestion',
  docs: {
    what: 'A `RUN` makes `/bin/sh` a link to another shell.',
    why: 'Every script of the distribution that begins with `#!/bin/sh` runs with that shell from then on, and an update of the package that owns `/bin/sh` puts things back.',
    fix: 'Write `SHELL ["/bin/bash", "-c"]`: it says which shell reads the following `RUN`s and what stands in shell form. The quick fix does.',
    ignore: 'Where programs of your own call `sh` and need bash.',
    references: ['https://docs.docker.com/reference/dockerfile/#shell'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM ubuntu:24.04
        RUN rm /bin/sh && ln -s /bin/bash /bin/sh
                          ^^^^^^^^^^^^^^^^^^^^^^^ warning shell-by-symlink: \`ln -s /bin/bash /bin/sh\` changes the shell of every script in the image; \`SHELL\` changes it for this Dockerfile.
        RUN source /opt/env && make
      `,
      good: dockerfile`
        FROM ubuntu:24.04
        SHELL ["/bin/bash", "-c"]
        RUN source /opt/env && make
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN apt-get update \
            # for the scripts below
            && ln -sf bash /bin/sh \
               ^^^^^^^^^^^^^^^^^^^ warning shell-by-symlink
            && apt-get install -y make
      `,
      good: dockerfile`
        FROM debian:12
        RUN apt-get update \
            # for the scripts below
            && apt-get install -y make
        SHELL ["/bin/bash", "-c"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN <<EOF
        set -e
        ln -sf /bin/bash /bin/sh
        ^^^^^^^^^^^^^^^^^^^^^^^^ warning shell-by-symlink
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN ln -s /bin/bash /usr/local/bin/sh5 && ln -s /bin/sh /bin/posix
      `,
      because: '/bin/sh stays what it is',
    },
    {
      ok: dockerfile`
        FROM scratch
        COPY --from=busybox:1.37 /bin/busybox /bin/busybox
        RUN ["/bin/busybox", "ln", "-s", "/bin/busybox", "/bin/sh"]
      `,
      because: 'there was no shell before',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown || run.stage.isScratch) continue;
      for (const script of run.scripts) {
        const command = script.commands.find(linksShell);
        if (!command) continue;
        yield {
          at: onOneLine(model.dockerfile, run.at(command.span)),
          message: l10n.t(
            '`{0}` changes the shell of every script in the image; `SHELL` changes it for this Dockerfile.',
            quotable(script.text.slice(command.start, command.end)),
          ),
          fix: () => useShell(model.dockerfile, run, script, command),
        };
        break;
      }
    }
  },
});

const shellPath = /^(?:\/usr)?\/bin\/sh$/;

const operandsOf = ({ args }: ShellCommand) => args.filter(({ unquoted }) => !unquoted.startsWith('-'));

/** `ln -s bash /bin/sh`; a folder as the target (`-t`) is not looked at. */
function linksShell(command: ShellCommand): boolean {
  if (command.name !== 'ln') return false;
  const operands = operandsOf(command);
  return operands.length === 2 && shellPath.test(operands[1]?.value ?? '') && !shellPath.test(operands[0]?.value ?? '');
}

const removesShell = (command: ShellCommand): boolean =>
  (command.name === 'rm' || command.name === 'mv' || command.name === 'unlink') &&
  shellPath.test(operandsOf(command)[0]?.value ?? '');

function useShell(file: Dockerfile, run: RunStep, script: ShellScript, command: ShellCommand): FixResult {
  const line = file.lines.lineAt(run.at(command.span).start) + 1;
  const target = operandsOf(command)[0]?.value ?? null;
  if (target === null || dialectOfProgram(target) === null || /busybox/.test(target))
    return { refused: l10n.t('What `/bin/sh` becomes on line {0} is not a shell that SHELL can name.', line) };
  const { instruction } = run;
  const path = target.startsWith('/') ? target : `/bin/${target.replace(/^.*\//, '')}`;
  const shell = `${keywordLike(instruction, 'SHELL')} ["${path}", "-c"]`;
  const common = {
    title: l10n.t('Use {0}', shell),
    safety: 'suggestion' as const,
    claims: [instruction.span],
    risk: l10n.t('Scripts that begin with `#!/bin/sh` run with the shell of the distribution again.'),
  };
  const [statement] = script.statements;
  const place = statement?.pipelines.findIndex(({ commands }) => commands.includes(command)) ?? -1;
  const isList = script.statements.length === 1 && statement?.operators.every((operator) => operator === '&&');
  if (!statement || !isList || script.form !== 'shell' || place < 0 || command.nesting !== 'top')
    return { refused: l10n.t('The command on line {0} cannot be taken out of its script.', line) };
  const from = isRemoval(statement.pipelines[place - 1]) ? place - 1 : place;
  if (from === 0 && place === statement.pipelines.length - 1)
    return { ...common, edits: [replace(instruction.span, shell)] };
  const before = statement.pipelines[from - 1];
  const next = statement.pipelines[place + 1];
  const [start, end] = before
    ? [run.at(before.span).end, run.at(statement.pipelines[place]?.span ?? command.span).end]
    : [run.at(statement.pipelines[from]?.span ?? command.span).start, next ? run.at(next.span).start : 0];
  const cut = cutOut(file, start, end, run.at(command.span).start);
  if (!cut) return { refused: l10n.t('A comment stands beside the command on line {0}.', line) };
  const behind = `${file.eol}${indentOf(file, instruction)}${shell}`;
  return { ...common, edits: [cut, insert(instruction.span.end, behind)] };
}

const isRemoval = (pipeline: ShellPipeline | undefined): boolean =>
  pipeline?.kinds.length === 1 && pipeline.commands.some(removesShell);

/** Removes a command with its operator; comments above it stay where whole lines can go. */
function cutOut(file: Dockerfile, start: number, end: number, command: number) {
  const text = file.text.slice(start, end);
  if (!/\n[ \t]*#/.test(text)) return remove({ start, end });
  const lineStart = file.text.lastIndexOf('\n', command) + 1;
  const isWholeLine = /^[ \t]*&&[ \t]*$/.test(file.text.slice(lineStart, command));
  // The line break before the line goes, the one behind it stays, with its continuation.
  if (!isWholeLine || lineStart <= start || /\n[ \t]*#/.test(file.text.slice(lineStart, end))) return null;
  const lineEnd = file.text.indexOf('\n', end);
  return lineEnd < 0 || !/^[ \t]*[\\`][ \t]*\r?$/.test(file.text.slice(end, lineEnd))
    ? null
    : remove({ start: lineStart, end: lineEnd + 1 });
}
