/** What the client sends, checked and turned into what the core understands. Bad parameters are named in the error. */
import type { Position, Range } from 'vscode-languageserver';
import { defaultSettings, type Settings, type SeveritySetting } from '../../../shared/src/settings';
import type { LineIndex, Span } from '../syntax/span';
import { invalidParams } from './runSafe';

/** The URI of the document that a request is about. */
export function readUri(params: unknown): string {
  const uri = member(member(params, 'textDocument'), 'uri');
  if (typeof uri !== 'string') throw invalidParams('textDocument.uri must be a string');
  return uri;
}

export function readPosition(value: unknown, name = 'position'): Position {
  const line = member(value, 'line');
  const character = member(value, 'character');
  if (!isCount(line) || !isCount(character)) throw invalidParams(`${name} must have a line and a character`);
  return { line, character };
}

export function readRange(value: unknown): Range {
  return {
    start: readPosition(member(value, 'start'), 'range.start'),
    end: readPosition(member(value, 'end'), 'range.end'),
  };
}

/** A range as a span of the text that the index belongs to; places behind the end of a line or of the text are clamped. */
export function toSpan(lines: LineIndex, range: Range): Span {
  const start = lines.offsetAt(range.start);
  return { start, end: Math.max(start, lines.offsetAt(range.end)) };
}

/** Settings as the client answered them; what is missing or makes no sense is the default. */
export function readSettings(value: unknown): Settings {
  const enable = member(value, 'enable');
  const rules = member(value, 'rules');
  const shellcheck = member(value, 'shellcheck');
  const asked = member(shellcheck, 'enable');
  const excluded = member(shellcheck, 'exclude');
  const builder = member(value, 'builder');
  return {
    enable: typeof enable === 'boolean' ? enable : defaultSettings.enable,
    builder: builder === 'legacy' || builder === 'buildkit' ? builder : defaultSettings.builder,
    run: member(value, 'run') === 'onSave' ? 'onSave' : 'onType',
    inlayHints: readInlayHints(member(value, 'inlayHints')),
    rules: Object.fromEntries(
      Object.entries(isObject(rules) ? rules : {}).filter((entry): entry is [string, SeveritySetting] =>
        isSeverity(entry[1]),
      ),
    ),
    shellcheck: {
      enable: typeof asked === 'boolean' ? asked : defaultSettings.shellcheck.enable,
      exclude: Array.isArray(excluded) ? excluded.map(readCode).filter((code) => /^SC\d{4}$/.test(code)) : [],
    },
  };
}

const readInlayHints = (value: unknown): Settings['inlayHints'] =>
  value === 'short' || value === 'full' ? value : defaultSettings.inlayHints;

/** ShellCheck's own options take `2086` for `SC2086`. */
function readCode(value: unknown): string {
  return String(value)
    .trim()
    .toUpperCase()
    .replace(/^(?=\d{4}$)/, 'SC');
}

const severityNames: ReadonlySet<unknown> = new Set(['error', 'warning', 'info', 'hint', 'off']);
const isSeverity = (value: unknown): value is SeveritySetting => severityNames.has(value);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

/** A property of what may or may not be an object. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}
