/** How an author continues a chain of commands: where `&&` stands and how far the lines are indented. */
import type { Dockerfile, Instruction } from '../syntax/tree';

export interface ChainStyle {
  /** `&& next` at the start of a line rather than `&& \` at the end of one. */
  readonly operatorFirst: boolean;
  /** The blanks before a chained command. */
  readonly indent: string;
}

/** The style of these instructions, else of the file, else four blanks and `&&` first. */
export function chainStyle(dockerfile: Dockerfile, instructions: readonly Instruction[]): ChainStyle {
  const own = countStyles(instructions.map((instruction) => instruction.body.raw));
  const all = own.first + own.last > 0 ? own : countStyles(runsOf(dockerfile));
  const operatorFirst = all.first >= all.last;
  const indents = operatorFirst ? all.firstIndents : all.lastIndents;
  return { operatorFirst, indent: mostUsed(indents) ?? firstIndent(instructions) ?? '    ' };
}

interface StyleCount {
  first: number;
  last: number;
  readonly firstIndents: string[];
  readonly lastIndents: string[];
}

function runsOf(dockerfile: Dockerfile): string[] {
  return dockerfile.instructions
    .filter((instruction) => instruction.keyword === 'RUN' && instruction.body.heredocs.length === 0)
    .map((instruction) => instruction.body.raw);
}

function countStyles(texts: readonly string[]): StyleCount {
  const count: StyleCount = { first: 0, last: 0, firstIndents: [], lastIndents: [] };
  for (const text of texts) {
    let afterOperator = false;
    for (const line of text.split('\n')) {
      const first = /^([ \t]*)(?:&&|\|\|)/.exec(line);
      const isBlankOrComment = /^\s*(?:#.*)?$/.test(line);
      if (isBlankOrComment) continue;
      if (first) {
        count.first++;
        count.firstIndents.push(first[1] ?? '');
      } else if (afterOperator) count.lastIndents.push(/^[ \t]*/.exec(line)?.[0] ?? '');
      afterOperator = /(?:&&|\|\||;)[ \t]*[\\`]\s*$/.test(line);
      if (afterOperator) count.last++;
    }
  }
  return count;
}

function mostUsed(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: string | null = null;
  for (const [value, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = value;
  return best;
}

/** The smallest indentation of a continuation line. */
function firstIndent(instructions: readonly Instruction[]): string | null {
  let best: string | null = null;
  for (const { body } of instructions) {
    for (const line of body.raw.split('\n').slice(1)) {
      const indent = /^([ \t]+)[^\s#]/.exec(line)?.[1];
      if (indent !== undefined && (best === null || indent.length < best.length)) best = indent;
    }
  }
  // Lines further in than this are arguments of a command.
  return best === null ? null : best.startsWith('\t') ? '\t' : best.slice(0, 4);
}
