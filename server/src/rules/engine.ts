/** Runs rules over a model: adds what every finding has (severity, names, order) and takes out what is switched off. */
import type { ReportedFinding } from '../analysis/analysis';
import type { BuildContext } from '../context/context';
import type { Model } from '../model/model';
import type { Config } from './config';
import { rules as allRules } from './registry.generated';
import type { Rule, Severity } from './rule';
import { isSuppressed, readSuppressions, type Suppressions } from './suppress';

/** Runs every rule that the configuration wants. Findings come in the order of the document; a rule that throws finds nothing. */
export function runRules(
  model: Model,
  config: Config,
  context: BuildContext | null,
  rules: readonly Rule[] = allRules,
): ReportedFinding[] {
  const suppressions = readSuppressions(model.dockerfile);
  const findings: ReportedFinding[] = [];
  const input = { model, config, context };
  for (const { rule, severity } of enabledRules(config, rules)) {
    if (suppressions.wholeFile(rule)) continue;
    try {
      for (const finding of rule.check(input)) {
        const reported: ReportedFinding = {
          ...finding,
          rule,
          severity: severityOf(finding.severity, rule, severity),
          aliases: finding.aliases ?? rule.aliases,
        };
        if (!isSuppressed(reported, suppressions)) findings.push(reported);
      }
    } catch (error) {
      onRuleError(rule, error);
    }
  }
  return findings.sort(byPlace);
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

const enabledCache = new WeakMap<Config, { rules: readonly Rule[]; enabled: readonly EnabledRule[] }>();

/** The rules that a configuration switches on, with their severities. */
export function enabledRules(config: Config, rules: readonly Rule[] = allRules): readonly EnabledRule[] {
  const cached = enabledCache.get(config);
  if (cached?.rules === rules) return cached.enabled;
  const enabled: EnabledRule[] = [];
  for (const rule of rules) {
    const severity = configuredSeverity(rule, config);
    if (severity !== 'off') enabled.push({ rule, severity });
  }
  enabledCache.set(config, { rules, enabled });
  return enabled;
}

function configuredSeverity(rule: Rule, config: Config): Severity | 'off' {
  const named = (names: readonly string[]) => names.some((name) => ruleHasName(rule, name));
  if (named(config.ignore)) return 'off';
  const configured = config.severities.get(rule.id);
  if (config.select) {
    if (!named(config.select)) return 'off';
    const severity = configured ?? rule.severity;
    return severity === 'off' ? 'info' : severity;
  }
  if (configured !== undefined) return configured;
  if (rule.severity === 'off') return config.all ? 'info' : 'off';
  return rule.severity;
}

/** Whether a name is the rule's id or one of its aliases; case does not matter. */
export function ruleHasName(rule: Rule, name: string): boolean {
  const wanted = name.trim().toLowerCase();
  return rule.id === wanted || rule.aliases.some((alias) => alias.toLowerCase() === wanted);
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

export type { Suppressions };
