/** Comments that switch rules off: our own, hadolint's, and BuildKit's `# check=skip=`. */
import type { ReportedFinding } from '../analysis/analysis';
import { type CheckName, type CheckOptions, checkOptionProblem, parseCheckOptions } from '../syntax/check-options';
import type { Span } from '../syntax/span';
import type { Dockerfile, Instruction } from '../syntax/tree';
import type { Edit, Rule } from './rule';

export interface Suppressions {
  readonly comments: readonly SuppressionComment[];
  /** True where a comment switches the whole rule off in the whole file. */
  wholeFile(rule: Rule): boolean;
  /** The comments that hold for the whole file. */
  readonly fileWide: readonly SuppressionComment[];
  /** The comments that hold for an instruction. */
  forInstruction(instruction: Instruction): readonly SuppressionComment[];
  readonly dockerfile: Dockerfile;
  /** The names switched off or on in the whole file, as one text. */
  readonly fileKey: string;
  /** `# check=error=true`: what one of BuildKit's checks finds makes the build fail. */
  readonly failsOnFinding: boolean;
  /** Whether a comment asks somewhere for BuildKit's experimental checks. */
  readonly asksForExperiments: boolean;
  /** Whether it asks for this finding of an experimental check. */
  wantsExperiment(finding: Pick<ReportedFinding, 'aliases' | 'at'>): boolean;
}

/** Checks of BuildKit that are made only when asked for by name, or by `all`. */
const experimentalChecks: ReadonlySet<string> = new Set(['InvalidDefinitionDescription']);

/** Whether a rule is one of BuildKit's experimental checks. */
export const isExperimental = ({ aliases }: Pick<ReportedFinding, 'aliases'>): boolean =>
  aliases.some((alias) => experimentalChecks.has(alias));

/** A comment that ignores something. */
export interface SuppressionComment {
  readonly kind: 'instruction' | 'file';
  /** Which syntax it is written in. */
  readonly dialect: 'layerwise' | 'hadolint' | 'buildkit';
  readonly names: readonly SuppressedName[];
  readonly span: Span;
  /** The instruction below; null for the whole file or a comment above nothing. */
  readonly instruction: Instruction | null;
}

export interface SuppressedName {
  readonly name: string;
  readonly span: Span;
}

