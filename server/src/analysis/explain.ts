/** A rule as a page of Markdown, made from the rule itself: the docs folder, `layerwise explain` and the editor show the same. */
import * as l10n from '@vscode/l10n';
import { parseFixture } from '../rules/fixture';
import type { Example, Rule } from '../rules/rule';

/** The page of a rule. */
export function ruleMarkdown(rule: Rule): string {
  const parts = [`# ${rule.id}`, summaryLine(rule), l10n.t(rule.docs.what)];
  parts.push(`## ${l10n.t('Why')}`, l10n.t(rule.docs.why));
  parts.push(`## ${l10n.t('How to fix')}`, l10n.t(rule.docs.fix));
  if (rule.fix === 'safe')
    parts.push(
      rule.changes
        ? l10n.t('The quick fix is safe. What it changes in the built image: {0}.', l10n.t(rule.changes.what))
        : l10n.t('The quick fix is safe: the image built afterwards is the same.'),
    );
  if (rule.fix === 'suggestion')
    parts.push(
      l10n.t('The quick fix is a suggestion: it changes content or behaviour, so look at it before you keep it.'),
    );
  parts.push(`## ${l10n.t('When to ignore')}`, l10n.t(rule.docs.ignore), ignoreSample(rule));
  const examples = rule.examples.map(exampleMarkdown);
  if (examples.length > 0) parts.push(`## ${l10n.t('Examples')}`, ...examples);
  if (rule.docs.references.length > 0)
    parts.push(`## ${l10n.t('References')}`, rule.docs.references.map((url) => `- <${url}>`).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

function summaryLine(rule: Rule): string {
  const severity = rule.severity === 'off' ? l10n.t('off by default') : rule.severity;
  const fix = { safe: l10n.t('safe'), suggestion: l10n.t('suggestion'), none: l10n.t('none') }[rule.fix];
  const facts = [
    l10n.t('Category: {0}', `**${rule.category}**`),
    l10n.t('Severity: {0}', `**${severity}**`),
    l10n.t('Fix: {0}', `**${fix}**`),
  ];
  if (rule.aliases.length > 0)
    facts.push(l10n.t('Also known as: {0}', rule.aliases.map((name) => `\`${name}\``).join(', ')));
  return facts.join(' · ');
}

function ignoreSample(rule: Rule): string {
  return `\`\`\`dockerfile\n# layerwise ignore=${rule.id} -- ${l10n.t('the reason')}\n\`\`\``;
}

function exampleMarkdown(example: Example): string {
  if ('ok' in example) return `${l10n.t('Fine, because {0}:', l10n.t(example.because))}\n\n${codeBlock(example.ok)}`;
  const parts = [`${l10n.t('Found:')}\n\n${codeBlock(example.bad)}`];
  if (example.good !== undefined) parts.push(`${l10n.t('After the fix:')}\n\n${codeBlock(example.good)}`);
  return parts.join('\n\n');
}

function codeBlock(fixture: string): string {
  const { text } = parseFixture(fixture);
  return `\`\`\`\`dockerfile\n${text.replace(/\n*$/, '')}\n\`\`\`\``;
}
