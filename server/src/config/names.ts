/** The catalogue's names as configurations need them. */
import { findRules, nearestRule } from '../rules/catalogue';
import type { RuleNames } from './settings';

export const ruleNames: RuleNames = {
  idsOf: (name) => findRules(name).map((rule) => rule.id),
  nearest: nearestRule,
};
