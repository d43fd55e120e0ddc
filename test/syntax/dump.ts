/** Trees as text and data, to be compared. */
import type { Dockerfile, InstructionBody } from '../../server/src/syntax/tree';

/** A body as BuildKit's own parser tests write it: an S-expression of keyword, flags and arguments. */
export function dumpBody(body: InstructionBody): string {
  const flags = body.flags.map(({ name, value }) => quote(value === null ? `--${name}` : `--${name}=${value}`));
  const head = body.keyword.toLowerCase() + (flags.length > 0 ? ` [${flags.join(' ')}]` : '');
  if (body.trigger) return `(${head} (${dumpBody(body.trigger).slice(1, -1)}))`;
  return `(${[head, ...dumpArguments(body).map(quote)].join(' ')})`;
}

function dumpArguments(body: InstructionBody): string[] {
  if (body.known === null) return [''];
  if (body.known === 'ENV' || body.known === 'LABEL') {
    return body.pairs.flatMap(({ name, value, legacy }) => [name, value ?? '', legacy ? '' : '=']);
  }
  return body.words.map(({ text }) => text);
}

/** Go's strconv.Quote, for the characters that occur. */
function quote(text: string): string {
  const escaped = text.replace(/["\\\u0000-\u001f\u007f-\u00a0\u3000\ufeff]/g, (character) => {
    const known = ESCAPES[character];
    if (known) return known;
    const code = character.charCodeAt(0);
    return code < 0x80 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
  return `"${escaped}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};

function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, '0');
}

/** The codes of all problems of a file, its instructions' included. */
export function problemCodes(dockerfile: Dockerfile): string[] {
  const problems = [...dockerfile.problems, ...dockerfile.instructions.flatMap(({ body }) => body.problems)];
  return problems.map(({ code }) => code);
}

/** Everything a tree says, as plain data. */
export function dumpTree(dockerfile: Dockerfile): unknown {
  const { eol, escape: escapeChar, directives, comments, problems, text } = dockerfile;
  const instructions = dockerfile.instructions.map((instruction) => ({
    index: instruction.index,
    keyword: instruction.keyword,
    span: instruction.span,
    line: instruction.line,
    endLine: instruction.endLine,
    precedingComments: instruction.precedingComments,
    body: dumpParts(instruction.body),
  }));
  return { text, lineCount: dockerfile.lines.lineCount, eol, escapeChar, directives, comments, problems, instructions };
}

/** Everything a body says, as plain data. */
export function dumpParts(body: InstructionBody): unknown {
  const { raw, keyword, known, keywordSpan, joined, flags, rest, restStart, restSpan, words, json, pairs } = body;
  const { heredocs, healthcheck, innerComments, emptyContinuations, problems, open } = body;
  const trigger: unknown = body.trigger && dumpParts(body.trigger);
  const map = Array.from({ length: joined.length + 1 }, (_, offset) => body.map.local(offset));
  return {
    ...{ raw, keyword, known, keywordSpan, joined, flags, rest, restStart, restSpan, words, json, pairs, map },
    ...{ escapeChar: body.escape, heredocs, healthcheck, innerComments, emptyContinuations, problems, open, trigger },
  };
}
