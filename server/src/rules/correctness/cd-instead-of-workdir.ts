/** `RUN cd X && …`: WORKDIR says where commands run, and makes the directory. */
import * as l10n from '@vscode/l10n';
import { runsAsRoot, startDirectory } from '../../model/base-config';
import type { RunStep, Stage, Step } from '../../model/model';
import { isWithin, resolvePath } from '../../model/paths';
import { perStep } from '../../model/per-step';
import { expandIn } from '../../model/variables';
import { removals } from '../../shell/effects';
import type { ShellCommand, ShellScript } from '../../shell/script';
import type { Span } from '../../syntax/span';
import type { Dockerfile } from '../../syntax/tree';
import { indentOf, insert, keywordLike, remove } from '../edits';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type Edit, type FixResult } from '../rule';

export default defineRule({
  id: 'cd-instead-of-workdir',
  category: 'correctness',
  severity: 'info',
  keywords: ['RUN'],
  aliases: ['DL3003'],
  fix: 'suggestion',
  docs: {
    what: 'A `RUN` begins with `cd X &&`, or with `mkdir -p X && cd X &&`.',
    why: 'Where a command runs is easier to see, and to keep the same for the next instruction, with `WORKDIR`. It makes the directory too, so that the `mkdir` is not needed.',
    fix: 'Write `WORKDIR X` before the `RUN`. The quick fix does that for all neighbouring `RUN`s that begin with the same `cd`, and goes back to the former directory behind them where it is known.',
    ignore: 'When only this one command runs there and everything else stays where it is.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#workdir',
      'https://docs.docker.com/reference/dockerfile/#workdir',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM golang:1.23
        COPY . /src
        RUN cd /src && go build -o /bin/tool .
            ^^^^^^^ info cd-instead-of-workdir: \`WORKDIR /src\` before this RUN would say where its commands run.
        WORKDIR /data
        CMD ["/bin/tool"]
      `,
      good: dockerfile`
        FROM golang:1.23
        COPY . /src
        WORKDIR /src
        RUN go build -o /bin/tool .
        WORKDIR /data
        CMD ["/bin/tool"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        WORKDIR /srv
        RUN mkdir -p /opt/tool && cd /opt/tool && \
                                  ^^^^^^^^^^^^ info cd-instead-of-workdir
            curl -fsSL https://example.com/tool.tgz | tar -xz
        RUN cd /opt/tool \
            ^^^^^^^^^^^^ info cd-instead-of-workdir
            && ./configure
        COPY site site
      `,
      good: dockerfile`
        FROM debian:12
        WORKDIR /srv
        WORKDIR /opt/tool
        RUN curl -fsSL https://example.com/tool.tgz | tar -xz
        RUN ./configure
        WORKDIR /srv
        COPY site site
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN git clone https://example.com/x.git && cd x && make
      `,
      because: 'the directory is made by the same RUN',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN mkdir -p /tmp/tool && cd /tmp/tool \
            && curl -fsSL https://example.com/tool.tgz | tar -xz \
            && make install \
            # nothing of it stays
            && rm -rf /tmp/tool
      `,
      because: 'the same RUN removes the directory, and WORKDIR would keep it',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN cd "$(mktemp -d)" && curl -fsSO https://example.com/x.tgz
      `,
      because: 'the directory is not known beforehand',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (stage.isWindows) continue;
      for (const step of stage.steps) {
        if (step.keyword !== 'RUN') continue;
        const start = startOf(step as RunStep);
        if (!start) continue;
        yield {
          at: onOneLine(model.dockerfile, step.at(start.cd.span)),
          message: l10n.t('`{0}` before this RUN would say where its commands run.', quotable(`WORKDIR ${start.text}`)),
          fix: () => useWorkdir(model.dockerfile, stage, step as RunStep, start),
        };
      }
    }
  },
});

/** The `cd`s that a RUN begins with. */
interface Start {
  readonly script: ShellScript;
  readonly cd: ShellCommand;
  /** What stands behind `cd`, as WORKDIR takes it. */
  readonly text: string;
  /** Absolute; null where the former directory is not known. */
  readonly path: string | null;
  /** The script's text from its beginning up to here goes. */
  readonly end: number;
}

