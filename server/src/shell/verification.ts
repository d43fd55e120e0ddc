/** Whether a script compares what it fetches with a checksum that it brings along, or checks its signature. */
import type { Download } from './downloads';
import type { ShellCommand, ShellScript } from './script';

const sums = /^(?:(?:sha(?:1|224|256|384|512)?|md5|b2|b3)sum|shasum|cksum)$/;
const cache = new WeakMap<ShellScript, readonly (string | null)[]>();

/**
 * What each check of a script says: the words in which the checked files are named, as written; null where nothing tells
 * which files it checks. A checksum that was fetched from the same place proves nothing and is no check.
 */
export function verificationsOf(script: ShellScript): readonly (string | null)[] {
  const known = cache.get(script);
  if (known) return known;
  const found = script.commands.flatMap((command) => verification(script, command));
  cache.set(script, found);
  return found;
}

/** Whether a check of the script is about one of these files, or may be. */
export function isVerified(script: ShellScript, files: readonly string[]): boolean {
  const checks = verificationsOf(script);
  if (checks.length === 0) return false;
  const names = files.map(baseName).filter((name) => name !== '');
  return checks.some(
    (check) =>
      check === null || names.some((name) => check.includes(name) || !/[A-Za-z]{2}/.test(withoutVariables(name))),
  );
}

/** The names under which what is downloaded may be checked: that of the file it goes to, and that of the address. */
export function namesOf({ urls, options, command }: Download): string[] {
  const outputs = options.filter(({ name }) => /^(?:-o|-O|--output|--output-document)$/.test(name));
  const targets = command.redirects.flatMap(({ target }) => (target ? [target.unquoted] : []));
  return [...urls.map(({ unquoted }) => unquoted), ...outputs.flatMap(({ value }) => value ?? []), ...targets];
}

const baseName = (path: string): string => /([^/?#]+)(?:[?#].*)?$/.exec(path)?.[1] ?? '';
const withoutVariables = (name: string): string => name.replace(/\$\{[^}]*\}|\$\w+/g, '');

function verification(script: ShellScript, command: ShellCommand): (string | null)[] {
  const { name, args } = command;
  if (name === null) return [];
  const words = args.map((word) => word.unquoted);
  if (name === 'gpg' || name === 'gpg2') return words.includes('--verify') ? [words.join(' ')] : [];
  if (name === 'gpgv' || name === 'minisign' || name === 'signify') return [words.join(' ')];
  if (name === 'cosign') return (words[0] ?? '').startsWith('verify') ? [null] : [];
  if (name === 'openssl') return words.includes('-verify') ? [null] : [];
  if (!sums.test(name) || !words.some((word) => /^-[a-z]*c[a-z]*$|^--check$/.test(word))) return [];
  return sumsOf(script, command);
}

/** The sum is written in the script (`echo "… file" | sha256sum -c`), or in a file that it does not fetch. */
function sumsOf(script: ShellScript, command: ShellCommand): (string | null)[] {
  const here = command.redirects.find(({ operator }) => operator.startsWith('<<'));
  if (here)
    return [here.heredoc ? script.text.slice(here.heredoc.start, here.heredoc.end) : (here.target?.unquoted ?? null)];
  if (command.connector !== '|') {
    const files = command.args.map((word) => word.unquoted).filter((word) => !word.startsWith('-'));
    return files.some((file) => !isFetched(script, file)) ? [null] : [];
  }
  const before = script.commands.filter(({ end }) => end <= command.start).at(-1);
  if (before?.name === 'curl' || before?.name === 'wget') return [];
  const isWritten = before?.name === 'echo' || before?.name === 'printf';
  return [isWritten ? before.args.map((word) => word.unquoted).join(' ') : null];
}

function isFetched(script: ShellScript, file: string): boolean {
  const name = baseName(file);
  return script.commands.some(
    ({ name: program, args }) =>
      (program === 'curl' || program === 'wget') && args.some((word) => word.unquoted.endsWith(name)),
  );
}
