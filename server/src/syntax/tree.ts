/** The immutable tree of a Dockerfile: what BuildKit's parser sees, with the places where it was written. */
import type { LineIndex, LocalSpan, SourceMap, Span } from './span';

/** Every instruction that BuildKit knows. */
export type Keyword =
  | 'ADD'
  | 'ARG'
  | 'CMD'
  | 'COPY'
  | 'ENTRYPOINT'
  | 'ENV'
  | 'EXPOSE'
  | 'FROM'
  | 'HEALTHCHECK'
  | 'LABEL'
  | 'MAINTAINER'
  | 'ONBUILD'
  | 'RUN'
  | 'SHELL'
  | 'STOPSIGNAL'
  | 'USER'
  | 'VOLUME'
  | 'WORKDIR';

/** A parsed file. Parsing never fails: what BuildKit would refuse is in `problems`. */
export interface Dockerfile {
  readonly text: string;
  readonly lines: LineIndex;
  /** The end of line that most lines have; '\n' in a file of one line. */
  readonly eol: '\n' | '\r\n';
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  /** Comment lines outside instructions, directives not included. */
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
  /** What BuildKit's parser refuses at the top of the file; its spans count from the start of the file. The rest is in the bodies. */
  readonly problems: readonly Problem[];
}

/** `# escape=…`, `# syntax=…` or `# check=…` where BuildKit reads it as a directive. */
export interface Directive {
  readonly name: 'escape' | 'syntax' | 'check';
  readonly value: string;
  readonly span: Span;
  readonly valueSpan: Span;
  readonly line: number;
}

export interface Comment {
  /** Without `#` and surrounding blanks. */
  readonly text: string;
  /** From `#` to the end of the line. */
  readonly span: Span;
  readonly line: number;
}

export type ProblemCode =
  | 'no-instructions'
  | 'duplicate-directive'
  | 'invalid-escape'
  | 'unterminated-heredoc'
  | 'json-not-strings'
  | 'missing-equals'
  | 'missing-value'
  | 'heredoc-syntax';

/** Something that BuildKit's parser (not its instruction checks) refuses. */
export interface Problem {
  readonly code: ProblemCode;
  readonly span: LocalSpan;
  /** The text it is about, to be quoted. */
  readonly detail: string;
}

/** An instruction at its place in a document. The body is shared between versions of the document. */
export interface Instruction {
  /** 0-based position among the file's instructions. */
  readonly index: number;
  readonly body: InstructionBody;
  /** Upper-case keyword; any word where the file has an unknown instruction. */
  readonly keyword: string;
  /** From the keyword to the end of the last line (heredoc bodies included), end of line not included. */
  readonly span: Span;
  /** 0-based. */
  readonly line: number;
  /** 0-based line of the last character. */
  readonly endLine: number;
  /**
   * The comment lines above, as BuildKit's PrevComment has them: everything since the instruction before, blank lines do
   * not matter, and an empty comment (`#`) makes it forget those above it.
   */
  readonly precedingComments: readonly Comment[];
  /** A local span as a document span. */
  at(local: LocalSpan): Span;
}

/** What an instruction says, independent of where it stands. */
export interface InstructionBody {
  /** The raw text, from the first character of the keyword to the end of its last line. */
  readonly raw: string;
  /** Upper-case. */
  readonly keyword: string;
  /** The known keyword, or null. */
  readonly known: Keyword | null;
  readonly keywordSpan: LocalSpan;
  readonly escape: '\\' | '`';
  /** The whole logical line as BuildKit joins it: continuations, comment lines and blank lines removed. */
  readonly joined: string;
  readonly map: SourceMap;
  readonly flags: readonly Flag[];
  /** What follows keyword and flags, trimmed; empty when there is nothing. */
  readonly rest: string;
  /** Where `rest` starts in `joined`. */
  readonly restStart: number;
  readonly restSpan: LocalSpan;
  /**
   * Words as BuildKit splits them for this keyword (quotes kept); exec-form strings where `json` is set; one word for a
   * shell-form command and for the rest of MAINTAINER, WORKDIR, USER, STOPSIGNAL. HEALTHCHECK's first word is its type.
   */
  readonly words: readonly Word[];
  /** The strings of the exec form, where BuildKit reads it as one (RUN, CMD, ENTRYPOINT, SHELL, COPY, ADD, VOLUME, HEALTHCHECK CMD). */
  readonly json: readonly Word[] | null;
  /** Name-value pairs of ENV, LABEL and ARG. */
  readonly pairs: readonly Pair[];
  /** Of ADD, COPY and RUN, and of ONBUILD with one of them (which both it and its trigger have then). */
  readonly heredocs: readonly Heredoc[];
  /** What ONBUILD wraps, its spans local to the ONBUILD instruction. */
  readonly trigger: InstructionBody | null;
  /** HEALTHCHECK's first argument, upper-case: CMD or NONE. */
  readonly healthcheck: string | null;
  /** Comment lines inside the continued instruction, from `#` to the end of the line. */
  readonly innerComments: readonly LocalSpan[];
  /** Blank lines inside the continued instruction. */
  readonly emptyContinuations: readonly LocalSpan[];
  /** The file ended inside it: in a continuation or in a heredoc. */
  readonly open: boolean;
  /** In ONBUILD those of its trigger too. */
  readonly problems: readonly Problem[];
}

export interface Flag {
  /** Without the dashes; lower-case is not applied, BuildKit is case-sensitive here. */
  readonly name: string;
  /** Quotes and escapes removed as BuildKit does; null in `--link` without `=`. */
  readonly value: string | null;
  readonly span: LocalSpan;
  readonly nameSpan: LocalSpan;
  readonly valueSpan: LocalSpan | null;
}

export interface Word {
  /** The text as written (continuations joined), quotes and escapes kept; the decoded string in exec form. */
  readonly text: string;
  readonly span: LocalSpan;
}

export interface Pair {
  readonly name: string;
  /** As written, quotes kept; null for an ARG without default. */
  readonly value: string | null;
  readonly span: LocalSpan;
  readonly nameSpan: LocalSpan;
  readonly valueSpan: LocalSpan | null;
  /** `ENV name value`. */
  readonly legacy: boolean;
}

export interface Heredoc {
  readonly name: string;
  /** `<<-`: leading tabs are chomped. */
  readonly chomp: boolean;
  /** Unquoted name: variables are expanded. */
  readonly expand: boolean;
  readonly fileDescriptor: number;
  /** The word `<<EOF` on the instruction's line. */
  readonly span: LocalSpan;
  /** The body's lines, their line ends included; the terminator is not. */
  readonly content: string;
  readonly contentSpan: LocalSpan;
  /** Null when the file ends first. */
  readonly terminatorSpan: LocalSpan | null;
}
