/** What a rule is, what it finds and how it repairs. Rules are data plus one pure generator; the engine adds the rest. */
import type { BuildContext } from '../context/context';
import type { Model } from '../model/model';
import type { Span } from '../syntax/span';
import type { Keyword } from '../syntax/tree';
import type { Builder, Config } from './config';
import type { SuppressedName, SuppressionComment } from './suppress';

export type Category = 'syntax' | 'correctness' | 'cache' | 'size' | 'security' | 'reproducibility' | 'style' | 'shell';
export type Severity = 'error' | 'warning' | 'info' | 'hint';
export type Safety = 'safe' | 'suggestion';

/** What a rule's check may look at. Everything in it is read-only. */
export interface RuleInput {
  readonly model: Model;
  readonly config: Config;
  /** The build context, or null where it is not known: then nothing about files may be concluded. */
  readonly context: BuildContext | null;
}

export interface Rule {
  /** Names the problem; the file's name; never renamed, only aliased. */
  readonly id: string;
  readonly category: Category;
  /** 'off': only on request. */
  readonly severity: Severity | 'off';
  /** Names in other tools, honoured in ignore comments and selections. A finding carries them all unless it names its own. */
  readonly aliases: readonly string[];
  /** Whether a configuration asks for a rule that is off in other words than by its name: by saying what it is to look for. */
  readonly isAskedFor?: (config: Config) => boolean;
  /**
   * Aliases of a rule that is on whose findings are nevertheless made on request only: when the rule is given a severity or is
   * selected, by its id or by such an alias, or with all that is off.
   */
  readonly onRequest?: readonly string[];
  /** The best that this rule's fix can be; that of `safeFor` aside. */
  readonly fix: Safety | 'none';
  /** The builder for which suggestions of this rule may be safe. */
  readonly safeFor?: Builder;
  /** What a safe fix changes in the built image; 'nothing' is the usual value. */
  readonly changes?: ImageChanges;
  /** Fixes of lower numbers are applied first when several are at hand; 50 where not given. */
  readonly order?: number;
  /**
   * What a finding can depend on, and so how often the rule is asked while somebody types.
   * `instruction`: one instruction, what holds before it (`StepState`) and its stage's base; its related places lie in it too.
   * `stage` (where not given): the stage, those that hang together with it by FROM, COPY --from or mounts (`allStages`), and
   * what stands above the first FROM; its related places lie in the stage. `file`: anything in the file.
   * The rule is asked piece by piece, with a model of that piece, and its findings are kept while nothing of that changes.
   */
  readonly scope?: 'instruction' | 'stage' | 'file';
  /**
   * The instructions that the rule looks at, upper-case; all where not given. It is not asked about a piece that has none of
   * them: with scope `instruction` about another instruction, else about a stage or file without one.
   */
  readonly keywords?: readonly Keyword[];
  /** Another program whose check it is, and that check's page; `check` finds nothing then, the program does. */
  readonly foundBy?: { readonly name: string; readonly page: string };
  readonly docs: RuleDocs;
  readonly examples: readonly Example[];
  check(input: RuleInput): Iterable<Finding>;
  /** Looks at what the ignore comments did to the findings of all other rules; asked last, and only where there are such comments. */
  review?(input: RuleInput, review: Review): Iterable<Finding>;
}

/** What ignore comments did. */
export interface Review {
  readonly comments: readonly SuppressionComment[];
  /** Whether a name in a comment took a finding away. */
  isUsed(comment: SuppressionComment, name: SuppressedName): boolean;
  /** The rules that a name in a comment means and that were asked, whether or not a comment ignores them. */
  asked(comment: SuppressionComment, name: SuppressedName): readonly Rule[];
}

/** How an image built after a safe fix may differ from the one built before. Checked by building both. */
export interface ImageChanges {
  /** One line for people: `removes /var/lib/apt/lists/*`. */
  readonly what: string;
  /** Globs of paths that may vanish, appear or differ. */
  readonly files?: readonly string[];
  /** Keys of the image config that may differ (`Cmd`, `Entrypoint`, `Labels`, `Author`…). */
  readonly config?: readonly string[];
}

