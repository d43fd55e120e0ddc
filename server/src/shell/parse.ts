/**
 * Shell text to commands with positions.
 *
 * The parser is `unbash` (ISC, 100 kB minified, no dependencies): synchronous, typed, tolerant, UTF-16 positions, bash 5.3
 * grammar, and it reads each of some 5,400 RUN instructions of real files. What else there is: tree-sitter-bash is a WASM
 * or native addon that loads asynchronously and yields a concrete tree; sh-syntax is a megabyte of Go as WASM;
 * bash-parser is unmaintained, slower by two orders of magnitude and knows no `[[` or `<<<`; shell-quote only splits words.
 */
import { type ParsedScript, parse } from 'unbash';
import type { SourceMap } from '../syntax/span';
import { findComments } from './comments';
import type { ShellDialect, ShellForm, ShellScript, ShellStatement } from './script';
import { newRecord, type Scope, walkStatements } from './walk';

/** A script longer than this is generated text; the editor is not held up for it. */
const longestScript = 500_000;

/**
 * The commands of a script. Never throws; what cannot be understood is `known: false`.
 *
 * @param text what the shell gets
 * @param map from offsets in `text` to the instruction
 */
export function parseScript(
  text: string,
  map: SourceMap,
  dialect: ShellDialect,
  form: ShellForm = 'shell',
): ShellScript {
  if (dialect === 'other' || text.length > longestScript) return unknownScript(text, map, dialect, form);
  try {
    return understand(text, map, dialect, form);
  } catch {
    // The parser promises not to throw, yet a surprise of it must not take the whole analysis down.
    return unknownScript(text, map, dialect, form);
  }
}

/** A script of which nothing is known. */
export function unknownScript(text: string, map: SourceMap, dialect: ShellDialect, form: ShellForm): ShellScript {
  return {
    text,
    map,
    dialect,
    form,
    known: false,
    commands: [],
    statements: [],
    comments: [],
    reads: none,
    assigns: none,
    variables: [],
    functions: [],
    blockRedirects: [],
  };
}

const none: ReadonlySet<string> = new Set();

function understand(text: string, map: SourceMap, dialect: ShellDialect, form: ShellForm): ShellScript {
  const tree: ParsedScript = parse(text);
  if (tree.errors && tree.errors.length > 0) return unknownScript(text, map, dialect, form);
  const record = newRecord();
  const statements: ShellStatement[] = [];
  const scope: Scope = { place: { script: text, map, inner: null }, nesting: 'top', statement: null, quoted: false };
  walkStatements(tree.commands, text, text.length, scope, record, statements);
  if (record.broken) return unknownScript(text, map, dialect, form);
  record.commands.sort((a, b) => a.start - b.start || b.end - a.end);
  return {
    text,
    map,
    dialect,
    form,
    known: true,
    commands: record.commands,
    statements,
    comments: text.includes('#') ? findComments(text, map, tree) : [],
    reads: record.reads,
    assigns: record.assigns,
    variables: record.variables,
    functions: record.functions,
    blockRedirects: record.blockRedirects,
  };
}
