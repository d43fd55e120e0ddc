/** What is known of a shell script inside an instruction: its commands, where they stand and how they hang together. */
import type { LocalSpan, SourceMap } from '../syntax/span';

/** Which shell reads the text. `other` (PowerShell, cmd, python …) and what failed to parse is left alone. */
export type ShellDialect = 'posix' | 'bash' | 'other';

/**
 * How the text reaches its shell, which tells what an edit at its places has to look like:
 * `shell` a shell-form instruction, `heredoc` the body of a here-document, `json` a string of the exec form that is given
 * to a shell (`["sh", "-c", "…"]`), `exec` the exec form without a shell: one command whose words are JSON strings.
 */
export type ShellForm = 'shell' | 'heredoc' | 'json' | 'exec';

export interface ShellScript {
  /** The text that the shell gets; in the exec form the strings, joined by blanks. */
  readonly text: string;
  readonly map: SourceMap;
  readonly dialect: ShellDialect;
  readonly form: ShellForm;
  /** False where the script did not parse or the shell is not a POSIX one: `commands` is then empty and nothing may be concluded. */
  readonly known: boolean;
  /** Every simple command in source order, nested ones (subshells, loops, substitutions) included. */
  readonly commands: readonly ShellCommand[];
  /** The top-level and-or lists, in order. */
  readonly statements: readonly ShellStatement[];
  /** Comments (`# …`) in the script (not those inside substitutions), from `#` to the end of the line. */
  readonly comments: readonly LocalSpan[];
  /** Variables the script reads ($X, ${X…}), names only, anywhere outside single quotes. */
  readonly reads: ReadonlySet<string>;
  /** Variables the script assigns, exports or reads into at any depth, be it for one command only (`A=1 make`). */
  readonly assigns: ReadonlySet<string>;
  /** Every place where a variable of the shell is changed for what follows, not for one command only. */
  readonly variables: readonly ShellVariableChange[];
  /** Functions that the script defines. */
  readonly functions: readonly ShellFunction[];
  /** Redirections of compound commands (`for … done > f`, `{ … } < f`), which belong to no simple command. */
  readonly blockRedirects: readonly ShellRedirect[];
}

/** `A=1`, `export A`, `read A`, `for A in …`, `${A:=x}`, `unset A`. */
export interface ShellVariableChange {
  readonly name: string;
  /** By `export`, `declare -x` or `typeset -x`: programs see it from here on. */
  readonly exported: boolean;
  readonly span: LocalSpan;
  readonly start: number;
  readonly end: number;
  readonly nesting: ShellNesting;
}

export interface ShellFunction {
  readonly name: string;
  /** The whole definition. */
  readonly span: LocalSpan;
  readonly start: number;
  readonly end: number;
  readonly nesting: ShellNesting;
}

/** One top-level statement: pipelines joined by `&&` and `||`. */
export interface ShellStatement {
  readonly span: LocalSpan;
  /** Offsets in `ShellScript.text`. */
  readonly start: number;
  readonly end: number;
  /** Operators between the pipelines; empty for a single one. */
  readonly operators: readonly ('&&' | '||')[];
  readonly pipelines: readonly ShellPipeline[];
  /** How the statement ends: `;`, `&`, a newline, or the end of the script. */
  readonly terminator: ';' | '&' | '\n' | '';
}

export interface ShellPipeline {
  readonly span: LocalSpan;
  readonly start: number;
  readonly end: number;
  readonly negated: boolean;
  /** Node kinds of the members: 'Command' for simple ones, else If, For, While, Subshell, BraceGroup, Case, Function, … */
  readonly kinds: readonly string[];
  /** The simple commands directly in it (not those nested in compound ones). */
  readonly commands: readonly ShellCommand[];
}

/** What a command stands in, from the weakest to the strongest reason to doubt that it runs, and runs in the script's own shell. */
export type ShellNesting =
  | 'top'
  | 'group'
  | 'pipeline'
  | 'subshell'
  | 'loop'
  | 'conditional'
  | 'substitution'
  | 'function';

export interface ShellCommand {
  /** The command's name without its folder (`apt-get` for `/usr/bin/apt-get`, `pip` for `$VENV/bin/pip`), null where it is not a literal or where the command only assigns. Prefix programs (env, sudo, exec, command, time, nice, nohup, eatmydata …) are stepped over: this is the program that runs. */
  readonly name: string | null;
  /** The prefix programs that were stepped over, in order. */
  readonly prefixes: readonly string[];
  /** The words before the name: the prefix programs, their options and `NAME=value` words. */
  readonly prefixWords: readonly ShellWord[];
  readonly nameWord: ShellWord | null;
  /** Arguments after the name. */
  readonly args: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /** From the first word (assignments, prefix programs included) to the last, redirects included. */
  readonly span: LocalSpan;
  readonly start: number;
  readonly end: number;
  /** Index into `ShellScript.statements`; for nested commands that of the enclosing one. */
  readonly statement: number;
  /**
   * 'top' when it is a member of a top-level and-or list and runs in the script's own shell (`connector` tells on what
   * condition); else the last in the order of `ShellNesting` of all that encloses it. A pipe of several commands is
   * 'pipeline', `a &`, `( … )` and `sh -c '…'` are 'subshell', everything in an `if` or `case` is 'conditional'.
   */
  readonly nesting: ShellNesting;
  /** True where it stands in a quoted string given to `sh -c`, `su -c` or `eval`: an edit has to be right inside those quotes. */
  readonly quoted: boolean;
  /** The operator before it in its list; '' for the first of a list. */
  readonly connector: '' | '&&' | '||' | '|' | ';' | '&' | '\n';
}

export interface ShellWord {
  /** As written (inside `sh -c "…"` without the backslashes that the quotes take away). */
  readonly text: string;
  /** Quotes removed; null where an expansion or glob makes it unknown. */
  readonly value: string | null;
  /** Quotes and escapes removed, what the shell would expand kept as written (`$X/*.log`). */
  readonly unquoted: string;
  /** Why `value` is null, the last of what is in it: a file name pattern, `{a,b}`, or `$X`, `$(…)`, `~`. */
  readonly kind: 'literal' | 'glob' | 'braces' | 'expansion';
  /** True where the word is one literal without quotes, escapes, globs or expansions. */
  readonly plain: boolean;
  readonly span: LocalSpan;
  readonly start: number;
  readonly end: number;
}

export interface ShellAssignment {
  readonly name: string;
  /** An empty word for `A=`; null for an array. */
  readonly value: ShellWord | null;
  /** `A+=x`. */
  readonly append: boolean;
  readonly span: LocalSpan;
}

export interface ShellRedirect {
  /** `>`, `>>`, `<`, `<<`, `<<-`, `<<<`, `>&`, `<&`, `&>`, `&>>`, `>|`, `<>`. */
  readonly operator: string;
  /** The number before the operator (`2>`); null where the operator's own is meant. */
  readonly descriptor: number | null;
  /** The file, the descriptor of `>&`, or the delimiter of a here-document. */
  readonly target: ShellWord | null;
  readonly span: LocalSpan;
  readonly start: number;
  readonly end: number;
  /** What follows `<<`; null for every other operator. */
  readonly heredoc: ShellHeredoc | null;
}

/** The body of a here-document inside a script. */
export interface ShellHeredoc {
  /** True where nothing in the body is expanded (`<<'EOF'`). */
  readonly quoted: boolean;
  /** The body in `ShellScript.text`; the terminator is not part of it. */
  readonly start: number;
  readonly end: number;
}
