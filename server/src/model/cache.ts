/** The build cache: what a step's key is made of, and which later steps an edit of an instruction makes miss. Measured; see docs/architecture.md. */
import * as l10n from '@vscode/l10n';
import type { Builder } from '../rules/config';
import { variableReferences } from '../syntax/references';
import type { Instruction } from '../syntax/tree';
import { mayHaveChanged } from './changed-content';
import type { CopyStep, Model, RunStep, Stage, Step } from './model';

/** Instructions that BuildKit runs as steps of their own; everything else is configuration to it. */
const fileSteps = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/** Whether BuildKit runs a step (`WORKDIR /` is one by its keyword, and does nothing). */
export const isBuildKitStep = (step: Step): boolean => fileSteps.has(step.keyword);

/** Instructions whose edit changes no file, not even through a later step, on either builder. */
const metadataOnly = new Set([
  'LABEL',
  'MAINTAINER',
  'EXPOSE',
  'VOLUME',
  'CMD',
  'ENTRYPOINT',
  'HEALTHCHECK',
  'STOPSIGNAL',
  'ONBUILD',
]);

/**
 * The later steps, in all stages, that miss the cache when the text of an instruction is edited so that it means something else.
 * On BuildKit these are RUN, COPY, ADD and WORKDIR; the legacy builder has a step for every instruction.
 */
export function invalidatedBy(model: Model, instruction: Instruction): Instruction[] {
  const missed: Instruction[] = [];
  const dirty = new Map<Stage, StageDirt>();
  const changed = new Set<Instruction>();
  const own = model.stageOf(instruction);
  if (!own && instruction.keyword !== 'ARG') return [];
  const globalArg = own ? null : new Set(instruction.body.pairs.map((pair) => pair.name));
  if (globalArg) spreadGlobalArgs(model, instruction, globalArg);
  for (const stage of model.stages) {
    if (own && stage.index < own.index) continue;
    walkStage(stage, { model, edited: instruction, globalArg, dirty, missed, changed });
  }
  return missed;
}

/** What an edit did to a stage by its end. */
interface StageDirt {
  /** The chain of file-changing steps misses. */
  files: boolean;
  /** The configuration that a stage built FROM this one inherits differs (legacy: its image has another id). */
  config: boolean;
  /** Files may differ, not only the identity of the steps: what COPY --from takes may be new. */
  content: boolean;
  env: Set<string>;
  user: boolean;
  shell: boolean;
}

interface Walk {
  readonly model: Model;
  readonly edited: Instruction;
  readonly globalArg: ReadonlySet<string> | null;
  readonly dirty: Map<Stage, StageDirt>;
  readonly missed: Instruction[];
  /** Steps that may leave other files behind than before, and do not only run again. */
  readonly changed: Set<Instruction>;
}

const clean = (): StageDirt => ({
  files: false,
  config: false,
  content: false,
  env: new Set(),
  user: false,
  shell: false,
});

function walkStage(stage: Stage, walk: Walk): void {
  const { edited, globalArg, dirty } = walk;
  const legacy = walk.model.builder === 'legacy';
  const parent = stage.parent ? dirty.get(stage.parent) : undefined;
  // A parent hands on its files, its configuration and, with BuildKit, its ARGs.
  const dirt: StageDirt = parent ? { ...parent, env: new Set() } : clean();
  if (parent) for (const name of parent.env) if (!legacy || isEnvAtEnd(stage.parent, name)) dirt.env.add(name);
  const fromChanged = stage.from === edited || (globalArg !== null && mentions(stage.from, globalArg));
  if (fromChanged) {
    dirt.files = dirt.config = dirt.content = true;
    walk.changed.add(stage.from);
  }
  if (stage.parent?.steps.some((step) => step.instruction === edited && step.keyword === 'ONBUILD')) {
    dirt.files = dirt.config = dirt.content = true;
    walk.changed.add(stage.from);
  }
  for (const step of stage.steps) {
    if (step.instruction === edited) {
      applyEdit(step, dirt);
      walk.changed.add(edited);
      continue;
    }
    if (legacy) missLegacy(step, dirt, walk);
    else missBuildKit(step, dirt, walk);
  }
  dirty.set(stage, dirt);
}

