/** Text to tree. Never fails, and reads again only what changed since the version before. */
import { skipSpace, trimSpaceEnd } from './characters';
import { parseDirectives } from './directives';
import { buildLineIndex } from './lines';
import { NO_PROPOSALS, proposeInstructions } from './propose';
import { copyText, readSegments, type Segment } from './segment';
import type { LineIndex, LocalSpan, Span } from './span';
import type { Comment, Dockerfile, Instruction, InstructionBody, Problem } from './tree';

/**
 * Parses a Dockerfile. With `previous`, an earlier version of the same document, bodies of instructions whose text is
 * the same are the same objects, so that what was found out about them stays found out.
 */
export function parseDockerfile(text: string, previous?: Dockerfile): Dockerfile {
  if (previous?.text === text) return previous;
  const block = parseDirectives(text);
  const change = previous && previous.escape === block.escape ? findChange(previous, text) : null;
  const from = change?.from ?? block.end;
  // A second opinion on a whole file; what somebody types is read by the one rule that decides.
  const proposals = change ? NO_PROPOSALS : proposeInstructions(text, from, text.length, block.escape);
  const segments = readSegments(text, from, {
    escape: block.escape,
    proposals,
    copies: change !== null,
    reuse: change ? change.reuse : () => null,
    isKnown: change ? change.isKnown : () => false,
  });

  const lines = buildLineIndex(text);
  const rest = segments.end < text.length && change ? change.restFrom(segments.end) : NOTHING;
  const comments = [
    ...(change?.comments ?? []),
    ...segments.comments.map((span) => makeComment(text, span, change !== null)),
    ...rest.comments,
  ].map((comment) => placeComment(comment, lines));
  const found: Segment[] = [...(change?.instructions ?? []), ...segments.instructions, ...rest.instructions];
  const instructions = placeInstructions(found, lines, comments);
  const problems: Problem[] = [...block.problems];
  if (instructions.length === 0) {
    problems.push({ code: 'no-instructions', span: { from: 0, to: text.length }, detail: '' });
  }
  const { directives, escape: escapeChar } = block;
  return { text, lines, eol: majorLineEnd(text), escape: escapeChar, directives, comments, instructions, problems };
}

type UnplacedComment = Omit<Comment, 'line'>;

interface Known {
  readonly instructions: readonly Segment[];
  readonly comments: readonly UnplacedComment[];
}

const NOTHING: Known = { instructions: [], comments: [] };

/** What of the version before is still true: `instructions` and `comments` before the change, the rest behind it. */
interface Change extends Known {
  readonly from: number;
  readonly reuse: (raw: string) => InstructionBody | null;
  readonly isKnown: (offset: number) => boolean;
  readonly restFrom: (offset: number) => Known;
}

function findChange(previous: Dockerfile, text: string): Change {
  const before = previous.text;
  const prefix = commonPrefix(before, text);
  const suffix = commonSuffix(before, text, prefix);
  const delta = text.length - before.length;
  const old = previous.instructions;
  const blockEnd = parseDirectives(before).end;

  const kept = countUntouched(previous, prefix);
  const last = old[kept - 1];
  const from = last ? before.indexOf('\n', last.span.end) + 1 : parseDirectives(text).end;
  const changeEnd = before.length - suffix;
  const pool = poolBodies(old, kept, changeEnd);
  let following = kept;
  const isKnown = (offset: number): boolean => {
    const place = offset - delta;
    if (place < changeEnd || place < blockEnd || before.charCodeAt(place - 1) !== NEWLINE) return false;
    while ((old[following]?.span.start ?? place) < place) following++;
    return (old[following - 1]?.span.end ?? -1) < place;
  };
  return {
    from,
    instructions: old.slice(0, kept),
    comments: last ? previous.comments.filter(({ span }) => span.start < from) : [],
    reuse: (raw) => pool.get(raw)?.shift() ?? null,
    isKnown,
    restFrom: (offset) => ({
      instructions: old.slice(following).map(({ body, span }) => ({ body, span: shift(span, delta) })),
      comments: previous.comments
        .filter(({ span }) => span.start >= offset - delta)
        .map((comment) => ({ text: comment.text, span: shift(comment.span, delta) })),
    }),
  };
}

