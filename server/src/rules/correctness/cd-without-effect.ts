/** `RUN cd X`: the next instruction starts where this one did. */
import * as l10n from '@vscode/l10n';
import { startDirectory } from '../../model/base-config';
import type { RunStep, Step } from '../../model/model';
import { resolvePath } from '../../model/paths';
import { expandIn } from '../../model/variables';
import { directoriesOf } from '../../shell/directories';
import type { ShellCommand, ShellScript } from '../../shell/script';
import type { Dockerfile } from '../../syntax/tree';
import { cutTail } from '../cut-tail';
import { indentOf, insert, keywordLike, removeInstruction, replace } from '../edits';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'cd-without-effect',
  category: 'correctness',
  severity: 'warning',
  keywords: ['RUN'],
  aliases: ['DL3003'],
  fix: 'suggestion',
  docs: {
    what: 'The last command of a `RUN` is `cd`.',
    why: 'Each `RUN` has a shell of its own, and the directory goes with it. The next instruction starts in the `WORKDIR` again, so what was meant to happen in that directory happens somewhere else.',
    fix: 'Write `WORKDIR X`. The quick fix does, behind what else the `RUN` does; a `cd` that only goes back to where the `RUN` came from, or that a `WORKDIR` follows anyway, it removes.',
    ignore: 'Where the `cd` is only a test whether the directory is there; `test -d` says so better.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#workdir',
      'https://docs.docker.com/build/building/best-practices/#workdir',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM nginx:1.28
        RUN cd /usr/share/nginx/html
            ^^^^^^^^^^^^^^^^^^^^^^^^ warning cd-without-effect: \`cd /usr/share/nginx/html\` ends with this RUN: what follows starts in the WORKDIR again.
        COPY index.html .
      `,
      good: dockerfile`
        FROM nginx:1.28
        WORKDIR /usr/share/nginx/html
        COPY index.html .
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN git clone https://example.com/tool.git /src \
            # there is more to do there
            && git -C /src checkout v1 \
            && cd /src
               ^^^^^^^ warning cd-without-effect
        RUN make install
      `,
      good: dockerfile`
        FROM debian:12
        RUN git clone https://example.com/tool.git /src \
            # there is more to do there
            && git -C /src checkout v1
        WORKDIR /src
        RUN make install
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN <<EOF
        cd /src
        make
        # back again
        cd ..
        ^^^^^ warning cd-without-effect
        EOF
        CMD ["tool"]
      `,
      good: dockerfile`
        FROM debian:12
        RUN <<EOF
        cd /src
        make
        # back again
        EOF
        CMD ["tool"]
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN cd /src && make
        RUN (cd /src; make) && bash -c "cd /src"
        CMD cd /src
      `,
      because: 'something follows the `cd`, or it is in a shell of its own; and CMD is no RUN',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN cd /src || exit 1
        RUN echo cd /src > /hint.txt
      `,
      because: 'one is a test, and the other is no `cd`',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      const [script, ...others] = run.scripts;
      if (!run.isKnown || run.isExec || !script || others.length > 0) continue;
      const command = lastCd(script);
      if (!command) continue;
      yield {
        at: onOneLine(model.dockerfile, run.at(command.span)),
        message: l10n.t(
          '`{0}` ends with this RUN: what follows starts in the WORKDIR again.',
          quotable(script.text.slice(command.start, command.end)),
        ),
        fix: () => repair(model.dockerfile, run, script, command),
      };
    }
  },
});

/** The `cd` that a script ends with, in its own shell. */
function lastCd(script: ShellScript): ShellCommand | null {
  const statement = script.statements.at(-1);
  const pipeline = statement?.pipelines.at(-1);
  const [command] = pipeline?.commands ?? [];
  if (!statement || !command || pipeline?.kinds.length !== 1 || pipeline.kinds[0] !== 'Command') return null;
  if (pipeline.negated || statement.terminator === '&' || statement.operators.at(-1) === '||') return null;
  if (command.name !== 'cd' || command.prefixes.length > 0 || command.nesting !== 'top' || command.quoted) return null;
  return command;
}

function repair(file: Dockerfile, run: RunStep, script: ShellScript, command: ShellCommand): FixResult {
  const line = file.lines.lineAt(run.at(command.span).start) + 1;
  const cut = cutTail(file, run, script, command);
  if (!cut) return { refused: l10n.t('The `cd` on line {0} cannot be taken out of its list of commands.', line) };
  const next = run.stage.steps.slice(run.index + 1).find((step) => !harmless.test(step.keyword));
  const isReturn = goesBack(run, script, command);
  if (isReturn || (next && isAbsoluteWorkdir(next))) {
    const edit = cut.isAll ? removeInstruction(file, run.instruction) : cut.edit;
    return {
      title: l10n.t('Remove the `cd`'),
      safety: 'suggestion',
      edits: [edit],
      risk: l10n.t('The RUN does not fail any more where the directory is missing.'),
    };
  }
  const text = workdirText(run, script, command);
  if (text === null)
    return { refused: l10n.t('Where the `cd` on line {0} leads is not known before the build.', line) };
  const { instruction } = run;
  const workdir = `${keywordLike(instruction, 'WORKDIR')} ${text}`;
  const behind = `${file.eol}${indentOf(file, instruction)}${workdir}`;
  return {
    title: l10n.t('Use WORKDIR {0}', text),
    safety: 'suggestion',
    edits: cut.isAll ? [replace(instruction.span, workdir)] : [cut.edit, insert(instruction.span.end, behind)],
    claims: [instruction.span],
    risk: l10n.t('What follows, and the container, will run in this directory.'),
  };
}

const harmless = /^(?:ENV|ARG|LABEL|MAINTAINER|EXPOSE|HEALTHCHECK|STOPSIGNAL|USER|SHELL|VOLUME)$/;

function isAbsoluteWorkdir(step: Step): boolean {
  if (step.keyword !== 'WORKDIR') return false;
  return expandIn(step.body.rest, step.before.scope, step.body.escape)?.startsWith('/') === true;
}

/** Whether the `cd` leads back after another one: `cd /src && make && cd ..`, `cd -`, or to where the RUN starts. */
function goesBack(run: RunStep, script: ShellScript, command: ShellCommand): boolean {
  const [word] = command.args;
  const target = word?.unquoted ?? '~';
  if (target === '-') return true;
  const isMoved = script.commands.some((other) => other !== command && other.name === 'cd' && other.nesting === 'top');
  if (isMoved && (/^(?:\.\.\/?)+$/.test(target) || target === '~' || target === '/')) return true;
  const start = startDirectory(run);
  const directory = directoriesOf(script).get(command) ?? null;
  if (start === null || directory === null || word?.value === null) return false;
  return isMoved && resolvePath(resolvePath(start, directory) ?? start, target) === start;
}

/** The directory as WORKDIR can say it, from where the RUN starts; null where it is not known. */
function workdirText(run: RunStep, script: ShellScript, command: ShellCommand): string | null {
  const [word, ...others] = command.args;
  if (!word || others.length > 0 || command.redirects.length > 0) return null;
  const directory = directoriesOf(script).get(command) ?? null;
  if (word.value !== null) {
    if (!/^[\w./@+-]+$/.test(word.value) || word.value.startsWith('-')) return null;
    if (word.value.startsWith('/') || directory === '') return word.value;
    return directory === null || directory.startsWith('~') ? null : `${directory}/${word.value}`;
  }
  const bare = word.text.replace(/^"(.*)"$/, '$1');
  if (!/^(?:[\w./@+-]|\$\w+|\$\{\w+\})+$/.test(bare) || bare.startsWith('-')) return null;
  const names = [...bare.matchAll(/\$\{?(\w+)/g)].map((match) => match[1] ?? '');
  return names.every((name) => run.before.scope.get(name)?.definedBy && !script.assigns.has(name)) ? bare : null;
}
