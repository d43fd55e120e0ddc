/** Steps of a stage, with facts that are computed when first asked for and kept. */
import type { Builder } from '../rules/config';
import type { PackageAction, PackageCall, PackageManager } from '../shell/packages';
import type { ShellScript } from '../shell/script';
import { scriptsOf } from '../shell/scripts-of';
import type { LocalSpan, Span } from '../syntax/span';
import type { Flag, Instruction, InstructionBody, Word } from '../syntax/tree';
import { type LayerFact, layerFactOf } from './layers';
import type { CopyPath, CopyStep, Mount, RunStep, Stage, Step, StepState } from './model';
import { isWithin, resolvePath } from './paths';
import { perStep } from './per-step';
import { type RunContent, runContent } from './run-content';
import { findStage } from './stages';
import { expandIn } from './variables';

/** Makes the step of an instruction. `stages` are those opened so far, its own last. */
export function createStep(
  instruction: Instruction,
  stage: Stage,
  index: number,
  before: StepState,
  stages: readonly Stage[],
  builder: Builder,
): Step {
  if (instruction.keyword === 'RUN') return new RunFacts(instruction, stage, index, before, stages, builder);
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD')
    return new CopyFacts(instruction, stage, index, before, stages, builder);
  return new StepFacts(instruction, stage, index, before, stages, builder);
}

export const isRunStep = (step: Step): step is RunFacts => step instanceof RunFacts;
export const isCopyStep = (step: Step): step is CopyStep => step instanceof CopyFacts;

class StepFacts implements Step {
  private layerFact: LayerFact | undefined;

  constructor(
    readonly instruction: Instruction,
    readonly stage: Stage,
    readonly index: number,
    readonly before: StepState,
    protected readonly stages: readonly Stage[],
    protected readonly builder: Builder,
  ) {}

  get body(): InstructionBody {
    return this.instruction.body;
  }

  get keyword(): string {
    return this.instruction.keyword;
  }

  get layer(): LayerFact {
    this.layerFact ??= layerFactOf(this, this.builder);
    return this.layerFact;
  }

  get scripts(): readonly ShellScript[] {
    return this.stage.isWindows ? [] : scriptsOf(this.body, this.before.shell);
  }

  at(local: LocalSpan): Span {
    return this.instruction.at(local);
  }

  /** What `ONBUILD RUN …` runs, as a step at its place; null where it is none. */
  triggerRun(): RunStep | null {
    const { instruction } = this;
    const { trigger } = instruction.body;
    if (instruction.keyword !== 'ONBUILD' || trigger?.known !== 'RUN') return null;
    const { index, span, line, endLine, precedingComments } = instruction;
    const at = (local: LocalSpan) => instruction.at(local);
    const run = { index, body: trigger, keyword: 'RUN', span, line, endLine, precedingComments, at };
    return new RunFacts(run, this.stage, this.index, this.before, this.stages, this.builder);
  }
}

/** The RUN that an ONBUILD wraps, its spans being local to the ONBUILD; null for everything else. */
export const triggeredRun = (step: Step): RunStep | null => (step instanceof StepFacts ? step.triggerRun() : null);

class RunFacts extends StepFacts implements RunStep {
  private ownContent: RunContent | undefined;

  get content(): RunContent {
    this.ownContent ??= runContent(this);
    return this.ownContent;
  }

  override get scripts(): readonly ShellScript[] {
    return this.content.scripts;
  }

  get mounts(): readonly Mount[] {
    return mountsOf(this.body);
  }

  /** Stages that its mounts take files from, with the places of their names. */
  get mountUses(): readonly { readonly stage: Stage; readonly span: LocalSpan }[] {
    const uses: { stage: Stage; span: LocalSpan }[] = [];
    for (const mount of this.mounts) {
      if (mount.from === null) continue;
      const stage = stageByReference(this.stages, mount.from);
      if (stage) uses.push({ stage, span: mount.span });
    }
    return uses;
  }

  get isExec(): boolean {
    return this.body.json !== null;
  }

  get isKnown(): boolean {
    return this.content.isKnown;
  }

