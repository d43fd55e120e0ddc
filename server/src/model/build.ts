/** Builds the model of a parsed Dockerfile: `buildModel` is the way in. */
import type { Builder } from '../rules/config';
import type { Dockerfile, Instruction, InstructionBody, Word } from '../syntax/tree';
import { parseImageReference } from './images';
import type { ArgDefinition, Model, Stage, StageUse, Step, StepState } from './model';
import { resolvePath } from './paths';
import { findStage, looksLikeWindows } from './stages';
import { nextStateKey, stateKey } from './state-keys';
import { createStep, isCopyStep, isRunStep } from './steps';
import {
  argDefinitions,
  emptyScope,
  envDefinitions,
  expandIn,
  extendScope,
  predefinedScope,
  type Scope,
  type Variable,
} from './variables';

/** Builds the model. Never throws; what cannot be known is null. */
export function buildModel(dockerfile: Dockerfile, builder: Builder): Model {
  const stages: MutableStage[] = [];
  const globalArgs: ArgDefinition[] = [];
  const strays: Instruction[] = [];
  const stepOf = new Map<Instruction, Step>();
  const stageOf = new Map<Instruction, Stage>();
  let globals: Scope = predefinedScope;
  let globalsKey = stateKey('no ARG');
  let state: StepState | null = null;
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword === 'FROM') {
      const stage = openStage(instruction, stages, globals, dockerfile);
      stages.push(stage);
      stageOf.set(instruction, stage);
      state = initialState(stage, builder, globalsKey);
      continue;
    }
    const stage = stages.at(-1);
    if (!stage || !state) {
      if (instruction.keyword === 'ARG') {
        for (const pair of instruction.body.pairs) globalArgs.push({ instruction, pair });
        globals = extendScope(globals, argDefinitions(instruction, globals, null));
        globalsKey = nextStateKey(globalsKey, instruction.body);
      } else strays.push(instruction);
      continue;
    }
    const step = createStep(instruction, stage, stage.steps.length, state, stages, builder);
    stage.steps.push(step);
    stepOf.set(instruction, step);
    stageOf.set(instruction, stage);
    collectUses(step, stage);
    state = stateAfter(state, step, globals);
    stage.after = state;
  }
  const finalStage = stages.at(-1) ?? null;
  if (finalStage) {
    finalStage.isFinal = true;
    markNeeded(finalStage);
  }
  const steps = stages.flatMap((stage) => stage.steps);
  return {
    dockerfile,
    builder,
    instructions: dockerfile.instructions,
    stages,
    allStages: stages,
    finalStage,
    globalArgs,
    steps,
    runs: steps.filter(isRunStep),
    copies: steps.filter(isCopyStep),
    strays,
    stepOf: (instruction) => stepOf.get(instruction) ?? null,
    stageOf: (instruction) => stageOf.get(instruction) ?? null,
  };
}

/** A stage while it is being built; handed out read-only. */
interface MutableStage extends Stage {
  readonly steps: Step[];
  readonly uses: StageUse[];
  isNeeded: boolean;
  isFinal: boolean;
  /** What holds behind its last step. */
  after: StepState | null;
}

function openStage(
  from: Instruction,
  earlier: readonly MutableStage[],
  globals: Scope,
  file: Dockerfile,
): MutableStage {
  const { words } = from.body;
  const base = words[0];
  const name = stageName(words);
  const baseText = base?.text ?? '';
  const baseName = base ? expandIn(baseText, globals, from.body.escape, true) : null;
  const parent = baseName === null ? null : findStage(earlier, baseName);
  const isScratch = !parent && baseName === 'scratch';
  const image = parent || isScratch || baseName === null ? null : parseImageReference(baseName);
  const rootImage = parent ? parent.rootImage : image;
  const uses: StageUse[] = [];
  if (parent && base) uses.push({ stage: parent, instruction: from, kind: 'from', span: base.span });
  const platform = from.body.flags.find((flag) => flag.name === 'platform')?.value ?? null;
  return {
    index: earlier.length,
    from,
    name: name?.text ?? null,
    nameSpan: name?.span ?? null,
    baseText,
    baseSpan: base?.span ?? null,
    baseName,
    parent,
    image,
    isScratch,
    rootImage,
    platform,
    isWindows: parent
      ? parent.isWindows
      : looksLikeWindows(baseName ?? baseText) ||
        (platform ?? '').startsWith('windows') ||
        (image === null && !isScratch && file.escape === '`'),
    steps: [],
    isNeeded: false,
    isFinal: false,
    uses,
    after: parent ? (earlier[parent.index]?.after ?? null) : null,
  };
}

