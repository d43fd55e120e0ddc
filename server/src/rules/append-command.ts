/**
 * Runs one more command in a RUN, right behind one that is there, as its author would have written it: by `&&` or `;`, on
 * a line of its own or on the same one.
 */
import * as l10n from '@vscode/l10n';
import type { Step } from '../model/model';
import { setsErrexit } from '../shell/effects';
import type { ShellCommand, ShellPipeline, ShellScript, ShellStatement } from '../shell/script';
import type { Dockerfile } from '../syntax/tree';
import { chainStyle } from './continuation-style';
import { insert, replace } from './edits';
import type { Edit, Refusal } from './rule';

/** Lines of a RUN that was written on one line are not made longer than this. */
const longestLine = 120;

/**
 * The edit that runs `command` when what holds `after` at the top level of its script has succeeded, before anything that
 * follows it. The outcome of the RUN stays the same where the command succeeds: with `P` the pipeline that holds `after`,
 *
 * - `P && next` becomes `P && command && next`, `P || next` becomes `P && command || next`: operators group from the left;
 * - `P; next` becomes `P; command; next`: with `&&`, `set -e` would no longer end the script where P fails;
 * - a `P` that ends the script becomes `P && command`, so that a failure of P is still the status of the RUN.
 *
 * @param command text without quotes, backslashes and line breaks, so that it is right in every form of a script
 */
export function appendCommand(
  file: Dockerfile,
  step: Step,
  script: ShellScript,
  after: ShellCommand,
  command: string,
): readonly Edit[] | Refusal {
  const line = step.instruction.line + 1;
  if (script.form === 'exec')
    return { refused: l10n.t('The RUN on line {0} has no shell to run a second command.', line) };
  const statement = script.statements[after.statement];
  const pipeline = statement?.pipelines.find((one) => one.start <= after.start && after.end <= one.end);
  if (!statement || !pipeline || after.nesting === 'function')
    return { refused: l10n.t('Where in the RUN on line {0} `{1}` runs is not certain.', line, nameOf(after)) };
  if (statement.terminator === '&')
    return { refused: l10n.t('`{0}` on line {1} runs in the background.', nameOf(after), lineOf(file, step, after)) };
  if (pipeline.negated || after.prefixes.includes('exec'))
    return { refused: l10n.t('Nothing can follow `{0}` on line {1}.', nameOf(after), lineOf(file, step, after)) };
  if (hasHeredoc(script, pipeline))
    return { refused: l10n.t('`{0}` on line {1} reads a here-document.', nameOf(after), lineOf(file, step, after)) };
  const joiner = joinerBehind(step, script, statement, pipeline);
  const at = step.at(pipeline.span).end;
  if (script.form === 'heredoc') return [inHeredoc(file, at, joiner, command)];
  if (script.form === 'json' || step.body.heredocs.length > 0) return [insert(at, `${joiner} ${command}`)];
  return [inShellForm(file, step, at, joiner, command)];
}

const nameOf = (command: ShellCommand): string => command.name ?? command.nameWord?.text ?? '';

const lineOf = (file: Dockerfile, step: Step, command: ShellCommand): number =>
  file.lines.lineAt(step.at(command.span).start) + 1;

function hasHeredoc(script: ShellScript, pipeline: ShellPipeline): boolean {
  return script.commands.some(
    (command) =>
      command.start >= pipeline.start &&
      command.start < pipeline.end &&
      command.redirects.some((redirect) => redirect.heredoc !== null),
  );
}

type Joiner = ' &&' | ';';

function joinerBehind(step: Step, script: ShellScript, statement: ShellStatement, pipeline: ShellPipeline): Joiner {
  if (statement.pipelines.at(-1) !== pipeline) return ' &&';
  if (script.statements.at(-1) !== statement) return ';';
  if (!stopsOnError(step, script)) return ' &&';
  // The shell ends at a failure anyway; inside a loop or a branch it would not any more if `&&` followed.
  const isSimple = pipeline.kinds.every((kind) => kind === 'Command');
  return script.statements.length > 1 || !isSimple ? ';' : ' &&';
}

