/** Which shell a text is for: from the words of SHELL, from a `#!` line, from the base image. */
import type { ShellDialect } from './script';

/** Programs that read POSIX shell scripts. zsh and fish split words by other rules and are left alone. */
const dialects: ReadonlyMap<string, ShellDialect> = new Map<string, ShellDialect>([
  ['sh', 'posix'],
  ['dash', 'posix'],
  ['ash', 'posix'],
  ['ksh', 'posix'],
  ['mksh', 'posix'],
  ['yash', 'posix'],
  ['bash', 'bash'],
  ['rbash', 'bash'],
]);

/** The dialect of a shell program (`/bin/bash`, `sh`); null where it is none that we know. */
export function dialectOfProgram(program: string): ShellDialect | null {
  const name = program.slice(program.lastIndexOf('/') + 1);
  return dialects.get(name) ?? null;
}

/** The words that run a shell, up to the option that takes the script. */
export interface ShellInvocation {
  readonly dialect: ShellDialect;
  /** Index of the word that is the script. */
  readonly script: number;
}

/**
 * What a SHELL instruction's words select; null stands for the default `["/bin/sh", "-c"]`.
 * The last word has to be the option that takes a script, else the shell would take the text for a file.
 */
export function dialectOfShell(words: readonly string[] | null): ShellDialect {
  if (words === null) return 'posix';
  const invocation = shellInvocation(words);
  return invocation !== null && invocation.script === words.length ? invocation.dialect : 'other';
}

/**
 * The shell that a command line hands a script to: `sh -c`, `/usr/bin/env bash -eo pipefail -c`, `busybox sh -c`,
 * `conda run -n env /bin/bash -c`. Null where none is recognised.
 */
export function shellInvocation(words: readonly string[]): ShellInvocation | null {
  const program = words.findIndex((word) => dialectOfProgram(word) !== null);
  const dialect = dialectOfProgram(words[program] ?? '');
  if (dialect === null) return null;
  const before = words.slice(0, program);
  const isWrapped = before.length === 0 || wrappers.has((before[0] ?? '').replace(/^.*\//, ''));
  if (!isWrapped) return null;
  for (let at = program + 1; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-o' || word === '+o' || word === '-O' || word === '+O') at++;
    else if (/^-[a-zA-Z]*c[a-zA-Z]*$/.test(word)) return { dialect, script: afterOptions(words, at, word) };
    else if (/^[-+][a-zA-Z]*o$/.test(word)) at++;
    else if (word === '--rcfile' || word === '--init-file') at++;
    else if (!/^[-+]/.test(word)) return null;
  }
  return null;
}

/** The index behind `-c` and what still belongs to it (`-co pipefail`, `-c -e`). */
function afterOptions(words: readonly string[], at: number, word: string): number {
  let next = word.includes('o') ? at + 2 : at + 1;
  while (/^[-+][a-zA-Z]+$/.test(words[next] ?? '')) next += /[oO]$/.test(words[next] ?? '') ? 2 : 1;
  return next;
}

/** Whether SHELL's words start a shell that stops at the first failure (`-e`, `-ec`, `-o errexit`). */
export function shellStopsOnError(words: readonly string[] | null): boolean {
  return (words ?? []).some(
    (word, at) => /^-[a-zA-Z]*e/.test(word) || (word === 'errexit' && /^-[a-zA-Z]*o/.test(words?.[at - 1] ?? '')),
  );
}

/** Whether a pipe fails where any of its members does (`-o pipefail`, `-euxo pipefail`). */
export function shellHasPipefail(words: readonly string[] | null): boolean {
  return (words ?? []).some((word, at) => word === 'pipefail' && /^-[a-zA-Z]*o/.test(words?.[at - 1] ?? ''));
}

/** Programs that only start the shell behind them. */
const wrappers = new Set([
  'env',
  'busybox',
  'conda',
  'mamba',
  'micromamba',
  'tini',
  'dumb-init',
  'sudo',
  'gosu',
  'su-exec',
  'exec',
  'nice',
  'nohup',
  'time',
  'timeout',
  'catatonit',
  'linux32',
  'setarch',
  'eatmydata',
  'xvfb-run',
  'scl',
  'nix-shell',
  'unshare',
]);

/** The dialect that a script's first line asks for; null where it has no `#!`. */
export function dialectOfShebang(text: string): ShellDialect | null {
  const line = /^#!\s*(\S+)[ \t]*([^\r\n]*)/.exec(text);
  if (line?.[1] === undefined) return null;
  const words = [line[1], ...(line[2] ?? '').split(/\s+/).filter(Boolean)];
  const isEnv = /(^|\/)env$/.test(line[1]);
  const program = isEnv ? words.slice(1).find((word) => !word.startsWith('-') && !word.includes('=')) : words[0];
  return dialectOfProgram(program ?? '') ?? 'other';
}

/**
 * Whether an image reference names a Windows image, whose default shell is cmd.
 * Only what Microsoft publishes is known by name: anything else is Linux.
 */
export function isWindowsImage(reference: string): boolean {
  const image = reference.toLowerCase();
  if (/^mcr\.microsoft\.com\/windows(\/|:|@|$)/.test(image)) return true;
  if (/^(mcr\.microsoft\.com|microsoft)\/(windowsservercore|nanoserver|windows|iis)(:|@|-|$)/.test(image)) return true;
  return /(windowsservercore|nanoserver|servercore)/.test(image) || /-windows-?(ltsc|\d|amd64)/.test(image);
}
