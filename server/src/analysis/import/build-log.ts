/** Reads what `docker build` says with `--progress=plain` and `--progress=rawjson`. Pure. */
import { isStepKeyword, type RecordedStep, splitKeyword } from './recorded';

/** `[build 2/5] RUN make`: names, number, count and what is done. */
const title = /^\[(?:([^\]]*?)\s+)?\s*(\d+)\/(\d+)\] ([\s\S]+)$/;

function toStep(name: string, seconds: number | null): RecordedStep | null {
  const match = title.exec(name);
  const words = match && splitKeyword(match[4] ?? '');
  if (!match || !words || !isStepKeyword(words.keyword)) return null;
  const names = (match[1] ?? '').split(/\s+/).filter((word) => word !== '');
  return { ...words, names, number: Number(match[2]), seconds };
}

/** Escape sequences that colour a log. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/** The steps of a plain log; null where no line looks like one. Lines may have something in front, as CI services put it. */
export function readPlainLog(text: string): RecordedStep[] | null {
  const names = new Map<string, string>();
  const times = new Map<string, number>();
  let isLog = false;
  for (const raw of text.split(/\r?\n|\r/)) {
    const match = /(?:^|[\s|])#(\d+) (.*)$/.exec(raw.replace(colours, ''));
    if (!match) continue;
    const [, number = '', said = ''] = match;
    const done = /^DONE (\d+(?:\.\d+)?)s\s*$/.exec(said);
    if (done) times.set(number, Number(done[1]));
    else if (said.startsWith('[') && !names.has(number)) {
      names.set(number, said);
      isLog = true;
    }
  }
  if (!isLog) return null;
  return [...names].flatMap(([number, name]) => toStep(name, times.get(number) ?? null) ?? []);
}

interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly started?: string;
  readonly completed?: string;
  readonly cached?: boolean;
}

/** The steps of a rawjson log; null where no line is one of it. */
export function readRawJsonLog(text: string): RecordedStep[] | null {
  const byDigest = new Map<string, { name: string; seconds: number; ended: boolean; cached: boolean }>();
  let isLog = false;
  for (const line of text.split('\n')) {
    const status = parseObject(line);
    if (!status) continue;
    if ('vertexes' in status || 'statuses' in status || 'logs' in status) isLog = true;
    for (const vertex of verticesOf(status.vertexes)) {
      const { digest, name, started, completed, cached } = vertex;
      const known = byDigest.get(digest) ?? { name, seconds: 0, ended: false, cached: false };
      byDigest.set(digest, known);
      if (cached) known.cached = true;
      if (started === undefined || completed === undefined) continue;
      const seconds = (Date.parse(completed) - Date.parse(started)) / 1000;
      // A step is told of several times; the longest is the work, the others are looks into the cache.
      if (Number.isFinite(seconds)) known.seconds = Math.max(known.seconds, seconds);
      known.ended = true;
    }
  }
  if (!isLog) return null;
  return [...byDigest.values()].flatMap(
    ({ name, seconds, ended, cached }) => toStep(name, ended && !cached ? seconds : null) ?? [],
  );
}

function verticesOf(value: unknown): Vertex[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (vertex): vertex is Vertex => typeof vertex?.digest === 'string' && typeof vertex?.name === 'string',
  );
}

/** A JSON object on a line; null for anything else. */
export function parseObject(line: string): Record<string, unknown> | null {
  if (!/^\s*\{/.test(line)) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
