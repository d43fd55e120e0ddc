/** Whether a script compares what it fetches with a checksum that it brings along, or checks its signature. */
import type { ShellCommand, ShellScript } from './script';

const sums = /^(?:(?:sha(?:1|224|256|384|512)?|md5|b2|b3)sum|shasum|cksum)$/;

/** A script that does neither takes whatever it gets. A checksum that was fetched from the same place proves nothing. */
export function verifiesDownloads(script: ShellScript): boolean {
  return script.commands.some((command) => {
    const { name, args } = command;
    if (name === null) return false;
    const words = args.map((word) => word.unquoted);
    if (name === 'gpg' || name === 'gpg2') return words.includes('--verify');
    if (name === 'gpgv' || name === 'minisign' || name === 'signify') return true;
    if (name === 'cosign') return (words[0] ?? '').startsWith('verify');
    if (name === 'openssl') return words.includes('-verify');
    if (!sums.test(name) || !words.some((word) => /^-[a-z]*c[a-z]*$|^--check$/.test(word))) return false;
    return readsWrittenSum(script, command);
  });
}

/** The sum is written in the script (`echo "… file" | sha256sum -c`), or in a file that it does not fetch. */
function readsWrittenSum(script: ShellScript, command: ShellCommand): boolean {
  if (command.redirects.some(({ operator }) => operator.startsWith('<<'))) return true;
  if (command.connector !== '|') {
    const files = command.args.map((word) => word.unquoted).filter((word) => !word.startsWith('-'));
    return files.some((file) => !isFetched(script, file));
  }
  const before = script.commands.filter(({ end }) => end <= command.start).at(-1);
  return before?.name !== 'curl' && before?.name !== 'wget';
}

function isFetched(script: ShellScript, file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return script.commands.some(
    ({ name: program, args }) =>
      (program === 'curl' || program === 'wget') && args.some((word) => word.unquoted.endsWith(name)),
  );
}
