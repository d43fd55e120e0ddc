/** `chmod`, `chown` and `chgrp` in a script: what they give to which paths. */
import { directoriesOf, pathOf } from './directories';
import type { ShellCommand, ShellScript, ShellWord } from './script';

export interface ModeChange {
  readonly command: ShellCommand;
  readonly kind: 'chmod' | 'chown';
  /** The mode or the owner as written; `:group` for chgrp. */
  readonly value: string;
  /** Whether the value is a literal. */
  readonly isLiteral: boolean;
  readonly recursive: boolean;
  readonly operands: readonly ModeOperand[];
}

export interface ModeOperand {
  readonly word: ShellWord;
  /** See `pathOf`; null where unknown. */
  readonly path: string | null;
}

/** The change that a command makes; null where it is none, or has options that change what it means. */
export function modeChangeOf(command: ShellCommand, script: ShellScript): ModeChange | null {
  const { name, args } = command;
  if (name !== 'chmod' && name !== 'chown' && name !== 'chgrp') return null;
  const options = args.filter((arg) => /^-./.test(arg.unquoted));
  if (
    options.some((option) => !/^(?:-[RvcfPh]+|--recursive|--verbose|--changes|--no-dereference)$/.test(option.unquoted))
  )
    return null;
  const [first, ...words] = args.filter((arg) => !options.includes(arg));
  if (!first || words.length === 0) return null;
  const directory = directoriesOf(script).get(command) ?? null;
  return {
    command,
    kind: name === 'chmod' ? 'chmod' : 'chown',
    value: name === 'chgrp' ? `:${first.unquoted}` : first.unquoted,
    isLiteral: first.value !== null,
    recursive: options.some((option) => /^-\w*R|^--recursive$/.test(option.unquoted)),
    operands: words.map((word) => ({ word, path: pathOf(word, directory) })),
  };
}
