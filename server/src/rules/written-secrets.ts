/** Secrets that are written out in the commands of a script, told by the place where they stand. */
import * as l10n from '@vscode/l10n';
import { downloadsOf } from '../shell/downloads';
import type { ShellCommand, ShellScript, ShellWord } from '../shell/script';
import type { LocalSpan } from '../syntax/span';
import { findSecret, isPlaceholder, isSecretName } from './secret-values';

export interface WrittenSecret {
  readonly span: LocalSpan;
  /** The user's text with the secret left out: `--password=…`. */
  readonly shown: string;
  /** `a password`; localized. */
  readonly kind: string;
}

const cache = new WeakMap<ShellScript, readonly WrittenSecret[]>();
const none: readonly WrittenSecret[] = [];

/** Without any of these a script holds nothing that is looked for; most hold none, and are not looked at word by word. */
const traces =
  /:\/\/[^\s/]*@|token|pass|pwd|pword|secret|api-?key|auth|login|credential|bearer|\s-\w*u|--(?:proxy-)?user|mysql|mariadb|\bdocker\b|(?:AKIA|ASIA)[A-Z0-9]|gh[pousr]_|glpat-|npm_|pypi-|xox[abprs]-|sk_live_|AIza|eyJ|BEGIN /i;

/** All of a script, at most one for each word; kept per script. */
export function writtenSecrets(script: ShellScript): readonly WrittenSecret[] {
  const known = cache.get(script);
  if (known) return known;
  const found = traces.test(script.text) ? findAll(script) : none;
  cache.set(script, found);
  return found;
}

function findAll(script: ShellScript): readonly WrittenSecret[] {
  const found = new Map<number, WrittenSecret>();
  const add = (word: ShellWord, shown: string, kind: string): void => {
    if (!found.has(word.start)) found.set(word.start, { span: word.span, shown, kind });
  };
  for (const command of script.commands) {
    for (const word of wordsOf(command)) {
      const secret = findSecret(word.unquoted);
      if (secret) add(word, masked(word.unquoted, secret.start, secret.end), secret.kind);
      ofText(word, add);
    }
    ofAssignments(command, add);
    ofLogin(script, command, add);
    ofOptions(command, add);
    for (const { heredoc } of command.redirects) {
      if (!heredoc) continue;
      const text = script.text.slice(heredoc.start, heredoc.end);
      const secret = findSecret(text);
      if (!secret) continue;
      const at = heredoc.start + secret.start;
      const line = text.slice(text.lastIndexOf('\n', secret.start) + 1).split('\n')[0] ?? '';
      const shown = masked(line, line.indexOf(text.slice(secret.start, secret.end)), line.length);
      found.set(at, { span: script.map.span(at, heredoc.start + secret.end), shown, kind: secret.kind });
    }
  }
  ofDownloads(script, add);
  return [...found.values()];
}

type Add = (word: ShellWord, shown: string, kind: string) => void;

const password = (): string => l10n.t('a password');
const token = (): string => l10n.t('a token');

function wordsOf(command: ShellCommand): readonly ShellWord[] {
  const values = command.assignments.flatMap(({ value }) => (value ? [value] : []));
  const targets = command.redirects.flatMap(({ operator, target }) => (operator === '<<<' && target ? [target] : []));
  return [...values, ...command.args, ...targets];
}

/** The text with one part of it left out, short enough for a message. */
function masked(text: string, start: number, end: number): string {
  const before = text.slice(Math.max(0, start - 40), start);
  return `${start > 40 ? '…' : ''}${before}…${text.slice(end, end + 30)}`.replace(/\s+/g, ' ').trim();
}

/** What tells itself in any word: a URL with a password, a header, a token of npm. */
function ofText(word: ShellWord, add: Add): void {
  const text = word.unquoted;
  for (const [pattern, kind] of texts) {
    const match = pattern.exec(text);
    const secret = match?.groups?.secret;
    if (!match || secret === undefined || isPlaceholder(secret) || /^anonymous$/i.test(match.groups?.user ?? ''))
      continue;
    if (match.groups?.host !== undefined && isMadeUp(match.groups.user ?? '', secret, match.groups.host)) continue;
    const start = match.index + match[0].indexOf(secret, match[0].indexOf(':') + 1);
    // GitHub takes a token as the name of the user.
    const isName = /^x-(?:oauth-basic|access-token)$/.test(secret);
    const from = isName ? start - 1 - (match.groups?.user?.length ?? 0) : start;
    add(word, masked(text, from, isName ? start - 1 : start + secret.length), kind());
    return;
  }
}

