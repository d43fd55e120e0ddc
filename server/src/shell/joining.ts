/** What it takes to run two scripts as one, `first && second`, with the same outcome. */
import type { LocalSpan } from '../syntax/span';
import type { ShellCommand, ShellScript, ShellStatement } from './script';

/**
 * What has to stand around a script: nothing, `{ …; }`, or nothing helps.
 * Braces, not parentheses: the commands stay in the shell they are in.
 */
export type Grouping = 'none' | 'braces' | 'impossible';

export type ObstacleKind =
  | 'unknown'
  | 'empty'
  | 'comment'
  | 'heredoc'
  | 'newline'
  | 'background'
  | 'exit'
  /** `set -e` is ignored inside what `&&` follows. */
  | 'errexit'
  /** `$?`, `$!` of the shell before the first command. */
  | 'status'
  /** Not text of a shell-form instruction. */
  | 'form';

export interface Obstacle {
  readonly kind: ObstacleKind;
  readonly span: LocalSpan;
}

export interface Joining {
  /** When it is followed by `&&` and nothing stands before it. */
  readonly asFirst: Grouping;
  /** When something stands before it and something follows. */
  readonly asMiddle: Grouping;
  /** When it follows `&&` and nothing comes after. */
  readonly asLast: Grouping;
  /**
   * `( … )` around it, as first, middle or last, does the same, and keeps in what `stateLeaks` tells, except for what goes
   * on running (`background`, `process`). A script that starts with a parenthesis needs a blank before it.
   */
  readonly inParentheses: boolean;
  /** Why the answer is `impossible` somewhere. */
  readonly obstacles: readonly Obstacle[];
  /** The script without what ends it: offsets of the first and behind the last character of its statements. */
  readonly start: number;
  readonly end: number;
  /** The shell stops at the first failure (`set -e` among its statements, or by its options). */
  readonly stopsOnError: boolean;
}

/**
 * How a script may be joined with others by `&&`. About the text and the exit status only: what leaks from one into the
 * next is told by `stateLeaks`.
 *
 * `a; b && next` is the same as `{ a; b; } && next`: the operators bind tighter than `;`, they group from the left, and
 * the status of a list is that of its last command. So nothing is needed around what comes first. What comes after `&&`
 * needs braces as soon as it is more than a chain of `&&`. With `set -e` braces that something follows change the
 * meaning, because the shell ignores failures inside them.
 *
 * @param shellStopsOnError the shell was started with `-e` (`SHELL ["/bin/sh", "-ec"]`)
 */
export function groupingNeeded(script: ShellScript, shellStopsOnError = false): Joining {
  const [first] = script.statements;
  const last = script.statements.at(-1);
  const stopsOnError = shellStopsOnError || script.commands.some(setsErrexit);
  if (!script.known || first === undefined || last === undefined) {
    const obstacle = {
      kind: script.known ? 'empty' : 'unknown',
      span: script.map.span(0, script.text.length),
    } as const;
    return { ...nowhere, obstacles: [obstacle], start: 0, end: script.text.length, stopsOnError };
  }
  const obstacles = findObstacles(script);
  const common = { start: first.start, end: last.end, stopsOnError };
  if (obstacles.length > 0) return { ...nowhere, obstacles, ...common };
  const isChain = script.statements.length === 1 && first.operators.every((operator) => operator === '&&');
  const grouping: Grouping = isChain ? 'none' : 'braces';
  // What `&&` follows must not rely on `set -e` inside: a loop, a group or a function call at the end does.
  const hidden = stopsOnError && reliesOnErrexit(script, last) ? [{ kind: 'errexit', span: last.span } as const] : [];
  const isInnermostChain = isChain && hidden.length === 0;
  const exits = exitsOf(script);
  const isClosed = hidden.length > 0 || exits.length > 0;
  const middleErrexit = stopsOnError && !isInnermostChain ? [{ kind: 'errexit', span: last.span } as const] : [];
  return {
    inParentheses: middleErrexit.length === 0,
    asFirst: isClosed ? 'impossible' : 'none',
    asMiddle: isClosed || middleErrexit.length > 0 ? 'impossible' : grouping,
    asLast: grouping,
    obstacles: [...exits, ...(hidden.length > 0 ? hidden : middleErrexit)],
    ...common,
  };
}

const nowhere = { asFirst: 'impossible', asMiddle: 'impossible', asLast: 'impossible', inParentheses: false } as const;

/** What forbids any joining. */
function findObstacles(script: ShellScript): readonly Obstacle[] {
  const obstacles: Obstacle[] = script.comments.map((span) => ({ kind: 'comment', span }));
  if (script.form !== 'shell') obstacles.push({ kind: 'form', span: script.map.span(0, script.text.length) });
  for (const statement of script.statements) {
    if (statement.terminator === '&') obstacles.push({ kind: 'background', span: statement.span });
    if (statement.terminator === '\n') obstacles.push({ kind: 'newline', span: statement.span });
  }
  for (const command of script.commands) {
    if (command.redirects.some((redirect) => redirect.heredoc !== null))
      obstacles.push({ kind: 'heredoc', span: command.span });
    const isSplit = script.dialect !== 'bash' && command.redirects.some(({ operator }) => operator.startsWith('&>'));
    if (isSplit) obstacles.push({ kind: 'background', span: command.span });
  }
  const start = script.commands[0];
  const readsStatus = start !== undefined && /\$(\?|!|\{[?!]\})/.test(script.text.slice(start.start, start.end));
  if (readsStatus) obstacles.push({ kind: 'status', span: start.span });
  return obstacles;
}

/** Commands that end the script's own shell while it has not failed: what follows them would not be reached. */
function exitsOf(script: ShellScript): readonly Obstacle[] {
  return script.commands
    .filter((command) => !['pipeline', 'subshell', 'substitution'].includes(command.nesting) && endsShell(command))
    .map(({ span }) => ({ kind: 'exit', span }));
}

/** `exit`, `exit 0`, `exec nginx`. Not `exit 1`: that fails, and nothing follows what fails. */
export function endsShell({ name, prefixes, args }: ShellCommand): boolean {
  if (prefixes.includes('exec') || name === 'return' || name === 'logout') return true;
  return name === 'exit' && !(args.length === 1 && /^[1-9]\d?$/.test(args[0]?.value ?? ''));
}

/** `set -e`, `set -eux`, `set -o errexit`. */
export function setsErrexit({ name, args }: ShellCommand): boolean {
  if (name !== 'set') return false;
  return args.some(
    ({ unquoted }, at) =>
      /^-[A-Za-z]*e/.test(unquoted) || (unquoted === 'errexit' && /^-[A-Za-z]*o$/.test(args[at - 1]?.unquoted ?? '')),
  );
}

/** Whether some failure inside the statement would only end the script because of `set -e`. */
function reliesOnErrexit(script: ShellScript, statement: ShellStatement): boolean {
  const names = new Set(script.functions.map(({ name }) => name));
  const index = script.statements.indexOf(statement);
  return (
    statement.pipelines.some(({ kinds }) => kinds.some((kind) => kind !== 'Command' && kind !== 'TestCommand')) ||
    script.commands.some((command) => {
      if (command.statement !== index) return false;
      if (command.name !== null && names.has(command.name)) return true;
      // Lists inside `$( … )` and `sh -c`, where a failure in the middle counts too.
      const isNested = command.nesting !== 'top' && command.nesting !== 'pipeline';
      return (
        isNested &&
        !command.quoted &&
        (command.connector === ';' || command.connector === '\n' || command.connector === '&')
      );
    })
  );
}
