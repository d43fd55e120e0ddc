/** Source maps for texts that a shell gets after something else has taken them apart: JSON strings, here-documents, quotes. */
import type { LocalSpan, SourceMap } from '../syntax/span';

/** A text with the place of each of its characters in another text. */
export interface MappedText {
  readonly text: string;
  /** Where each character starts; one more entry than there are characters, for what follows the last one. */
  readonly starts: readonly number[];
  /** Where each character ends: an escape is longer than the character that it stands for. */
  readonly ends: readonly number[];
}

/** A map for a text that stands as it is in its instruction, `offset` characters from the start. */
export function shiftedMap(offset: number): SourceMap {
  return {
    local: (at) => at + offset,
    span: (start, end) => ({ from: start + offset, to: end + offset }),
  };
}

/** The part of a mapped text that starts at `offset`, as a map of its own. */
export function tailMap(map: SourceMap, offset: number): SourceMap {
  if (offset === 0) return map;
  return { local: (at) => map.local(at + offset), span: (start, end) => map.span(start + offset, end + offset) };
}

/** A map for a text whose characters came from known places of the text that `outer` maps. */
export function mapThrough(mapped: MappedText, outer: SourceMap): SourceMap {
  const { starts, ends } = mapped;
  const last = starts.length - 1;
  const clamp = (at: number): number => Math.max(0, Math.min(at, last));
  return {
    local: (at) => outer.local(starts[clamp(at)] ?? 0),
    span: (start, end): LocalSpan => {
      const from = starts[clamp(start)] ?? 0;
      if (end <= start) {
        const local = outer.local(from);
        return { from: local, to: local };
      }
      return outer.span(from, ends[clamp(end - 1)] ?? from);
    },
  };
}

/** Several mapped texts in a row, each with its own map. */
export function joinMaps(pieces: readonly { readonly length: number; readonly map: SourceMap }[]): SourceMap {
  const bounds: { start: number; end: number; map: SourceMap }[] = [];
  let at = 0;
  for (const piece of pieces) {
    bounds.push({ start: at, end: at + piece.length, map: piece.map });
    at += piece.length;
  }
  /** The piece that holds a character, the last one for what lies behind the end. */
  const holding = (offset: number) => bounds.find((b) => offset < b.end) ?? bounds[bounds.length - 1];
  const local = (offset: number): number => {
    const piece = holding(offset);
    return piece ? piece.map.local(offset - piece.start) : 0;
  };
  return {
    local,
    span: (start, end) => {
      const first = holding(start);
      if (!first) return { from: 0, to: 0 };
      if (end <= start || end <= first.end)
        return first.map.span(start - first.start, Math.max(start, end) - first.start);
      const last = holding(end - 1) ?? first;
      return {
        from: first.map.local(start - first.start),
        to: last.map.span(end - 1 - last.start, end - last.start).to,
      };
    },
  };
}