const patterns: readonly (readonly [RegExp, SuppressionComment['dialect'], SuppressionComment['kind']])[] = [
  [/^#\s*layerwise\s+ignore-file\s*=\s*/i, 'layerwise', 'file'],
  [/^#\s*layerwise\s+ignore\s*=\s*/i, 'layerwise', 'instruction'],
  [/^#\s*hadolint\s+global\s+ignore\s*=\s*/i, 'hadolint', 'file'],
  [/^#\s*hadolint\s+ignore\s*=\s*/i, 'hadolint', 'instruction'],
];

const cache = new WeakMap<Dockerfile, Suppressions>();

/** Reads all ignore comments of a file. */
export function readSuppressions(dockerfile: Dockerfile): Suppressions {
  const cached = cache.get(dockerfile);
  if (cached) return cached;
  const comments: SuppressionComment[] = [];
  // This runs at every keystroke, and most files have none of these comments.
  const marked = dockerfile.comments.filter((comment) => /^(?:layerwise|hadolint)\s/i.test(comment.text));
  const below = new Map<number, Instruction>();
  if (marked.length > 0)
    for (const instruction of dockerfile.instructions)
      for (const comment of instruction.precedingComments) below.set(comment.span.start, instruction);
  for (const comment of marked) {
    const text = dockerfile.text.slice(comment.span.start, comment.span.end);
    for (const [pattern, dialect, kind] of patterns) {
      const match = pattern.exec(text);
      if (!match) continue;
      const names = readNames(text, match[0].length, comment.span.start);
      const instruction = kind === 'instruction' ? (below.get(comment.span.start) ?? null) : null;
      comments.push({ kind, dialect, names, span: comment.span, instruction });
      break;
    }
  }
  const check = readCheckDirective(dockerfile);
  if (check) comments.push(check.comment);
  const checks = readCheckComments(dockerfile);
  comments.push(...checks.map(({ comment }) => comment));
  const byInstruction = new Map<Instruction, SuppressionComment[]>();
  for (const comment of comments) {
    if (!comment.instruction) continue;
    const list = byInstruction.get(comment.instruction);
    if (list) list.push(comment);
    else byInstruction.set(comment.instruction, [comment]);
  }
  const fileWide = comments.filter((comment) => comment.kind === 'file');
  const suppressions: Suppressions = {
    dockerfile,
    comments,
    fileKey: [
      ...fileWide.map(({ dialect, names }) => `${dialect}=${names.map(({ name }) => name).join()}`),
      ...(check?.options.experimental.map(({ name }) => name) ?? []),
      checks.some(({ options }) => options.experimental.length > 0),
    ].join(';'),
    wholeFile: (rule) => fileWide.some((comment) => comment.names.some(({ name }) => name.toLowerCase() === rule.id)),
    fileWide,
    forInstruction: (instruction) => byInstruction.get(instruction) ?? [],
    failsOnFinding: check?.options.error ?? false,
    asksForExperiments: [check, ...checks].some((one) => one && one.options.experimental.length > 0),
    wantsExperiment: ({ aliases, at }) => {
      const instruction = checks.length > 0 ? instructionAt(dockerfile, at.start) : null;
      return [check, ...checks.filter(({ comment }) => comment.instruction === instruction)].some((one) =>
        one?.options.experimental.some(({ name }) => name === 'all' || aliases.includes(name)),
      );
    },
  };
  cache.set(dockerfile, suppressions);
  return suppressions;
}

interface CheckComment {
  readonly options: CheckOptions;
  readonly comment: SuppressionComment;
}

function readCheckDirective({ directives }: Dockerfile): CheckComment | null {
  const directive = directives.find(({ name }) => name === 'check');
  if (!directive) return null;
  const options = parseCheckOptions(directive.value);
  const names = placeNames(options.skip, directive.valueSpan.start);
  return { options, comment: { kind: 'file', dialect: 'buildkit', names, span: directive.span, instruction: null } };
}

/** `# check=…` above an instruction holds for it. Of several the first one counts, and none if that one is malformed. */
function readCheckComments({ text, comments, instructions }: Dockerfile): CheckComment[] {
  if (!comments.some((comment) => checkComment.test(comment.text))) return [];
  return instructions.flatMap((instruction) => {
    const first = instruction.precedingComments.find((comment) => checkComment.test(comment.text));
    if (!first) return [];
    const written = text.slice(first.span.start, first.span.end);
    const from = /^#\s*check\s*=\s*/i.exec(written)?.[0].length ?? 0;
    const value = written.slice(from).trimEnd();
    if (checkOptionProblem(value)) return [];
    const options = parseCheckOptions(value);
    const names = placeNames(options.skip, first.span.start + from);
    return [{ options, comment: { kind: 'instruction', dialect: 'buildkit', names, span: first.span, instruction } }];
  });
}

const checkComment = /^check\s*=\s*\S/i;

function placeNames(names: readonly CheckName[], base: number): SuppressedName[] {
  return names.map(({ name, start, end }) => ({ name, span: { start: base + start, end: base + end } }));
}

/**
 * Whether a comment ignores a finding: it names the rule, or a name under which other tools report this very finding.
 * `# check=skip=all` means BuildKit's checks only, and none of the experimental ones. BuildKit's names are taken as they are
 * written there, as BuildKit does.
 */
export function ignores(comment: SuppressionComment, finding: Pick<ReportedFinding, 'rule' | 'aliases'>): boolean {
  return comment.names.some((name) => isMeant(comment, name, finding));
}

/** Whether a name in a comment means a finding, or a rule with all its aliases. */
export function isMeant(
  { dialect }: SuppressionComment,
  { name }: SuppressedName,
  { rule, aliases }: Pick<ReportedFinding, 'rule' | 'aliases'>,
): boolean {
  const wanted = name.toLowerCase();
  if (dialect === 'buildkit') {
    if (name === 'all') return aliases.some((alias) => isBuildKitName(alias) && !experimentalChecks.has(alias));
    return rule.id === name || aliases.includes(name);
  }
  if (dialect === 'layerwise' && wanted === 'all') return true;
  return rule.id === wanted || aliases.some((alias) => alias.toLowerCase() === wanted);
}

/** BuildKit's names are CamelCase words; hadolint's and Sonar's are a letter or two and a number. */
export const isBuildKitName = (alias: string): boolean => /^[A-Z]+[a-z]/.test(alias);

/** Whether a comment above its instruction, or one for the whole file, switches a finding off. */
export function isSuppressed(finding: ReportedFinding, suppressions: Suppressions): boolean {
  if (suppressions.comments.length === 0) return false;
  if (suppressions.fileWide.some((comment) => ignores(comment, finding))) return true;
  const instruction = instructionAt(suppressions.dockerfile, finding.at.start);
  if (!instruction) return false;
  return suppressions.forInstruction(instruction).some((comment) => ignores(comment, finding));
}

/** The instruction that covers an offset; null between instructions. Binary search. */
export function instructionAt(dockerfile: Dockerfile, offset: number): Instruction | null {
  const { instructions } = dockerfile;
  let low = 0;
  let high = instructions.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const instruction = instructions[middle];
    if (!instruction) return null;
    if (offset < instruction.span.start) high = middle - 1;
    else if (offset > instruction.span.end) low = middle + 1;
    else return instruction;
  }
  return null;
}

/** The edit that ignores a finding at its instruction: adds to the comment above, or puts one there. */
export function insertIgnore(dockerfile: Dockerfile, finding: ReportedFinding): Edit | null {
  const instruction = instructionAt(dockerfile, finding.at.start);
  if (!instruction) return null;
  const existing = readSuppressions(dockerfile)
    .forInstruction(instruction)
    .find((comment) => comment.dialect === 'layerwise' && comment.names.length > 0);
  const last = existing?.names.at(-1);
  if (last) return { span: { start: last.span.end, end: last.span.end }, newText: `,${finding.rule.id}` };
  const lineStart = dockerfile.lines.lineStart(instruction.line);
  const indent = dockerfile.text.slice(lineStart, instruction.span.start).replace(/^\uFEFF/, '');
  const at = instruction.span.start;
  return {
    span: { start: at, end: at },
    newText: `# layerwise ignore=${finding.rule.id}${dockerfile.eol}${/^\s*$/.test(indent) ? indent : ''}`,
  };
}

/** The edit that ignores a rule in the whole file: adds to the comment that is there, or puts one below the directives. */
export function insertIgnoreFile(dockerfile: Dockerfile, rule: Rule): Edit {
  const existing = readSuppressions(dockerfile).comments.find(
    (comment) => comment.dialect === 'layerwise' && comment.kind === 'file' && comment.names.length > 0,
  );
  const last = existing?.names.at(-1);
  if (last) return { span: { start: last.span.end, end: last.span.end }, newText: `,${rule.id}` };
  const directive = dockerfile.directives.at(-1);
  const line = directive ? directive.line + 1 : 0;
  const text = `# layerwise ignore-file=${rule.id}${dockerfile.eol}`;
  if (line >= dockerfile.lines.lineCount) {
    const end = dockerfile.text.length;
    return { span: { start: end, end }, newText: `${dockerfile.eol}${text}` };
  }
  const start = line === 0 && dockerfile.text.startsWith('\uFEFF') ? 1 : dockerfile.lines.lineStart(line);
  return { span: { start, end: start }, newText: text };
}

/** Reads `a,b, c -- reason` from an offset of a text. */
function readNames(text: string, from: number, base: number): SuppressedName[] {
  const names: SuppressedName[] = [];
  const end = text.indexOf(' -- ', from) >= 0 ? text.indexOf(' -- ', from) : text.length;
  const pattern = /[\w-]+/g;
  pattern.lastIndex = from;
  let expected = from;
  for (let match = pattern.exec(text); match && match.index < end; match = pattern.exec(text)) {
    // A name must follow a comma; words behind a blank are an explanation.
    const between = text.slice(expected, match.index);
    if (names.length > 0 && !between.includes(',')) break;
    expected = match.index + match[0].length;
    names.push({ name: match[0], span: { start: base + match.index, end: base + expected } });
  }
  return names;
}
