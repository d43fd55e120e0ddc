/** Which parts of an instruction BuildKit hands to its lexer, to replace variables and take quotes away. */
import { chompHeredoc, parseHeredocWord } from './heredocs';
import type { LocalSpan } from './span';
import type { InstructionBody, Word } from './tree';

/** A text that BuildKit expands on its own: quotes begin and end in it. */
export interface ExpandedText {
  readonly text: string;
  readonly span: LocalSpan;
  /** The body of a heredoc: quotes are ordinary characters there, and the escape character is always `\`. */
  readonly isHeredoc: boolean;
  /** The place of a part of the text, or all of it where it is not written as it is read. */
  place(start: number, end: number): LocalSpan;
}

const known = new WeakMap<InstructionBody, readonly ExpandedText[]>();

/**
 * The texts of an instruction that are expanded when it is built, without those that hold nothing to expand: no `$`, quote
 * or escape character. Of ONBUILD none: its trigger is expanded in the build that sets it off.
 */
export function expandedTexts(body: InstructionBody): readonly ExpandedText[] {
  if (!expandable.has(body.keyword)) return NONE;
  if (!/[$"']/.test(body.raw) && !body.raw.includes(body.escape)) return NONE;
  let texts = known.get(body);
  if (!texts) {
    texts = readTexts(body).filter(({ text }) => /[$"']/.test(text) || text.includes(body.escape));
    known.set(body, texts);
  }
  return texts;
}

const NONE: readonly ExpandedText[] = [];

const expandable: ReadonlySet<string> = new Set(
  'ADD ARG COPY ENV EXPOSE FROM LABEL RUN STOPSIGNAL USER VOLUME WORKDIR'.split(' '),
);

/** Flags of ADD and COPY whose values are expanded. */
const expandedFlags: ReadonlySet<string> = new Set(['chown', 'chmod', 'checksum']);

function readTexts(body: InstructionBody): ExpandedText[] {
  switch (body.known) {
    case 'ARG':
      return body.pairs.flatMap(({ value, valueSpan }) => (value === null ? [] : makeText(body, value, valueSpan)));
    case 'ENV':
    case 'LABEL':
      return body.pairs.flatMap(({ name, nameSpan, value, valueSpan }) => [
        ...makeText(body, name, nameSpan),
        ...makeText(body, value ?? '', valueSpan),
      ]);
    case 'ADD':
    case 'COPY':
      return readCopy(body);
    case 'RUN':
      return body.flags.flatMap(({ name, value, valueSpan }) =>
        name === 'mount' && value !== null ? readMount(body, value, valueSpan) : [],
      );
    case 'FROM':
      return [
        ...body.words.slice(0, 1).flatMap((word) => ofWord(body, word)),
        ...body.flags.flatMap(({ name, value, valueSpan }) =>
          name === 'platform' ? makeText(body, value ?? '', valueSpan) : [],
        ),
      ];
    default:
      return body.words.flatMap((word) => ofWord(body, word));
  }
}

function readCopy(body: InstructionBody): ExpandedText[] {
  const flags = body.flags.flatMap(({ name, value, valueSpan }) =>
    expandedFlags.has(name) ? makeText(body, value ?? '', valueSpan) : [],
  );
  const words = body.words.filter((word) => !isHeredocWord(word)).flatMap((word) => ofWord(body, word));
  const contents = body.heredocs
    .filter((heredoc) => heredoc.expand && heredoc.content.includes('$'))
    .map((heredoc): ExpandedText => {
      const { text, map } = chompHeredoc(heredoc);
      const { contentSpan: span } = heredoc;
      return { text, span, isHeredoc: true, place: (start, end) => map.span(start, end) };
    });
  return [...flags, ...words, ...contents];
}

function isHeredocWord(word: Word): boolean {
  const parsed = word.text.includes('<<') ? parseHeredocWord(word.text) : null;
  return parsed !== null && parsed !== 'refused';
}

/** The values of a mount's fields. Commas in double quotes do not separate. */
function readMount(body: InstructionBody, value: string, span: LocalSpan | null): ExpandedText[] {
  const texts: ExpandedText[] = [];
  for (const [field, start] of mountFields(value)) {
    const equals = field.indexOf('=');
    if (equals < 0) continue;
    const text = field.slice(equals + 1);
    const from = start + equals + 1;
    const isWritten = span !== null && body.raw.slice(span.from, span.to) === value;
    const own = isWritten ? { from: span.from + from, to: span.from + from + text.length } : span;
    texts.push(...makeText(body, text, own));
  }
  return texts;
}

/** Splits the value of `--mount` or `--device` into its fields, with where each starts. */
export function mountFields(value: string): (readonly [field: string, start: number])[] {
  const fields: [string, number][] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at <= value.length; at++) {
    if (value[at] === '"') isQuoted = !isQuoted;
    if (at < value.length && (isQuoted || value[at] !== ',')) continue;
    const field = value.slice(start, at);
    const bare = /^"(.*)"$/s.exec(field)?.[1];
    fields.push(bare === undefined ? [field, start] : [bare.replaceAll('""', '"'), start + 1]);
    start = at + 1;
  }
  return fields;
}

const ofWord = (body: InstructionBody, word: Word): ExpandedText[] => makeText(body, word.text, word.span);

function makeText(body: InstructionBody, text: string, span: LocalSpan | null): ExpandedText[] {
  if (!span || text === '') return [];
  // The place of a part is known where the text stands there character for character: no continuation, no exec-form escape.
  const offset = body.raw.slice(span.from, span.to).indexOf(text);
  const isWritten = offset >= 0 && span.to - span.from - text.length <= 2;
  const start = span.from + offset;
  const place = isWritten ? (from: number, to: number) => ({ from: start + from, to: start + to }) : () => span;
  return [{ text, span, isHeredoc: false, place }];
}
