/** Comments in a script, which the parser skips without a word. */
import { forEachChild, type ParsedScript, type SyntaxNode } from 'unbash';
import type { LocalSpan, SourceMap } from '../syntax/span';

/** The comments of a parsed script from `#` to the end of their line; those inside `$( … )` are left out. */
export function findComments(text: string, map: SourceMap, tree: ParsedScript): LocalSpan[] {
  const covered = coveredRanges(tree);
  const found: LocalSpan[] = [];
  let next = 0;
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1)) {
    if (at > 0 && !' \t\n\r;&|()'.includes(text.charAt(at - 1))) continue;
    while (next < covered.length && (covered[next]?.end ?? 0) <= at) next++;
    const range = covered[next];
    if (range && range.start <= at) continue;
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    found.push(map.span(at, end));
    at = end - 1;
  }
  return found;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Words, here-documents and expressions: where a `#` is none of a comment. Sorted by start. */
function coveredRanges(tree: ParsedScript): Range[] {
  const ranges: Range[] = [];
  const visit = (node: SyntaxNode): void => {
    switch (node.type) {
      case 'Word':
      case 'Assignment':
      case 'HereDocBody':
      case 'HereDocDelimiter':
      case 'ArithmeticCommand':
      case 'ArithmeticExpansion':
      case 'TestCommand':
        ranges.push({ start: node.pos, end: node.end });
        return;
      default:
        forEachChild(node, visit);
    }
  };
  visit(tree);
  return ranges.sort((a, b) => a.start - b.start);
}