function startOf(run: RunStep): Start | null {
  const move = movesOf(run);
  if (move === null) return null;
  const { script, text } = move;
  const value = expandIn(text, run.before.scope, run.body.escape);
  const path = value === null ? null : resolvePath(startDirectory(run), value);
  return isRemovedAgain(run, script, path, text) ? null : { ...move, path };
}

/** What a RUN says of where its commands run. */
const movesOf = perStep((run: RunStep): Omit<Start, 'path'> | null => {
  const [script, ...others] = run.scripts;
  const first = script?.commands[0]?.name;
  if (first !== 'cd' && first !== 'mkdir') return null;
  if (!run.isKnown || run.isExec || !script || others.length > 0 || script.form !== 'shell') return null;
  if (/\bcd\s+-(?:\s|$)|\bOLDPWD\b/.test(script.text)) return null;
  let text: string | null = null;
  let cd: ShellCommand | null = null;
  let count = 0;
  for (;;) {
    const next = moveAt(run, script, count);
    if (!next || (text !== null && script.statements[0]?.pipelines.length === 1)) break;
    text = text === null || next.text.startsWith('/') ? next.text : `${text.replace(/\/$/, '')}/${next.text}`;
    cd ??= next.cd;
    count = next.count;
  }
  const end = count > 0 ? endOfStart(script, count) : null;
  return text === null || cd === null || end === null ? null : { script, cd, text, end };
});

/** A directory that the RUN itself removes is none for WORKDIR, which would leave it in the image. */
function isRemovedAgain(run: RunStep, script: ShellScript, path: string | null, text: string): boolean {
  if (!script.commands.some(({ name }) => name === 'rm')) return false;
  return removals(script).some((removal) => {
    if (!removal.recursive || removal.word === null) return false;
    const gone = removal.path === null ? null : resolvePath(startDirectory(run), removal.path);
    return gone !== null && path !== null ? isWithin(path, gone) : removal.text === text;
  });
}

/** `cd X`, or `mkdir -p X && cd X`, as the commands from an index on. */
function moveAt(
  run: RunStep,
  script: ShellScript,
  index: number,
): { cd: ShellCommand; text: string; count: number } | null {
  const [first, second] = script.commands.slice(index);
  const isMkdir =
    first?.name === 'mkdir' && first.args.some((arg) => arg.unquoted === '-p' || arg.unquoted === '--parents');
  const cd = isMkdir ? second : first;
  if (cd?.name !== 'cd' || cd.args.length !== 1 || cd.prefixes.length > 0 || cd.redirects.length > 0) return null;
  if (cd.nesting !== 'top' || cd.quoted) return null;
  const [word] = cd.args;
  if (isMkdir && (first?.args.length !== 2 || first.args[1]?.text !== word?.text || cd.connector !== '&&')) return null;
  const text = workdirText(run, word?.text ?? '', word?.value ?? null);
  return text === null ? null : { cd, text, count: index + (isMkdir ? 2 : 1) };
}

