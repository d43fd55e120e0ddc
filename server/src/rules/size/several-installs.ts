/** Installs of one package manager that follow each other and could be one. */
import * as l10n from '@vscode/l10n';
import { ecosystemOf } from '../../model/ecosystems';
import type { RunStep } from '../../model/model';
import { isOutputKept } from '../../shell/kept-output';
import { packageCalls } from '../../shell/package-calls';
import type { PackageCall, PackageManager } from '../../shell/packages';
import type { ShellScript } from '../../shell/script';
import type { Dockerfile } from '../../syntax/tree';
import { continuationIndent, editsTouch, insert } from '../edits';
import { quotable } from '../places';
import { removeCommand } from '../remove-command';
import { defineRule, dockerfile, type Edit, type FixResult } from '../rule';

export default defineRule({
  id: 'several-installs',
  category: 'size',
  severity: 'hint',
  keywords: ['RUN'],
  aliases: [],
  fix: 'safe',
  order: 58,
  changes: {
    what: 'the logs and records of the package manager tell of one call',
    files: [
      '/var/log/**',
      '/var/lib/apt/extended_states',
      '/var/lib/dnf/**',
      '/var/lib/yum/**',
      '/var/cache/ldconfig/**',
    ],
  },
  docs: {
    what: 'A `RUN` calls the same package manager several times in a row, each time to install something with the same options.',
    why: 'Each call reads the package index, solves the dependencies and runs the triggers (`ldconfig`, man pages) again.',
    fix: 'Name all packages in one call. The quick fix does so. For the package managers of languages (pip, npm …) it is a suggestion: they may choose other versions when they see all packages at once.',
    ignore:
      'Where the second call is meant to see what the first one installed, for instance a plug-in of the package manager.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#apt-get',
      'https://manpages.debian.org/stable/apt/apt-get.8.en.html',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends curl \
            && apt-get install -y --no-install-recommends git \
               ^^^^^^^^^^^^^^^ hint several-installs: \`apt-get install\` is called 2 times in a row with the same options: one call is faster.
            && rm -rf /var/lib/apt/lists/*
      `,
      good: dockerfile`
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends curl git \
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache \
                bash \
                git && \
            # for the tests
            apk add --no-cache curl && \
            ^^^^^^^ hint several-installs: \`apk add\` is called 3 times…
            apk add --no-cache bash jq
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache \
                bash \
                git \
                # for the tests
                curl \
                jq
      `,
    },
    {
      bad: dockerfile`
        FROM rockylinux:9
        RUN <<EOF
        set -e
        dnf install -y httpd
        dnf install -y php
        ^^^^^^^^^^^ hint several-installs
        dnf clean all
        EOF
      `,
      good: dockerfile`
        FROM rockylinux:9
        RUN <<EOF
        set -e
        dnf install -y httpd php
        dnf clean all
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN apt-get update \
            && apt-get install -y curl \
            && apt-get install -y --no-install-recommends git \
            && rm -rf /var/lib/apt/lists/*
      `,
      because: 'the options differ',
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN apt-get update; apt-get install -y curl; apt-get install -y $MORE || apt-get install -y git
      `,
      because: 'the second runs whatever becomes of the first, and a variable may hold options',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown || run.isExec || run.calls(undefined, 'install').length < 2) continue;
      for (const script of run.scripts) {
        for (const group of groupsOf(script)) {
          const [first, second] = group;
          if (!first || !second) continue;
          yield {
            at: run.at(second.nameSpan),
            message: l10n.t(
              '`{0}` is called {1} times in a row with the same options: one call is faster.',
              quotable(nameOf(run, second)),
              group.length,
            ),
            fix: () => joinCalls(model.dockerfile, run, script, group),
          };
        }
      }
    }
  },
});

const nameOf = (run: RunStep, call: PackageCall): string => run.body.raw.slice(call.nameSpan.from, call.nameSpan.to);

/** Calls that follow each other directly, each only after the one before succeeded. */
function groupsOf(script: ShellScript): PackageCall[][] {
  const calls = new Map(packageCalls(script).map((call) => [call.command, call]));
  const stops = script.form === 'heredoc' && stopsAtErrors(script);
  const groups: PackageCall[][] = [];
  let group: PackageCall[] = [];
  const flush = () => {
    if (group.length > 1) groups.push(group);
    group = [];
  };
  for (const statement of script.statements) {
    const isSimple = statement.terminator !== '&' && statement.operators.every((operator) => operator === '&&');
    if (!isSimple || statement.pipelines.length > 1 || !stops) flush();
    for (const pipeline of isSimple ? statement.pipelines : []) {
      const [command] = pipeline.commands;
      const isAlone = pipeline.kinds.length === 1 && !pipeline.negated && pipeline.commands.length === 1;
      const call = isAlone && command?.nesting === 'top' ? calls.get(command) : undefined;
      const last = group.at(-1);
      if (!call || !isPlainInstall(call)) flush();
      else if (last && (!isSameCall(last, call) || paves(last))) {
        flush();
        group.push(call);
      } else group.push(call);
    }
    if (!stops) flush();
  }
  flush();
  return groups;
}

/** Whether a call installs what later ones find their packages with: repositories, keys, plug-ins, the package manager itself. */
const paves = (call: PackageCall): boolean => call.packages.some(({ name }) => pavers.test(name ?? ''));

const pavers =
  /release|repo|plugin|keyring|archive|transport|certificates|^(?:gnupg\d?|gpg|dirmngr|software-properties-common|python3?-software-properties|apt-.*|.*-apt-.*|dpkg.*|eatmydata|debconf.*|yum.*|dnf.*|microdnf|rpm|apk-.*|zypper|pacman.*|pip|setuptools|wheel|cython|numpy|npm|pnpm|yarn|corepack|bundler|rubygems-update)$/i;

const stopsAtErrors = ({ statements, commands }: ShellScript): boolean => {
  if (commands.some(({ name, args }) => name === 'set' && args.some(({ text }) => text.startsWith('+')))) return false;
  const first = statements[0]?.pipelines[0]?.commands[0];
  return first?.name === 'set' && first.args.some((arg) => /^-[a-z]*e/.test(arg.text));
};

const managers: ReadonlySet<PackageManager> = new Set<PackageManager>([
  'apt-get',
  'apt',
  'apk',
  'yum',
  'dnf',
  'microdnf',
  'zypper',
  'pacman',
  'pip',
  'npm',
  'gem',
]);

function isPlainInstall({
  manager,
  action,
  subcommand,
  command,
  packages,
  flags,
  opaque,
  operands,
}: PackageCall): boolean {
  if (!managers.has(manager) || action !== 'install' || opaque || packages.length === 0) return false;
  if (!/^(?:install|i|add|in|-S[a-z]*)$/.test(subcommand) || command.redirects.length > 0 || command.quoted)
    return false;
  if (packages.length !== operands.length) return false;
  // Options with a meaning for one package, or for a group by its name.
  if (
    flags.some(({ name }) =>
      /^(?:--virtual|-t|-r|--requirement|-e|--editable|-v|--version|-c|--constraint)$/.test(name),
    )
  )
    return false;
  return packages.every(({ name, isFile }) => name !== null && !isFile && !/[-+]$/.test(name));
}

function isSameCall(first: PackageCall, second: PackageCall): boolean {
  const { command: a } = first;
  const { command: b } = second;
  const before = ({ assignments, prefixes }: PackageCall['command']) =>
    [...prefixes, ...assignments.map(({ name, value }) => `${name}=${value?.text ?? ''}`)].join(' ');
  return (
    first.manager === second.manager &&
    first.subcommand === second.subcommand &&
    a.nameWord?.text === b.nameWord?.text &&
    before(a) === before(b) &&
    optionsOf(first) === optionsOf(second)
  );
}

const optionsOf = ({ flags }: PackageCall): string =>
  flags
    .map(({ name, value }) => `${name === '--yes' || name === '--assume-yes' ? '-y' : name}=${value ?? ''}`)
    .sort()
    .join(' ');

function joinCalls(file: Dockerfile, run: RunStep, script: ShellScript, group: readonly PackageCall[]): FixResult {
  const [first] = group;
  const last = first?.packages.at(-1);
  const refused = { refused: l10n.t('The calls on line {0} cannot be taken apart.', run.instruction.line + 1) };
  if (!first || !last) return refused;
  const removals = removalOf(file, run, script, group);
  if (removals === null) return refused;
  const known = new Set(first.packages.map(({ word }) => word.text));
  const added: Added[] = [];
  for (const [index, call] of group.entries()) {
    const previous = group[index - 1];
    if (!previous) continue;
    let comments = commentsBetween(file, run, script, previous, call);
    if (comments === null) return refused;
    for (const { word } of call.packages) {
      if (known.has(word.text)) continue;
      known.add(word.text);
      added.push({ name: word.text, comments });
      comments = [];
    }
  }
  const at = run.at(last.word.span).end;
  const edits = added.length === 0 ? removals : [insert(at, listed(file, run, first, added)), ...removals];
  if (edits.some((edit, index) => edits.some((other, place) => place > index && editsTouch(edit.span, other.span)))) {
    // What goes begins where the packages are put: one edit does both.
    const [insertion, removal, ...others] = edits;
    if (
      !insertion ||
      !removal ||
      removal.span.start !== at ||
      others.some((other) => editsTouch(other.span, removal.span))
    )
      return refused;
    return fixOf(script, first, [{ span: removal.span, newText: insertion.newText + removal.newText }, ...others]);
  }
  return fixOf(script, first, edits);
}

function fixOf(script: ShellScript, { manager, command }: PackageCall, edits: readonly Edit[]): FixResult {
  const title = l10n.t('Install everything with one call');
  if (isOutputKept(script, command, 'any'))
    return { title, safety: 'suggestion', edits, risk: l10n.t('What the calls print is kept.') };
  return ecosystemOf(manager).kind === 'system'
    ? { title, safety: 'safe', edits }
    : {
        title,
        safety: 'suggestion',
        edits,
        risk: l10n.t('{0} may choose other versions when it sees all packages at once.', manager),
      };
}

/** Takes the later calls out: from the end of the one before to the end of the last. Comments in between stop it. */
function removalOf(file: Dockerfile, run: RunStep, script: ShellScript, group: readonly PackageCall[]): Edit[] | null {
  const edits: Edit[] = [];
  for (const [index, call] of group.entries()) {
    const previous = group[index - 1];
    if (!previous) continue;
    const isChained = previous.command.statement === call.command.statement;
    if (!isChained) {
      const edit = removeCommand(file, run, script, call.command);
      if (edit === null) return null;
      edits.push(edit);
      continue;
    }
    const span = { start: run.at(previous.command.span).end, end: run.at(call.command.span).end };
    edits.push({ span, newText: '' });
  }
  return edits;
}

/** A package that moves, with the comment lines that stood above its call. */
interface Added {
  readonly name: string;
  readonly comments: readonly string[];
}

/** The comment lines from one call to the end of the next; null where they cannot go along. */
function commentsBetween(
  file: Dockerfile,
  run: RunStep,
  script: ShellScript,
  previous: PackageCall,
  call: PackageCall,
): readonly string[] | null {
  if (previous.command.statement !== call.command.statement) return [];
  const text = file.text.slice(run.at(previous.command.span).end, run.at(call.command.span).end);
  const comments = text.split(/\r?\n/).filter((line) => /^[ \t]*#/.test(line));
  if (comments.length === 0) return /\s#/.test(text) ? null : [];
  return script.form === 'shell' && run.body.heredocs.length === 0 ? comments.map((line) => line.trim()) : null;
}

/** The packages in the way the first call lists its own: one a line, or behind each other. */
function listed(file: Dockerfile, run: RunStep, call: PackageCall, added: readonly Added[]): string {
  const last = call.packages.at(-1)?.word;
  const before = call.packages.at(-2)?.word;
  if (!last) return '';
  const { start } = run.at(last.span);
  const from = before ? run.at(before.span).end : run.at(call.nameSpan).end;
  const between = file.text.slice(from, start);
  const lineBreak = /[\\`][ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*([ \t]*)$/.exec(between);
  const hasComments = added.some(({ comments }) => comments.length > 0);
  if (!lineBreak && !hasComments) return added.map(({ name }) => ` ${name}`).join('');
  const indent = lineBreak?.[1] ?? `${continuationIndent(run.instruction)}    `;
  return added
    .map(({ name, comments }) => {
      const lines = [...comments, name].map((line) => `${file.eol}${indent}${line}`).join('');
      return ` ${run.body.escape}${lines}`;
    })
    .join('');
}