/** How many instructions end, their end of line included, before the first changed character. */
function countUntouched({ text, instructions }: Dockerfile, prefix: number): number {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle]?.span.end ?? 0) < prefix) low = middle + 1;
    else high = middle;
  }
  const last = instructions[low - 1];
  if (!last) return 0;
  const newline = text.indexOf('\n', last.span.end);
  const isUntouched = newline !== -1 && newline < prefix && !(low === instructions.length && last.body.open);
  return isUntouched ? low : low - 1;
}

function poolBodies(old: readonly Instruction[], from: number, changeEnd: number): Map<string, InstructionBody[]> {
  const pool = new Map<string, InstructionBody[]>();
  for (let index = from; index < old.length; index++) {
    const instruction = old[index];
    if (!instruction || instruction.span.start > changeEnd) break;
    const same = pool.get(instruction.body.raw);
    if (same) same.push(instruction.body);
    else pool.set(instruction.body.raw, [instruction.body]);
  }
  return pool;
}

/** Characters compared at once: the engine compares strings much faster than we can their characters. */
const stride = 1024;

function commonPrefix(one: string, other: string): number {
  const limit = Math.min(one.length, other.length);
  let at = 0;
  while (at + stride <= limit && one.slice(at, at + stride) === other.slice(at, at + stride)) at += stride;
  while (at < limit && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  return at;
}

function commonSuffix(one: string, other: string, prefix: number): number {
  const limit = Math.min(one.length, other.length) - prefix;
  const ends = [one.length, other.length] as const;
  let length = 0;
  while (
    length + stride <= limit &&
    one.slice(ends[0] - length - stride, ends[0] - length) === other.slice(ends[1] - length - stride, ends[1] - length)
  )
    length += stride;
  while (length < limit && one.charCodeAt(one.length - 1 - length) === other.charCodeAt(other.length - 1 - length)) {
    length++;
  }
  return length;
}

function shift({ start, end }: Span, delta: number): Span {
  return { start: start + delta, end: end + delta };
}

function makeComment(text: string, span: Span, copies: boolean): UnplacedComment {
  const end = trimSpaceEnd(text, span.start + 1, span.end);
  const content = text.slice(skipSpace(text, span.start + 1, end), end);
  return { text: copies ? copyText(content) : content, span };
}

function placeComment({ text, span }: UnplacedComment, lines: LineIndex): Comment {
  return { text, span, line: lines.lineAt(span.start) };
}

function placeInstructions(
  segments: readonly Segment[],
  lines: LineIndex,
  comments: readonly Comment[],
): PlacedInstruction[] {
  let seen = 0;
  return segments.map(({ body, span }, index) => {
    const first = seen;
    while ((comments[seen]?.span.start ?? span.start) < span.start) seen++;
    return new PlacedInstruction(index, body, span, { lines, comments, first, end: seen });
  });
}

interface Surroundings {
  readonly lines: LineIndex;
  readonly comments: readonly Comment[];
  /** The comments between the instruction before and this one. */
  readonly first: number;
  readonly end: number;
}

class PlacedInstruction implements Instruction {
  readonly index: number;
  readonly body: InstructionBody;
  readonly span: Span;
  readonly #surroundings: Surroundings;
  #precedingComments: readonly Comment[] | undefined;

  constructor(index: number, body: InstructionBody, span: Span, surroundings: Surroundings) {
    this.index = index;
    this.body = body;
    this.span = span;
    this.#surroundings = surroundings;
  }

  get keyword(): string {
    return this.body.keyword;
  }

  get line(): number {
    return this.#surroundings.lines.lineAt(this.span.start);
  }

  get endLine(): number {
    return this.#surroundings.lines.lineAt(this.span.end);
  }

  get precedingComments(): readonly Comment[] {
    if (this.#precedingComments) return this.#precedingComments;
    const { comments, first, end } = this.#surroundings;
    const since = comments.slice(first, end);
    const forgotten = since.map(({ text }) => text).lastIndexOf('');
    this.#precedingComments = since.slice(forgotten + 1);
    return this.#precedingComments;
  }

  at(local: LocalSpan): Span {
    return { start: this.span.start + local.from, end: this.span.start + local.to };
  }
}

function majorLineEnd(text: string): '\n' | '\r\n' {
  if (!text.includes('\r\n')) return '\n';
  let returns = 0;
  let newlines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    newlines++;
    if (text.charCodeAt(at - 1) === 13) returns++;
  }
  return returns * 2 > newlines ? '\r\n' : '\n';
}

const NEWLINE = 10;
