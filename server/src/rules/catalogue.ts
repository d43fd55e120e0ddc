/** Finding a rule by any of its names. */
import { nearestName } from './nearest-name';
import { rules } from './registry.generated';
import type { Rule } from './rule';

const byName = new Map<string, Rule>();
for (const rule of rules) {
  for (const alias of rule.aliases) if (!byName.has(alias.toLowerCase())) byName.set(alias.toLowerCase(), rule);
}
for (const rule of rules) byName.set(rule.id, rule);

/** The rule with this id, or the first with this alias; case does not matter. */
export function findRule(name: string): Rule | undefined {
  return byName.get(name.trim().toLowerCase());
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
