/** Of a pipe only the last command counts: what fails before it fails unnoticed. */
import * as l10n from '@vscode/l10n';
import type { RunStep, Stage } from '../../model/model';
import { perStep } from '../../model/per-step';
import { pipeShell } from '../../model/pipefail';
import { shellHasPipefail } from '../../shell/dialect';
import type { ShellCommand, ShellPipeline, ShellScript } from '../../shell/script';
import type { Dockerfile } from '../../syntax/tree';
import { insert, keywordLike } from '../edits';
import { insertAbove } from '../insert-above';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type Fix, type FixResult } from '../rule';

export default defineRule({
  id: 'pipe-hides-failure',
  category: 'correctness',
  severity: 'warning',
  keywords: ['RUN'],
  aliases: ['DL4006'],
  fix: 'suggestion',
  docs: {
    what: 'A `RUN` has a pipe, and its shell does not run with `pipefail`. Pipes that begin with something harmless (`echo`, `yes`, `ls`, `grep` …) are left alone, and so are those that `||` follows.',
    why: 'The status of a pipe is that of its last command. When the download on the left breaks off, the build goes on with half a file, or none, and stores the result in the cache.',
    fix: 'Write `SHELL ["/bin/bash", "-o", "pipefail", "-c"]` before it, or begin the script with `set -o pipefail` where the shell knows that: bash and the shell of Alpine do, dash, which is `/bin/sh` on Debian and Ubuntu, does not. The quick fix chooses.',
    ignore:
      'Where it does not matter whether the command on the left fails, or where it is expected to be cut off (`yes | …`, `… | head`).',
    references: [
      'https://docs.docker.com/build/building/best-practices/#using-pipes',
      'https://docs.docker.com/reference/dockerfile/#shell',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        WORKDIR /opt/tool
        RUN curl -fsSL https://example.com/tool.tgz \
            ^^^^ warning pipe-hides-failure: If \`curl\` fails here, the RUN goes on: of a pipe only the last command counts, \`tar\`.
            # into the folder
            | tar -xz
      `,
      good: dockerfile`
        FROM debian:12-slim
        WORKDIR /opt/tool
        SHELL ["/bin/bash", "-o", "pipefail", "-c"]
        RUN curl -fsSL https://example.com/tool.tgz \
            # into the folder
            | tar -xz
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN <<EOF
        set -eux
        wget -qO- https://example.com/tool.tgz | tar -xz -C /opt
        ^^^^ warning pipe-hides-failure
        EOF
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN <<EOF
        set -euxo pipefail
        wget -qO- https://example.com/tool.tgz | tar -xz -C /opt
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        SHELL ["/bin/bash", "-c"]
        RUN make 2>&1 | tee /build.log
            ^^^^ warning pipe-hides-failure
        RUN ./configure && make | tee /build.log
                           ^^^^ warning pipe-hides-failure
      `,
      good: dockerfile`
        FROM debian:12-slim
        SHELL ["/bin/bash", "-o", "pipefail", "-c"]
        RUN make 2>&1 | tee /build.log
        RUN ./configure && make | tee /build.log
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        RUN set -o pipefail && wget -qO- https://example.com/tool.tgz | tar -xz -C /opt
        SHELL ["/bin/ash", "-eo", "pipefail", "-c"]
        RUN wget -qO- https://example.com/tool.tgz | tar -xz -C /opt
      `,
      because: 'both run with pipefail',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN echo "app:app" | chpasswd && yes | ./install.sh
        RUN curl -fsSL https://example.com/extra | sh || echo "without the extra"
        RUN test -n "$(ls / | grep srv)" || mkdir /srv
      `,
      because: 'these do not fail, or it is said what happens then',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown || run.stage.isWindows) continue;
      const found = hiddenFailure(run);
      if (!found) continue;
      const { command, last } = found;
      yield {
        at: onOneLine(model.dockerfile, run.at(command.nameWord?.span ?? command.span)),
        message: l10n.t(
          'If `{0}` fails here, the RUN goes on: of a pipe only the last command counts, `{1}`.',
          quotable(nameOf(command), 30),
          quotable(last ? nameOf(last) : 'while', 30),
        ),
        fix: () => usePipefail(model.dockerfile, run, found),
      };
    }
  },
});

const nameOf = (command: ShellCommand): string => command.name ?? command.nameWord?.text ?? '';

interface HiddenFailure {
  readonly script: ShellScript;
  readonly command: ShellCommand;
  /** The script is in a here-document that a shell of its own reads: `RUN bash <<EOF`. */
  readonly isFed: boolean;
  /** The last command of the pipe; null where that is a loop or the like. */
  readonly last: ShellCommand | null;
}

const hiddenFailure = perStep((run: RunStep): HiddenFailure | null => {
  for (const [place, script] of run.scripts.entries()) {
    const isFed = place > 0;
    if (script.form === 'exec' || !script.text.includes('|') || hasPipefail(run, script, isFed)) continue;
    for (const statement of script.statements) {
      for (const [index, pipeline] of statement.pipelines.entries()) {
        // `a | b || c`: somebody has thought about it.
        if (pipeline.kinds.length === 1 || pipeline.negated || statement.operators[index] === '||') continue;
        const command = failingMember(script, pipeline);
        if (!command) continue;
        const isPlain = pipeline.kinds.at(-1) === 'Command';
        return { script, command, isFed, last: isPlain ? (pipeline.commands.at(-1) ?? null) : null };
      }
    }
  }
  return null;
});

/** Whether the shell runs with the option, by SHELL, by its own words, by a first line or by `set`. */
function hasPipefail(run: RunStep, script: ShellScript, isFed: boolean): boolean {
  if (!/pipefail/.test(script.text + run.body.raw) && !shellHasPipefail(run.before.shell)) return false;
  if (script.form === 'json') return shellHasPipefail(run.body.words.map(({ text }) => text)) || setsPipefail(script);
  if (/^#!.*pipefail/.test(script.text) || setsPipefail(script)) return true;
  // A script that is fed to a shell has that shell's options: `RUN bash -o pipefail <<EOF`.
  if (/\b(?:ba|a)?sh\s[^\n]*pipefail/.test(run.body.joined)) return true;
  return !isFed && shellHasPipefail(run.before.shell);
}

const setsPipefail = (script: ShellScript): boolean =>
  script.commands.some(({ name, args }) => name === 'set' && args.some(({ value }) => value === 'pipefail'));

/** Commands that do not fail, or whose failure says nothing. */
const harmless = new Set(
  'echo printf yes true : date seq uname env printenv id whoami hostname arch nproc getconf lsb_release history set declare export'.split(
    ' ',
  ),
);

/** Commands that only pass on what they read, from a file that the script knows or from the pipe. */
const filters = new Set(
  'sed awk gawk tr cut sort uniq head tail tee grep egrep fgrep wc base64 rev tac fold paste column xargs'.split(' '),
);

/** Commands of which people want to know an answer: nothing found is one, too. */
const questions = new Set('grep egrep fgrep ls find dpkg rpm ldd which file stat diff'.split(' '));

/** The first command before the last one of a pipe that can fail. */
function failingMember(script: ShellScript, pipeline: ShellPipeline): ShellCommand | null {
  const isLastPlain = pipeline.kinds.at(-1) === 'Command';
  const last = isLastPlain ? pipeline.commands.at(-1) : undefined;
  // Where nothing comes, nothing is found, and the RUN fails all the same.
  if (last && /^[ef]?grep$/.test(last.name ?? '') && !last.args.some(({ unquoted }) => /^-\w*[vc]/.test(unquoted)))
    return null;
  const members = isLastPlain ? pipeline.commands.slice(0, -1) : pipeline.commands;
  for (const command of members) {
    if (command.nameWord === null || command.quoted) continue;
    const name = command.name ?? '';
    if (harmless.has(name) || questions.has(name)) continue;
    if (filters.has(name) || (name === 'cat' && command.connector === '|')) continue;
    if (/^(?:-{1,2}version|-[vV]|version)$/.test(command.args[0]?.unquoted ?? '')) continue;
    // `A=1 | …` and functions of the script itself are not looked into.
    if (script.functions.some((one) => one.name === name)) continue;
    return command;
  }
  return null;
}

function usePipefail(file: Dockerfile, run: RunStep, { script, isFed }: HiddenFailure): FixResult {
  const line = run.instruction.line + 1;
  const risk = l10n.t('A pipe fails then, too, when its reader stops early, as in `yes | …` and `… | head`.');
  if (script.form === 'json')
    return { refused: l10n.t('The RUN on line {0} names its shell itself; give that one `-o pipefail`.', line) };
  const shell = pipeShell(run);
  if (isFed && (script.dialect === 'bash' || shell.knowsPipefail)) return setInScript(file, run, script, risk);
  if (isFed)
    return { refused: l10n.t('Whether the shell of the RUN on line {0} knows `pipefail` is not certain.', line) };
  const declared = run.before.shell === null ? null : shellStep(run);
  if (declared && shell.knowsPipefail) {
    const option = declared.body.json?.slice(1).find(({ text }) => /^-[a-zA-Z]*c$/.test(text));
    if (option)
      return {
        title: l10n.t('Add `-o pipefail` to the SHELL on line {0}', declared.instruction.line + 1),
        safety: 'suggestion',
        edits: [insert(declared.at(option.span).start, '"-o", "pipefail", ')],
        risk,
      };
  }
  const others = run.before.shell === null ? countHidden(run.stage) : 1;
  if (shell.knowsPipefail && (others === 1 || shell.better === null)) return setInScript(file, run, script, risk);
  if (shell.better === null || run.before.shell !== null)
    return { refused: l10n.t('Whether the shell of the RUN on line {0} knows `pipefail` is not certain.', line) };
  return insertShell(file, run.stage, shell.better, risk);
}

/** The SHELL in force where it stands in the RUN's own stage. */
const shellStep = (run: RunStep) =>
  run.stage.steps
    .slice(0, run.index)
    .filter(({ keyword }) => keyword === 'SHELL')
    .at(-1) ?? null;

const hiddenRuns = (stage: Stage): readonly RunStep[] =>
  stage.steps.filter(
    (step): step is RunStep =>
      step.keyword === 'RUN' &&
      step.before.shell === null &&
      (step as RunStep).isKnown &&
      hiddenFailure(step as RunStep)?.isFed === false,
  );

const countHidden = (stage: Stage): number => hiddenRuns(stage).length;

/** One SHELL before the first RUN of the stage that needs it. */
function insertShell(file: Dockerfile, stage: Stage, program: string, risk: string): FixResult {
  const [first] = hiddenRuns(stage);
  if (!first) return { refused: l10n.t('No RUN of this stage needs it.') };
  const { instruction } = first;
  const shell = `${keywordLike(instruction, 'SHELL')} ["${program}", "-o", "pipefail", "-c"]`;
  return {
    title: l10n.t('Use {0}', shell),
    safety: 'suggestion',
    edits: [insertAbove(file, instruction, shell)],
    risk,
  };
}

/** `set -o pipefail` at the start of a script, or in the `set -e` that is there. */
function setInScript(file: Dockerfile, run: RunStep, script: ShellScript, risk: string): Fix {
  const common = { title: l10n.t('Begin with `set -o pipefail`'), safety: 'suggestion' as const, risk };
  const [first] = script.commands;
  const [option, ...others] = first?.args ?? [];
  if (first?.name === 'set' && option && others.length === 0 && /^-[a-z]+$/.test(option.text) && !/o/.test(option.text))
    return { ...common, edits: [insert(run.at(option.span).end, 'o pipefail')] };
  const start = run.at(script.map.span(script.statements[0]?.start ?? 0, script.text.length)).start;
  if (script.form !== 'heredoc') return { ...common, edits: [insert(start, 'set -o pipefail && ')] };
  const lineStart = file.text.lastIndexOf('\n', start - 1) + 1;
  const indent = file.text.slice(lineStart, start);
  return { ...common, edits: [insert(start, `set -o pipefail${file.eol}${/^[ \t]*$/.test(indent) ? indent : ''}`)] };
}
