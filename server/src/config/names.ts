/** The catalogue's names as configurations need them. */
import { findRules, nearestRule } from '../rules/catalogue';
import type { RuleNames } from './settings';

export const ruleNames: RuleNames = {
  // ShellCheck's codes are rules of their own, made when they are found.
  idsOf: (name) => (/^SC\d{4}$/i.test(name) ? [name.toUpperCase()] : findRules(name).map((rule) => rule.id)),
  nearest: nearestRule,
};