/** Whether the shell ends at the first failure: by `set -e`, by SHELL, by the line that starts it. */
function stopsOnError(step: Step, script: ShellScript): boolean {
  if (script.commands.some((one) => one.nesting === 'top' && setsErrexit(one))) return true;
  if (step.before.shell?.some((word) => /^-[a-z]*e/.test(word) || word === 'errexit')) return true;
  return script.form !== 'shell' && /(?:^|[\s/"])(?:ba|da|a|k)?sh["',\s]+-[a-z]*e/m.test(step.body.raw);
}

function inHeredoc(file: Dockerfile, at: number, joiner: Joiner, command: string): Edit {
  const { text } = file;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = endOfLine(text, at);
  const rest = text.slice(at, lineEnd);
  const isLineEnd = /^[ \t]*(?:#.*)?$/.test(rest);
  if (joiner === ';' && isLineEnd) {
    const indent = /^[ \t]*/.exec(text.slice(statementLine(text, lineStart), lineEnd))?.[0] ?? '';
    return insert(lineEnd, `${file.eol}${indent}${command}`);
  }
  const isContinued = lineStart > 0 && /\\\r?\n$/.test(text.slice(0, lineStart));
  if (joiner === ' &&' && isLineEnd && isContinued) {
    const indent = /^[ \t]*/.exec(text.slice(lineStart, at))?.[0] ?? '';
    return insert(at, ` \\${file.eol}${indent}&& ${command}`);
  }
  return insert(at, `${joiner} ${command}`);
}

/** Where the first line of a command begins that is continued up to the given line. */
function statementLine(text: string, lineStart: number): number {
  let start = lineStart;
  while (start > 0 && /\\\r?\n$/.test(text.slice(Math.max(0, start - 3), start)))
    start = text.lastIndexOf('\n', start - 2) + 1;
  return start;
}

function inShellForm(file: Dockerfile, step: Step, at: number, joiner: Joiner, command: string): Edit {
  const { text, eol } = file;
  const { instruction, body } = step;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(lineStart, endOfLine(text, at));
  const inline = `${joiner} ${command}`;
  const style = chainStyle(file, [instruction]);
  const isOneLine = instruction.line === instruction.endLine;
  if (isOneLine && (line.length > longestLine || line.length + inline.length <= longestLine)) return insert(at, inline);
  const rest = line.slice(at - lineStart);
  const continued = rest.endsWith(body.escape) || /[\\`][ \t]+$/.test(rest);
  const behind = continued ? rest.trimEnd().slice(0, -1) : rest;
  const operator = behind.trim();
  if (operator !== '' && operator !== '&&' && operator !== ';') return insert(at, inline);
  const ownLine =
    joiner === ';'
      ? { end: ';', start: '' }
      : style.operatorFirst && operator !== '&&'
        ? { end: '', start: '&& ' }
        : { end: ' &&', start: '' };
  const next = `${indentOfCommands(instruction.body.raw) ?? style.indent}${ownLine.start}${command}`;
  const column = continued && operator === '' ? alignedColumn(behind, line, at - lineStart) : null;
  // `curl&& \\`: what is put in between gets its blank.
  const gap = behind.startsWith('&&') ? ' ' : '';
  if (column === null) return insert(at, `${ownLine.end} ${body.escape}${eol}${next}${gap}`);
  const head = line.slice(0, at - lineStart) + ownLine.end;
  const padded = `${ownLine.end}${blanks(column - head.length)}${body.escape}${eol}${next}${blanks(column - next.length)}`;
  return replace({ start: at, end: at + behind.length }, padded);
}

/** The indentation of the continuation lines where no command starts on any of them (a list of packages); null elsewhere. */
function indentOfCommands(raw: string): string | null {
  if (/^[ \t]*(?:&&|\|\|)/m.test(raw) || /(?:&&|\|\||;)[ \t]*[\\`][ \t]*\r?$/m.test(raw)) return null;
  return /\n([ \t]+)[^\s#]/.exec(raw)?.[1] ?? null;
}

/** The column in which an author lines up the continuation characters; null where they just follow the text. */
function alignedColumn(behind: string, line: string, from: number): number | null {
  return /^[ ]{2,}$/.test(behind) && !line.includes('\t') ? from + behind.length : null;
}

const blanks = (count: number): string => ' '.repeat(Math.max(1, count));

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  if (newline < 0) return text.length;
  return text[newline - 1] === '\r' && newline > at ? newline - 1 : newline;
}
