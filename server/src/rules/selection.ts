/** Which rules a configuration asks, and which of their findings it wants. */
import type { ReportedFinding } from '../analysis/analysis';
import type { Config } from './config';
import type { Rule, Severity } from './rule';

/** A rule to be asked. */
export interface EnabledRule {
  readonly rule: Rule;
  readonly severity: Severity;
  /** Where only some of its findings are asked for. */
  readonly isWanted?: (finding: Pick<ReportedFinding, 'aliases' | 'at'>) => boolean;
}

/** What a configuration selects: whole rules, and of these the findings that carry or do not carry a name. */
export interface Selection {
  readonly enabled: readonly EnabledRule[];
  /** An alias means the findings that other tools report under it, which can be some of a rule's findings only. */
  readonly isWanted: (finding: ReportedFinding) => boolean;
}

const selections = new WeakMap<Config, { readonly rules: readonly Rule[]; readonly selection: Selection }>();

/** The rules to be asked; kept per configuration. */
export function selectRules(config: Config, rules: readonly Rule[]): Selection {
  const cached = selections.get(config);
  if (cached?.rules === rules) return cached.selection;
  const selected = config.select && namesOf(config.select);
  const ignored = namesOf(config.ignore);
  const enabled: EnabledRule[] = [];
  for (const rule of rules) {
    const severity = configuredSeverity(rule, config, selected, ignored);
    if (severity === 'off') continue;
    const isWanted = rule.onRequest && leavesOut(rule, rule.onRequest, config, selected);
    enabled.push(isWanted ? { rule, severity, isWanted } : { rule, severity });
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

/** Leaves out the findings that were not asked for; undefined where all are wanted. */
function leavesOut(
  rule: Rule,
  onRequest: readonly string[],
  config: Config,
  selected: ReadonlySet<string> | null,
): EnabledRule['isWanted'] {
  const isAskedFor = config.all || config.severities.has(rule.id) || selected?.has(rule.id);
  if (isAskedFor) return undefined;
  const left = onRequest.filter((alias) => !selected?.has(alias.toLowerCase()));
  return ({ aliases }) => aliases.length === 0 || aliases.some((alias) => !left.includes(alias));
}

export const namesOf = (names: readonly string[]): ReadonlySet<string> =>
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
  if (rule.severity === 'off') return config.all || rule.isAskedFor?.(config) ? 'info' : 'off';
  return rule.severity;
}

/** Rules that are on but not among those selected. */
export function unselectedRules(config: Config, rules: readonly Rule[]): readonly EnabledRule[] {
  if (!config.select) return [];
  const { enabled } = selectRules({ ...config, select: null }, rules);
  const selected = new Set(selectRules(config, rules).enabled.map(({ rule }) => rule));
  return enabled.filter(({ rule }) => !selected.has(rule));
}