/** What editing the step itself does to what follows. */
function applyEdit(step: Step, dirt: StageDirt): void {
  dirt.config = true;
  if (metadataOnly.has(step.keyword)) return;
  dirt.content = true;
  switch (step.keyword) {
    case 'ENV':
    case 'ARG':
      for (const pair of step.body.pairs) dirt.env.add(pair.name);
      break;
    case 'USER':
      dirt.user = true;
      break;
    case 'SHELL':
      dirt.shell = true;
      break;
    default:
      dirt.files = true;
  }
}

function missBuildKit(step: Step, dirt: StageDirt, walk: Walk): void {
  const { keyword, body } = step;
  const readsDirt = dirt.env.size > 0 && mentions(step.instruction, dirt.env);
  if (fileSteps.has(keyword)) {
    const isRootWorkdir = keyword === 'WORKDIR' && body.rest === '/';
    const seesEnvironment = keyword === 'RUN' && (dirt.env.size > 0 || dirt.user || (dirt.shell && body.json === null));
    const takesFiles = takesFromDirty(step, walk);
    const ownsDirectory = keyword === 'WORKDIR' && dirt.user;
    if (!isRootWorkdir && (dirt.files || readsDirt || seesEnvironment || takesFiles || ownsDirectory)) {
      walk.missed.push(step.instruction);
      // A COPY that only runs again leaves what it left before.
      if (keyword === 'RUN' || readsDirt || takesFiles || ownsDirectory) walk.changed.add(step.instruction);
      dirt.files = dirt.content = true;
    }
    return;
  }
  settle(step, dirt, readsDirt, walk.globalArg);
}

function missLegacy(step: Step, dirt: StageDirt, walk: Walk): void {
  const readsDirt = dirt.env.size > 0 && mentions(step.instruction, dirt.env);
  const takesFiles = takesFromDirty(step, walk);
  if (dirt.config || dirt.files || readsDirt || takesFiles) {
    walk.missed.push(step.instruction);
    if (readsDirt || takesFiles || (step.keyword === 'RUN' && dirt.content)) walk.changed.add(step.instruction);
    dirt.config = true;
    if (takesFiles || (dirt.content && fileSteps.has(step.keyword))) dirt.content = true;
  }
  settle(step, dirt, readsDirt, walk.globalArg);
}

/** Keeps the record of which variables, user and shell differ from before the edit. */
function settle(step: Step, dirt: StageDirt, readsDirt: boolean, globalArg: ReadonlySet<string> | null): void {
  switch (step.keyword) {
    case 'ENV':
    case 'ARG':
      for (const pair of step.body.pairs) {
        const inherits = step.keyword === 'ARG' && pair.value === null;
        const differs = inherits
          ? (globalArg?.has(pair.name) ?? false) || dirt.env.has(pair.name)
          : readsDirt && referencesAny(pair.value ?? '', step.body.escape, dirt.env);
        if (differs) {
          dirt.env.add(pair.name);
          dirt.content = dirt.config = true;
        } else dirt.env.delete(pair.name);
      }
      break;
    case 'USER':
      dirt.user = readsDirt;
      break;
    case 'SHELL':
      dirt.shell = false;
      break;
  }
}

/** Whether a step takes files from a stage whose files may differ. */
function takesFromDirty(step: Step, walk: Walk): boolean {
  return step.stage.uses.some((use) => {
    if (use.instruction !== step.instruction || use.kind === 'from' || !isDirty(walk.dirty.get(use.stage)))
      return false;
    if (use.kind !== 'copy') return true;
    return (step as CopyStep).sources.some(
      ({ value }) => value === null || mayHaveChanged(use.stage, value, walk.changed),
    );
  });
}

const isDirty = (dirt: StageDirt | undefined): boolean => Boolean(dirt?.content && (dirt.files || dirt.config));

