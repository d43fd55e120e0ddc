/** Cuts the last stage of a file in two: what builds stays where it is, what runs gets a stage of its own below it. */

import * as l10n from '@vscode/l10n';
import { startDirectory } from '../../model/base-config';
import type { CopyStep, Step } from '../../model/model';
import { resolvePath } from '../../model/paths';
import { variableReferences } from '../../syntax/references';
import type { Instruction } from '../../syntax/tree';
import { insert, keywordLike, removeInstruction, replace } from '../edits';
import type { Edit, Fix, Refusal } from '../rule';
import { installLines, type NeededPackages } from './installed';
import { lineOf, type StageShape, stepsUpTo } from './stage-shape';

export interface StageSplit {
  /** The base of the new final stage, as to be written. */
  readonly base: string;
  /** The base is the one that the stage has now: its variables and programs are there as before. */
  readonly isSameBase: boolean;
  /** The last step that belongs to the build. */
  readonly last: Step;
  /** RUNs and COPYs up to it that both stages need. */
  readonly repeated: readonly Step[];
  readonly packages: NeededPackages;
  /** What the final stage takes from the build: sources and destination of each COPY. */
  readonly copies: readonly string[];
  /** Flags of these COPYs besides --from, with a blank behind them. */
  readonly copyFlags?: string;
  /** Instructions right above these COPYs. */
  readonly first?: readonly string[];
  /** Instructions right below these COPYs. */
  readonly more?: readonly string[];
  /** Steps that neither stage needs, above or below the split. */
  readonly drops?: readonly Step[];
  /** Changes in what stays behind. */
  readonly edits?: readonly Edit[];
  /** Nothing of the stage's variables, users and folders goes over. */
  readonly isBare?: boolean;
  /** Another base for the build. */
  readonly buildBase?: string | null;
  readonly title: string;
  readonly risk: string;
  readonly saves?: string;
}

/** The fix that splits the stage, or why it cannot be done. */
export function splitStage(shape: StageShape, split: StageSplit): Fix | Refusal {
  const { stage, model } = shape;
  const { dockerfile } = model;
  const { from, baseSpan } = stage;
  const obstacle = obstacleIn(shape, split);
  if (obstacle) return { refused: obstacle };
  if (!baseSpan) return { refused: l10n.t('FROM names no image.') };
  const name = buildName(shape);
  const as = keywordLike(from, 'AS');
  const base = from.at(baseSpan);
  const moved = movedSteps(shape, split);
  const edits: Edit[] = [...(split.edits ?? [])];
  if (split.buildBase) edits.push(replace(base, split.buildBase));
  if (stage.nameSpan) edits.push(replace(from.at(stage.nameSpan), name));
  else edits.push(insert(base.end, ` ${as} ${name}`));
  for (const step of new Set([...moved, ...(split.drops ?? [])]))
    edits.push(removeWithComments(shape, step.instruction));
  const text = finalStage(shape, split, moved, name);
  edits.push(insert(split.last.instruction.span.end, `${dockerfile.eol}${dockerfile.eol}${text.join(dockerfile.eol)}`));
  return {
    title: split.title,
    safety: 'suggestion',
    edits: mergeEdits(edits),
    claims: [{ start: from.span.start, end: (stage.steps.at(-1)?.instruction ?? from).span.end }],
    risk: split.risk,
    ...(split.saves && { saves: split.saves }),
  };
}

/** What is inserted where another edit ends, or at the same place, becomes part of that; removals that overlap become one. */
function mergeEdits(edits: readonly Edit[]): Edit[] {
  const merged: Edit[] = [];
  for (const edit of edits) {
    const { span, newText } = edit;
    const isRemoval = newText === '' && span.start < span.end;
    const index = merged.findIndex((other) =>
      isRemoval
        ? other.newText === '' && span.start < other.span.end && other.span.start < span.end
        : span.start === span.end && other.span.end === span.start,
    );
    const before = merged[index];
    if (!before) merged.push(edit);
    else if (isRemoval)
      merged[index] = replace(
        { start: Math.min(before.span.start, span.start), end: Math.max(before.span.end, span.end) },
        '',
      );
    else merged[index] = { ...before, newText: before.newText + newText };
  }
  return merged;
}

