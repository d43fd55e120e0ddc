/** Declares ARGs above the first FROM. */
import type { Model } from '../model/model';
import { insert, keywordLike } from './edits';
import type { Edit } from './rule';

/** The edit that puts an `ARG` for each declaration (`NAME` or `NAME=value`) above the first FROM and the comments about it. */
export function declareAboveFirstFrom(model: Model, declarations: readonly string[]): Edit | null {
  const { dockerfile, allStages } = model;
  const first = allStages[0]?.from;
  if (!first) return null;
  const comment = first.precedingComments[0];
  const line = comment?.line ?? first.line;
  // In the first line a byte order mark may stand before it.
  const start = line === 0 ? (comment?.span ?? first.span).start : dockerfile.lines.lineStart(line);
  const keyword = keywordLike(first, 'ARG');
  return insert(start, declarations.map((declaration) => `${keyword} ${declaration}${dockerfile.eol}`).join(''));
}
