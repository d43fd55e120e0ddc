/** `layerwise rules` and `layerwise explain`: the catalogue, and the page of a rule. */
import * as l10n from '@vscode/l10n';
import { ruleMarkdown } from '../analysis/explain';
import { shellRuleOf } from '../analysis/shell-rules';
import { ruleNames } from '../config/names';
import { unknownRule } from '../config/parse';
import { findRules } from '../rules/catalogue';
import { rules as allRules } from '../rules/registry.generated';
import type { Category, Rule } from '../rules/rule';
import type { Options } from './arguments';
import { severityStyles, severityWord } from './format/text';
import { renderMarkdown } from './markdown';
import { UsageError } from './session';
import { displayWidth, padTo, type Terminal } from './terminal';

/** Lists all rules. */
export function rules(options: Options, terminal: Terminal): number {
  terminal.out(options.json ? `${JSON.stringify(allRules.map(ruleRow), null, 2)}\n` : ruleTable(terminal));
  return 0;
}

/** Shows the pages of the rules that a name means: rendered on a terminal, as Markdown elsewhere. */
export function explain(name: string, terminal: Terminal): number {
  const shell = shellRuleOf(name);
  const found = shell ? [shell] : findRules(name);
  if (found.length === 0) throw new UsageError(unknownRule(name, ruleNames));
  const pages = found.map(ruleMarkdown).join('\n');
  terminal.out(terminal.isInteractive ? renderMarkdown(pages, terminal.paint, Math.min(terminal.columns, 100)) : pages);
  return 0;
}

function ruleRow({ id, category, severity, fix, aliases }: Rule): object {
  return { id, category, severity, fix, aliases };
}

function ruleTable({ paint }: Terminal): string {
  const width = Math.max(0, ...allRules.map((rule) => rule.id.length));
  const severityWidth = Math.max(0, ...allRules.map((rule) => displayWidth(wordFor(rule))));
  const lines: string[] = [];
  const categories = [...new Set(allRules.map((rule) => rule.category))].sort(byCategory);
  for (const category of categories) {
    lines.push(paint('bold', category));
    for (const rule of allRules.filter((one) => one.category === category)) {
      const severity = padTo(wordFor(rule), severityWidth);
      const painted = rule.severity === 'off' ? paint('dim', severity) : paint(severityStyles[rule.severity], severity);
      const fix = fixWord(rule.fix);
      lines.push(
        `  ${rule.id.padEnd(width)}  ${painted}  ${padTo(fix, 10)}  ${paint('dim', rule.aliases.join(' '))}`.trimEnd(),
      );
    }
    lines.push('');
  }
  const count = allRules.length === 1 ? l10n.t('1 rule') : l10n.t('{0} rules', allRules.length);
  lines.push(l10n.t('{0}. `layerwise explain ID` tells more of one.', count), '');
  return lines.join('\n');
}

const order: readonly Category[] = ['syntax', 'correctness', 'cache', 'size', 'security', 'reproducibility', 'style'];

function byCategory(a: Category, b: Category): number {
  return order.indexOf(a) - order.indexOf(b);
}

function wordFor(rule: Rule): string {
  return rule.severity === 'off' ? l10n.t('off') : severityWord(rule.severity);
}

function fixWord(fix: Rule['fix']): string {
  switch (fix) {
    case 'safe':
      return l10n.t('safe fix');
    case 'suggestion':
      return l10n.t('suggestion');
    case 'none':
      return '-';
  }
}
