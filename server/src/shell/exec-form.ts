/** The exec form without a shell: one command, its words taken as they are. */
import type { SourceMap } from '../syntax/span';
import { type MappedText, mapThrough } from './maps';
import { stepOverPrefixes } from './prefixes';
import type { ShellAssignment, ShellCommand, ShellScript, ShellWord } from './script';
import { programName } from './words';

/** A script of the one command that the strings of an exec form are. */
export function execScript(strings: readonly MappedText[], line: SourceMap): ShellScript {
  const mapped = joinStrings(strings);
  const map = mapThrough(mapped, line);
  const words: ShellWord[] = [];
  let at = 0;
  for (const { text } of strings) {
    words.push(execWord(text, at, map));
    at += text.length + 1;
  }
  const end = mapped.text.length;
  const span = map.span(0, end);
  const command = commandOf(words, { start: 0, end, span });
  const pipeline = { span, start: 0, end, negated: false, kinds: ['Command'], commands: [command] };
  return {
    text: mapped.text,
    map,
    dialect: 'posix',
    form: 'exec',
    known: true,
    commands: [command],
    statements: [{ span, start: 0, end, operators: [], pipelines: [pipeline], terminator: '' }],
    comments: [],
    reads: new Set(),
    assigns: new Set(command.assignments.map((assignment) => assignment.name)),
    variables: [],
    functions: [],
    blockRedirects: [],
  };
}

function joinStrings(strings: readonly MappedText[]): MappedText {
  const starts: number[] = [];
  const ends: number[] = [];
  strings.forEach((string, index) => {
    if (index > 0) {
      // The blank between two strings stands for `", "`.
      starts.push(strings[index - 1]?.starts.at(-1) ?? 0);
      ends.push(string.starts[0] ?? 0);
    }
    starts.push(...string.starts.slice(0, -1));
    ends.push(...string.ends);
  });
  starts.push(strings.at(-1)?.starts.at(-1) ?? 0);
  return { text: strings.map((string) => string.text).join(' '), starts, ends };
}

function execWord(text: string, start: number, map: SourceMap): ShellWord {
  const end = start + text.length;
  const plain = /^[\w./:=@%+,-]+$/.test(text);
  return { text, value: text, unquoted: text, kind: 'literal', plain, span: map.span(start, end), start, end };
}

function commandOf(words: readonly ShellWord[], place: Pick<ShellCommand, 'start' | 'end' | 'span'>): ShellCommand {
  const { prefixes, program, assignments } = stepOverPrefixes(words);
  const nameWord = words[program] ?? null;
  return {
    name: nameWord ? programName(nameWord) : null,
    prefixes,
    prefixWords: words.slice(0, program),
    nameWord,
    args: words.slice(program + 1),
    assignments: assignments.flatMap((index) => assignmentOf(words[index])),
    redirects: [],
    ...place,
    statement: 0,
    nesting: 'top',
    quoted: false,
    connector: '',
  };
}

function assignmentOf(word: ShellWord | undefined): ShellAssignment[] {
  if (word === undefined) return [];
  const equals = word.text.indexOf('=');
  const value = word.text.slice(equals + 1);
  return [
    {
      name: word.text.slice(0, equals),
      value: { ...word, value, unquoted: value, plain: false },
      append: false,
      span: word.span,
    },
  ];
}
