/** `RUN export A=1`, `alias`, `source`, `umask`, `service x start`: what a RUN ends with and nothing can notice. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import { stateLeaks } from '../../shell/effects';
import type { ShellCommand, ShellScript } from '../../shell/script';
import type { Dockerfile } from '../../syntax/tree';
import { cutTail } from '../cut-tail';
import { indentOf, insert, keywordLike, replace } from '../edits';
import { envValue } from '../env-value';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

type Kind = 'variable' | 'alias' | 'source' | 'setting' | 'service';

export default defineRule({
  id: 'lost-shell-state',
  category: 'correctness',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['RUN'],
  aliases: ['DL3001'],
  fix: 'suggestion',
  docs: {
    what: 'A `RUN` ends with something that only its own shell knows: `export`, `alias`, `source`, `umask`, `set`, or a service that it starts.',
    why: 'Each `RUN` has a shell of its own, and only files outlive it. The next `RUN` and the container see no variable, no alias and no running service of it.',
    fix: 'Variables belong into `ENV`, or into `ARG` where only the build needs them; the quick fix writes the `ENV`. Put the rest into the same `RUN` as what needs it, and start services in the container: by `CMD` or by an entrypoint script.',
    ignore: 'Never: the command has no effect.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#env',
      'https://docs.docker.com/build/building/best-practices/#env',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN export PATH="/opt/tool/bin:$PATH" LANG='C.UTF-8'
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning lost-shell-state: \`export PATH="/opt/tool/bin:$PATH" LANG='C.UTF-8'\` ends with this RUN: what follows, and the container, see nothing of it.
        CMD ["tool"]
      `,
      good: dockerfile`
        FROM debian:12-slim
        ENV PATH=/opt/tool/bin:$PATH LANG=C.UTF-8
        CMD ["tool"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            && apt-get install -y --no-install-recommends openjdk-17-jdk \
            # where it is
            && rm -rf /var/lib/apt/lists/* \
            && export JAVA_OPTS="-Xmx1g -Dname=\$x"
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning lost-shell-state
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            && apt-get install -y --no-install-recommends openjdk-17-jdk \
            # where it is
            && rm -rf /var/lib/apt/lists/*
        ENV JAVA_OPTS="-Xmx1g -Dname=\$x"
      `,
    },
    {
      bad: dockerfile`
        FROM mysql:8
        RUN <<EOF
        cp /my.cnf /etc/my.cnf
        service mysql start
        ^^^^^^^^^^^^^^^^^^^ warning lost-shell-state: What \`service mysql start\` starts ends with this RUN: in the container nothing of it runs.
        EOF
        RUN source ~/.bashrc
            ^^^^^^^^^^^^^^^^ warning lost-shell-state
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN export A=1 && make
        RUN umask 022; . /etc/profile; make install
        RUN service mysql start && mysql < /dump.sql
      `,
      because: 'what follows in the same RUN needs it',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN echo 'export A=1' >> /etc/profile.d/a.sh
        RUN (umask 077; touch /key) && . ./install.sh
      `,
      because: 'one is written to a file, one is in a subshell, and a script may do more than set variables',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      const [script, ...others] = run.scripts;
      if (!run.isKnown || !script || script.form === 'exec' || others.length > 0) continue;
      const tail = stateAtEnd(script);
      const first = tail.find(({ kind }) => kind !== 'setting') ?? tail[0];
      if (!first) continue;
      const text = quotable(script.text.slice(first.command.start, first.command.end));
      const isService = first.kind === 'service';
      yield {
        at: onOneLine(model.dockerfile, run.at(first.command.span)),
        message: isService
          ? l10n.t('What `{0}` starts ends with this RUN: in the container nothing of it runs.', text)
          : l10n.t('`{0}` ends with this RUN: what follows, and the container, see nothing of it.', text),
        aliases: isService && first.command.name === 'service' ? ['DL3001'] : [],
        ...(first.kind === 'variable' ? { fix: () => useEnv(model.dockerfile, run, script, tail) } : {}),
      };
    }
  },
});

interface State {
  readonly kind: Kind;
  readonly command: ShellCommand;
}

/** The commands at the end of a script that do nothing but change its shell, in order. */
function stateAtEnd(script: ShellScript): readonly State[] {
  const found: State[] = [];
  for (let at = script.statements.length - 1; at >= 0; at--) {
    const statement = script.statements[at];
    if (!statement || statement.terminator === '&') return found;
    for (let index = statement.pipelines.length - 1; index >= 0; index--) {
      const pipeline = statement.pipelines[index];
      const [command] = pipeline?.commands ?? [];
      const isAlone = pipeline?.kinds.length === 1 && pipeline.kinds[0] === 'Command' && !pipeline.negated;
      const kind = isAlone && command ? kindOf(script, command) : null;
      if (!kind || !command || statement.operators[index - 1] === '||') return found;
      found.unshift({ kind, command });
    }
  }
  return found;
}

