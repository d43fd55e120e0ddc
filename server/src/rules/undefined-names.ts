/** Whether a variable is surely undefined where an instruction uses it, and why. */
import { baseBringsOnlyPath } from '../model/base-config';
import type { Model, Stage, Step } from '../model/model';
import { perStep } from '../model/per-step';
import { platformArgs, type Variable } from '../model/variables';
import type { ExpandedText } from '../syntax/expanded-texts';
import type { Instruction, Pair } from '../syntax/tree';
import { editDistance } from './nearest-name';

/** A place that defines the name, but not for the instruction in question. */
interface Definition {
  readonly instruction: Instruction;
  readonly pair: Pair;
  readonly stage: Stage;
  /** 1-based. */
  readonly line: number;
}

export type UndefinedReason =
  | { readonly kind: 'global' }
  | { readonly kind: 'platform' }
  | ({ readonly kind: 'later' } & Definition)
  | ({ readonly kind: 'elsewhere' } & Definition)
  | { readonly kind: 'misspelt'; readonly meant: string }
  /** The base is known to bring nothing. */
  | { readonly kind: 'nowhere'; readonly base: string };

export type Lookup = (name: string) => Variable | undefined;

/** The variables that a text of a step sees. Of several pairs in one ARG the later ones see the earlier ones. */
export function definedVariables(step: Step, text: ExpandedText): Lookup {
  const { scope } = step.before;
  if (step.keyword !== 'ARG' || step.body.pairs.length === 1) return (name) => scope.get(name);
  const earlier = step.body.pairs.filter((pair) => pair.span.to <= text.span.from);
  return (name) =>
    earlier.some((pair) => pair.name === name)
      ? { name, value: null, kind: 'arg', definedBy: step.instruction }
      : scope.get(name);
}

/** PATH is always there. An ARG without a value counts as defined, as Docker sees it. */
export const isVisible = (visible: Lookup, name: string): boolean => name === 'PATH' || visible(name) !== undefined;

/** Why a name that the file does not define for this text is surely undefined; null where the base may bring it. */
export function whyUndefined(model: Model, step: Step, text: ExpandedText, name: string): UndefinedReason | null {
  const { stage } = step;
  if (definedByTrigger(stage, name)) return null;
  const isPlain = baseBringsOnlyPath(stage);
  if (!isPlain && isNamedAfterBase(stage, name)) return null;
  if (model.globalArgs.some(({ pair }) => pair.name === name)) return { kind: 'global' };
  if (platformArgs.has(name)) return { kind: 'platform' };
  const addsToItself = step.body.pairs.some((pair) => pair.name === name);
  if (!addsToItself && (isPlain || !usuallyFromBase.test(name))) {
    const definition = definitionElsewhere(model, step, name);
    // What the base is may be left to a variable, which may name an image that brings anything.
    if (definition && (isPlain || stage.rootImage))
      return { kind: definition.stage === stage ? 'later' : 'elsewhere', ...definition };
  }
  const meant = misspeltName(step, text, name);
  if (meant) return { kind: 'misspelt', meant };
  return isPlain ? { kind: 'nowhere', base: rootText(stage) } : null;
}

/** Names that images bring so often that a definition elsewhere in the file says nothing about them. */
const usuallyFromBase =
  /(?:^|_)(?:HOME|DIR|ROOT|PATH|VERSION|URL|PREFIX)$|PATH$|^(?:USER|LANG|LANGUAGE|LC_\w+|TERM|TZ|SHELL|PWD|DISPLAY)$|FLAGS$/i;

/** `NODE_VERSION` in an image called `node`, `CUDA_…` in `nvidia/cuda`: the image is likely to bring it. */
function isNamedAfterBase(stage: Stage, name: string): boolean {
  const base = (stage.rootImage?.path ?? rootText(stage)).toLowerCase();
  const words = name
    .toLowerCase()
    .split('_')
    .filter((word) => word.length > 1 && !commonWords.has(word));
  return words.some((word) => base.includes(word)) || (base.includes('jdk') && words.includes('java'));
}

