/** Secrets that are recognised by their value: formats that their issuers made to be recognisable. */
import * as l10n from '@vscode/l10n';

const kinds: readonly (readonly [RegExp, () => string])[] = [
  [/(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/, () => l10n.t('an AWS access key')],
  [/(?<!\w)gh[pousr]_[A-Za-z0-9]{36,}/, () => l10n.t('a GitHub token')],
  [/(?<!\w)github_pat_[A-Za-z0-9_]{22,}/, () => l10n.t('a GitHub token')],
  [/(?<!\w)glpat-[A-Za-z0-9_-]{20,}/, () => l10n.t('a GitLab token')],
  [/(?<!\w)npm_[A-Za-z0-9]{36}/, () => l10n.t('an npm token')],
  [/(?<!\w)pypi-[A-Za-z0-9_-]{40,}/, () => l10n.t('a PyPI token')],
  [/(?<!\w)xox[abprs]-[A-Za-z0-9-]{20,}/, () => l10n.t('a Slack token')],
  [/(?<!\w)sk_live_[A-Za-z0-9]{20,}/, () => l10n.t('a Stripe key')],
  [/(?<!\w)AIza[A-Za-z0-9_-]{35}/, () => l10n.t('a Google API key')],
  [/(?<!\w)eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/, () => l10n.t('a JSON web token')],
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, () => l10n.t('a private key')],
];

/** What kind of secret a text holds, localized; null where none is recognised. */
export function secretKind(text: string): string | null {
  for (const [pattern, name] of kinds) if (pattern.test(text)) return name();
  return null;
}
