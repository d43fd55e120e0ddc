/** Whether a RUN changes the file system, as far as its text tells. */
import type { ShellCommand, ShellScript, ShellWord } from '../shell/script';
import { commandEffect } from './command-effects';
import type { RunStep } from './model';
import { isWithin, resolvePath } from './paths';
import { expandIn } from './variables';

export type RunEffect =
  | { readonly kind: 'changes'; readonly certain: boolean; readonly by: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unsure' };

/** What a RUN does to the disk. `changes` is certain where a command that must have succeeded surely writes something that stays. */
export function runEffect(run: RunStep): RunEffect {
  if (!run.isKnown || run.scripts.length === 0) return { kind: 'unsure' };
  const calls = run.calls();
  let isQuiet = run.mounts.length === 0;
  let likely: string | null = null;
  for (const script of run.scripts) {
    if (script.blockRedirects.some(({ operator, target }) => operator.includes('>') && !isDevice(target)))
      isQuiet = false;
    const removed = removedPaths(script);
    for (const command of script.commands) {
      const effect = commandEffect(command, calls);
      if (effect.kind === 'nothing') continue;
      isQuiet = false;
      const stays = effect.kind === 'changes' || (effect.kind === 'creates' && stay(effect.paths, removed, run));
      if (!stays) continue;
      if (mustSucceed(command, script)) return { kind: 'changes', certain: true, by: describe(command) };
      likely ??= describe(command);
    }
  }
  if (isQuiet) return { kind: 'nothing' };
  return likely === null ? { kind: 'unsure' } : { kind: 'changes', certain: false, by: likely };
}

/** `> /dev/null`, `2>&1`. */
const isDevice = (target: ShellWord | null): boolean => /^(?:\/dev\/\w+|\d+|-)$/.test(target?.value ?? '');

const describe = (command: ShellCommand): string => {
  const first = command.args[0];
  return first?.plain &&
    !first.text.startsWith('-') &&
    command.name !== null &&
    /^(?:apt|apt-get|apk|yum|dnf|npm|yarn|pnpm|pip3?|go|cargo|git|dotnet|bundle|composer)$/.test(command.name)
    ? `${command.name} ${first.text}`
    : (command.name ?? '');
};

/**
 * Whether the build can only go on when this command ran and succeeded: it stands in the last statement, joined by `&&`
 * alone, and not inside a condition, a loop or the left side of a pipe.
 */
function mustSucceed(command: ShellCommand, script: ShellScript): boolean {
  const statement = script.statements[command.statement];
  if (!statement || statement.terminator === '&') return false;
  const isLast = command.statement === script.statements.length - 1;
  if (!isLast && !(stopsAtErrors(script) && statement.terminator !== '')) return false;
  if (statement.operators.some((operator) => operator !== '&&')) return false;
  const pipeline = statement.pipelines.find(
    (candidate) => candidate.start <= command.start && command.end <= candidate.end,
  );
  if (!pipeline || pipeline.negated || endsEarly(script)) return false;
  if (command.nesting === 'top') return true;
  // Of a pipe only the last member decides; its own writes happened when it succeeded.
  return (
    command.nesting === 'pipeline' &&
    pipeline.commands.at(-1) === command &&
    pipeline.kinds.length === pipeline.commands.length
  );
}

/** `set -e` as the first statement. */
function stopsAtErrors(script: ShellScript): boolean {
  const first = script.statements[0]?.pipelines[0]?.commands[0];
  return first?.name === 'set' && first.args.some((arg) => /^-[a-z]*e/.test(arg.text));
}

/** An `exit` or `exec` somewhere may end the script before a command is reached. */
function endsEarly(script: ShellScript): boolean {
  return script.commands.some(
    (command) => command.name === 'exit' || command.name === 'return' || command.prefixes.includes('exec'),
  );
}

/** Paths that the script removes somewhere; null where one of them cannot be known. */
function removedPaths(script: ShellScript): readonly string[] | null {
  const paths: string[] = [];
  for (const command of script.commands) {
    if (command.name === 'find' && command.args.some((arg) => arg.text === '-delete' || arg.text === 'rm')) return null;
    if (command.name !== 'rm' && command.name !== 'rmdir' && command.name !== 'unlink' && command.name !== 'mv')
      continue;
    const operands = command.args.filter((arg) => !arg.text.startsWith('-'));
    // `mv` removes what it moves, not where it moves it to.
    for (const arg of command.name === 'mv' ? operands.slice(0, -1) : operands) {
      if (arg.value === null && !/^\/?[\w./-]+\*?$/.test(arg.text)) return null;
      paths.push((arg.value ?? arg.text).replace(/\/?\*$/, ''));
    }
  }
  return paths;
}

/** Whether at least one of the written paths is surely still there at the end, outside mounts. */
function stay(paths: readonly string[], removed: readonly string[] | null, run: RunStep): boolean {
  if (removed === null) return false;
  const { workdir, scope } = run.before;
  const changesDirectory = run.scripts.some((script) =>
    script.commands.some((command) => /^(?:cd|pushd|popd)$/.test(command.name ?? '')),
  );
  const resolve = (path: string) => resolvePath(changesDirectory ? null : (workdir ?? '/?'), path);
  const targets = run.mounts.map((mount) => expandIn(mount.target ?? '/', scope, run.body.escape) ?? '/');
  return paths.some((path) => {
    const absolute = resolve(path);
    if (absolute === null) return removed.length === 0 && targets.length === 0;
    if (targets.some((target) => isWithin(absolute, resolve(target) ?? '/'))) return false;
    return removed.every((other) => {
      const gone = resolve(other);
      return gone !== null && !isWithin(absolute, gone) && !isWithin(gone, absolute);
    });
  });
}