function isEnvAtEnd(stage: Stage | null, name: string): boolean {
  for (let current = stage; current; current = current.parent)
    if (current.steps.some((step) => step.keyword === 'ENV' && step.body.pairs.some((pair) => pair.name === name)))
      return true;
  return false;
}

/** Adds the global ARGs below an edited one whose defaults read it. */
function spreadGlobalArgs(model: Model, edited: Instruction, names: Set<string>): void {
  let below = false;
  for (const { instruction, pair } of model.globalArgs) {
    if (instruction === edited) below = true;
    else if (below && pair.value !== null && referencesAny(pair.value, instruction.body.escape, names))
      names.add(pair.name);
  }
}

/** Whether an instruction's own words (not the script of a RUN, which the shell expands) refer to one of the names. */
function mentions(instruction: Instruction, names: ReadonlySet<string>): boolean {
  const { body } = instruction;
  if (instruction.keyword === 'RUN' || instruction.keyword === 'CMD' || instruction.keyword === 'ENTRYPOINT')
    return body.flags.some((flag) => referencesAny(flag.value ?? '', body.escape, names));
  return referencesAny(body.joined, body.escape, names);
}

function referencesAny(text: string, escapeCharacter: '\\' | '`', names: ReadonlySet<string>): boolean {
  if (!text.includes('$')) return false;
  for (const reference of variableReferences(text, escapeCharacter)) if (names.has(reference.name)) return true;
  return false;
}

/** What decides whether a step is taken from the cache: one localized line each; empty for instructions that are no step. */
export function cacheKeyParts(step: Step, builder: Builder): string[] {
  if (builder === 'buildkit' && !fileSteps.has(step.keyword)) return [];
  const parts: string[] = [];
  switch (step.keyword) {
    case 'RUN':
      parts.push(l10n.t('its text, blanks and line breaks included'));
      parts.push(...runKeyParts(step as RunStep));
      break;
    case 'COPY':
    case 'ADD':
      parts.push(...copyKeyParts(step as CopyStep));
      break;
    case 'WORKDIR':
      parts.push(l10n.t('the path after variables are filled in'));
      break;
    default:
      parts.push(l10n.t('its text after variables are filled in'));
  }
  parts.push(
    builder === 'buildkit'
      ? l10n.t('every RUN, COPY, ADD and WORKDIR before it in its chain')
      : l10n.t('every instruction before it in its chain'),
  );
  return parts;
}

function runKeyParts(run: RunStep): string[] {
  const parts: string[] = [];
  const names = [...run.before.scope.all()].map((variable) => variable.name);
  if (names.length > 0)
    parts.push(
      l10n.t(
        'the values of {0}, whether it reads them or not',
        names
          .slice(0, 6)
          .map((name) => `\`${name}\``)
          .join(', ') + (names.length > 6 ? ', …' : ''),
      ),
    );
  if (run.before.user !== null) parts.push(l10n.t('the user `{0}`', run.before.user));
  if (run.before.workdir !== null && run.before.workdirSet)
    parts.push(l10n.t('the working directory `{0}`', run.before.workdir));
  if (run.before.shell && !run.isExec) parts.push(l10n.t('the shell `{0}`', run.before.shell.join(' ')));
  for (const mount of run.mounts) {
    if (mount.type === 'bind')
      parts.push(
        mount.from === null
          ? l10n.t('the files of the build context that it mounts')
          : l10n.t('the files of `{0}` that it mounts', mount.from),
      );
  }
  return parts;
}

function copyKeyParts(copy: CopyStep): string[] {
  const names = copy.sources.map((source) => `\`${source.text}\``).join(', ');
  const parts: string[] = [];
  if (copy.sources.some((source) => /^https?:\/\/|^git@/.test(source.text)))
    parts.push(l10n.t('what the server says of {0} (its ETag or date)', names));
  else if (copy.fromText !== null) parts.push(l10n.t('content and mode of {0} in `{1}`', names, copy.fromText));
  else if (names) parts.push(l10n.t('content and mode of {0}, but not the time of change', names));
  if (copy.body.heredocs.length > 0) parts.push(l10n.t('the text of the here-document'));
  parts.push(l10n.t('the destination and the flags'));
  return parts;
}
