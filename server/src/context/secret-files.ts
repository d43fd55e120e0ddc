/** Files that hold secrets, told by their names; pure. */
import type { BuildContext } from './context';
import { filesBelow } from './sources';

/** Names, with their folders where these tell it, of files that hold credentials or private keys. */
const secretFiles: readonly RegExp[] = [
  /(?:^|\/)\.env(?:\.[\w-]+)*$/,
  /(?:^|\/)(?:prod|production|staging|secrets?)\.env$/,
  /(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/,
  /\.(?:p12|pfx|ppk|tfstate|kubeconfig)$|\.tfstate\.backup$/,
  /\.pem$/,
  /(?:^|\/|[-_.])(?:private|priv|server|client|tls|ssl|localhost|domain|wildcard)(?:[-_.]?key)?\.key$|(?:^|\/)config\/(?:master|credentials\/\w+)\.key$/,
  /(?:^|\/)(?:\.npmrc|\.pypirc|[._]netrc|\.git-credentials|\.pgpass|\.s3cfg|\.boto|\.dockercfg|\.vault-token|\.htpasswd)$/,
  /(?:^|\/)(?:\.aws\/credentials|\.docker\/config\.json|\.kube\/config|kubeconfig(?:\.ya?ml)?)$/,
  /(?:^|\/)(?:service[-_]?account[\w-]*|gcp[-_]?key|gcloud[-_]?key|firebase-adminsdk[\w-]*)\.json$/,
  /(?:^|\/)(?:credentials|client_secrets?|secrets?)\.(?:json|ya?ml|toml|ini)$/,
];

/** Folders that hold nothing but credentials. */
const secretFolders = /(?:^|\/)\.(?:ssh|aws|gnupg|kube|azure)$/;

/** Templates, public halves and certificates. */
const harmless =
  /\.(?:example|sample|template|tmpl|dist|defaults?|schema|vault|test|testing|ci|pub|d)$|(?:^|\/)\.env\.(?:example|sample|template|tmpl|dist|defaults?|schema|vault|test|testing|ci)\b/;
const certificate =
  /(?:cert|crt|chain|bundle|public|pub(?:key)?\b|dhparams?|\broot|\bca\b|_ca\b|intermediate|trust|issuer)[^/]*\.pem$/i;

/** Whether a path names a file that holds secrets. The name may hold `*`. */
export function isSecretFile(path: string): boolean {
  if (harmless.test(path) || certificate.test(path)) return false;
  return secretFiles.some((pattern) => pattern.test(path)) || isInSecretFolder(path);
}

/** Whether a path names a folder of credentials. */
export const isSecretFolder = (path: string): boolean => secretFolders.test(path.replace(/\/+$/, ''));

/** `.ssh/known_hosts` and `.ssh/config` are no secrets. */
function isInSecretFolder(path: string): boolean {
  return /(?:^|\/)\.(?:gnupg|azure)\/[^/]+$|(?:^|\/)\.ssh\/(?:identity|.*(?:_rsa|_key|ed25519))$/.test(path);
}

/** Folders in which such names are made for tests and manuals, or belong to packages. */
const notTheAuthors =
  /(?:^|\/)(?:node_modules|bower_components|vendor|third[-_]party|site-packages|\.?venv|tests?|__tests__|spec|testdata|fixtures|mocks?|examples?|samples?|docs?|\.git)\//i;

const found = new WeakMap<BuildContext, readonly string[]>();

/**
 * The files with secrets that the builder gets to see: not ignored, not made for tests. A `.npmrc` counts only where its text
 * is known and holds a token that is written out; an `.env` does not where its text is known and says nothing secret.
 */
export function secretsIn(context: BuildContext): readonly string[] {
  const known = found.get(context);
  if (known) return known;
  const secrets = filesBelow(context, '').filter(
    (path) => !notTheAuthors.test(path) && isSecretFile(path) && holdsSecret(context, path) === true,
  );
  found.set(context, secrets);
  return secrets;
}

/** Whether a file that is named like one with secrets has some; undefined where its text would tell and is not known. */
export function holdsSecret(context: BuildContext | null, path: string): boolean | undefined {
  const isSettings = /(?:^|\/)\.env(?:\.[\w-]+)*$|\.env$/.test(path);
  if (!isSettings && !/(?:^|\/)\.npmrc$/.test(path)) return true;
  const text = context?.text(path);
  if (isSettings) return text === undefined || !isPublic(text);
  if (text === undefined) return undefined;
  return /(?:_authToken|_auth|_password)\s*=\s*["']?(?!\s*\$|["'])\S/.test(text);
}

/** What these begin with is written into the pages that a browser loads. */
const publicName = /^(?:VITE|NEXT_PUBLIC|REACT_APP|VUE_APP|NUXT_PUBLIC|GATSBY|EXPO_PUBLIC|PUBLIC)_/;
const secretName = /pass|pwd|secret|token|key|cred|auth|private|dsn|salt|signature|webhook/i;

/** Whether settings are such as anybody may see: a front end's, a form to fill in, or many of which none is like a secret. */
function isPublic(text: string): boolean {
  const settings = [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*["']?([^\r\n"']*)/gm)].map(
    ([, name = '', value = '']) => ({ name, value: value.trim() }),
  );
  if (settings.length === 0) return false;
  const own = settings.filter(({ name, value }) => value !== '' && !publicName.test(name));
  if (own.some(({ name, value }) => secretName.test(name) || /:\/\/[^/\s@]*:[^/\s@]+@|^[\w+/=-]{24,}$/.test(value)))
    return false;
  return own.length === 0 || settings.length >= 3 || own.length < settings.length;
}
