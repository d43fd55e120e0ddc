/** Real Dockerfiles to try things on: those beside the checkout where they are, and always the project's own. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures, reportMissing, sharedPath } from './paths';

export interface CorpusFile {
  readonly name: string;
  readonly text: string;
}

let cached: readonly CorpusFile[] | undefined;

/** Every Dockerfile there is to try. Says loudly when only the project's own are there. */
export function corpusFiles(): readonly CorpusFile[] {
  if (cached) return cached;
  cached = [...realFiles('only the fixtures of the project are tried'), ...ownFiles(fixtures)];
  return cached;
}

/** The real ones alone; none, and said loudly, where they are not here. */
export function realFiles(consequence = 'no figures about real files are made'): readonly CorpusFile[] {
  const folder = sharedPath('corpus/dockerfiles');
  if (!folder) reportMissing('corpus/dockerfiles', consequence);
  return folder ? readdirSync(folder).map((name) => readCorpusFile(join(folder, name), name)) : [];
}

/** Whether the real files are there, so that figures about them mean something. */
export const hasRealCorpus = (): boolean => sharedPath('corpus/dockerfiles') !== undefined;

function readCorpusFile(path: string, name: string): CorpusFile {
  return { name, text: readFileSync(path, 'utf8') };
}

function ownFiles(folder: string): CorpusFile[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return ownFiles(path);
    return /^(?:Dockerfile|Containerfile)|\.(?:dockerfile|Dockerfile)$/.test(name)
      ? [readCorpusFile(path, path.slice(fixtures.length + 1))]
      : [];
  });
}

/** A generator of pseudo-random numbers in [0, 1) that gives the same row for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Spoils a text as a typist might: cuts, joins, doubles, or changes something. */
export function mutate(text: string, random: () => number): string {
  const lines = text.split('\n');
  const pick = (length: number) => Math.floor(random() * length);
  const line = pick(lines.length);
  const own = lines[line] ?? '';
  switch (pick(8)) {
    case 0:
      return text.slice(0, pick(text.length));
    case 1:
      lines.splice(line, 1);
      break;
    case 2:
      lines.splice(line, 0, own);
      break;
    case 3:
      lines.splice(line, 2, own + (lines[line + 1] ?? ''));
      break;
    case 4: {
      const at = pick(own.length + 1);
      lines.splice(line, 1, own.slice(0, at), own.slice(at));
      break;
    }
    case 5: {
      const at = pick(own.length);
      const characters = '\\`"\'$#<&|;[]{}()=-:/ \tEé😀';
      lines[line] = own.slice(0, at) + (characters[pick(characters.length)] ?? '') + own.slice(at + 1);
      break;
    }
    case 6:
      lines[line] = own.slice(0, pick(own.length + 1));
      break;
    default: {
      const other = pick(lines.length);
      lines[line] = lines[other] ?? '';
      lines[other] = own;
    }
  }
  return lines.join('\n');
}