export interface RuleDocs {
  /** What is found, a sentence or two. Markdown. */
  readonly what: string;
  /** What it costs. */
  readonly why: string;
  /** How to repair it, and what the quick fix does. */
  readonly fix: string;
  /** When it is right to ignore it. */
  readonly ignore: string;
  readonly references: readonly string[];
}

/** Files of an example's build context: path → content. */
export type ExampleFiles = Readonly<Record<string, string>>;

/**
 * An example is a test and a part of the docs page. Texts are fixtures: annotation lines (`^^^ warning rule-id: message`) mark findings.
 * `bad` fires as annotated; `good` is exactly what the fix yields (left out where there is none); `ok` is silent.
 */
export type Example =
  | {
      readonly bad: string;
      readonly good?: string;
      readonly files?: ExampleFiles;
      readonly builder?: 'buildkit' | 'legacy';
      /** What the rule needs to be told: trusted registries, a label schema. */
      readonly config?: Partial<Config>;
      readonly because?: string;
    }
  | {
      readonly ok: string;
      readonly because: string;
      readonly files?: ExampleFiles;
      readonly builder?: 'buildkit' | 'legacy';
      /** What the rule needs to be told: trusted registries, a label schema. */
      readonly config?: Partial<Config>;
    };

/** Something wrong at a place of the document. */
export interface Finding {
  readonly at: Span;
  /** One sentence that quotes the user's text and says what it costs; localized. */
  readonly message: string;
  /** Where this finding's severity differs from the rule's. */
  readonly severity?: Severity;
  /** Only the names under which other tools report this very finding; the rule's aliases where not given. */
  readonly aliases?: readonly string[];
  readonly related?: readonly RelatedPlace[];
  readonly tags?: readonly ('unnecessary' | 'deprecated')[];
  /** Computed only when somebody asks. */
  readonly fix?: () => FixResult;
}

export interface RelatedPlace {
  readonly at: Span;
  readonly message: string;
}

export type FixResult = Fix | Refusal;

export interface Fix {
  /** Imperative: `Merge with the RUN on line 12`; localized. */
  readonly title: string;
  readonly safety: Safety;
  /** Non-overlapping, in any order, in the coordinates of the analysed text. */
  readonly edits: readonly Edit[];
  /** Files to be made, or added to, beside the Dockerfile, paths relative to the build context. */
  readonly creates?: readonly FileCreation[];
  /**
   * What else the fix relies on staying as it is while it is applied: a fix that moves or merges instructions claims them whole.
   * Two fixes whose edits or claims touch are never applied in the same pass.
   */
  readonly claims?: readonly Span[];
  /** Why it is worth it, for Optimize's list; the finding's message where not given. */
  readonly reason?: string;
  /** What the image loses in bytes, or a rebuild in time, in a few words: `20 to 50 MB of package lists`; localized. */
  readonly saves?: string;
  /** What the author must judge before taking a suggestion. */
  readonly risk?: string;
}

/** Why a finding cannot be repaired automatically; localized, one sentence that names lines and texts. */
export interface Refusal {
  readonly refused: string;
}

export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

export interface FileCreation {
  readonly path: string;
  /** All of the file, or what is added at its end where `follows` is given. */
  readonly content: string;
  /** The text of a file that is there already and keeps it; it must not have changed meanwhile. */
  readonly follows?: string;
}

/** True for a refusal. */
export const isRefusal = (result: FixResult): result is Refusal => 'refused' in result;

/** Whether fixes of a rule may be safe for what a builder gets. */
export const mayBeSafe = ({ fix, safeFor }: Rule, builder: Builder): boolean => fix === 'safe' || safeFor === builder;

/** Declares a rule; exists for type inference and to be found by the generator. */
export const defineRule = (rule: Rule): Rule => rule;

/**
 * A Dockerfile in a template literal: backslashes stay, the common indentation and the first line's break go.
 * `\`` and `\${` may be written for a backtick and for `${`.
 */
export function dockerfile(strings: TemplateStringsArray, ...values: readonly string[]): string {
  const raw = strings.raw.map((part, index) => part.replace(/\\(`|\$\{)/g, '$1') + (values[index] ?? '')).join('');
  const lines = raw.replace(/^\n/, '').split('\n');
  if (lines.at(-1)?.trim() === '') lines[lines.length - 1] = '';
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents, 1000);
  return lines.map((line) => line.slice(indent)).join('\n');
}
