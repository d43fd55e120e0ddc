/** Cuts a file into instructions and comments by BuildKit's rules. */
import { type ParsedBody, parseBody } from './body';
import { scanHeredocs } from './heredocs';
import { continuationAt, firstNonSpace, type LogicalExtent, physicalLine, scanLogicalLine } from './join';
import type { Proposals } from './propose';
import type { Span } from './span';
import type { InstructionBody } from './tree';

/** An instruction that was found. */
export interface Segment {
  readonly span: Span;
  readonly body: InstructionBody;
}

/** What a stretch of a file holds, and where reading ended. */
export interface Segments {
  readonly instructions: readonly Segment[];
  /** From `#` to the end of the line. */
  readonly comments: readonly Span[];
  readonly end: number;
}

/** What reading depends on besides the text. */
export interface SegmentSource {
  readonly escape: '\\' | '`';
  readonly proposals: Proposals;
  /** Hands out the body for an instruction's text: one that is known already, or null. */
  readonly reuse: (raw: string) => InstructionBody | null;
  /**
   * Bodies outlive the version of the document that they were read from. After an edit they keep a copy of their text:
   * a part of a string would keep the whole string, one for every edit.
   */
  readonly copies: boolean;
  /** Whether the rest, from the start of a line between instructions on, is known already. */
  readonly isKnown: (offset: number) => boolean;
}

/** Reads from the start of a line between instructions. */
export function readSegments(text: string, from: number, source: SegmentSource): Segments {
  const instructions: Segment[] = [];
  const comments: Span[] = [];
  let at = from;
  while (at < text.length && !source.isKnown(at)) {
    const line = physicalLine(text, at);
    const first = firstNonSpace(text, at, line.end);
    if (first === line.end) {
      at = line.next;
    } else if (text.charCodeAt(first) === HASH) {
      comments.push({ start: first, end: line.end });
      at = line.next;
    } else if (continuationAt(text, first, line.end, source.escape) === first) {
      // A line with nothing but the escape character: the instruction starts in a line after it.
      at = line.next;
    } else {
      const { segment, next } = readInstruction(text, first, source);
      instructions.push(segment);
      at = next;
    }
  }
  return { instructions, comments, end: at };
}

function readInstruction(text: string, start: number, source: SegmentSource): { segment: Segment; next: number } {
  const line = extentAt(text, start, source);
  const raw = text.slice(start, line.end);
  const place = (end: number, body: InstructionBody): Segment => ({ span: { start, end }, body });
  if (!mayAnnounceHeredoc(raw)) {
    return { segment: place(line.end, source.reuse(raw) ?? newBody(raw, source)), next: line.next };
  }
  const head = newBody(raw, source);
  const { words } = head.heredocWords;
  if (words.length === 0) return { segment: place(line.end, source.reuse(raw) ?? head), next: line.next };
  const extent = scanHeredocs(text, line, words);
  const whole = text.slice(start, extent.end);
  return { segment: place(extent.end, source.reuse(whole) ?? newBody(whole, source)), next: extent.next };
}

function newBody(raw: string, { escape: escapeChar, copies }: SegmentSource): ParsedBody {
  return parseBody(copies ? copyText(raw) : raw, escapeChar);
}

/** The same text as a string of its own: engines build a joined string anew when it is cut. */
export function copyText(text: string): string {
  return `${text} `.slice(0, -1);
}

/** Takes the proposed end where it is that of a single line that does not go on; else BuildKit's rule finds it. */
function extentAt(text: string, start: number, source: SegmentSource): LogicalExtent {
  const end = source.proposals.get(start);
  if (end !== undefined && text.charCodeAt(end) === NEWLINE && text.indexOf('\n', start) === end) {
    const goesOn = continuationAt(text, start, end, source.escape) !== -1;
    if (!goesOn) return { end, next: end + 1, open: false };
  }
  return scanLogicalLine(text, start, source.escape);
}

/** Cheaply rules heredocs out. The two characters of `<<` may stand in two lines. */
function mayAnnounceHeredoc(raw: string): boolean {
  const first = raw.indexOf('<');
  if (first === -1 || (!raw.includes('<<', first) && !raw.includes('\n'))) return false;
  const initial = raw.charCodeAt(0) | 0x20;
  return initial === 0x72 || initial === 0x63 || initial === 0x61 || initial === 0x6f;
}

const HASH = 35;
const NEWLINE = 10;
