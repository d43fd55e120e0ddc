/** What ShellCheck is asked: a script with lines above it that tell which shell it is for and which variables there are. */
import type { ShellPlace } from './shellcheck';

/** The shells that ShellCheck knows. */
export type CheckedShell = 'sh' | 'dash' | 'bash' | 'ksh';

export interface SourceOptions {
  readonly shell: CheckedShell;
  /** The shell stops at the first command that fails. */
  readonly stopsOnError: boolean;
  readonly pipefail: boolean;
  /** The variables that are there, of those that the script may read; null for a value that is not known. */
  readonly variables: readonly KnownVariable[];
}

export interface KnownVariable {
  readonly name: string;
  readonly value: string | null;
}

export interface CheckSource {
  /** What ShellCheck gets. */
  readonly text: string;
  /** The lines above the script. */
  readonly preludeLines: number;
}

/** Puts a script together with what has to stand above it. Equal scripts in equal surroundings make equal texts. */
export function buildSource(script: string, options: SourceOptions): CheckSource {
  const disabled = leadingDirectives(script);
  const lines = [`# shellcheck shell=${options.shell}${disabled.length > 0 ? ` disable=${disabled.join()}` : ''}`];
  if (options.stopsOnError) lines.push('set -e');
  if (options.pipefail) lines.push('set -o pipefail');
  lines.push(...options.variables.map(definition));
  // A `#!` line counts only as the very first one; here it would be found to be misplaced.
  return { text: `${lines.join('\n')}\n${script.replace(/^#!/, '##')}`, preludeLines: lines.length };
}

/** A name that a script may read, be it in quotes or a comment: what is told of it in vain does no harm. */
export function namesRead(script: string): ReadonlySet<string> {
  return new Set([...script.matchAll(/\$\{?[!#]?([A-Za-z_]\w*)/g)].map((match) => match[1] ?? ''));
}

/** A value that is known tells ShellCheck whether the shell can split it; longer ones tell nothing more. */
function definition({ name, value }: KnownVariable): string {
  if (value === null || value.length > 300 || /[\r\n\0]/.test(value)) return `read -r ${name}; export ${name}`;
  return `export ${name}='${value.replaceAll("'", "'\\''")}'`;
}

/** What comments above the first command switch off in the whole script. */
function leadingDirectives(script: string): string[] {
  const codes: string[] = [];
  for (const line of script.split('\n')) {
    if (!/^\s*(?:#|$)/.test(line)) break;
    codes.push(...disabledCodes(line));
  }
  return codes;
}

/** The codes that a `# shellcheck disable=SC2086,SC2046` switches off; `all` for all. */
export function disabledCodes(comment: string): string[] {
  const directive = /^\s*#\s*shellcheck\s+(.*)/.exec(comment)?.[1];
  if (directive === undefined) return [];
  return [...directive.matchAll(/(?:^|\s)disable=(\S+)/g)]
    .flatMap((match) => (match[1] ?? '').split(','))
    .filter((code) => /^(?:(?:SC)?\d+(?:-(?:SC)?\d+)?|all)$/.test(code));
}

/** Whether one of the codes, or ranges of codes, means a number. */
export function isDisabled(codes: readonly string[], code: number): boolean {
  return codes.some((written) => {
    if (written === 'all') return true;
    const [from = 0, to = from] = written.split('-').map((part) => Number(part.replace('SC', '')));
    return code >= from && code <= to;
  });
}

/** Where a place of the source lies in the script, as offsets; null above the script. */
export function scriptRange(
  script: string,
  source: CheckSource,
  place: ShellPlace,
): { start: number; end: number } | null {
  const start = offsetAt(script, place.line - source.preludeLines, place.column);
  const end = offsetAt(script, place.endLine - source.preludeLines, place.endColumn);
  return start === null || end === null || end < start ? null : { start, end };
}

/** The offset of a line and a column, which both count from 1, columns in code points. */
function offsetAt(script: string, line: number, column: number): number | null {
  if (line < 1) return null;
  let start = 0;
  for (let at = 1; at < line; at++) {
    const newline = script.indexOf('\n', start);
    if (newline < 0) return script.length;
    start = newline + 1;
  }
  let offset = start;
  for (let at = 1; at < column && offset < script.length && script[offset] !== '\n'; at++)
    offset += (script.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}