const commonWords: ReadonlySet<string> = new Set(
  'arg app base build builder dir home image img name path port registry repo repository root tag url user version'.split(
    ' ',
  ),
);

/** An ONBUILD ARG or ENV of a parent stage, which defines the name at the start of this one. */
function definedByTrigger(stage: Stage, name: string): boolean {
  const triggers = stage.parent?.steps.filter((step) => step.keyword === 'ONBUILD') ?? [];
  return triggers.some(({ body }) => {
    const keyword = body.trigger?.keyword;
    return (keyword === 'ARG' || keyword === 'ENV') && body.trigger?.pairs.some((pair) => pair.name === name);
  });
}

/** Further down in the stage first, then in other stages. A definition that reads its own name adds to one that is there. */
function definitionElsewhere(model: Model, step: Step, name: string): Definition | null {
  let elsewhere: Definition | null = null;
  for (const definition of definitionsIn(model.stages).get(name) ?? []) {
    if (definition.instruction === step.instruction || readsItself(definition.pair)) continue;
    if (definition.stage === step.stage) return definition;
    elsewhere ??= definition;
  }
  return elsewhere;
}

const knownDefinitions = new WeakMap<readonly Stage[], ReadonlyMap<string, readonly Definition[]>>();

/** Every ENV and ARG of some stages by the names that they define, in the order of the file; of one the first pair of a name. */
function definitionsIn(stages: readonly Stage[]): ReadonlyMap<string, readonly Definition[]> {
  const known = knownDefinitions.get(stages);
  if (known) return known;
  const definitions = new Map<string, Definition[]>();
  for (const stage of stages) {
    for (const { instruction, keyword, body } of stage.steps) {
      if (keyword !== 'ENV' && keyword !== 'ARG') continue;
      for (const pair of body.pairs) {
        const others = definitions.get(pair.name);
        if (others?.at(-1)?.instruction === instruction) continue;
        const definition = { instruction, pair, stage, line: instruction.line + 1 };
        if (others) others.push(definition);
        else definitions.set(pair.name, [definition]);
      }
    }
  }
  knownDefinitions.set(stages, definitions);
  return definitions;
}

function readsItself({ name, value }: Pair): boolean {
  if (!value?.includes('$')) return false;
  return new RegExp(`\\$\\{?${name.replace(/\W/g, '\\$&')}\\b`).test(value);
}

/** A visible name that differs in one letter: one more, one less, another one, two swapped, or upper for lower case. */
function misspeltName(step: Step, text: ExpandedText, name: string): string | null {
  if (name.length < 4) return null;
  const found = misspeltNames(step);
  const key = `${text.span.from} ${name}`;
  let meant = found.get(key);
  if (meant === undefined) {
    meant = readMisspeltName(step, text, name);
    found.set(key, meant);
  }
  return meant;
}

/** What was found for a step: only its text and what it sees decide. */
const misspeltNames = perStep((_: Step) => new Map<string, string | null>());

function readMisspeltName(step: Step, text: ExpandedText, name: string): string | null {
  const names = [...step.before.scope.all()].map((variable) => variable.name);
  if (step.keyword === 'ARG')
    names.push(...step.body.pairs.filter((pair) => pair.span.to <= text.span.from).map((pair) => pair.name));
  return [...names, 'PATH'].find((candidate) => isOneLetterOff(name, candidate)) ?? null;
}

function isOneLetterOff(name: string, candidate: string): boolean {
  if (candidate === name || candidate.length < 4) return false;
  // `LIB1` and `LIB2` are two names.
  if (name.replace(/\d+/g, '') === candidate.replace(/\d+/g, '')) return false;
  return editDistance(name.toLowerCase(), candidate.toLowerCase(), 2) < 2;
}

function rootText(stage: Stage): string {
  let root = stage;
  while (root.parent) root = root.parent;
  return root.baseText;
}
