/** Where dockerfile-ast sees instructions. The only file that knows it; what it says is a proposal. */
import { DockerfileParser } from 'dockerfile-ast';
import { buildLineIndex } from './lines';

/** The end of the instruction that starts at an offset, end of line not included; undefined where none starts. */
export type Proposals = ReadonlyMap<number, number>;

/** Nobody was asked. */
export const NO_PROPOSALS: Proposals = new Map();

/** Beyond this many characters the own rule alone must do: time would grow with every instruction of a huge file. */
const MAX_LENGTH = 262_144;

/**
 * Asks dockerfile-ast for the instructions in `text[from, to)`, which must begin between instructions. It never fails:
 * an exception means no proposals.
 */
export function proposeInstructions(text: string, from: number, to: number, escapeChar: '\\' | '`'): Proposals {
  if (to <= from || to - from > MAX_LENGTH) return NO_PROPOSALS;
  // The blank line ends the directives, so that no comment of the part is taken for one.
  const head = `# escape=${escapeChar}\n\n`;
  const part = head + text.slice(from, to);
  try {
    const lines = buildLineIndex(part);
    const proposals = new Map<number, number>();
    for (const instruction of DockerfileParser.parse(part).getInstructions()) {
      const range = instruction.getRange();
      const shift = from - head.length;
      proposals.set(lines.offsetAt(range.start) + shift, lines.offsetAt(range.end) + shift);
    }
    return proposals;
  } catch {
    return NO_PROPOSALS;
  }
}