/** The lines of the final stage above what stays below the build. */
function finalStage(shape: StageShape, split: StageSplit, moved: readonly Step[], name: string): string[] {
  const { stage, model } = shape;
  const keyword = (word: string) => keywordLike(stage.from, word);
  const flags = stage.from.body.flags.map((flag) => `${textOf(stage.from, flag.span)} `).join('');
  const head = `${keyword('FROM')} ${flags}${split.base}${stage.name === null ? '' : ` ${keyword('AS')} ${stage.name}`}`;
  const copies = [
    ...(split.first ?? []),
    ...split.copies.map((paths) => `${keyword('COPY')} --from=${name} ${split.copyFlags ?? ''}${paths}`),
    ...(split.more ?? []),
  ];
  const lines: string[] = [];
  let hasCopied = false;
  let directory = stage.steps[0] ? startDirectory(stage.steps[0]) : null;
  if (
    !split.isSameBase &&
    directory !== null &&
    directory !== '/' &&
    !stepsUpTo(stage, split.last).some(({ keyword: own }) => own === 'WORKDIR')
  )
    lines.push(`${keyword('WORKDIR')} ${directory}`);
  const workdirs = stepsUpTo(stage, split.last).filter((step) => step.keyword === 'WORKDIR');
  for (const step of stepsUpTo(stage, split.last)) {
    if (step.keyword === 'WORKDIR' && !split.isBare) {
      directory = workdirPath(step, directory);
      // One is enough where nothing between them needs it.
      if (step === workdirs.at(-1) || needsFolder(split, step))
        lines.push(`${keyword('WORKDIR')} ${directory ?? step.body.rest}`);
      continue;
    }
    if (!isRepeated(split, step)) continue;
    if (isCopy(step) && !hasCopied) {
      lines.push(...copies);
      hasCopied = true;
    }
    lines.push(textOf(step.instruction));
  }
  if (!hasCopied) lines.push(...copies);
  for (const step of moved.filter((one) => !split.drops?.includes(one)))
    lines.push(
      ...commentsAbove(shape, step.instruction).map((comment) =>
        model.dockerfile.text.slice(comment.start, comment.end),
      ),
      textOf(step.instruction),
    );
  const installs =
    split.packages.packages.length > 0 && shape.family
      ? installLines(shape.family, split.packages, model.dockerfile.escape)
      : [];
  const rest = [...installs, ...lines];
  return [head, ...neededArgs(shape, split, rest), ...rest];
}

const isCopy = (step: Step): step is CopyStep => step.keyword === 'COPY' || step.keyword === 'ADD';

const isRepeated = (split: StageSplit, step: Step): boolean =>
  split.isBare !== true &&
  !split.drops?.includes(step) &&
  (step.keyword === 'USER' || (step.keyword === 'ENV' && !isBuildSetting(step)) || split.repeated.includes(step));

/** Whether something repeated between a WORKDIR and the next one counts on it. */
function needsFolder(split: StageSplit, workdir: Step): boolean {
  for (const step of workdir.stage.steps.slice(workdir.index + 1)) {
    if (step.keyword === 'WORKDIR' || step.index > split.last.index) return false;
    if (split.repeated.includes(step)) return true;
  }
  return false;
}

