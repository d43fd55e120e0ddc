/** Arguments that were meant as a JSON array and are none: which they are, and the repair. */
import * as l10n from '@vscode/l10n';
import type { Span } from '../syntax/span';
import type { Dockerfile, Instruction, InstructionBody } from '../syntax/tree';
import { indentOf, insert, replace } from './edits';
import { type ArrayProblem, type LooseArray, readLooseArray } from './loose-array';
import type { Edit, Fix } from './rule';

export interface MeantArray {
  /** The instruction itself, or what ONBUILD wraps. */
  readonly body: InstructionBody;
  /** The text that was read, and where it starts in the joined line. */
  readonly text: string;
  readonly start: number;
  readonly array: LooseArray;
  readonly first: ArrayProblem;
  /** A valid array, but not of strings. */
  readonly isRefused: boolean;
}

const commands: ReadonlySet<string> = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'SHELL']);
/** Whether Docker splits the arguments at blanks where they are no array. */
export const takesList = (body: InstructionBody): boolean => lists.has(body.keyword);

const lists: ReadonlySet<string> = new Set(['COPY', 'ADD', 'VOLUME']);

/** What an instruction's arguments were meant to be; null where they are an array, or surely something else. */
export function meantArray(own: InstructionBody): MeantArray | null {
  const body = own.trigger ?? own;
  if (!commands.has(body.keyword) && !lists.has(body.keyword)) return null;
  if (body.json || body.heredocs.length > 0) return null;
  const skipped = body.keyword === 'HEALTHCHECK' ? (/^cmd\s+/i.exec(body.rest)?.[0].length ?? 0) : 0;
  const text = body.rest.slice(skipped);
  if (!text.startsWith('[')) return null;
  const array = readLooseArray(text);
  const first = array?.problems[0];
  if (!array || !first || !isMeant(body, text, array)) return null;
  const isRefused = body.keyword === 'SHELL' || body.problems.some((problem) => problem.code === 'json-not-strings');
  return { body, text, start: body.restStart + skipped, array, first, isRefused };
}

/** Whether it is surely meant as an array: a test of the shell and a pattern of file names start alike. */
function isMeant(body: InstructionBody, text: string, array: LooseArray): boolean {
  const isBareList = !array.hasQuotes;
  const hasTail = array.problems.some(({ kind }) => kind === 'trailing-text' || kind === 'unclosed');
  if (body.keyword === 'COPY' || body.keyword === 'ADD') return array.hasQuotes;
  if (isBareList && hasTail) return false;
  return body.keyword === 'VOLUME' || body.keyword === 'SHELL' || !/^\[\s/.test(text) || array.hasCommas;
}

/** The place of a part of the array. */
export function placeInArray(instruction: Instruction, { body, start }: MeantArray, from: number, to: number): Span {
  return instruction.at(body.map.span(start + from, start + to));
}

/** Writes it as a JSON array; a comment behind it moves above the instruction. Only where `array.edits` says how. */
export function repairArray(file: Dockerfile, instruction: Instruction, found: MeantArray): Fix {
  const { array, text } = found;
  const edits: Edit[] = (array.edits ?? []).map(({ start, end, newText }) => {
    const span = placeInArray(instruction, found, start, end);
    return start === end ? insert(endOf(instruction, found, start), newText) : replace(span, newText);
  });
  const comment = array.problems.find(({ kind }) => kind === 'trailing-comment');
  if (comment) {
    const line = `${text.slice(comment.start, comment.end).trimEnd()}${file.eol}${indentOf(file, instruction)}`;
    edits.push(insert(instruction.span.start, line));
  }
  return {
    title: l10n.t('Write it as a JSON array'),
    safety: 'suggestion',
    edits,
    risk: l10n.t('The program is then started without a shell.'),
  };
}

/** Behind the character before an offset, so that nothing is put behind the blanks of a continuation. */
function endOf(instruction: Instruction, found: MeantArray, offset: number): number {
  return offset === 0
    ? placeInArray(instruction, found, 0, 0).start
    : placeInArray(instruction, found, offset - 1, offset).end;
}
