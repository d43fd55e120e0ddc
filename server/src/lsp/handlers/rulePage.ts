/** layerwise/rulePage and layerwise/rules: the documentation that comes with the rules, so that it is there offline. */

import * as l10n from '@vscode/l10n';
import type { RuleSummary } from '../../../../shared/src/protocol';
import { ruleMarkdown } from '../../analysis/explain';
import { shellRuleOf } from '../../analysis/shell-rules';
import { findRule } from '../../rules/catalogue';
import { rules } from '../../rules/registry.generated';
import { member } from '../fromLsp';
import { invalidParams } from '../runSafe';

/** A rule's page as Markdown; null for a name that no rule has. */
export function rulePage(params: unknown): string | null {
  const id = member(params, 'id');
  if (typeof id !== 'string') throw invalidParams('id must be a string');
  const rule = shellRuleOf(id) ?? findRule(id);
  return rule ? ruleMarkdown(rule) : null;
}

export function listRules(): RuleSummary[] {
  return rules.map(({ id, category, docs }) => ({ id, category, summary: l10n.t(docs.what) }));
}