/** The directory as WORKDIR can say it: literal, or with variables of ENV and ARG. */
function workdirText(run: RunStep, written: string, value: string | null): string | null {
  if (value !== null) return /^[\w./@+-]+$/.test(value) && value !== '-' ? value : null;
  const bare = written.replace(/^"(.*)"$/, '$1');
  if (!/^(?:[\w./@+-]|\$\w+|\$\{\w+\})+$/.test(bare) || bare.startsWith('-')) return null;
  const names = [...bare.matchAll(/\$\{?(\w+)/g)].map((match) => match[1] ?? '');
  return names.every((name) => run.before.scope.get(name)?.definedBy) ? bare : null;
}

/** Where the script goes on behind its first pipelines; null where `&&` or `;` does not follow them. */
function endOfStart(script: ShellScript, count: number): number | null {
  const [statement, next] = script.statements;
  if (!statement) return null;
  if (statement.pipelines.length > count) {
    if (statement.operators.some((operator) => operator !== '&&')) return null;
    return statement.pipelines[count]?.start ?? null;
  }
  return statement.terminator === ';' && next ? next.start : null;
}

function useWorkdir(file: Dockerfile, stage: Stage, run: RunStep, start: Start): FixResult {
  const group = groupAround(stage, run, start);
  const isRelative = !/^[/$]/.test(start.text);
  if (isRelative && start.path === null)
    return { refused: l10n.t('Where `cd {0}` on line {1} starts is not known.', start.text, run.instruction.line + 1) };
  const obstacle = group.map((member) => obstacleTo(file, member.run, member.start)).find((found) => found !== null);
  if (obstacle) return { refused: obstacle };
  const edits: Edit[] = [];
  let last: string | null = null;
  const indent = indentOf(file, run.instruction);
  const keyword = keywordLike(run.instruction, 'WORKDIR');
  for (const { run: member, start: own } of group) {
    edits.push(remove(startSpan(file, member, own)));
    if (own.text !== last)
      edits.push(insert(member.instruction.span.start, `${keyword} ${own.text}${file.eol}${indent}`));
    last = own.text;
  }
  const first = group[0] ?? { run, start };
  const end = group.at(-1) ?? first;
  const former = startDirectory(first.run);
  const next = stage.steps.slice(end.run.index + 1).find((step) => !harmless.test(step.keyword));
  const goesOn = next === undefined || !isAbsoluteWorkdir(next);
  if (goesOn && former !== null && former !== end.start.path)
    edits.push(insert(end.run.instruction.span.end, `${file.eol}${indent}${keyword} ${former}`));
  return {
    title: l10n.t('Use WORKDIR {0}', start.text),
    safety: 'suggestion',
    risk:
      goesOn && former === null
        ? l10n.t('What follows, and the container, will run in this directory too.')
        : l10n.t('WORKDIR makes the directory where it does not exist; `cd` fails.'),
    edits,
    claims: [{ start: first.run.instruction.span.start, end: end.run.instruction.span.end }],
  };
}

/** Why a RUN cannot do without its `cd`; null where it can. */
function obstacleTo(file: Dockerfile, run: RunStep, { script, cd }: Start): string | null {
  const line = file.lines.lineAt(run.at(cd.span).start) + 1;
  if (run.mounts.some(({ target }) => target !== null && !target.startsWith('/')))
    return l10n.t('A mount of the RUN on line {0} is relative to the former directory.', run.instruction.line + 1);
  const makesIt = script.commands[0]?.name === 'mkdir';
  if (makesIt && run.before.user !== null && !runsAsRoot(run))
    return l10n.t('On line {0} the directory is made by `{1}`; WORKDIR would make it for root.', line, run.before.user);
  return null;
}

/** What goes: up to the next command, or only up to the operator where comments stand between. */
function startSpan(file: Dockerfile, run: RunStep, { script, end }: Start): Span {
  const start = run.at(script.map.span(script.statements[0]?.start ?? 0, end)).start;
  const next = run.at(script.map.span(end, end + 1)).start;
  const comment = file.text.slice(start, next).search(/\n[ \t]*#/);
  if (comment < 0) return { start, end: next };
  const kept = /[ \t]*[\\`]?[ \t]*\r?$/.exec(file.text.slice(start, start + comment))?.[0] ?? '';
  return { start, end: start + comment - kept.trimStart().length };
}

const harmless = /^(?:ENV|ARG|LABEL|MAINTAINER|EXPOSE|HEALTHCHECK|STOPSIGNAL|USER|SHELL)$/;

function isAbsoluteWorkdir(step: Step): boolean {
  return (
    step.keyword === 'WORKDIR' &&
    expandIn(step.body.rest, step.before.scope, step.body.escape)?.startsWith('/') === true
  );
}

/** The RUNs around one that begin with a `cd` to an absolute directory: the former one matters again only behind them. */
function groupAround(stage: Stage, run: RunStep, start: Start): readonly { run: RunStep; start: Start }[] {
  const group = [{ run, start }];
  const memberAt = (index: number) => {
    const step = stage.steps[index];
    const own = step?.keyword === 'RUN' ? startOf(step as RunStep) : null;
    return own?.text.startsWith('/') ? { run: step as RunStep, start: own } : null;
  };
  // What stands before a relative one decides where it starts.
  for (let at = run.index - 1; start.text.startsWith('/'); at--) {
    const member = memberAt(at);
    if (!member) break;
    group.unshift(member);
  }
  for (let at = run.index + 1; ; at++) {
    const member = memberAt(at);
    if (!member) break;
    group.push(member);
  }
  return group;
}
