/** Runs rules over a model: adds what every finding has (severity, names, order) and takes out what is switched off. */
import type { ReportedFinding } from '../analysis/analysis';
import type { BuildContext } from '../context/context';
import type { Model } from '../model/model';
import { instructionModel, type PartKey, sameKey, splitModel, stageFlags } from '../model/parts';
import { KEYWORDS } from '../syntax/keywords';
import type { Span } from '../syntax/span';
import type { InstructionBody } from '../syntax/tree';
import type { Config } from './config';
import { rules as allRules } from './registry.generated';
import { isNamed, reviewOf } from './review';
import type { Finding, FixResult, Review, Rule, RuleInput, Severity } from './rule';
import { type EnabledRule, namesOf, selectRules, unselectedRules } from './selection';
import { isBuildKitName, isExperimental, isSuppressed, readSuppressions, type Suppressions } from './suppress';

/** What was found in one version of a document, kept for the next. */
export interface RuleRun {
  readonly findings: readonly ReportedFinding[];
  readonly parts: readonly PartRun[];
  /** In the order of the file. */
  readonly instructions: readonly InstructionRun[];
  /** The names that the file's comments switch off. */
  readonly fileKey: string;
  readonly config: Config;
  readonly context: BuildContext | null;
}

/** The findings of one part of a model. */
interface PartRun {
  readonly key: PartKey;
  /** Where the part started in the document in which it was looked at. */
  readonly start: number;
  readonly isKept: boolean;
  readonly findings: readonly ReportedFinding[];
}

/** The findings of one instruction. */
interface InstructionRun {
  readonly body: InstructionBody;
  readonly line: number;
  /** Key of the state before it; -1 for FROM and what stands above. */
  readonly state: number;
  /** What else the findings depend on. */
  readonly flags: string;
  readonly start: number;
  readonly isKept: boolean;
  readonly findings: readonly ReportedFinding[];
}

/**
 * Runs every rule that the configuration wants. Findings come in the order of the document; a rule that throws finds nothing.
 * Parts of the file that are as they were in the previous run keep their findings, moved to where they stand now.
 */
export function runRules(
  model: Model,
  config: Config,
  context: BuildContext | null,
  previous?: RuleRun,
  allOfThem: readonly Rule[] = allRules,
): RuleRun {
  const suppressions = readSuppressions(model.dockerfile);
  const { enabled, isWanted } = selectRules(config, allOfThem);
  const asked = withExperiments(enabled, config, allOfThem, suppressions);
  const reviewers = suppressions.comments.length > 0 ? asked.filter(({ rule }) => rule.review) : [];
  // Whoever reviews the comments has to know what they take away.
  const unselected =
    reviewers.length > 0 ? unselectedRules(config, allOfThem).filter(({ rule }) => isNamed(suppressions, rule)) : [];
  const known = reviewers.length > 0 ? [...asked, ...unselected] : asked;
  const looked =
    reviewers.length > 0 || suppressions.fileWide.length === 0
      ? known
      : known.filter(({ rule }) => !suppressions.wholeFile(rule));
  const rules = sortByScope(looked);
  const fileKey = [suppressions.fileKey, reviewers.length, ...unselected.map(({ rule }) => rule.id)].join(' ');
  const kept =
    previous?.config === config && previous.context === context && previous.fileKey === fileKey ? previous : undefined;
  const all: ReportedFinding[] = [];
  const input: RuleInput = { model, config, context };
  const instructions = runOnInstructions(input, rules.instruction, kept, all);
  const parts = runOnStages(input, rules.stage, kept, all);
  findAll(input, rules.file, all);
  if (reviewers.length > 0) all.push(...askReviewers(input, reviewers, reviewOf(suppressions, all, looked)));
  const left = all.filter((finding) => isWanted(finding) && !isSuppressed(finding, suppressions));
  const findings = suppressions.failsOnFinding ? left.map(failing) : left;
  return { findings: findings.sort(byPlace), parts, instructions, fileKey, config, context };
}

/** The rules that are off and that a `# check=experimental=…` in the file asks for. */
function withExperiments(
  enabled: readonly EnabledRule[],
  config: Config,
  rules: readonly Rule[],
  { asksForExperiments, wantsExperiment }: Suppressions,
): readonly EnabledRule[] {
  if (!asksForExperiments || config.select) return enabled;
  const ignored = namesOf(config.ignore);
  const added = rules.filter(
    (rule) =>
      isExperimental(rule) &&
      !ignored.has(rule.id) &&
      config.severities.get(rule.id) === undefined &&
      !enabled.some((other) => other.rule === rule),
  );
  return [...enabled, ...added.map((rule): EnabledRule => ({ rule, severity: 'warning', isWanted: wantsExperiment }))];
}

