/**
 * A rough reading of Dockerfiles, independent of the product's own parser, which is what is on trial here: instructions
 * with their lines, heredocs and continuations respected, and their words.
 */

export interface RoughInstruction {
  /** In capitals. */
  readonly keyword: string;
  /** What follows the keyword, continuation lines joined and comments among them left out. */
  readonly text: string;
  /** Where it starts in the file, and where its last line ends, as offsets. */
  readonly start: number;
  readonly end: number;
}

/** The instructions of a Dockerfile. Lines that are none are left out. */
export function readRoughly(dockerfile: string): RoughInstruction[] {
  const continuation = /^\s*#\s*escape\s*=\s*`/im.test(dockerfile) ? '`' : '\\';
  const lines = dockerfile.split('\n');
  const found: RoughInstruction[] = [];
  let at = 0;
  for (let index = 0; index < lines.length; ) {
    const start = at;
    const first = lines[index] ?? '';
    at += first.length + 1;
    index++;
    const head = /^\s*([A-Za-z]+)(?:\s+|$)(.*)$/.exec(first.replace(/\r$/, ''));
    if (!head) continue;
    let text = head[2] ?? '';
    for (; endsOpen(text, continuation) && index < lines.length; index++) {
      const line = (lines[index] ?? '').replace(/\r$/, '');
      at += (lines[index] ?? '').length + 1;
      const isAside = /^\s*(#|$)/.test(line);
      if (!isAside) text = text.replace(/[\\`]\s*$/, '') + line;
    }
    if (/^(RUN|COPY|ADD)$/i.test(head[1] ?? ''))
      for (const [, dash, , end] of text.matchAll(/<<(-?)(["']?)([A-Za-z_][\w.]*)\2/g))
        for (let isOver = false; !isOver && index < lines.length; index++) {
          const line = (lines[index] ?? '').replace(/\r$/, '');
          at += (lines[index] ?? '').length + 1;
          isOver = (dash ? line.replace(/^\t+/, '') : line) === end;
        }
    found.push({ keyword: (head[1] ?? '').toUpperCase(), text, start, end: Math.min(at - 1, dockerfile.length) });
  }
  return found;
}

export interface RoughCopy {
  readonly sources: readonly string[];
  readonly destination: string;
  /** The stage or image of --from. */
  readonly from: string | undefined;
}

/** What a COPY or ADD copies where; undefined for one with heredocs, or without a destination. */
export function readCopy(instruction: RoughInstruction): RoughCopy | undefined {
  let rest = instruction.text.trim();
  let from: string | undefined;
  for (let flag = takeFlag(rest); flag; flag = takeFlag(rest)) {
    if (flag.startsWith('--from=')) from = flag.slice(7);
    rest = rest.slice(flag.length).trim();
  }
  if (rest.includes('<<')) return undefined;
  const words = rest.startsWith('[')
    ? readJson(rest)
    : rest.split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
  const destination = words.at(-1);
  if (words.length < 2 || destination === undefined) return undefined;
  return { sources: words.slice(0, -1), destination, from };
}

/** Values of ARG and ENV with which variables in a word can be replaced; what is unknown stays as it is. */
export function expandRoughly(word: string, values: ReadonlyMap<string, string>): string {
  return word.replace(/\$(?:\{([A-Za-z_]\w*)(?::?[-+]([^}]*))?\}|([A-Za-z_]\w*))/g, (all, braced, fallback, plain) => {
    return values.get(braced ?? plain) ?? fallback ?? all;
  });
}

/** The values that ARG and ENV instructions give, the last of each name. */
export function readValues(instructions: readonly RoughInstruction[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { keyword, text } of instructions) {
    if (keyword !== 'ARG' && keyword !== 'ENV') continue;
    const old = /^([A-Za-z_]\w*)\s+([^=]+)$/.exec(text.trim());
    if (keyword === 'ENV' && old?.[1]) values.set(old[1], expandRoughly(old[2] ?? '', values));
    else
      for (const [, name = '', value = ''] of text.matchAll(/([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)/g))
        values.set(name, expandRoughly(value.replace(/^(["'])(.*)\1$/, '$2'), values));
  }
  return values;
}

function endsOpen(text: string, continuation: string): boolean {
  return new RegExp(`${continuation === '\\' ? '\\\\' : '`'}[ \\t]*$`).test(text);
}

function takeFlag(text: string): string | undefined {
  return /^--[a-z-]+(?:=\S*)?(?=\s|$)/.exec(text)?.[0];
}

function readJson(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : [];
  } catch {
    return [];
  }
}
