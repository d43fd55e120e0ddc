/** Heredocs: which words of an instruction announce one, and where their bodies end. */
import { isAsciiDigit } from './characters';
import { type ExpandOptions, expandWords } from './expand';
import { mapPieces, physicalLine } from './join';
import type { SourceMap } from './span';
import type { Heredoc } from './tree';

/** A heredoc word, with offsets into the logical line. */
export interface HeredocWord {
  readonly name: string;
  readonly chomp: boolean;
  readonly expand: boolean;
  readonly fileDescriptor: number;
  readonly start: number;
  readonly end: number;
}

/** The heredoc words of a logical line; `refused` is a word that BuildKit's parser stops at. */
export interface HeredocWords {
  readonly words: readonly HeredocWord[];
  readonly refused: { readonly text: string; readonly start: number; readonly end: number } | null;
}

const NONE: HeredocWords = { words: [], refused: null };
const unset = (): undefined => undefined;
const LINE_OPTIONS: ExpandOptions = { rawQuotes: true, rawEscapes: true, keepUnset: true };

/**
 * Finds the heredocs that a logical line announces. It is split as a shell would, so that `<<EOF` in quotes is none; a
 * line with unbalanced quotes announces nothing. The escape character is `\` here whatever the file's is.
 */
export function findHeredocWords(line: string): HeredocWords {
  if (!line.includes('<<')) return NONE;
  const split = expandWords(line, unset, '\\', LINE_OPTIONS);
  if (!split.words) return NONE;
  const words: HeredocWord[] = [];
  for (const { text, start, end } of split.words) {
    const parsed = parseHeredocWord(text);
    if (parsed === 'refused') return { words: [], refused: { text, start, end } };
    if (parsed) words.push({ ...parsed, start, end });
  }
  return { words, refused: null };
}

/** Reads one word as a heredoc: null when it is none, `refused` when its name cannot be read. */
export function parseHeredocWord(word: string): Omit<HeredocWord, 'start' | 'end'> | 'refused' | null {
  let at = 0;
  while (isAsciiDigit(word.charCodeAt(at))) at++;
  const fileDescriptor = at === 0 ? 0 : Number(word.slice(0, at));
  if (!word.startsWith('<<', at)) return null;
  at += 2;
  const chomp = word[at] === '-';
  if (chomp) at++;
  while (' \t\f\r'.includes(word[at] ?? '.')) at++;
  const rest = word.slice(at);
  if (rest === '' || rest.includes('<')) return null;
  const plain = expandWords(rest, unset, '\\', { keepUnset: true });
  if (!plain.words) return 'refused';
  const [name, ...others] = plain.words;
  if (!name || others.length > 0) return null;
  const raw = expandWords(rest, unset, '\\', { keepUnset: true, rawQuotes: true });
  if (raw.words?.length !== 1) return 'refused';
  const expand = countQuotes(name.text) === countQuotes(raw.words[0]?.text ?? '');
  return { name: name.text, chomp, expand, fileDescriptor };
}

/** Where the bodies of heredocs are: `end` is where the last line's end of line begins, `next` the line after it. */
export interface HeredocExtent {
  readonly end: number;
  readonly next: number;
  readonly open: boolean;
}

/** Finds the end of the bodies of `words`, the first of which starts at `next` of the logical line's extent. */
export function scanHeredocs(text: string, line: HeredocExtent, words: readonly HeredocWord[]): HeredocExtent {
  let extent = line;
  for (const word of words) {
    extent = scanHeredoc(text, extent, word);
    if (extent.open) break;
  }
  return extent;
}

/** Reads the bodies of the heredocs of an instruction. `lineExtent` is where its logical line ends in `raw`. */
export function readHeredocs(
  raw: string,
  lineExtent: HeredocExtent,
  words: readonly HeredocWord[],
  map: SourceMap,
): Heredoc[] {
  let extent = lineExtent;
  return words.map((word) => {
    const from = extent.next;
    const body = scanHeredoc(raw, extent, word);
    extent = body;
    const to = body.open ? raw.length : body.lineStart;
    const { name, chomp, expand, fileDescriptor } = word;
    return {
      name,
      chomp,
      expand,
      fileDescriptor,
      span: map.span(word.start, word.end),
      content: raw.slice(from, to),
      contentSpan: { from, to },
      terminatorSpan: body.open ? null : { from: body.start, to: body.end },
    };
  });
}

/** The body as the instruction gets it: leading tabs removed where `<<-` says so, with the way back. */
export function chompHeredoc(heredoc: Heredoc): { readonly text: string; readonly map: SourceMap } {
  const { content, contentSpan } = heredoc;
  const derivedStarts: number[] = [];
  const sourceStarts: number[] = [];
  let text = '';
  for (let from = 0; from < content.length; ) {
    const next = content.indexOf('\n', from) + 1 || content.length;
    let start = from;
    while (heredoc.chomp && content.charCodeAt(start) === TAB) start++;
    if (start < next && (heredoc.chomp || from === 0)) {
      derivedStarts.push(text.length);
      sourceStarts.push(contentSpan.from + start);
    }
    text += content.slice(start, next);
    from = next;
  }
  if (derivedStarts.length === 0) {
    derivedStarts.push(0);
    sourceStarts.push(contentSpan.from);
  }
  return { text, map: mapPieces(derivedStarts, sourceStarts, text.length) };
}

/** The extent of one body, and where its terminator starts, in its line and without the tabs before it. */
interface HeredocBody extends HeredocExtent {
  readonly lineStart: number;
  readonly start: number;
}

function scanHeredoc(text: string, previous: HeredocExtent, word: HeredocWord): HeredocBody {
  let from = previous.next;
  let end = previous.end;
  while (from < text.length) {
    const line = physicalLine(text, from);
    let start = from;
    while (word.chomp && start < line.end && text.charCodeAt(start) === TAB) start++;
    if (line.end - start === word.name.length && text.startsWith(word.name, start)) {
      return { ...line, open: false, lineStart: from, start };
    }
    end = line.end;
    from = line.next;
  }
  return { end, next: text.length, open: true, lineStart: text.length, start: text.length };
}

function countQuotes(text: string): number {
  let count = 0;
  for (const character of text) if (character === "'" || character === '"') count++;
  return count;
}

const TAB = 9;