function workdirPath(step: Step, before: string | null): string | null {
  const { rest } = step.body;
  return /[$\\"]/.test(rest) ? null : resolvePath(before, rest);
}

/** Settings that only a build reads. */
const isBuildSetting = (step: Step): boolean =>
  step.body.pairs.every(({ name }) =>
    /^(?:CGO_\w+|GO(?:111MODULE|PROXY|FLAGS|OS|ARCH|ARM|SUMDB|PRIVATE|NOSUMDB|CACHE|MODCACHE|PATH|ROOT|BIN)|CARGO_\w+|RUSTFLAGS|RUSTUP_\w+|CC|CXX|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|MAKEFLAGS|MAVEN_\w+|GRADLE_\w+|DEBIAN_FRONTEND)$/.test(
      name,
    ),
  );

/** Instructions above the split that say something of the image: they go to the final stage. */
const movedSteps = (shape: StageShape, { last }: StageSplit): readonly Step[] =>
  stepsUpTo(shape.stage, last).filter(
    (step) =>
      step !== last && /^(?:EXPOSE|LABEL|MAINTAINER|VOLUME|STOPSIGNAL|HEALTHCHECK|CMD|ENTRYPOINT)$/.test(step.keyword),
  );

/** ARGs that the final stage refers to. */
function neededArgs({ stage }: StageShape, { last }: StageSplit, lines: readonly string[]): string[] {
  const below = stage.steps.slice(last.index + 1).map(({ body }) => body.raw);
  const text = [...lines, ...below].join('\n');
  const args = stepsUpTo(stage, last).filter(
    (step) => step.keyword === 'ARG' && step.body.pairs.some(({ name }) => refersTo(text, name)),
  );
  return args.map((step) => textOf(step.instruction));
}

const refersTo = (text: string, name: string): boolean =>
  variableReferences(text, '\\', { ignoreQuotes: true }).some((reference) => reference.name === name);

function obstacleIn(shape: StageShape, split: StageSplit): string | null {
  const { stage } = shape;
  for (const step of stepsUpTo(stage, split.last)) {
    if (step.keyword === 'SHELL' || step.keyword === 'ONBUILD')
      return l10n.t('{0} on line {1} may be meant for either stage.', step.keyword, lineOf(step));
    if (step.keyword === 'WORKDIR' && workdirPath(step, startDirectory(step)) === null)
      return l10n.t('Where WORKDIR on line {0} leads is not known without the variables in it.', lineOf(step));
    if (split.isSameBase || !isRepeated(split, step)) continue;
    const unknown = unknownVariable(step);
    if (unknown !== null && step.keyword === 'ENV')
      return l10n.t('ENV on line {0} uses `{1}`, which comes from the base image.', lineOf(step), unknown);
  }
  if (!split.isSameBase && stage.from.body.flags.some(({ value }) => value?.includes('BUILDPLATFORM')))
    return l10n.t('FROM builds for another platform than it runs on.');
  const isKept = (step: Step) => !split.drops?.includes(step);
  const health = stage.steps
    .filter(isKept)
    .find((step) => step.keyword === 'HEALTHCHECK' && step.body.healthcheck === 'CMD');
  if (health && !split.isSameBase)
    return l10n.t('HEALTHCHECK on line {0} runs a program that the smaller base image may not have.', lineOf(health));
  return null;
}

/** A variable in an ENV that nothing in the file defines; PATH is everywhere. */
function unknownVariable(step: Step): string | null {
  const names = [...step.body.rest.matchAll(/\$\{?(\w+)/g)].map((match) => match[1] ?? '');
  return names.find((name) => name !== 'PATH' && !step.before.scope.get(name)) ?? null;
}

function buildName({ model, stage }: StageShape): string {
  const taken = new Set(model.allStages.filter((other) => other !== stage).map(({ name }) => name?.toLowerCase()));
  if (stage.name !== null) taken.add(stage.name.toLowerCase());
  return ['build', 'builder', 'build-stage', 'compile'].find((name) => !taken.has(name)) ?? `build-${stage.index}`;
}

const textOf = (instruction: Instruction, span?: { readonly from: number; readonly to: number }): string =>
  span ? instruction.body.raw.slice(span.from, span.to) : instruction.body.raw;

/** The first line of an instruction with the comments right above it. */
export const topLine = (shape: StageShape, instruction: Instruction): number =>
  instruction.line - commentsAbove(shape, instruction).length;

/** The comment lines that stand right above an instruction. */
function commentsAbove({ model }: StageShape, instruction: Instruction): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let line = instruction.line;
  for (const comment of [...instruction.precedingComments].reverse()) {
    if (comment.line !== line - 1) break;
    line = comment.line;
    const end = model.dockerfile.text.slice(0, comment.span.end).trimEnd().length;
    found.unshift({ start: comment.span.start, end });
  }
  return found;
}

/** Takes an instruction out with the comments above it, and one of the blank lines that it stood between. */
function removeWithComments(shape: StageShape, instruction: Instruction): Edit {
  const { dockerfile } = shape.model;
  const { lines, text } = dockerfile;
  const first = instruction.line - topLine(shape, instruction);
  const { start: own, end: last } = removeInstruction(dockerfile, instruction).span;
  const start = first > 0 ? lines.lineStart(instruction.line - first) : own;
  let end = last;
  const isBlank = (line: number) =>
    line >= 0 &&
    line < lines.lineCount &&
    text.slice(lines.lineStart(line), line + 1 < lines.lineCount ? lines.lineStart(line + 1) : text.length).trim() ===
      '';
  if (isBlank(instruction.line - first - 1) && isBlank(instruction.endLine + 1))
    end = lines.lineStart(Math.min(instruction.endLine + 2, lines.lineCount - 1));
  return replace({ start, end }, '');
}
