/** Every English text that users read, as a key of l10n/bundle.l10n.*.json. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../server/src/rules/registry.generated';
import { root } from './paths';

/** The literal first arguments of `l10n.t(…)` in the sources, each once, in the order in which they are found. */
export function messageKeys(): readonly string[] {
  const files = ['server/src', 'client/src', 'shared/src'].flatMap((folder) => sourceFiles(join(root, folder)));
  return [...new Set(files.flatMap((file) => keysInSource(readFileSync(file, 'utf8'))))];
}

/** What rules say of themselves: these reach `l10n.t` through variables. */
export function docKeys(): readonly string[] {
  const texts = rules.flatMap((rule) => [
    rule.docs.what,
    rule.docs.why,
    rule.docs.fix,
    rule.docs.ignore,
    ...(rule.changes ? [rule.changes.what] : []),
    ...rule.examples.flatMap((example) => ('ok' in example ? [example.because] : [])),
  ]);
  return [...new Set(texts)];
}

/** The keys of one source text: both branches where the first argument is a conditional expression. */
export function keysInSource(source: string): readonly string[] {
  const keys: string[] = [];
  for (const call of source.matchAll(/\bl10n\.t\(/g)) {
    if (isInComment(source, call.index)) continue;
    keys.push(...literalsOfArgument(source, call.index + call[0].length));
  }
  return keys;
}

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => join(folder, file));
}

function isInComment(source: string, offset: number): boolean {
  const line = source.slice(source.lastIndexOf('\n', offset) + 1, offset);
  return /^\s*(\/\/|\/?\*)/.test(line);
}

/** The string literals of the argument that starts at an offset. What is compared or passed further is no text. */
function literalsOfArgument(source: string, start: number): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const char = source.charAt(at);
    if (char === '/' && source.charAt(at + 1) === '/') {
      at = source.indexOf('\n', at);
      if (at < 0) return found;
    } else if (char === "'" || char === '"' || char === '`') {
      const end = endOfLiteral(source, at);
      const literal = source.slice(at + 1, end - 1);
      const isWhole = char !== '`' || !/(?<!\\)\$\{/.test(literal);
      if (depth === 0 && isWhole && !isCompared(source, start, at, end)) found.push(unescaped(literal));
      at = end - 1;
    } else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) {
      if (depth === 0) return found;
      depth--;
    } else if (char === ',' && depth === 0) return found;
  }
  return found;
}

/** The offset after the closing quote. */
function endOfLiteral(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source.charAt(at) !== source.charAt(start)) at += source.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function isCompared(source: string, from: number, start: number, end: number): boolean {
  return /[=!]==?\s*$/.test(source.slice(from, start)) || /^\s*[=!]==?/.test(source.slice(end, end + 8));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

function unescaped(literal: string): string {
  return literal.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g, (_, unicode, hex, char: string) => {
    const code = unicode ?? hex;
    return code === undefined ? (escapes[char] ?? char) : String.fromCharCode(Number.parseInt(code, 16));
  });
}
