/** Inlay hints: at the end of an instruction's first line the number of its layer and what it costs. Pure. */
import type { Span } from '../syntax/span';
import type { Analysis } from './analysis';
import { costSentences, shortCost } from './cost-texts';
import { costs } from './costs';

export interface InlayHint {
  /** Where it stands, as an offset of the document. */
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
}

/** The hints of the instructions that begin in a span of the document. */
export function inlayHints(analysis: Analysis, span: Span, mode: 'short' | 'full'): InlayHint[] {
  const { model, dockerfile } = analysis;
  const { lines, text } = dockerfile;
  const all = costs(analysis);
  const hints: InlayHint[] = [];
  for (const stage of model.stages) {
    let layers = 0;
    for (const { instruction, layer } of stage.steps) {
      const number = layer.kind === 'none' ? null : ++layers;
      const start = lines.lineStart(instruction.line);
      if (start > span.end || lines.lineStart(instruction.endLine) < span.start) continue;
      const cost = all.of(instruction);
      const label = shortCost(number, cost, mode);
      if (label === null) continue;
      const end = text.indexOf('\n', start);
      const line = end < 0 ? text.slice(start) : text.slice(start, end);
      const tooltip = [layer.why.replaceAll('`', ''), ...(cost ? costSentences(cost) : [])].join('\n');
      hints.push({ offset: start + line.trimEnd().length, label, tooltip });
    }
  }
  return hints;
}
