/** Simple commands: which program runs, with what, and what hides in its words. */
import { type Assignment, type Command, type CommandArgument, parse, type Redirection, type Word } from 'unbash';
import { removeEscapes } from './escapes';
import type { MappedText } from './maps';
import { stepOverPrefixes } from './prefixes';
import type { ShellAssignment, ShellCommand, ShellRedirect, ShellVariableChange, ShellWord } from './script';
import { type Scope, type ScriptRecord, textOf, walkParts, walkStatements, within } from './walk';
import { endAt, literalWord, makeWord, type Place, programName, startAt } from './words';

/** Makes a command of ours and walks what is nested in its words. */
export function makeCommand(
  node: Command,
  connector: ShellCommand['connector'],
  scope: Scope,
  record: ScriptRecord,
  isTimed: boolean,
): ShellCommand {
  const { place } = scope;
  const nodes: CommandArgument[] = node.name ? [node.name, ...node.args] : [...node.args];
  const words = nodes.map((word) => argumentWord(word, place));
  const { prefixes, program, assignments: given } = stepOverPrefixes(words);
  const nameWord = words[program] ?? null;
  const assignments = node.prefix.flatMap((part) => (part.type === 'Assignment' ? [makeAssignment(part, place)] : []));
  for (const index of given) {
    const word = words[index];
    if (word) assignments.push(assignmentOfWord(word, nodes[index], place));
  }
  const start = startAt(place, node.pos);
  const end = endAt(place, node.pos, node.end);
  const command: ShellCommand = {
    name: nameWord ? programName(nameWord) : null,
    prefixes: isTimed ? ['time', ...prefixes] : prefixes,
    prefixWords: words.slice(0, program),
    nameWord,
    args: words.slice(program + 1),
    assignments,
    redirects: node.redirects.map((redirect) => makeRedirect(redirect, place)),
    span: place.map.span(start, end),
    start,
    end,
    statement: scope.statement ?? 0,
    nesting: scope.nesting,
    quoted: scope.quoted,
    connector,
  };
  record.commands.push(command);
  noteVariables(command, record);
  walkArguments(node, scope, record);
  walkGivenScript(command, nodes.slice(program + 1), scope, record);
  return command;
}

function walkArguments(node: Command, scope: Scope, record: ScriptRecord): void {
  for (const part of node.prefix) walkParts(part, scope, record);
  if (node.name) walkParts(node.name, scope, record);
  for (const part of node.suffix) walkParts(part, scope, record);
}

function argumentWord(node: CommandArgument, place: Place): ShellWord {
  if (node.type === 'Word') return makeWord(node, place);
  const value = node.value.type === 'Word' ? makeWord(node.value, place) : null;
  const start = startAt(place, node.pos);
  const end = endAt(place, node.pos, node.end);
  const head = value ? node.text.slice(0, node.text.length - value.text.length) : node.text;
  const whole = value?.value === null || value === null ? null : head + value.value;
  return {
    text: node.text,
    value: whole,
    unquoted: value ? head + value.unquoted : node.text,
    kind: value ? value.kind : 'expansion',
    plain: value?.plain === true || node.text === whole,
    span: place.map.span(start, end),
    start,
    end,
  };
}

function makeAssignment(node: Assignment, place: Place): ShellAssignment {
  return {
    name: node.name,
    value: node.value.type === 'Word' ? makeWord(node.value, place) : null,
    append: node.append === true,
    span: place.map.span(startAt(place, node.pos), endAt(place, node.pos, node.end)),
  };
}

/** The assignment that a word of `env` or `sudo` is. */
function assignmentOfWord(word: ShellWord, node: CommandArgument | undefined, place: Place): ShellAssignment {
  const equals = word.unquoted.indexOf('=');
  const name = word.unquoted.slice(0, equals);
  const isPlain = word.plain && place.inner === null && node !== undefined;
  const value = isPlain
    ? literalWord(place, node.pos + equals + 1, node.end, word.text.slice(equals + 1))
    : {
        ...word,
        value: word.value === null ? null : word.value.slice(equals + 1),
        unquoted: word.unquoted.slice(equals + 1),
        plain: false,
      };
  return { name, value, append: false, span: word.span };
}

/** A redirection at its place. */
export function makeRedirect(node: Redirection, place: Place): ShellRedirect {
  const start = startAt(place, node.pos);
  const end = endAt(place, node.pos, node.end);
  const descriptor = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : null;
  const common = { operator: node.operator, descriptor, span: place.map.span(start, end), start, end };
  if (node.type !== 'HereDoc')
    return { ...common, target: node.target ? makeWord(node.target, place) : null, heredoc: null };
  const { delimiter, body } = node;
  return {
    ...common,
    target: delimiter ? literalWord(place, delimiter.pos, delimiter.end, delimiter.value) : null,
    heredoc: {
      quoted: delimiter?.quoted === true,
      start: startAt(place, body.pos),
      end: endAt(place, body.pos, body.end),
    },
  };
}

const declarations = new Set(['export', 'readonly', 'declare', 'typeset', 'local']);

/** Builtins before which an assignment stays in force afterwards, in shells that follow POSIX here. */
const specialBuiltins = new Set([
  ':',
  '.',
  'eval',
  'exec',
  'export',
  'readonly',
  'set',
  'unset',
  'trap',
  'times',
  'shift',
]);

