/** From the parser's tree to statements, pipelines and commands. */
import {
  type CommandNode,
  type CompoundCommand,
  forEachChild,
  type ParsedScript,
  type PipelineNode,
  type Statement,
  type SyntaxNode,
} from 'unbash';
import { makeCommand, makeRedirect } from './commands';
import { removeEscapes } from './escapes';
import type { MappedText } from './maps';
import type {
  ShellCommand,
  ShellFunction,
  ShellNesting,
  ShellPipeline,
  ShellRedirect,
  ShellStatement,
  ShellVariableChange,
} from './script';
import { endAt, type Place, startAt } from './words';

/** What a walk has seen so far. */
export interface ScriptRecord {
  readonly commands: ShellCommand[];
  readonly reads: Set<string>;
  readonly assigns: Set<string>;
  readonly variables: ShellVariableChange[];
  readonly functions: ShellFunction[];
  readonly blockRedirects: ShellRedirect[];
  /** Set when some nested script did not parse: then nothing is certain. */
  broken: boolean;
}

export function newRecord(): ScriptRecord {
  return {
    commands: [],
    reads: new Set(),
    assigns: new Set(),
    variables: [],
    functions: [],
    blockRedirects: [],
    broken: false,
  };
}

/** Where the walk is. */
export interface Scope {
  readonly place: Place;
  readonly nesting: ShellNesting;
  /** Index of the top-level statement; null while at the top. */
  readonly statement: number | null;
  readonly quoted: boolean;
}

type Connector = ShellCommand['connector'];

const strength: Readonly<Record<ShellNesting, number>> = {
  top: 0,
  group: 1,
  pipeline: 2,
  subshell: 3,
  loop: 4,
  conditional: 5,
  substitution: 6,
  function: 7,
};

/** The scope inside something; the stronger nesting stays. */
export function within(scope: Scope, nesting: ShellNesting): Scope {
  return strength[nesting] > strength[scope.nesting] ? { ...scope, nesting } : scope;
}

/** Walks a list of statements of `text`, which ends at `stop`; `into` receives them. */
export function walkStatements(
  statements: readonly Statement[],
  text: string,
  stop: number,
  scope: Scope,
  record: ScriptRecord,
  into: ShellStatement[] | null,
): void {
  let connector: Connector = '';
  statements.forEach((statement, index) => {
    const limit = statements[index + 1]?.pos ?? stop;
    const terminator = statement.background ? '&' : terminatorAfter(text, statement.end, limit);
    const own = scope.statement === null ? { ...scope, statement: index } : scope;
    const inner = statement.background ? within(own, 'subshell') : own;
    const { operators, pipelines } = walkList(statement, connector, inner, record);
    connector = terminator;
    if (into === null) return;
    const last = statement.command.end;
    const { place } = scope;
    into.push({
      span: place.map.span(statement.pos, last),
      start: statement.pos,
      end: last,
      operators,
      pipelines,
      terminator,
    });
  });
}

/** What ends a statement: looked up in the text, the tree does not keep it. */
function terminatorAfter(text: string, from: number, limit: number): ';' | '\n' | '' {
  for (let at = from; at < limit; at++) {
    const c = text[at];
    if (c === ';') return ';';
    if (c === '\n') return '\n';
    // A comment runs to the newline that ends the statement.
    if (c === '#') return text.indexOf('\n', at) < 0 ? '' : '\n';
    if (c === '\\' && text[at + 1] === '\n') at++;
    else if (c !== ' ' && c !== '\t' && c !== '\r') return '';
  }
  return '';
}

function walkList(
  statement: Statement,
  first: Connector,
  scope: Scope,
  record: ScriptRecord,
): { operators: readonly ('&&' | '||')[]; pipelines: ShellPipeline[] } {
  const { command } = statement;
  if (command.type !== 'AndOr') return { operators: [], pipelines: [walkPipeline(command, first, scope, record)] };
  const pipelines = command.commands.map((node, index) =>
    walkPipeline(node, index === 0 ? first : (command.operators[index - 1] ?? '&&'), scope, record),
  );
  return { operators: command.operators, pipelines };
}

function walkPipeline(node: PipelineNode, connector: Connector, scope: Scope, record: ScriptRecord): ShellPipeline {
  const members = node.type === 'Pipeline' ? node.commands : [node];
  const inner = members.length > 1 ? within(scope, 'pipeline') : scope;
  const isTimed = node.type === 'Pipeline' && node.prefixes.some((prefix) => prefix.type === 'Time');
  const negations = node.type === 'Pipeline' ? node.prefixes.filter((prefix) => prefix.type === 'Negation').length : 0;
  const commands: ShellCommand[] = [];
  const kinds: string[] = [];
  members.forEach((member, index) => {
    kinds.push(member.type === 'Redirected' ? member.command.type : member.type);
    const command = walkMember(member, index === 0 ? connector : '|', inner, record, isTimed && index === 0);
    if (command) commands.push(command);
  });
  const { place } = scope;
  const start = startAt(place, node.pos);
  const end = endAt(place, node.pos, node.end);
  return { span: place.map.span(start, end), start, end, negated: negations % 2 === 1, kinds, commands };
}

