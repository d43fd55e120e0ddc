/**
 * Annotated Dockerfiles: the form of examples and test fixtures.
 *
 *     FROM ubuntu
 *          ^^^^^^ warning untagged-image: `ubuntu` has no tag
 *
 * An annotation line marks the same columns of the line above it (annotation lines not counted) and is taken out before
 * parsing. A message that ends in `…` is a beginning. `┃` marks a cursor and is taken out as well.
 */
export interface Fixture {
  readonly text: string;
  readonly annotations: readonly Annotation[];
  /** Offset of the cursor in `text`; null without one. */
  readonly cursor: number | null;
}

export interface Annotation {
  /** 0-based line in the text without annotations. */
  readonly line: number;
  /** 0-based UTF-16 columns. */
  readonly from: number;
  readonly to: number;
  readonly severity: string;
  readonly rule: string;
  /** Null where the annotation names no message. */
  readonly message: string | null;
}

const annotationPattern = /^[ \t]*(\^+) (error|warning|info|hint) ([a-z][a-z0-9-]*)(?:: (.*))?$/;

/** Splits a fixture into its text and its annotations. */
export function parseFixture(source: string): Fixture {
  const lines: string[] = [];
  const annotations: Annotation[] = [];
  for (const line of source.split('\n')) {
    const match = annotationPattern.exec(line);
    if (match?.[1] && match[2] && match[3] && lines.length > 0) {
      const from = line.indexOf('^');
      annotations.push({
        line: lines.length - 1,
        from,
        to: from + match[1].length,
        severity: match[2],
        rule: match[3],
        message: match[4] ?? null,
      });
      continue;
    }
    lines.push(line);
  }
  const marked = lines.join('\n');
  const cursor = marked.indexOf('┃');
  return {
    text: cursor < 0 ? marked : marked.slice(0, cursor) + marked.slice(cursor + 1),
    annotations,
    cursor: cursor < 0 ? null : cursor,
  };
}
