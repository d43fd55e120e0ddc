/** Where a command's words go: two streams, colours where they are wanted, and how wide a line may be. */

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'blue' | 'cyan' | 'green' | 'underline';

/** Puts a style on a text; the text itself where there are no colours. */
export type Paint = (style: Style, text: string) => string;

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  readonly paint: Paint;
  readonly paintErr: Paint;
  /** Whether a person reads standard output as it comes. */
  readonly isInteractive: boolean;
  /** Columns of a line; what is usual where there is no terminal. */
  readonly columns: number;
}

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
};

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  // Somebody who has read enough, `head` for one, closes the pipe: that is no error, and there is nobody left to tell.
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  };
  stdout.on('error', onError);
  stderr.on('error', onError);
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    paint: painter(wantsColors(env, stdout.isTTY)),
    paintErr: painter(wantsColors(env, stderr.isTTY)),
    isInteractive: stdout.isTTY === true,
    columns: stdout.columns || 120,
  };
}

/** FORCE_COLOR decides where it is set, then NO_COLOR, then whether there is a terminal, as Node.js itself does. */
export function wantsColors(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean | undefined,
): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return isTerminal === true && env.TERM !== 'dumb';
}

export function painter(enabled: boolean): Paint {
  if (!enabled) return (_style, text) => text;
  return (style, text) => {
    const [on, off] = codes[style];
    return `\x1b[${on}m${text}\x1b[${off}m`;
  };
}

/** A file's text made harmless: control characters and bidirectional overrides could rewrite what stands on the screen. */
export function visible(text: string): string {
  return text
    .replace(/[\x00-\x08\x0a-\x1f\x7f]/g, (character) =>
      String.fromCharCode(character === '\x7f' ? 0x2421 : 0x2400 + character.charCodeAt(0)),
    )
    .replace(/[\x80-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** Columns that a text takes: East Asian characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Fills a text up with blanks to a width. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/^(?:\p{Mn}|\p{Me}|\p{Cf})$/u.test(character)) return 0;
  return wideRanges.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

const wideRanges = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
] as const;
