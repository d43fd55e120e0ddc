/** Texts as they are while somebody types, pastes and deletes; the same ones in every run. */

/** A generator of whole numbers below a limit. */
export type Random = (limit: number) => number;

/** Numbers that look random and are the same for the same seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * limit);
  };
}

/** What parsers stumble over. */
const PIECES: readonly string[] = [
  ...[
    '\\\n',
    '\n',
    '\r\n',
    '\r',
    '\n\n',
    '\n# c\n',
    '\\',
    '\\\\\n',
    '`',
    '`\n',
    '# escape=`\n',
    '# syntax=x\n',
    '#',
    '##',
  ],
  ...[
    '"',
    "'",
    '$',
    '${',
    '}',
    '${A:-',
    '$A',
    ' ',
    '\t',
    '\v',
    '\u00a0',
    '\u0085',
    '\u2003',
    '\ufeff',
    'é',
    '한',
    '😀',
  ],
  ...[
    '\ud83d',
    '\ude00',
    '\0',
    '<',
    '<<',
    '<<EOF\n',
    '<<-E\n',
    '\nEOF\n',
    '\nE\n',
    '3<<X\n',
    '\nX\n',
    '[',
    ']',
    '["a"]',
  ],
  ...['["a", "b"]', '=', '--', '--mount=a"b c"\\ d ', 'ONBUILD ', 'RUN ', 'ENV A=1 B', 'LABEL a=b c ', 'FROM a AS b\n'],
  ...['COPY <<a <<b /d\n', 'HEALTHCHECK CMD ', 'CMD ["a", \\\n', 'unknown '],
];

/** Changes a text in one place: cuts, doubles, joins a part of another text in, or changes characters. */
export function mutate(text: string, others: readonly string[], random: Random): string {
  const from = random(text.length + 1);
  const to = Math.min(text.length, from + random(40));
  const piece = PIECES[random(PIECES.length)] ?? '';
  switch (random(6)) {
    case 0:
      return text.slice(0, from) + text.slice(to);
    case 1:
      return text.slice(0, to) + text.slice(from);
    case 2:
      return text.slice(0, from) + piece + text.slice(to);
    case 3: {
      const other = others[random(others.length)] ?? '';
      const start = random(other.length + 1);
      return text.slice(0, from) + other.slice(start, start + random(200)) + text.slice(to);
    }
    default:
      return text.slice(0, from) + piece + text.slice(from);
  }
}
