/** Values of options as BuildKit reads them: durations, signals, modes, sizes, truth values. */

/** What is wrong with a duration such as `1m30s`. */
export type DurationProblem = 'no-unit' | 'unknown-unit' | 'too-short' | 'malformed';

/** Checks a duration as Go reads it; null when it is fine. An empty one counts as not given, zero as the default. */
export function durationProblem(text: string): DurationProblem | null {
  if (text === '' || /^[+-]?0$/.test(text)) return null;
  let milliseconds = 0;
  let at = /^[+-]/.test(text) ? 1 : 0;
  if (at === text.length) return 'malformed';
  while (at < text.length) {
    numberAndUnit.lastIndex = at;
    const [whole = '', number = '', unit = ''] = numberAndUnit.exec(text) ?? [];
    if (!/\d/.test(number)) return 'malformed';
    if (unit === '') return 'no-unit';
    const factor = durationUnits.get(unit);
    if (factor === undefined) return 'unknown-unit';
    milliseconds += Number(number) * factor;
    at += whole.length;
  }
  if (milliseconds === 0) return null;
  return milliseconds < 1 || text.startsWith('-') ? 'too-short' : null;
}

const numberAndUnit = /(\d*\.?\d*)([^\d.]*)/y;

/** Units of durations, in milliseconds. */
const durationUnits: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** A whole number in decimal digits, with or without a sign, that fits into 32 bits. */
export function isWholeNumber(text: string): boolean {
  return /^[+-]?\d+$/.test(text) && Math.abs(Number(text)) < 2 ** 31;
}

/** A number or name of a signal; `SIG` and case do not matter. */
export function isSignal(text: string): boolean {
  if (/^[+-]?\d+$/.test(text)) return Number(text) !== 0;
  return signalNames.has(text.toUpperCase().replace(/^SIG/, ''));
}

/** The signals of Linux, without `SIG`. */
export const signalNames: ReadonlySet<string> = new Set([
  ...`ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP
  TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX`.split(/\s+/),
  ...Array.from({ length: 15 }, (_, index) => `RTMIN+${index + 1}`),
  ...Array.from({ length: 14 }, (_, index) => `RTMAX-${index + 1}`),
]);

/** The value of `--chmod`: octal up to 7777, or symbolic as `chmod` has it. */
export function isFileMode(text: string): boolean {
  if (/^[0-7]+$/.test(text)) return Number.parseInt(text, 8) <= 0o7777;
  return /^[ugoa]*(?:[-+=][rwxXstugo]*)+(?:,[ugoa]*(?:[-+=][rwxXstugo]*)+)*$/.test(text);
}

/** A truth value as Go reads it. */
export function isTruthValue(text: string): boolean {
  return /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text);
}

/** A number of bytes with or without a unit: `64m`, `1.5GiB`. */
export function isByteSize(text: string): boolean {
  return /^\d+(?:\.\d+)? ?(?:[kKmMgGtTpPbB]|[kKmMgGtTpP][iI]?[bB])?$/.test(text);
}
