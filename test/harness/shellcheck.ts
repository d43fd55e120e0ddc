/** The ShellCheck that tests ask: the machine's, or Debian's where it can be installed. */
import { execFileSync } from 'node:child_process';
import { findShellcheck } from '../../server/src/shell/node/shellcheck';
import { isEverythingDemanded, isRootOnDebian } from './platform';

/** The path of the program; undefined, and said loudly, where it is missing. Throws where every proof is demanded. */
export function ensureShellcheck(): string | undefined {
  const found = findShellcheck() ?? (isRootOnDebian() ? installShellcheck() : undefined);
  if (found) return found;
  const message = 'ShellCheck is not here: what it says of scripts cannot be tried';
  if (isEverythingDemanded()) throw new Error(message);
  console.error(`!!! SKIPPED: ${message} !!!`);
  return undefined;
}

function installShellcheck(): string | undefined {
  console.error('Installing shellcheck from Debian…');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const get = (...args: string[]) => execFileSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 2, 2] });
  try {
    get('update');
    get('install', '-y', '--no-install-recommends', 'shellcheck');
  } catch (error) {
    console.error(`!!! ShellCheck could not be installed: ${error} !!!`);
  }
  return findShellcheck();
}