/** Walks one member of a pipeline; gives the command where it is a simple one. */
function walkMember(
  node: CommandNode,
  connector: Connector,
  scope: Scope,
  record: ScriptRecord,
  isTimed: boolean,
): ShellCommand | null {
  if (node.type === 'Command') return makeCommand(node, connector, scope, record, isTimed);
  if (node.type === 'Redirected') {
    walkCompound(node.command, scope, record);
    for (const redirect of node.redirects) {
      record.blockRedirects.push(makeRedirect(redirect, scope.place));
      walkParts(redirect, scope, record);
    }
    return null;
  }
  if (node.type === 'Function') {
    record.functions.push({ name: node.name.value, nesting: scope.nesting, ...placed(node, scope.place) });
    walkBody(node.body, within(scope, 'function'), record);
    return null;
  }
  if (node.type === 'Coproc') {
    walkBody(node.body, within(scope, 'subshell'), record);
    return null;
  }
  walkCompound(node, scope, record);
  return null;
}

function walkBody(node: SyntaxNode, scope: Scope, record: ScriptRecord): void {
  if (node.type === 'CompoundList') {
    // Only what the parser recovered from an error has a list for a body.
    record.broken = true;
    return;
  }
  walkMember(node as CommandNode, '', scope, record, false);
}

const nestingOf: Readonly<Record<CompoundCommand['type'], ShellNesting>> = {
  If: 'conditional',
  Case: 'conditional',
  For: 'loop',
  ArithmeticFor: 'loop',
  Select: 'loop',
  While: 'loop',
  Subshell: 'subshell',
  BraceGroup: 'group',
  TestCommand: 'top',
  ArithmeticCommand: 'top',
};

function walkCompound(node: CompoundCommand, scope: Scope, record: ScriptRecord): void {
  if (node.type === 'For' || node.type === 'Select') addChange(node.name.value, node.name, scope, record);
  const inner = within(scope, nestingOf[node.type]);
  forEachChild(node, (child) => walkParts(child, inner, record));
}

/** Walks whatever may hold commands or variables: words and their parts, lists, expressions. */
export function walkParts(node: SyntaxNode, scope: Scope, record: ScriptRecord): void {
  switch (node.type) {
    case 'CompoundList':
      walkStatements(node.commands, textOf(scope.place), node.end, scope, record, null);
      return;
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticCommandExpansion':
      if (node.script) walkSubstitution(node.script, node.text, node.pos, scope, record);
      else record.broken = true;
      return;
    case 'SimpleExpansion':
      addName(node.text.slice(1), record.reads);
      return;
    case 'ParameterExpansion':
      addName(node.parameter, record.reads);
      if (node.operation?.type === 'Default' && node.operation.operator.endsWith('='))
        addChange(node.parameter, node, scope, record);
      break;
    case 'ArithmeticWord':
      addName(node.value.trim(), record.reads);
      break;
    case 'ArithmeticBinary':
      if (isAssignmentOperator(node.operator) && node.left.type === 'ArithmeticWord')
        addChange(node.left.value.trim(), node, scope, record);
      break;
    case 'ArithmeticUnary':
      if ((node.operator === '++' || node.operator === '--') && node.operand.type === 'ArithmeticWord')
        addChange(node.operand.value.trim(), node, scope, record);
      break;
    case 'Assignment':
      addName(node.name, record.assigns);
      if (node.append) addName(node.name, record.reads);
      break;
    default:
      break;
  }
  forEachChild(node, (child) => walkParts(child, scope, record));
}

function isAssignmentOperator(operator: string): boolean {
  return operator.endsWith('=') && !['==', '!=', '<=', '>='].includes(operator);
}

/** The text that positions of the place count in. */
export function textOf(place: Place): string {
  return place.inner?.text ?? place.script;
}

function walkSubstitution(script: ParsedScript, text: string, pos: number, scope: Scope, record: ScriptRecord): void {
  if (script.errors && script.errors.length > 0) {
    record.broken = true;
    return;
  }
  const inner = within(scope, 'substitution');
  if (script.source === undefined) {
    walkStatements(script.commands, textOf(scope.place), script.end, inner, record, null);
    return;
  }
  // Backticks with escapes: the positions count in the text without them.
  const decoded = decodeBackticks(script.source, text, pos, scope.place);
  if (decoded === null) {
    record.broken = true;
    return;
  }
  const place: Place = { ...scope.place, inner: decoded };
  walkStatements(script.commands, script.source, script.source.length, { ...inner, place }, record, null);
}

/** The escaped backtick text with the places of its characters in the script; null where it is not what the parser read. */
function decodeBackticks(source: string, text: string, pos: number, place: Place): MappedText | null {
  const outer = textOf(place);
  for (const set of ['backticks', 'backticks-in-quotes'] as const) {
    const decoded = removeEscapes(outer, pos + 1, pos + text.length - 1, set);
    if (decoded.text !== source) continue;
    return {
      text: decoded.text,
      starts: decoded.starts.map((at) => startAt(place, at)),
      ends: decoded.ends.map((at) => endAt(place, at - 1, at)),
    };
  }
  return null;
}

function addName(name: string, names: Set<string>): void {
  if (/^[A-Za-z_]\w*$/.test(name)) names.add(name);
}

/** Notes that a node changes a variable for what follows it. */
function addChange(name: string, node: Positioned, scope: Scope, record: ScriptRecord): void {
  if (!/^[A-Za-z_]\w*$/.test(name)) return;
  record.assigns.add(name);
  record.variables.push({ name, exported: false, nesting: scope.nesting, ...placed(node, scope.place) });
}

interface Positioned {
  readonly pos: number;
  readonly end: number;
}

function placed(node: Positioned, place: Place): Pick<ShellFunction, 'span' | 'start' | 'end'> {
  const start = startAt(place, node.pos);
  const end = endAt(place, node.pos, node.end);
  return { span: place.map.span(start, end), start, end };
}