/** `postgres://postgres:postgres@localhost/app`: what a build is given because it insists on something. */
const isMadeUp = (user: string, secret: string, host: string): boolean =>
  user === secret || !host.includes('.') || /^(?:127\.|0\.0\.0\.0)/.test(host);

const texts: readonly (readonly [RegExp, () => string])[] = [
  [
    /\b[a-z][a-z0-9+.-]*:\/\/(?<user>[^\s/:@"'\x60$<{]*):(?<secret>[^\s/@"']+)@(?<host>[\w.[-]+)/i,
    () => l10n.t('a password in a URL'),
  ],
  [/\bauthorization:\s*(?:bearer|basic|token)\s+(?<secret>[^\s"']{8,})/i, token],
  [/\b(?:private-token|job-token|x-api-key|api-key|x-auth-token|x-vault-token):\s*(?<secret>[^\s"']{8,})/i, token],
  [/:(?:_authToken|_password|_auth)\s*=\s*["']?(?<secret>[^\s"']{6,})/, token],
];

const secretVariable = /pass|pword|secret|token|apikey|api_key|credential/i;
const harmlessVariable = /hash|path|url|dir|len|name|type|policy|expir|dummy/i;

/** `export DB_PASSWORD=…`, `TOKEN=… make`. A key may well be a public one, or a file. */
function ofAssignments({ name, assignments, args }: ShellCommand, add: Add): void {
  const pairs = assignments.flatMap(({ name: variable, value }) =>
    value ? [{ variable, value, text: value.value }] : [],
  );
  if (name === 'export' || name === 'declare' || name === 'typeset')
    for (const word of args) {
      const equals = word.value?.indexOf('=') ?? -1;
      if (word.value && equals > 0)
        pairs.push({ variable: word.value.slice(0, equals), value: word, text: word.value.slice(equals + 1) });
    }
  for (const { variable, value, text } of pairs) {
    if (text === null || !isSecretName(variable) || !secretVariable.test(variable)) continue;
    if (harmlessVariable.test(variable) || isPlaceholder(text) || !isRandom(text)) continue;
    add(value, `${variable}=…`, /token/i.test(variable) ? token() : password());
  }
}

/** `echo root:… | chpasswd`, `echo … | passwd --stdin`, `echo … | docker login --password-stdin`. */
function ofLogin(script: ShellScript, command: ShellCommand, add: Add): void {
  const words = command.args.map((word) => word.unquoted);
  const isChpasswd = command.name === 'chpasswd' && !words.some((word) => /^-\w*e|^--encrypted/.test(word));
  const isPasswd = command.name === 'passwd' && !words.some((word) => /^-[dlSux]/.test(word));
  if (!isChpasswd && !isPasswd && !words.includes('--password-stdin')) return;
  const here = command.redirects.find(({ operator }) => operator === '<<<')?.target;
  const before =
    command.connector === '|' ? script.commands.filter(({ end }) => end <= command.start).at(-1) : undefined;
  const isWritten = before?.name === 'echo' || before?.name === 'printf';
  const given =
    here ?? (isWritten ? before.args.filter(({ unquoted }) => !/^-[neE]+$/.test(unquoted)).at(-1) : undefined);
  const text = given?.value;
  if (!given || text === null || text === undefined || /^<.*>$|\{\{/.test(text)) return;
  if (isChpasswd) {
    const account = /^([\w.-]+):[^:\s]+/.exec(text)?.[1];
    if (account) add(given, `${account}:…`, password());
  } else if (text !== '' && (!isPasswd || command.args.length > 0)) add(given, `${command.name} …`, password());
}

/** Options of programs that log in. */
function ofOptions({ name, args }: ShellCommand, add: Add): void {
  if (name === null) return;
  const isLogin = args.some(({ value: word }) => word === 'login');
  args.forEach((word, index) => {
    const next = args[index + 1];
    const secret = optionValue(name, word, next, isLogin);
    if (!secret) return;
    const { option, value, at, isSure } = secret;
    if (value === null || value.length < 4 || isPlaceholder(value) || (!isSure && !isRandom(value))) return;
    add(at, `${name} ${option}`, /token|key/.test(option) ? token() : password());
  });
  const [first, second, third] = args.map((word) => word.value);
  const last = args.at(-1);
  const value = last?.value ?? null;
  if (!last || value === null || value.length < 4 || isPlaceholder(value)) return;
  if (
    name === 'aws' &&
    first === 'configure' &&
    second === 'set' &&
    /secret_access_key|session_token/.test(third ?? '')
  )
    add(last, `aws configure set ${third} …`, token());
  if ((name === 'composer' || name === 'poetry') && first === 'config' && args.length > 2) {
    const key = args
      .map((word) => word.value ?? '')
      .find((word) => /^(?:http-basic|github-oauth|gitlab-token|pypi-token|bearer)\./.test(word));
    if (key !== undefined) add(last, `${name} config ${key} …`, token());
  }
  if (name === 'htpasswd' && args.some(({ unquoted }) => /^-[a-zA-Z]*b/.test(unquoted)))
    add(last, 'htpasswd …', password());
}

interface OptionValue {
  readonly option: string;
  readonly value: string | null;
  readonly at: ShellWord;
  /** Whether the option means a password whatever is in it; for others it must look like one. */
  readonly isSure: boolean;
}

function optionValue(name: string, word: ShellWord, next: ShellWord | undefined, isLogin: boolean): OptionValue | null {
  const text = word.unquoted;
  const long = /^(--?(?:[\w-]*password|[\w-]*passwd|[\w-]*token|api-?key|secret(?:-key)?))(=)?/i.exec(text);
  if (long?.[1] && !/file|stdin|path/.test(long[1])) {
    const option = long[1];
    if (long[2])
      return { option: `${option}=…`, value: word.value?.slice(option.length + 1) ?? null, at: word, isSure: false };
    if (text === option && next && !next.unquoted.startsWith('-'))
      return { option: `${option} …`, value: next.value, at: next, isSure: false };
  }
  if (name === 'sshpass' && text.startsWith('-p'))
    return text === '-p'
      ? next
        ? { option: '-p …', value: next.value, at: next, isSure: true }
        : null
      : { option: '-p…', value: word.value?.slice(2) ?? null, at: word, isSure: true };
  if (isLogin && text === '-p' && next) return { option: '-p …', value: next.value, at: next, isSure: false };
  if (/^(?:mysql|mysqladmin|mysqldump|mariadb)$/.test(name) && /^-p./.test(text))
    return { option: '-p…', value: word.value?.slice(2) ?? null, at: word, isSure: true };
  return null;
}

/** Whether a text could be nothing but a password or token: letters and digits, and no word of a language, path or version. */
const isRandom = (text: string): boolean =>
  text.length >= 8 && /[a-z]/i.test(text) && /\d/.test(text) && !/^[./~]|:\/\/|\.\w{2,5}$|\s/.test(text);

function ofDownloads(script: ShellScript, add: Add): void {
  for (const { tool, options } of downloadsOf(script)) {
    for (const { name, value, word, valueWord } of options) {
      const holder = valueWord ?? word;
      const isUser = tool === 'curl' && /^(?:-u|--user|-U|--proxy-user|--oauth2-bearer)$/.test(name);
      const isPassword = tool === 'wget' && /^--(?:http-|ftp-|proxy-)?password$/.test(name);
      if ((!isUser && !isPassword) || value === null || holder.value === null) continue;
      const colon = value.indexOf(':');
      const secret =
        isUser && colon >= 0 ? value.slice(colon + 1) : isPassword || name === '--oauth2-bearer' ? value : '';
      if (secret === '' || isPlaceholder(secret)) continue;
      add(holder, `${tool} ${name} ${isUser && colon > 0 ? `${value.slice(0, colon)}:` : ''}…`, password());
    }
  }
}