/** With `# check=error=true`, what BuildKit finds too makes the build fail. */
function failing(finding: ReportedFinding): ReportedFinding {
  if (finding.severity === 'error' || !finding.aliases.some(isBuildKitName)) return finding;
  return { ...finding, severity: 'error', origin: finding.origin ?? finding };
}

/** Rules of one scope, and which of them have something to look at where there are instructions of some kinds only. */
interface ScopedRules {
  readonly rules: readonly EnabledRule[];
  /** By the kinds of instructions, as `kindOf` has them. */
  readonly chosen: Map<number, readonly EnabledRule[]>;
}

type RulesByScope = Readonly<Record<NonNullable<Rule['scope']>, ScopedRules>>;

const sorted = new WeakMap<readonly EnabledRule[], RulesByScope>();

/** Kept per selection: typing asks for it with every key. */
function sortByScope(enabled: readonly EnabledRule[]): RulesByScope {
  const cached = sorted.get(enabled);
  if (cached) return cached;
  const of = (scope: Rule['scope']): ScopedRules => ({
    rules: enabled.filter(({ rule }) => (rule.scope ?? 'stage') === scope),
    chosen: new Map(),
  });
  const byScope: RulesByScope = { instruction: of('instruction'), stage: of('stage'), file: of('file') };
  sorted.set(enabled, byScope);
  return byScope;
}

const kinds: ReadonlyMap<string, number> = new Map(KEYWORDS.map((keyword, index) => [keyword, 1 << index]));

/** A bit for each known keyword; none for others. */
const kindOf = (keyword: string): number => kinds.get(keyword) ?? 0;

/** The rules that look at instructions of these kinds. */
function rulesFor({ rules, chosen }: ScopedRules, present: number): readonly EnabledRule[] {
  const cached = chosen.get(present);
  if (cached) return cached;
  const wanted = rules.filter(
    ({ rule }) => !rule.keywords || rule.keywords.some((keyword) => (kindOf(keyword) & present) !== 0),
  );
  // More than a file has is not worth keeping.
  if (chosen.size > 200) chosen.clear();
  chosen.set(present, wanted);
  return wanted;
}

function runOnInstructions(
  input: RuleInput,
  rules: ScopedRules,
  kept: RuleRun | undefined,
  all: ReportedFinding[],
): readonly InstructionRun[] {
  const { model } = input;
  const { instructions } = model;
  const earlier = kept?.instructions ?? [];
  const added = instructions.length - earlier.length;
  const runs: InstructionRun[] = new Array(instructions.length);
  let flags = stageFlags(model, null);
  for (let index = 0; index < instructions.length; index++) {
    const instruction = instructions[index];
    if (!instruction) continue;
    const { body, line } = instruction;
    const { start } = instruction.span;
    const step = model.stepOf(instruction);
    if (!step) flags = stageFlags(model, model.stageOf(instruction));
    const state = step ? step.before.key : -1;
    const isSame = (run: InstructionRun | undefined): run is InstructionRun =>
      run !== undefined && run.body === body && run.line === line && run.state === state && run.flags === flags;
    // Before an edit it has the same number from the top, behind it the same number from the end.
    const above = earlier[index];
    const below = added === 0 ? undefined : earlier[index - added];
    const known = isSame(above) ? above : isSame(below) ? below : undefined;
    const findings: ReportedFinding[] = [];
    if (!known) {
      const wanted = rulesFor(rules, kindOf(instruction.keyword));
      findAsked({ ...input, model: instructionModel(model, instruction) }, wanted, findings);
    }
    const run = known ? detach(known) : { body, line, state, flags, start, isKept: false, findings };
    runs[index] = run;
    addMoved(run, start, all);
  }
  return runs;
}

function runOnStages(
  input: RuleInput,
  rules: ScopedRules,
  kept: RuleRun | undefined,
  all: ReportedFinding[],
): readonly PartRun[] {
  return splitModel(input.model).map((part, index) => {
    const known = kept?.parts[index];
    if (known && sameKey(known.key, part.key)) {
      const run = detach(known);
      addMoved(run, part.start, all);
      return run;
    }
    const findings: ReportedFinding[] = [];
    findAll({ ...input, model: part.model }, rules, findings);
    all.push(...findings);
    return { key: part.key, start: part.start, isKept: false, findings };
  });
}

/** Adds the findings of a run at the place where what they are about stands now. */
function addMoved(run: PartRun | InstructionRun, start: number, all: ReportedFinding[]): void {
  const moved = start - run.start;
  for (const finding of run.findings) all.push(moved === 0 ? finding : moveFinding(finding, moved));
}

