/** What ShellCheck says, read from its output, and where answers are kept. Pure: who starts the program is not known here. */

/** One thing that ShellCheck found. Lines and columns count from 1; columns are code points, ends exclusive. */
export interface ShellComment extends ShellPlace {
  readonly code: number;
  readonly level: ShellLevel;
  readonly message: string;
  /** Replacements that repair it, to be made all together; empty where it offers none. */
  readonly replacements: readonly ShellReplacement[];
}

export type ShellLevel = 'error' | 'warning' | 'info' | 'style';

export interface ShellPlace {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface ShellReplacement extends ShellPlace {
  readonly text: string;
  /** Where nothing is replaced: whether the new text belongs to what stands before the place, or to what follows. */
  readonly belongsTo: 'before' | 'after';
}

/** Answers of ShellCheck by the text that it was asked about; undefined where it was not asked yet. */
export interface ShellReports {
  get(source: string): readonly ShellComment[] | undefined;
}

/** Answers that are kept: the latest, up to a number of them. */
export interface ShellReportCache extends ShellReports {
  set(source: string, comments: readonly ShellComment[]): void;
}

/** A cache that forgets what was not asked for the longest time. */
export function createReportCache(limit: number): ShellReportCache {
  const kept = new Map<string, readonly ShellComment[]>();
  const set = (source: string, comments: readonly ShellComment[]) => {
    kept.delete(source);
    kept.set(source, comments);
    const [oldest] = kept.keys();
    if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
  };
  return {
    set,
    get(source) {
      const comments = kept.get(source);
      if (comments) set(source, comments);
      return comments;
    },
  };
}

/**
 * Reads the output of `shellcheck --format=json1` about several files: the comments by file name. What does not look as it
 * should is left out; null where it is no such output at all.
 */
export function parseReport(output: string): ReadonlyMap<string, readonly ShellComment[]> | null {
  let report: unknown;
  try {
    report = JSON.parse(output);
  } catch {
    return null;
  }
  const rows = field(report, 'comments');
  if (!Array.isArray(rows)) return null;
  const byFile = new Map<string, ShellComment[]>();
  for (const row of rows) {
    const file = field(row, 'file');
    const comment = readComment(row);
    if (typeof file !== 'string' || !comment) continue;
    const comments = byFile.get(file);
    if (comments) comments.push(comment);
    else byFile.set(file, [comment]);
  }
  return byFile;
}

const levels: ReadonlySet<unknown> = new Set<ShellLevel>(['error', 'warning', 'info', 'style']);
const isLevel = (value: unknown): value is ShellLevel => levels.has(value);

function readComment(row: unknown): ShellComment | null {
  const place = readPlace(row);
  const code = field(row, 'code');
  const level = field(row, 'level');
  const message = field(row, 'message');
  if (!place || typeof code !== 'number' || !isLevel(level) || typeof message !== 'string') return null;
  const rows = field(field(row, 'fix'), 'replacements');
  const replacements = (Array.isArray(rows) ? rows : []).map(readReplacement);
  // Half of a repair would be wrong.
  const isWhole = replacements.every((replacement): replacement is ShellReplacement => replacement !== null);
  return { ...place, code, level, message, replacements: isWhole ? replacements : [] };
}

function readReplacement(row: unknown): ShellReplacement | null {
  const place = readPlace(row);
  const text = field(row, 'replacement');
  if (!place || typeof text !== 'string') return null;
  return { ...place, text, belongsTo: field(row, 'insertionPoint') === 'beforeStart' ? 'before' : 'after' };
}

function readPlace(row: unknown): ShellPlace | null {
  const [line, column, endLine, endColumn] = ['line', 'column', 'endLine', 'endColumn'].map((name) => field(row, name));
  if (!isCount(line) || !isCount(column) || !isCount(endLine) || !isCount(endColumn)) return null;
  return { line, column, endLine, endColumn };
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0;

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