function stageName(words: readonly Word[]): Word | null {
  const as = words[1];
  if (words.length !== 3 || as?.text.toLowerCase() !== 'as') return null;
  return words[2] ?? null;
}

function initialState(stage: MutableStage, builder: Builder, globalsKey: number): StepState {
  const inherited = stage.parent ? stage.after : null;
  if (inherited) {
    // A stage inherits WORKDIR, USER, SHELL, ENV and with BuildKit also ARG of the stage it is built FROM.
    if (builder === 'buildkit') return inherited;
    const env = [...inherited.scope.all()].filter((variable) => variable.kind === 'env');
    return { ...inherited, scope: extendScope(emptyScope, env), key: stateKey(`env of ${inherited.key}`) };
  }
  return {
    workdir: stage.isScratch ? '/' : null,
    workdirSet: false,
    user: null,
    userStep: null,
    shell: null,
    scope: emptyScope,
    key: stateKey(`${stage.isScratch ? 'scratch' : 'image'} under ${globalsKey}`),
  };
}

function stateAfter(state: StepState, step: Step, globals: Scope): StepState {
  const { instruction, body } = step;
  const keyAfter = () => nextStateKey(state.key, body);
  switch (step.keyword) {
    case 'ENV':
    case 'ARG':
      return { ...state, key: keyAfter(), scope: extendScope(state.scope, definitionsOf(instruction, state, globals)) };
    case 'WORKDIR': {
      const path = expandIn(body.rest, state.scope, body.escape);
      return {
        ...state,
        key: keyAfter(),
        workdirSet: true,
        workdir: path === null ? null : resolvePath(state.workdir, path),
      };
    }
    case 'USER':
      return { ...state, key: keyAfter(), user: body.rest, userStep: step };
    case 'SHELL':
      return body.json ? { ...state, key: keyAfter(), shell: body.json.map((word) => word.text) } : state;
    default:
      return state;
  }
}

interface Values {
  /** The key of the state that they were expanded in. */
  readonly state: number;
  readonly definitions: readonly Variable[];
}

const knownValues = new WeakMap<InstructionBody, Values>();

/** What an ENV or ARG defines; values are expanded once for all versions of a document in which they come out the same. */
function definitionsOf(instruction: Instruction, { key, scope }: StepState, globals: Scope): readonly Variable[] {
  const { body, keyword } = instruction;
  const known = knownValues.get(body);
  if (known?.state === key)
    return known.definitions.map(({ name, value, kind }) => ({ name, value, kind, definedBy: instruction }));
  const definitions =
    keyword === 'ENV' ? envDefinitions(instruction, scope) : argDefinitions(instruction, scope, globals);
  const values = definitions.map(({ name, value, kind }) => ({ name, value, kind, definedBy: null }));
  knownValues.set(body, { state: key, definitions: values });
  return definitions;
}

function collectUses(step: Step, stage: MutableStage): void {
  const { instruction } = step;
  if (isCopyStep(step)) {
    const flag = step.body.flags.find((candidate) => candidate.name === 'from');
    if (step.fromStage && flag?.valueSpan)
      stage.uses.push({ stage: step.fromStage, instruction, kind: 'copy', span: flag.valueSpan });
  }
  if (isRunStep(step))
    for (const use of step.mountUses) stage.uses.push({ stage: use.stage, instruction, kind: 'mount', span: use.span });
}

function markNeeded(stage: MutableStage): void {
  if (stage.isNeeded) return;
  stage.isNeeded = true;
  for (const use of stage.uses) markNeeded(use.stage as MutableStage);
}
