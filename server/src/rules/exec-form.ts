/**
 * Writes a shell-form CMD or ENTRYPOINT in exec form: as the words of its command where the shell does nothing else with
 * them, else as a script for a shell that is named. Words stay where they are, so that lines and comments do too.
 */
import * as l10n from '@vscode/l10n';
import type { Step } from '../model/model';
import type { ShellCommand, ShellScript } from '../shell/script';
import type { Dockerfile } from '../syntax/tree';
import { insert, replace } from './edits';
import { quotable } from './places';
import type { Edit, Refusal } from './rule';

export interface ExecForm {
  /**
   * `plain`: words that every shell hands on as they are. `words`: the shell takes quotes, escapes or nothing away, but it
   * takes a second look to see it. `shell`: a script that is given to `/bin/sh -c`.
   */
  readonly kind: 'plain' | 'words' | 'shell';
  /** The array as it reads on one line. */
  readonly text: string;
  readonly edits: readonly Edit[];
  /** For `shell`: whether the last command takes the shell's place, so that it gets the signals. */
  readonly replacesShell: boolean;
}

/** The exec form of a shell-form CMD or ENTRYPOINT, or why there is none. */
export function execFormOf(file: Dockerfile, step: Step): ExecForm | Refusal {
  const { body, keyword, instruction } = step;
  const line = instruction.line + 1;
  const script = step.scripts[0];
  if (step.stage.isWindows)
    return { refused: l10n.t('What the {0} on line {1} needs on Windows is not known.', keyword, line) };
  if (/^\[\s*(?:["'\]]|$)/.test(body.rest))
    return { refused: l10n.t('The {0} on line {1} looks like a broken exec form.', keyword, line) };
  if (!script?.known || body.open)
    return { refused: l10n.t('The {0} on line {1} is no shell script that can be read.', keyword, line) };
  return asWords(file, step, script) ?? asScript(file, step, script);
}

interface WrittenWord {
  readonly value: string;
  readonly text: string;
  /** Offsets in the script. */
  readonly start: number;
  readonly end: number;
}

function asWords(file: Dockerfile, step: Step, script: ShellScript): ExecForm | null {
  const command = onlyCommand(script);
  const written = command && writtenWords(script, command);
  if (!written) return null;
  // `exec java …` asks for what the exec form does by itself.
  const words = written[0]?.text === 'exec' ? written.slice(1) : written;
  const [first] = words;
  if (!first || isBuiltin(words) || /^-/.test(first.value)) return null;
  const edits: Edit[] = [];
  for (const [index, { value, start, end }] of words.entries()) {
    const before = index === 0 ? '[' : '';
    const after = index === words.length - 1 ? ']' : ',';
    const from = index === 0 ? (written[0]?.start ?? start) : start;
    const span = step.at(script.map.span(from, end));
    if (hasComment(file.text.slice(span.start, span.end))) return null;
    edits.push(replace(span, `${before}${JSON.stringify(value)}${after}`));
  }
  return {
    kind: words.every(({ text }) => isPlain(text)) ? 'plain' : 'words',
    text: `[${words.map(({ value }) => JSON.stringify(value)).join(', ')}]`,
    edits,
    replacesShell: true,
  };
}

/** The one simple command that the whole script is, without assignments and redirections; null where there is more. */
function onlyCommand(script: ShellScript): ShellCommand | null {
  const [statement] = script.statements;
  const [pipeline] = statement?.pipelines ?? [];
  const [command] = pipeline?.commands ?? [];
  if (!statement || !pipeline || !command || script.statements.length > 1 || statement.pipelines.length > 1)
    return null;
  if (statement.terminator !== '' || pipeline.negated || pipeline.kinds.length !== 1) return null;
  if (pipeline.kinds[0] !== 'Command' || command.redirects.length > 0 || script.comments.length > 0) return null;
  const isAll = script.text.slice(0, command.start).trim() === '' && script.text.slice(command.end).trim() === '';
  return isAll && command.nameWord && command.assignments.length === 0 ? command : null;
}

/** Every word of a command, those of programs that start others (`nohup`, `exec`) included; null where one is not known. */
function writtenWords(script: ShellScript, command: ShellCommand): readonly WrittenWord[] | null {
  const { nameWord } = command;
  if (!nameWord) return null;
  const words: WrittenWord[] = [];
  for (const match of script.text.slice(command.start, nameWord.start).matchAll(/[^ \t]+/g)) {
    const [text] = match;
    if (!isPlain(text)) return null;
    const start = command.start + match.index;
    words.push({ value: text, text, start, end: start + text.length });
  }
  for (const { value, text, start, end } of [nameWord, ...command.args]) {
    if (value === null) return null;
    words.push({ value, text, start, end });
  }
  return words.every(({ end }, index) => isGap(script, end, words[index + 1])) ? words : null;
}

/** JSON knows blanks and tabs between its strings, and nothing else that can stand there. */
function isGap(script: ShellScript, end: number, next: WrittenWord | undefined): boolean {
  return next === undefined || /^[ \t]+$/.test(script.text.slice(end, next.start));
}

/** A word without anything that a shell may act on: bare characters, or quotes with nothing in them that expands. */
function isPlain(text: string): boolean {
  return /^(?:[\w./:@%+,-]+|'[^']*'|"[^"$`\\]*")+$/.test(text);
}

/** Commands that the shell itself runs: no program of that name need exist, or it would do something else. */
const builtins = new Set(
  `. : [ [[ alias bg bind break builtin caller cd chdir command compgen complete continue coproc declare dirs disown enable
  eval exec exit export fc fg function getopts hash help history if jobs kill let local logout mapfile popd pushd read
  readarray readonly return select set shift shopt source suspend time times trap type typeset ulimit umask unalias unset
  until wait while for case until do done then fi esac`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

function isBuiltin(words: readonly WrittenWord[]): boolean {
  const [name, option] = words.map(({ value }) => value);
  if (name === undefined || builtins.has(name)) return true;
  // The program echo knows options that some shells print.
  return name === 'echo' && option !== undefined && option.startsWith('-') && option !== '-n';
}

const hasComment = (written: string): boolean => /\n[ \t]*#/.test(written);

/** `["/bin/sh", "-c", "…"]`, the last command started by `exec` where that is possible. */
function asScript(file: Dockerfile, step: Step, script: ShellScript): ExecForm {
  const { text } = script;
  const at = execPlace(script);
  const start = step.at(script.map.span(0, text.length)).start;
  const end = step.at(script.map.span(0, text.length)).end;
  const head = '["/bin/sh", "-c", "';
  const exec = at === null ? '' : 'exec ';
  const edits: Edit[] = [insert(start, at === 0 ? head + exec : head)];
  for (let index = 0; index < text.length; index++) {
    const { start: place, end: behind } = step.at(script.map.span(index, index + 1));
    const escaped = escapeInString(text, index);
    const isExecPlace = at === index && at > 0;
    if (escaped !== null) edits.push(replace({ start: place, end: behind }, (isExecPlace ? exec : '') + escaped));
    else if (isExecPlace) edits.push(insert(place, exec));
  }
  edits.push(insert(end, '"]'));
  const shown = at === null ? text : `${text.slice(0, at)}${exec}${text.slice(at)}`;
  return {
    kind: 'shell',
    text: `["/bin/sh", "-c", ${JSON.stringify(quotable(shown, 1000))}]`,
    edits: mergeFirst(edits, file),
    replacesShell: at !== null,
  };
}

/** An insertion at the place of a replacement becomes part of it: edits must not touch. */
function mergeFirst(edits: readonly Edit[], file: Dockerfile): readonly Edit[] {
  const [first, second, ...others] = edits;
  if (!first || !second || first.span.start !== second.span.start) return edits;
  const { start, end } = second.span;
  if (start === end && others.length > 0 && file.text.length === end) return edits;
  return [{ span: second.span, newText: first.newText + second.newText }, ...others];
}

/** What a character of a script has to look like in a JSON string; null where it stays. */
function escapeInString(text: string, index: number): string | null {
  const character = text.charAt(index);
  if (character === '"' || character === '\\') return `\\${character}`;
  if (character >= ' ') return null;
  return JSON.stringify(character).slice(1, -1);
}

/** Where `exec` goes so that the last command takes the shell's place; null where it cannot. */
function execPlace(script: ShellScript): number | null {
  const statement = script.statements.at(-1);
  const pipeline = statement?.pipelines.at(-1);
  const command = pipeline?.commands[0];
  if (!statement || !pipeline || !command?.nameWord || command.name === null) return null;
  if (statement.terminator === '&' || pipeline.negated || pipeline.kinds.length !== 1) return null;
  if (pipeline.kinds[0] !== 'Command' || command.prefixes.some((name) => name === 'exec' || builtins.has(name)))
    return null;
  if (builtins.has(command.name) || script.functions.some(({ name }) => name === command.name)) return null;
  // What a trap or a shell function would still do must not be cut off.
  if (script.commands.some(({ name }) => name === 'trap' || name === 'alias')) return null;
  let at = command.start;
  for (;;) {
    const assignment = command.assignments.find(({ span }) => span.from === script.map.local(at));
    if (!assignment) break;
    while (at < command.nameWord.start && script.map.local(at) < assignment.span.to) at++;
    while (at < command.nameWord.start && /[ \t]/.test(script.text.charAt(at))) at++;
  }
  return at;
}
