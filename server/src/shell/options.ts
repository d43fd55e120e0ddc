/** Options of a package manager's command line, apart from its operands. */
import type { Grammar } from './grammar';
import type { PackageFlag } from './packages';
import type { ShellWord } from './script';

export interface ReadOptions {
  readonly flags: readonly PackageFlag[];
  /** Every other word, the subcommand among them. */
  readonly operands: readonly ShellWord[];
}

const valuedSets = new Map<string, ReadonlySet<string>>();

function valuedOptions(grammar: Grammar): ReadonlySet<string> {
  const known = valuedSets.get(grammar.valued);
  if (known !== undefined) return known;
  const set = new Set(grammar.valued.split(' ').filter(Boolean));
  valuedSets.set(grammar.valued, set);
  return set;
}

/** Separates options from operands; the value of an option that takes one goes with it. */
export function readOptions(args: readonly ShellWord[], grammar: Grammar): ReadOptions {
  const valued = valuedOptions(grammar);
  const flags: PackageFlag[] = [];
  const operands: ShellWord[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) break;
    const text = word.unquoted;
    if (text === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!text.startsWith('-') || text === '-') {
      operands.push(word);
      continue;
    }
    const read = readOption(word, args[at + 1], valued, grammar);
    flags.push(...read.flags);
    if (read.usesNext) at++;
  }
  return { flags, operands };
}

interface ReadOption {
  readonly flags: readonly PackageFlag[];
  readonly usesNext: boolean;
}

function readOption(
  word: ShellWord,
  next: ShellWord | undefined,
  valued: ReadonlySet<string>,
  grammar: Grammar,
): ReadOption {
  const text = word.unquoted;
  const flag = (name: string, value: string | null, valueWord: ShellWord | null = null): PackageFlag => ({
    name,
    value,
    word,
    valueWord,
  });
  if (valued.has(text)) {
    const isGiven = next !== undefined;
    return { flags: [flag(text, next?.unquoted ?? null, next ?? null)], usesNext: isGiven };
  }
  const equals = text.indexOf('=');
  const isLong = text.startsWith('--');
  const isGlued = !isLong && text.length > 2 && (grammar.glued?.includes(text.charAt(1)) ?? false);
  if (isGlued) return { flags: [flag(text.slice(0, 2), text.slice(2))], usesNext: false };
  if (isLong || !grammar.bundles) {
    // MSBuild's `-p:Name=value` has its name before the colon.
    const end = equals < 0 ? text.length : equals;
    return { flags: [flag(text.slice(0, end), equals < 0 ? null : text.slice(equals + 1))], usesNext: false };
  }
  return readBundle(text, next, valued, flag);
}

function readBundle(
  text: string,
  next: ShellWord | undefined,
  valued: ReadonlySet<string>,
  flag: (name: string, value: string | null, valueWord?: ShellWord | null) => PackageFlag,
): ReadOption {
  const flags: PackageFlag[] = [];
  for (let at = 1; at < text.length; at++) {
    const name = `-${text.charAt(at)}`;
    const rest = text.slice(at + 1);
    if (valued.has(name)) {
      if (rest !== '') return { flags: [...flags, flag(name, rest.replace(/^=/, ''))], usesNext: false };
      return { flags: [...flags, flag(name, next?.unquoted ?? null, next ?? null)], usesNext: next !== undefined };
    }
    if (rest.startsWith('=')) return { flags: [...flags, flag(name, rest.slice(1))], usesNext: false };
    // `-q2`: a level, not an option.
    if (/^\d+$/.test(rest)) return { flags: [...flags, flag(name, rest)], usesNext: false };
    flags.push(flag(name, null));
  }
  return { flags, usesNext: false };
}
