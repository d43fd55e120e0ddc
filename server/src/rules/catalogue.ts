/** Finding a rule by any of its names. */
import { nearestName } from './nearest-name';
import { rules } from './registry.generated';
import type { Rule } from './rule';

let byName: ReadonlyMap<string, Rule> | undefined;

/** Made at the first question: rules that ask for others are loaded before the registry is whole. */
function ruleNames(): ReadonlyMap<string, Rule> {
  if (byName) return byName;
  const names = new Map<string, Rule>();
  for (const rule of rules)
    for (const alias of rule.aliases) if (!names.has(alias.toLowerCase())) names.set(alias.toLowerCase(), rule);
  for (const rule of rules) names.set(rule.id, rule);
  byName = names;
  return names;
}

/** The rule with this id, or the first with this alias; case does not matter. */
export function findRule(name: string): Rule | undefined {
  return ruleNames().get(name.trim().toLowerCase());
}

/** All rules that a name means: an alias can belong to several. */
export function findRules(name: string): Rule[] {
  const wanted = name.trim().toLowerCase();
  return rules.filter((rule) => rule.id === wanted || rule.aliases.some((alias) => alias.toLowerCase() === wanted));
}

/** The rule id nearest to a misspelt one. */
export function nearestRule(name: string): string | undefined {
  return nearestName(
    name,
    rules.flatMap((rule) => [rule.id, ...rule.aliases]),
  );
}

export { editDistance, nearestName } from './nearest-name';
