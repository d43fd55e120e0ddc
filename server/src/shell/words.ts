/** The words of a script, with what is known of their value before the shell runs. */
import type { Word, WordPart } from 'unbash';
import type { SourceMap } from '../syntax/span';
import type { MappedText } from './maps';
import type { ShellWord } from './script';

/**
 * Where the text that a node's positions count in stands in the script: as it is, or, for a string that lost escapes
 * on its way to a shell of its own, character by character.
 */
export interface Place {
  readonly script: string;
  readonly map: SourceMap;
  readonly inner: MappedText | null;
}

/** The offset in the script's text of a node's start. */
export function startAt(place: Place, pos: number): number {
  if (place.inner === null) return pos;
  return place.inner.starts[Math.min(pos, place.inner.starts.length - 1)] ?? 0;
}

/** The offset in the script's text behind a node's last character. */
export function endAt(place: Place, pos: number, end: number): number {
  if (place.inner === null) return end;
  return end > pos ? (place.inner.ends[end - 1] ?? place.script.length) : startAt(place, pos);
}

/** A word of the parser as a word of ours. */
export function makeWord(word: Word, place: Place): ShellWord {
  const kind = kindOf(word);
  const value = kind === 'literal' ? literalValue(word) : null;
  return wordAt(place, word.pos, word.end, word.text, word.value, kind, value);
}

/** A word made of a stretch of the script that is none for the parser, as the value in `env A=b`. */
export function literalWord(place: Place, pos: number, end: number, text: string): ShellWord {
  return wordAt(place, pos, end, text, text, 'literal', text);
}

function wordAt(
  place: Place,
  pos: number,
  stop: number,
  text: string,
  unquoted: string,
  kind: ShellWord['kind'],
  value: string | null,
): ShellWord {
  const start = startAt(place, pos);
  const end = endAt(place, pos, stop);
  return {
    text,
    value,
    unquoted,
    kind,
    plain: value !== null && value === text,
    span: place.map.span(start, end),
    start,
    end,
  };
}

const ranks = { literal: 0, glob: 1, braces: 2, expansion: 3 } as const;

function kindOf(word: Word): ShellWord['kind'] {
  // bash replaces the tilde of any word that looks like an assignment, dash only that of real ones.
  let kind: ShellWord['kind'] = /^([A-Za-z_]\w*=)?~/.test(word.text) ? 'expansion' : 'literal';
  for (const part of word.parts ?? []) {
    const found = kindOfPart(part);
    if (ranks[found] > ranks[kind]) kind = found;
  }
  return kind;
}

function kindOfPart(part: WordPart): ShellWord['kind'] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return 'literal';
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.every((child) => child.type === 'Literal') ? 'literal' : 'expansion';
    case 'Glob':
    case 'ExtendedGlob':
      return 'glob';
    case 'BraceExpansion':
      return 'braces';
    default:
      return 'expansion';
  }
}

/** The value of a word without expansions; the parser's own drops what it cannot know, so the parts are asked. */
function literalValue(word: Word): string {
  if (word.parts === undefined) return word.value;
  let value = '';
  for (const part of word.parts) {
    if (part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted') value += part.value;
    else if (part.type === 'DoubleQuoted' || part.type === 'LocaleString')
      for (const child of part.parts) value += child.type === 'Literal' ? child.value : child.text;
  }
  return value;
}

/** A program's name without its folder, also where only the folder is unknown (`$VENV/bin/pip`); null where it is not a literal. */
export function programName(word: ShellWord): string | null {
  const path = word.value ?? (word.kind === 'expansion' ? word.unquoted : null);
  if (path === null) return null;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (word.value !== null) return name === '' ? path : name;
  const isKnown = path.includes('/') && /^[\w.+@-]+$/.test(name);
  return isKnown ? name : null;
}