  calls(manager?: PackageManager | readonly PackageManager[], action?: PackageAction): readonly PackageCall[] {
    const { calls } = this.content;
    if ((manager === undefined && action === undefined) || calls.length === 0) return calls;
    return calls.filter(
      (call) =>
        (manager === undefined ||
          (typeof manager === 'string' ? call.manager === manager : manager.includes(call.manager))) &&
        (action === undefined || call.action === action),
    );
  }

  hasCacheMount(path: string): boolean {
    return this.mounts.some((mount) => {
      if (mount.type !== 'cache' && mount.type !== 'tmpfs') return false;
      if (mount.target === null) return true;
      const target = resolvePath(
        this.before.workdir,
        expandIn(mount.target, this.before.scope, this.body.escape) ?? '/',
      );
      return target === null || isWithin(path, target) || isWithin(target, path);
    });
  }
}

class CopyFacts extends StepFacts implements CopyStep {
  get fromText(): string | null {
    return this.body.flags.find((flag) => flag.name === 'from')?.value ?? null;
  }

  get fromStage(): Stage | null {
    const from = this.fromText;
    return from === null ? null : stageByReference(this.stages, from);
  }

  get sources(): readonly CopyPath[] {
    return copyPaths(this).sources;
  }

  get destination(): CopyPath | null {
    return copyPaths(this).destination;
  }

  get destinationPath(): string | null {
    const value = this.destination?.value;
    if (value === null || value === undefined) return null;
    const path = resolvePath(this.before.workdir, value);
    if (path === null) return null;
    const isDirectory = /(?:^|\/)\.?$/.test(value) || value.endsWith('/..') || value === '..';
    return isDirectory && path !== '/' ? `${path}/` : path;
  }
}

interface CopyPaths {
  readonly sources: readonly CopyPath[];
  readonly destination: CopyPath | null;
}

const copyPaths = perStep(({ body, before }: Step): CopyPaths => {
  const words = body.json ?? body.words;
  const all = words.map((word) => toCopyPath(word, body, before));
  const destination = all.length > 1 ? (all.at(-1) ?? null) : null;
  const heredocs = new Set(body.heredocs.map((heredoc) => heredoc.span.from));
  const sources = (destination ? all.slice(0, -1) : all).filter((path) => !heredocs.has(path.span.from));
  return { sources, destination };
});

function toCopyPath(word: Word, body: InstructionBody, before: StepState): CopyPath {
  return { text: word.text, value: expandIn(word.text, before.scope, body.escape), span: word.span };
}

/** The stage that `--from=` or a mount's `from` names: by name, or by number among the stages before the current one. */
function stageByReference(stages: readonly Stage[], reference: string): Stage | null {
  const earlier = stages.slice(0, -1);
  if (/^\d+$/.test(reference)) return earlier[Number(reference)] ?? null;
  return findStage(earlier, reference);
}

const NO_MOUNTS: readonly Mount[] = [];
const knownMounts = new WeakMap<InstructionBody, readonly Mount[]>();

/** The mounts of a RUN; kept, since they are asked for in every version of a document. */
function mountsOf(body: InstructionBody): readonly Mount[] {
  if (body.flags.length === 0) return NO_MOUNTS;
  let mounts = knownMounts.get(body);
  if (!mounts) {
    mounts = body.flags.filter((flag) => flag.name === 'mount').map(parseMount);
    knownMounts.set(body, mounts);
  }
  return mounts;
}

function parseMount(flag: Flag): Mount {
  const options = new Map<string, string>();
  for (const field of (flag.value ?? '').split(',')) {
    const equals = field.indexOf('=');
    const key = (equals < 0 ? field : field.slice(0, equals)).trim().toLowerCase();
    if (key) options.set(key, equals < 0 ? '' : field.slice(equals + 1).replace(/^"(.*)"$/, '$1'));
  }
  const pick = (...keys: string[]) => keys.map((key) => options.get(key)).find((value) => value !== undefined) ?? null;
  return {
    span: flag.span,
    type: options.get('type') ?? 'bind',
    target: pick('target', 'dst', 'destination'),
    from: pick('from'),
    source: pick('source', 'src'),
    options,
  };
}
