/** Programs that run another program: what they take away from a command line before it starts. */
import type { ShellWord } from './script';
import { programName } from './words';

interface Prefix {
  /** Short options that take a value, glued or separate, by letter. */
  readonly short: string;
  /** Long options whose value may be a word of its own. */
  readonly long: readonly string[];
  /** Words between the options and the program (`timeout 10`, `gosu user`). */
  readonly operands: number;
  /** `NAME=value` words may stand before the program. */
  readonly assignments: boolean;
  /** Options with which nothing is run (`command -v x` only looks it up), short by letter. */
  readonly stops: readonly string[];
}

const simple: Prefix = { short: '', long: [], operands: 0, assignments: false, stops: [] };

const prefixes: ReadonlyMap<string, Prefix> = new Map<string, Prefix>([
  [
    'sudo',
    {
      ...simple,
      short: 'ugpCcrtThDRU',
      long: ['--user', '--group', '--prompt', '--chdir', '--chroot', '--host', '--role', '--type', '--command-timeout'],
      assignments: true,
      stops: ['-l', '-v', '-k', '-K', '-e', '-V'],
    },
  ],
  ['doas', { ...simple, short: 'uCa' }],
  ['env', { ...simple, short: 'uC', long: ['--unset', '--chdir'], assignments: true, stops: ['-S', '--split-string'] }],
  ['exec', { ...simple, short: 'a' }],
  ['command', { ...simple, stops: ['-v', '-V'] }],
  ['builtin', simple],
  ['time', { ...simple, short: 'fo', long: ['--format', '--output'] }],
  ['nice', { ...simple, short: 'n', long: ['--adjustment'] }],
  ['ionice', { ...simple, short: 'cn', long: ['--class', '--classdata'], stops: ['-p', '--pid'] }],
  ['nohup', simple],
  ['setsid', simple],
  ['eatmydata', simple],
  ['fakeroot', { ...simple, short: 'lisb' }],
  ['chronic', simple],
  ['unbuffer', simple],
  ['catchsegv', simple],
  ['stdbuf', { ...simple, short: 'ioe', long: ['--input', '--output', '--error'] }],
  ['timeout', { ...simple, short: 'ks', long: ['--kill-after', '--signal'], operands: 1 }],
  ['gosu', { ...simple, operands: 1 }],
  ['su-exec', { ...simple, operands: 1 }],
  ['linux32', simple],
  ['linux64', simple],
  ['setarch', { ...simple, operands: 1 }],
  [
    'xvfb-run',
    {
      ...simple,
      short: 'efnps',
      long: ['--error-file', '--auth-file', '--server-num', '--xauth-protocol', '--server-args'],
    },
  ],
  ['tini', { ...simple, short: 'pe' }],
  ['dumb-init', { ...simple, short: 'r', long: ['--rewrite'] }],
]);

/** What stands before the program that really runs. */
export interface SteppedOver {
  readonly prefixes: readonly string[];
  /** Index of the program among the words; their number where there is none. */
  readonly program: number;
  /** `NAME=value` words of env and sudo, by index. */
  readonly assignments: readonly number[];
}

/** Steps over the prefix programs at the start of a command's words. */
export function stepOverPrefixes(words: readonly ShellWord[]): SteppedOver {
  const names: string[] = [];
  const assignments: number[] = [];
  let program = 0;
  for (;;) {
    const word = words[program];
    const name = word ? programName(word) : null;
    const prefix = name === null ? undefined : prefixes.get(name);
    if (name === null || prefix === undefined) break;
    const found: number[] = [];
    const next = programAfter(words, program + 1, prefix, found);
    if (next === null || next >= words.length) break;
    names.push(name);
    assignments.push(...found);
    program = next;
  }
  return { prefixes: names, program, assignments };
}

/** The index of the program that a prefix program runs; null where it runs none. */
function programAfter(words: readonly ShellWord[], from: number, prefix: Prefix, assignments: number[]): number | null {
  let at = from;
  let operands = prefix.operands;
  let optionsEnded = false;
  for (; at < words.length; at++) {
    const word = words[at]?.unquoted ?? '';
    if (!optionsEnded && word === '--') {
      optionsEnded = true;
      continue;
    }
    if (!optionsEnded && word.startsWith('-') && word.length > 1) {
      if (prefix.stops.some((stop) => word === stop || (stop.startsWith('--') && word.startsWith(`${stop}=`))))
        return null;
      if (takesNextWord(word, prefix)) at++;
      continue;
    }
    if (prefix.assignments && /^[A-Za-z_]\w*=/.test(word)) {
      assignments.push(at);
      continue;
    }
    if (operands > 0) {
      operands--;
      optionsEnded = true;
      continue;
    }
    return at;
  }
  return at;
}

/** Whether an option's value is the word that follows it. */
function takesNextWord(option: string, prefix: Prefix): boolean {
  if (option.startsWith('--')) return prefix.long.includes(option);
  const index = [...option.slice(1)].findIndex((letter) => prefix.short.includes(letter));
  return index >= 0 && index === option.length - 2;
}
