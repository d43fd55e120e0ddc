/** Runs rules over a model: adds what every finding has (severity, names, order) and takes out what is switched off. */
import type { ReportedFinding } from '../analysis/analysis';
import type { BuildContext } from '../context/context';
import type { Model } from '../model/model';
import { type PartKey, sameKey, splitModel } from '../model/parts';
import type { Span } from '../syntax/span';
import type { Config } from './config';
import { rules as allRules } from './registry.generated';
import type { FixResult, Rule, RuleInput, Severity } from './rule';
import { isSuppressed, readSuppressions } from './suppress';

/** What was found in one version of a document, kept for the next. */
export interface RuleRun {
  readonly findings: readonly ReportedFinding[];
  readonly parts: readonly PartRun[];
  readonly config: Config;
  readonly context: BuildContext | null;
}

/** The findings of one part of a model. */
interface PartRun {
  readonly key: PartKey;
  /** Where the part started in the document in which it was looked at. */
  readonly start: number;
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
  rules: readonly Rule[] = allRules,
): RuleRun {
  const suppressions = readSuppressions(model.dockerfile);
  const { enabled, isWanted } = selectRules(config, rules);
  const looked = enabled.filter(({ rule }) => !suppressions.wholeFile(rule));
  const isSame = previous?.config === config && previous.context === context;
  const stageRules = looked.filter(({ rule }) => rule.scope !== 'file');
  const parts: PartRun[] = [];
  const all: ReportedFinding[] = [];
  splitModel(model).forEach((part, index) => {
    const known = isSame ? previous.parts[index] : undefined;
    // Which rules the file switches off stands in its comments, above the first FROM as likely as anywhere.
    const key = [suppressions.fileKey, ...part.key];
    const run =
      known && sameKey(known.key, key)
        ? known
        : { key, start: part.start, findings: findAll({ model: part.model, config, context }, stageRules) };
    parts.push(run);
    const moved = part.start - run.start;
    for (const finding of run.findings) all.push(moved === 0 ? finding : moveFinding(finding, moved));
  });
  const fileRules = looked.filter(({ rule }) => rule.scope === 'file');
  all.push(...findAll({ model, config, context }, fileRules));
  const findings = all.filter((finding) => isWanted(finding) && !isSuppressed(finding, suppressions));
  return { findings: findings.sort(byPlace), parts, config, context };
}

function findAll(input: RuleInput, rules: readonly EnabledRule[]): ReportedFinding[] {
  const found: ReportedFinding[] = [];
  for (const { rule, severity } of rules) {
    try {
      for (const finding of rule.check(input)) {
        found.push({
          ...finding,
          rule,
          severity: severityOf(finding.severity, rule, severity),
          aliases: finding.aliases ?? rule.aliases,
          ...(finding.fix && { fix: once(finding.fix) }),
        });
      }
    } catch (error) {
      onRuleError(rule, error);
    }
  }
  return found;
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
  const { fix, related } = finding;
  return {
    ...finding,
    origin: finding,
    at: move(finding.at),
    ...(related && { related: related.map((place) => ({ ...place, at: move(place.at) })) }),
    ...(fix && {
      fix: () => {
        const result = fix();
        if ('refused' in result) return result;
        return {
          ...result,
          edits: result.edits.map((edit) => ({ ...edit, span: move(edit.span) })),
          ...(result.claims && { claims: result.claims.map(move) }),
        };
      },
    }),
  };
}

/** Called with what a rule threw: the core stays silent; tests make it loud. */
export let onRuleError: (rule: Rule, error: unknown) => void = () => {};

/** Replaces the handler of rules that throw. */
export function setRuleErrorHandler(handler: typeof onRuleError): void {
  onRuleError = handler;
}

interface EnabledRule {
  readonly rule: Rule;
  readonly severity: Severity;
}

/** What a configuration selects: whole rules, and of these the findings that carry or do not carry a name. */
interface Selection {
  readonly enabled: readonly EnabledRule[];
  /** An alias means the findings that other tools report under it, which can be some of a rule's findings only. */
  readonly isWanted: (finding: ReportedFinding) => boolean;
}

const selections = new WeakMap<Config, { readonly rules: readonly Rule[]; readonly selection: Selection }>();

function selectRules(config: Config, rules: readonly Rule[]): Selection {
  const cached = selections.get(config);
  if (cached?.rules === rules) return cached.selection;
  const selected = config.select && namesOf(config.select);
  const ignored = namesOf(config.ignore);
  const enabled: EnabledRule[] = [];
  for (const rule of rules) {
    const severity = configuredSeverity(rule, config, selected, ignored);
    if (severity !== 'off') enabled.push({ rule, severity });
  }
  const carries = ({ rule, aliases }: ReportedFinding, names: ReadonlySet<string>) =>
    names.has(rule.id) || aliases.some((alias) => names.has(alias.toLowerCase()));
  const selection: Selection = {
    enabled,
    isWanted: (finding) =>
      (!selected || carries(finding, selected)) && (ignored.size === 0 || !carries(finding, ignored)),
  };
  selections.set(config, { rules, selection });
  return selection;
}

const namesOf = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.map((name) => name.trim().toLowerCase()));

function configuredSeverity(
  rule: Rule,
  config: Config,
  selected: ReadonlySet<string> | null,
  ignored: ReadonlySet<string>,
): Severity | 'off' {
  if (ignored.has(rule.id)) return 'off';
  const configured = config.severities.get(rule.id);
  if (selected) {
    const isSelected = selected.has(rule.id) || rule.aliases.some((alias) => selected.has(alias.toLowerCase()));
    if (!isSelected) return 'off';
    const severity = configured ?? rule.severity;
    return severity === 'off' ? 'info' : severity;
  }
  if (configured !== undefined) return configured;
  if (rule.severity === 'off') return config.all ? 'info' : 'off';
  return rule.severity;
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