/** Asks the rules that look at something that the model has. */
function findAll(input: RuleInput, rules: ScopedRules, found: ReportedFinding[]): void {
  let present = 0;
  for (const { keyword } of input.model.instructions) present |= kindOf(keyword);
  findAsked(input, rulesFor(rules, present), found);
}

/** Asks rules, one by one; what a rule found before it threw counts too. */
function findAsked(input: RuleInput, rules: readonly EnabledRule[], found: ReportedFinding[]): void {
  for (const enabled of rules) {
    try {
      addFindings(enabled, enabled.rule.check(input), found);
    } catch (error) {
      onRuleError(enabled.rule, error);
    }
  }
}

/** Asks those that look at what the ignore comments did to the findings of all others. */
function askReviewers(input: RuleInput, reviewers: readonly EnabledRule[], review: Review): readonly ReportedFinding[] {
  const found: ReportedFinding[] = [];
  for (const enabled of reviewers) {
    try {
      addFindings(enabled, enabled.rule.review?.(input, review) ?? [], found);
    } catch (error) {
      onRuleError(enabled.rule, error);
    }
  }
  return found;
}

function addFindings(
  { rule, severity, isWanted }: EnabledRule,
  findings: Iterable<Finding>,
  found: ReportedFinding[],
): void {
  for (const finding of findings) {
    if (isWanted && !isWanted({ aliases: finding.aliases ?? rule.aliases, at: finding.at })) continue;
    found.push({
      ...finding,
      rule,
      severity: severityOf(finding.severity, rule, severity),
      aliases: finding.aliases ?? rule.aliases,
      ...(finding.fix && { fix: once(finding.fix) }),
    });
  }
}

/** A fix is written once, however often it is asked for: in every pass of fix-all and every version that keeps the finding. */
function once(write: () => FixResult): () => FixResult {
  let written: FixResult | undefined;
  return () => {
    written ??= write();
    return written;
  };
}

/** A finding of an earlier version at its place in this one. Its lines are the same; only offsets differ. */
function moveFinding(finding: ReportedFinding, by: number): ReportedFinding {
  const move = ({ start, end }: Span): Span => ({ start: start + by, end: end + by });
  const { related } = finding;
  return {
    ...finding,
    origin: finding.origin ?? finding,
    at: move(finding.at),
    ...(related && { related: related.map((place) => ({ ...place, at: move(place.at) })) }),
  };
}

/**
 * Stands for the fix of a finding that was kept from an earlier version: the fix itself would know that version only, and keep
 * it in memory. `findAgain` has the one for this version.
 */
export const outdatedFix = (): never => {
  throw new Error('the fix of a kept finding must be found again');
};

/** Kept findings without their fixes; made once, when a run is kept for the first time. */
function detach<Run extends { readonly findings: readonly ReportedFinding[]; readonly isKept: boolean }>(
  run: Run,
): Run {
  if (run.isKept) return run;
  const findings = run.findings.map((finding) =>
    finding.fix ? { ...finding, origin: finding.origin ?? finding, fix: outdatedFix } : finding,
  );
  return { ...run, findings, isKept: true };
}

/** What rules find in a version when asked again, by rule. */
const foundAgain = new WeakMap<Model, Map<Rule, readonly Finding[]>>();

/** The same finding, found anew in the current version; null where the rule does not find it any more. */
export function findAgain(input: RuleInput, { rule, at, message }: ReportedFinding): Finding | null {
  const byRule = foundAgain.get(input.model) ?? new Map<Rule, readonly Finding[]>();
  foundAgain.set(input.model, byRule);
  let findings = byRule.get(rule);
  if (!findings) {
    try {
      findings = [...rule.check(input)].map((found) => (found.fix ? { ...found, fix: once(found.fix) } : found));
    } catch (error) {
      onRuleError(rule, error);
      findings = [];
    }
    byRule.set(rule, findings);
  }
  return findings.find((found) => found.at.start === at.start && found.message === message) ?? null;
}

/** Called with what a rule threw: the core stays silent; tests make it loud. */
export let onRuleError: (rule: Rule, error: unknown) => void = () => {};

/** Replaces the handler of rules that throw. */
export function setRuleErrorHandler(handler: typeof onRuleError): void {
  onRuleError = handler;
}

/** A finding's own severity holds unless the user chose another for the rule. */
function severityOf(own: Severity | undefined, rule: Rule, configured: Severity): Severity {
  if (own === undefined || configured !== rule.severity) return configured;
  return own;
}

function byPlace(a: ReportedFinding, b: ReportedFinding): number {
  if (a.at.start !== b.at.start) return a.at.start - b.at.start;
  if (a.at.end !== b.at.end) return a.at.end - b.at.end;
  return a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0;
}
