/** Shell-form CMD and ENTRYPOINT in exec form: the words as strings, or the whole command for a shell that is named. */
import type { Step } from '../model/model';
import type { ShellScript } from '../shell/script';
import { insert, replace } from './edits';
import type { Edit } from './rule';

export interface PlainWords {
  readonly words: readonly string[];
  readonly edits: readonly Edit[];
  /** A word holds `=`: the shell takes it for an assignment if it comes first. */
  readonly hasEquals: boolean;
}

/** Names that only a shell knows: there is no such program to start. */
const builtins = new Set(
  '. : alias bg break builtin case cd command continue coproc declare do eval exit export fg for function getopts hash if jobs let local read readonly return select set shift shopt source suspend then time times trap type typeset ulimit umask unalias unset until wait while'.split(
    ' ',
  ),
);

const word = /(?:[^\s~*?[$=;&|<>(){}`\\'"!#]|'[^'\n]*'|"[^"$`\\\n]*"|(?<=\S)[#!]|=)+/y;

/**
 * The command as words that mean the same without a shell: none of `~ * ? [ $ ; & | < > ( ) { } !`, no escapes, no quotes that
 * expand, no builtin. A leading `exec` is left out. Null where the shell is needed.
 */
export function plainWords(step: Step): PlainWords | null {
  const { body } = step;
  const tokens: { text: string; start: number; end: number }[] = [];
  let at = 0;
  while (at < body.rest.length) {
    const blanks = /[ \t]*/y;
    blanks.lastIndex = at;
    at += blanks.exec(body.rest)?.[0].length ?? 0;
    if (at >= body.rest.length) break;
    word.lastIndex = at;
    const text = word.exec(body.rest)?.[0];
    if (!text) return null;
    at += text.length;
    if (at < body.rest.length && !/[ \t]/.test(body.rest.charAt(at))) return null;
    tokens.push({ text, start: body.restStart + at - text.length, end: body.restStart + at });
  }
  const dropped = tokens[0]?.text === 'exec' && tokens.length > 1 && !tokens[1]?.text.startsWith('-') ? 1 : 0;
  const kept = tokens.slice(dropped);
  const [first] = kept;
  if (!first || builtins.has(first.text) || first.text.includes('=') || first.text === 'exec') return null;
  const edits: Edit[] = [];
  const words: string[] = [];
  for (const [index, { text, start, end }] of kept.entries()) {
    const span = step.at(body.map.span(start, end));
    const raw = body.raw.slice(body.map.span(start, end).from, body.map.span(start, end).to);
    // A word that is continued on the next line would have to be put together.
    if (raw !== text) return null;
    const value = text.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? '');
    words.push(value);
    const json = JSON.stringify(value);
    const before = index === 0 ? '[' : '';
    const behind = index === kept.length - 1 ? ']' : ',';
    const from = index === 0 && tokens[0] ? step.at(body.map.span(tokens[0].start, tokens[0].end)).start : span.start;
    if (value === text && from === span.start && json === `"${text}"`)
      edits.push(insert(span.start, `${before}"`), insert(span.end, `"${behind}`));
    else edits.push(replace({ start: from, end: span.end }, `${before}${json}${behind}`));
  }
  return { words, edits, hasEquals: words.some((value) => value.includes('=')) };
}

/** The edits that hand the command to `/bin/sh -c` in exec form, with `exec` before the program that it ends in, if any. */
export function shellWords(step: Step): readonly Edit[] | null {
  const { body } = step;
  const [script] = step.scripts;
  if (!script?.known || script.form !== 'shell' || body.heredocs.length > 0) return null;
  const edits: Edit[] = [];
  const first = step.at(body.map.span(body.restStart, body.restStart + 1)).start;
  const execAt = execPlace(step, script);
  const opening = '["/bin/sh", "-c", "';
  edits.push(insert(first, execAt === first ? `${opening}exec ` : opening));
  if (execAt !== null && execAt !== first) edits.push(insert(execAt, 'exec '));
  for (let at = 0; at < body.rest.length; at++) {
    const character = body.rest.charAt(at);
    if (character !== '"' && character !== '\\' && character !== '\t') continue;
    const span = step.at(body.map.span(body.restStart + at, body.restStart + at + 1));
    if (character === '\t') edits.push(replace(span, '\\t'));
    // What stands at the very start is escaped behind the opening.
    else if (span.start === first) edits[0] = insert(first, `${opening}\\`);
    else edits.push(insert(span.start, '\\'));
  }
  const end = body.restStart + body.rest.length;
  edits.push(insert(step.at(body.map.span(end - 1, end)).end, '"]'));
  return edits;
}

/** Where `exec` may stand so that the last program takes the place of the shell; null where a shell has to stay. */
function execPlace(step: Step, script: ShellScript): number | null {
  const last = script.statements.at(-1)?.pipelines.at(-1);
  const [command] = last?.commands ?? [];
  if (!last || !command || last.kinds.length !== 1 || last.kinds[0] !== 'Command' || last.negated) return null;
  if (script.statements.at(-1)?.terminator === '&') return null;
  const { name, nameWord, prefixes, assignments } = command;
  if (!nameWord || prefixes.includes('exec') || (name !== null && builtins.has(name))) return null;
  if (name === 'exec' || name === 'echo' || name === 'true' || name === 'false') return null;
  if (script.functions.length > 0 || script.commands.some((one) => one.name === 'trap')) return null;
  if (prefixes.length === 0) return step.at(nameWord.span).start;
  return assignments.length === 0 ? step.at(command.span).start : null;
}