function kindOf(script: ShellScript, command: ShellCommand): Kind | null {
  const { name, nameWord, args, redirects } = command;
  // With a redirection it is for what it prints: `export > /environment`.
  if (redirects.some(({ operator }) => /^(?:&?>|>>|>\|)/.test(operator)) || command.prefixes.length > 0) return null;
  if (nameWord === null) return command.assignments.length > 0 ? 'variable' : null;
  switch (name) {
    case 'export':
    case 'declare':
    case 'typeset':
      return args.some(({ unquoted }) => /^[A-Za-z_]/.test(unquoted)) &&
        !args.some(({ unquoted }) => /^-\w*[pfn]/.test(unquoted))
        ? 'variable'
        : null;
    case 'alias':
      return args.some(({ unquoted }) => unquoted.includes('=')) ? 'alias' : null;
    case '.':
    case 'source':
      return bringsVariables.test(args[0]?.unquoted ?? '') ? 'source' : null;
    case 'umask':
    case 'ulimit':
    case 'set':
    case 'shopt':
      return stateLeaks(script).some((leak) => leak.command === command) ? 'setting' : null;
    default:
      return isService(script, command) ? 'service' : null;
  }
}

/** Files that set variables and define functions, and do nothing else. */
const bringsVariables =
  /(?:rc|profile|env|environment|activate|\.env|nvm\.sh|conda\.sh|sdkman-init\.sh|setup\.(?:ba|z)?sh|vars?(?:\.sh)?|aliases|asdf\.sh)$/i;

/** `service x start` and the like; what starts a program by its own name may write files as well. */
function isService(script: ShellScript, command: ShellCommand): boolean {
  const isCalledSo = /^(?:service|systemctl|rc-service|invoke-rc\.d)$/.test(command.name ?? '');
  if (!isCalledSo && !/\/init\.d\//.test(command.nameWord?.unquoted ?? '')) return false;
  return stateLeaks(script).some((leak) => leak.kind === 'process' && leak.command === command);
}

function useEnv(file: Dockerfile, run: RunStep, script: ShellScript, tail: readonly State[]): FixResult {
  const line = run.instruction.line + 1;
  const instructions: string[] = [];
  const names: string[] = [];
  for (const { kind, command } of tail) {
    if (kind !== 'variable') return { refused: l10n.t('The RUN on line {0} ends with more than variables.', line) };
    const pairs = pairsOf(run, script, command, names);
    if (typeof pairs === 'string') return { refused: pairs };
    if (pairs.length > 0) instructions.push(`${keywordLike(run.instruction, 'ENV')} ${pairs.join(' ')}`);
  }
  const [first] = tail;
  const cut = first ? cutTail(file, run, script, first.command) : null;
  if (!cut || instructions.length === 0)
    return { refused: l10n.t('The RUN on line {0} cannot do without its last command.', line) };
  const { instruction } = run;
  const separator = `${file.eol}${indentOf(file, instruction)}`;
  const text = instructions.join(separator);
  return {
    title: l10n.t('Use ENV {0}', names.join(', ')),
    safety: 'suggestion',
    edits: cut.isAll
      ? [replace(instruction.span, text)]
      : [cut.edit, insert(instruction.span.end, `${separator}${text}`)],
    claims: [instruction.span],
    risk: l10n.t(
      'What follows, and the container, see the variables from now on, and everybody can read them in the image.',
    ),
  };
}

/** The `name=value` of a command for ENV, or why there are none. Names go to `names`. */
function pairsOf(run: RunStep, script: ShellScript, command: ShellCommand, names: string[]): string[] | string {
  const escapeCharacter = run.body.escape;
  // What earlier commands set is in an ENV of its own by then.
  const earlier = new Set(names);
  const isKnown = (name: string): boolean =>
    earlier.has(name) ||
    ((!script.assigns.has(name) || name === 'PATH') &&
      (name === 'PATH' || run.before.scope.get(name)?.definedBy != null));
  const line = run.instruction.line + 1;
  const pairs: string[] = [];
  const words = command.nameWord === null ? [] : command.args;
  for (const word of words) {
    const name = /^([A-Za-z_]\w*)(=?)/.exec(word.text);
    if (!name?.[1]) return l10n.t('`{0}` has no counterpart in a Dockerfile.', quotable(word.text));
    if (name[2] !== '=') {
      if (!names.includes(name[1])) return l10n.t('`{0}` has no value on line {1}.', name[1], line);
      continue;
    }
    const value = envValue(word, `${name[1]}=`, escapeCharacter, isKnown);
    if (value === null) return unknownValue(name[1]);
    pairs.push(`${name[1]}=${value}`);
    names.push(name[1]);
  }
  for (const { name, value, append } of command.nameWord === null ? command.assignments : []) {
    const text = value && !append ? envValue(value, '', escapeCharacter, isKnown) : null;
    if (text === null) return unknownValue(name);
    pairs.push(`${name}=${text}`);
    names.push(name);
  }
  return pairs;
}

const unknownValue = (name: string): string => l10n.t('Only a shell can tell the value of `{0}`.', name);
