/** What a Dockerfile means: stages, steps, what each makes and depends on. Built once per version, read-only, pure. */
import type { Builder } from '../rules/config';
import type { PackageAction, PackageCall, PackageManager } from '../shell/packages';
import type { ShellScript } from '../shell/script';
import type { LocalSpan, Span } from '../syntax/span';
import type { Dockerfile, Instruction, InstructionBody, Pair } from '../syntax/tree';
import type { ImageReference } from './images';
import type { LayerFact } from './layers';
import type { RunContent } from './run-content';
import type { Scope } from './variables';

export interface Model {
  readonly dockerfile: Dockerfile;
  readonly builder: Builder;
  /** The instructions to look at: all of the file's, or those of one part when the model is that of a part. */
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  /** Every stage of the file, also in the model of a part. */
  readonly allStages: readonly Stage[];
  /** The stage a plain `docker build` makes: the last one; null in a file without FROM. */
  readonly finalStage: Stage | null;
  /** ARGs above the first FROM. */
  readonly globalArgs: readonly ArgDefinition[];
  /** Every step of every stage in the order of the file, FROM not included. */
  readonly steps: readonly Step[];
  /** The RUN steps among them (ONBUILD RUN not included). */
  readonly runs: readonly RunStep[];
  /** The COPY and ADD steps among them (ONBUILD not included). */
  readonly copies: readonly CopyStep[];
  /** Instructions before the first FROM that are no ARG. */
  readonly strays: readonly Instruction[];
  /** The step of an instruction; null for FROM, global ARGs and strays. */
  stepOf(instruction: Instruction): Step | null;
  /** The stage an instruction belongs to (its FROM included); null above the first FROM. */
  stageOf(instruction: Instruction): Stage | null;
}

export interface ArgDefinition {
  readonly instruction: Instruction;
  readonly pair: Pair;
}

export interface Stage {
  readonly index: number;
  readonly from: Instruction;
  /** As written behind AS; null without. */
  readonly name: string | null;
  readonly nameSpan: LocalSpan | null;
  /** The base as written (`node:${V}`); '' where FROM has no argument. */
  readonly baseText: string;
  readonly baseSpan: LocalSpan | null;
  /** The base after expansion with ARG defaults; null where a variable is unknown. */
  readonly baseName: string | null;
  /** The stage it is built FROM; null for an image. */
  readonly parent: Stage | null;
  /** The parsed reference of the image; null for a stage, scratch, or what could not be expanded or parsed. */
  readonly image: ImageReference | null;
  readonly isScratch: boolean;
  /** The image reference at the root of its chain of parents; null where unknown or scratch. */
  readonly rootImage: ImageReference | null;
  /** Value of --platform as written; null without. */
  readonly platform: string | null;
  /** Surely or probably Windows: rules about POSIX shells stay silent. */
  readonly isWindows: boolean;
  readonly steps: readonly Step[];
  /** The final stage, or one it needs through FROM, COPY --from or RUN --mount. */
  readonly isNeeded: boolean;
  readonly isFinal: boolean;
  /** What it takes from other stages. */
  readonly uses: readonly StageUse[];
}

export interface StageUse {
  readonly stage: Stage;
  /** The instruction that refers to it: FROM, COPY, ADD or RUN. */
  readonly instruction: Instruction;
  readonly kind: 'from' | 'copy' | 'mount';
  /** The name or number as written, in its instruction. */
  readonly span: LocalSpan;
}

export interface Step {
  readonly instruction: Instruction;
  readonly body: InstructionBody;
  readonly keyword: string;
  readonly stage: Stage;
  /** Position among the stage's steps. */
  readonly index: number;
  /** What holds when the step runs, the stage's base included as far as it is known. */
  readonly before: StepState;
  /** What the instruction makes in the image. */
  readonly layer: LayerFact;
  /** A local span of its instruction as a document span. */
  at(local: LocalSpan): Span;
  /** The scripts in it (RUN, shell-form CMD, ENTRYPOINT, HEALTHCHECK, ONBUILD of these); empty otherwise. */
  readonly scripts: readonly ShellScript[];
}

export interface RunStep extends Step {
  /** What it says, the same object in every version of the document in which text and state are the same. */
  readonly content: RunContent;
  /** Package-manager calls of all its scripts, optionally only those of some managers and of one action. */
  calls(manager?: PackageManager | readonly PackageManager[], action?: PackageAction): readonly PackageCall[];
  readonly mounts: readonly Mount[];
  /** A cache mount whose target is the path, or above or below it. */
  hasCacheMount(path: string): boolean;
  /** Exec form. */
  readonly isExec: boolean;
  /** All scripts parsed, shell known, no Windows. */
  readonly isKnown: boolean;
}

export interface Mount {
  readonly span: LocalSpan;
  readonly type: string;
  readonly target: string | null;
  readonly from: string | null;
  readonly source: string | null;
  /** All keys, lower-case, as written. */
  readonly options: ReadonlyMap<string, string>;
}

export interface CopyStep extends Step {
  /** --from as written; null for the build context. */
  readonly fromText: string | null;
  readonly fromStage: Stage | null;
  /** Sources as written, heredoc sources not included. */
  readonly sources: readonly CopyPath[];
  readonly destination: CopyPath | null;
  /** The destination as an absolute path, its trailing slash kept; null where a variable or an unknown WORKDIR is in it. */
  readonly destinationPath: string | null;
}

export interface CopyPath {
  readonly text: string;
  /** After expansion; null where a variable is unknown. */
  readonly value: string | null;
  readonly span: LocalSpan;
}

export interface StepState {
  /** Absolute path; null where it is not known (relative to an unknown base's WORKDIR, or an unknown variable). */
  readonly workdir: string | null;
  /** A WORKDIR instruction was seen in the stage's chain. */
  readonly workdirSet: boolean;
  /** The USER in force as written; null where no USER instruction was seen in the chain (the base decides). */
  readonly user: string | null;
  /** The last USER instruction in the chain. */
  readonly userStep: Step | null;
  /** The words of the SHELL in force; null for the default shell. */
  readonly shell: readonly string[] | null;
  /** ENV and ARG names that the step can see. */
  readonly scope: Scope;
  /** Equal for equal states, also in another version of the document. */
  readonly key: number;
}