/** Variables that builtins set, or read by name. */
function noteVariables(command: ShellCommand, record: ScriptRecord): void {
  const { name, args } = command;
  for (const assignment of command.assignments) {
    record.assigns.add(assignment.name);
    const stays = command.nameWord === null || (name !== null && specialBuiltins.has(name));
    if (stays) change([{ ...assignment, start: command.start, end: command.end }], false);
  }
  const operands = args.filter((arg) => !arg.unquoted.startsWith('-'));
  const names = (words: readonly ShellWord[]) =>
    words.flatMap((word) => {
      const found = /^[A-Za-z_]\w*/.exec(word.unquoted);
      return found ? [{ name: found[0], span: word.span, start: word.start, end: word.end }] : [];
    });
  function change(
    changed: readonly Pick<ShellVariableChange, 'name' | 'span' | 'start' | 'end'>[],
    exported: boolean,
  ): void {
    for (const { name: variable, span, start, end } of changed) {
      record.assigns.add(variable);
      record.variables.push({ name: variable, exported, span, start, end, nesting: command.nesting });
    }
  }
  if (name === null) return;
  if (declarations.has(name))
    change(names(operands), name === 'export' || args.some((arg) => /^-\w*x/.test(arg.unquoted)));
  else if (name === 'read' || name === 'mapfile' || name === 'readarray' || name === 'unset')
    change(names(operands), false);
  else if (name === 'getopts') change(names(operands.slice(1, 2)), false);
  else if (name === 'printf' && args[0]?.value === '-v') change(names(args.slice(1, 2)), false);
  else if (name === 'printenv') for (const read of names(operands)) record.reads.add(read.name);
  if (name !== 'let') return;
  for (const word of operands) {
    for (const read of word.unquoted.match(/[A-Za-z_]\w*/g) ?? []) record.reads.add(read);
    if (/^\s*[A-Za-z_]\w*\s*([-+*/%&|^]|<<|>>)?=/.test(word.unquoted)) change(names([word]), false);
  }
}

const shells = new Set(['sh', 'bash', 'dash', 'ash']);

/** Walks the script in `sh -c '…'`, `su user -c '…'` and `eval '…'`. */
function walkGivenScript(
  command: ShellCommand,
  nodes: readonly CommandArgument[],
  scope: Scope,
  record: ScriptRecord,
): void {
  const index = givenScriptIndex(command);
  const node = index === null ? undefined : nodes[index];
  if (node === undefined || node.type !== 'Word') return;
  const content = contentOf(node, scope.place);
  if (content === null) return;
  const tree = parse(content.text);
  // It may well be no script at all (`eval "$x"`); then the command stays what it is.
  if (tree.errors && tree.errors.length > 0) return;
  const inner = within(scope, command.name === 'eval' ? scope.nesting : 'subshell');
  const nested: ScriptRecord = { ...record, broken: false };
  const place: Place = { ...scope.place, inner: content };
  walkStatements(tree.commands, content.text, content.text.length, { ...inner, place, quoted: true }, nested, null);
}

/** Which argument is a script for a shell. */
function givenScriptIndex({ name, args }: ShellCommand): number | null {
  if (name === 'eval') return args.length === 1 ? 0 : null;
  if (name === null || !(shells.has(name) || name === 'su' || name === 'runuser')) return null;
  const index = args.findIndex((arg) => arg.unquoted === '--command' || /^-[A-Za-z]*c[A-Za-z]*$/.test(arg.unquoted));
  if (index < 0) return null;
  if (
    name !== 'su' &&
    name !== 'runuser' &&
    args.slice(0, index).some((arg) => !/^[-+]/.test(arg.unquoted) && arg.unquoted !== 'pipefail')
  )
    return null;
  // `sh -c -e 'x'` is rare enough to be left alone.
  return args[index + 1]?.unquoted.startsWith('-') ? null : index + 1;
}

/** What a word of one quoted piece hands on, with the places of its characters in the script. */
function contentOf(word: Word, place: Place): MappedText | null {
  const text = textOf(place);
  const part = word.parts?.[0];
  if (word.parts === undefined) return word.text === word.value ? shifted(text, word.pos, word.end, place) : null;
  if (word.parts.length !== 1 || part === undefined) return null;
  if (part.type === 'SingleQuoted') return shifted(text, part.pos + 1, part.end - 1, place);
  if (part.type !== 'DoubleQuoted') return null;
  // A substitution in double quotes is run by the outer shell and has been walked there.
  if (part.parts.some((child) => child.type === 'CommandExpansion' || child.type === 'ArithmeticExpansion'))
    return null;
  return located(removeEscapes(text, part.pos + 1, part.end - 1, 'double-quotes'), place);
}

function shifted(text: string, start: number, end: number, place: Place): MappedText {
  const count = end - start;
  const starts = Array.from({ length: count + 1 }, (_, index) => start + index);
  return located({ text: text.slice(start, end), starts, ends: starts.slice(1) }, place);
}

function located(content: MappedText, place: Place): MappedText {
  if (place.inner === null) return content;
  return {
    text: content.text,
    starts: content.starts.map((at) => startAt(place, at)),
    ends: content.ends.map((at) => endAt(place, at - 1, at)),
  };
}
