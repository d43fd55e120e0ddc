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

/** Words of a name that announce a secret, and words that take it back: the lists that Docker's own check has. */
const secretName = /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const harmlessName = /(?:_|^)(?:public|file|version)(?:_|$)/i;

/** Whether a variable is named like a secret. */
export const isSecretName = (name: string): boolean => secretName.test(name) && !harmlessName.test(name);

/** Whether a text stands where somebody is to put a secret: `<token>`, `{{ token }}`, `$TOKEN`, `xxxx`, `your-token`. */
export function isPlaceholder(text: string): boolean {
  return (
    /dummy|fake|example|placeholder|changeme|not[-_ ]?(?:an?[-_ ]?|so[-_ ]?)?(?:real|secret|secure|used|needed)|unused|insecure|precompile|whatever|xxx/i.test(
      text,
    ) ||
    // `OAUTH-TOKEN`
    /^[A-Z]{3,}(?:[_-][A-Z]+)*$/.test(text) ||
    /[$`]|^<.*>$|\{\{.*\}\}|^\[.*\]$|^%\w+%$|^@+\w+@+$|^__\w+__$/.test(text) ||
    /^(?:[x*.#-]{2,}|(?:your|my|some|the)[-_ ]?\w*|(?:user(?:name)?|pass(?:word|wd|phrase)?|pwd|token|secret|key|api[-_]?key|example|sample|dummy|fake|test|null|none|true|false|empty|redacted|hidden|insert\w*|replace\w*|change[-_]?(?:me|it)|foo|bar|baz)\d*)$/i.test(
      text,
    )
  );
}

/** Where the first recognised secret of a text stands; null where there is none. Of a key its first line alone is none. */
export function findSecret(
  text: string,
): { readonly start: number; readonly end: number; readonly kind: string } | null {
  for (const [pattern, name] of kinds) {
    const match = pattern.exec(text);
    if (!match || isPlaceholder(match[0])) continue;
    const start = match.index;
    const end = start + match[0].length;
    if (match[0].startsWith('-----') && !/[A-Za-z0-9+/=]{40}/.test(text.slice(end, end + 400))) continue;
    return { start, end, kind: name() };
  }
  return null;
}

/** What kind of secret a text holds, localized; null where none is recognised. */
export function secretKind(text: string): string | null {
  for (const [pattern, name] of kinds) if (pattern.test(text)) return name();
  return null;
}
