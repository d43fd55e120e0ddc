/** What an instruction says: its text taken apart on demand, each part at most once. */
import { isSeparator, isSpace, skipSpace, trimSpaceEnd } from './characters';
import { type ParsedFlags, parseFlags } from './flags';
import { findHeredocWords, type HeredocWords, readHeredocs } from './heredocs';
import { type JoinedLine, joinLines, mapFrom } from './join';
import { type JsonForm, parseJsonForm } from './json';
import { ARGUMENT_FORMS, type ArgumentForm, knownKeyword, takesHeredocs } from './keywords';
import type { LocalSpan, SourceMap } from './span';
import type { Flag, Heredoc, InstructionBody, Keyword, Pair, Problem, Word } from './tree';
import {
  type ParsedPairs,
  parseBuildArg,
  parsePairs,
  splitFirstWord,
  splitPlainWords,
  splitQuotedWords,
  type TextPair,
  type TextWord,
} from './words';

/** A body as the parser needs it: with the words that announce heredocs, before their text is known. */
export interface ParsedBody extends InstructionBody {
  readonly heredocWords: HeredocWords;
}

/** Parses the text of one instruction, from its keyword to the end of its last line. */
export function parseBody(raw: string, escapeChar: '\\' | '`'): ParsedBody {
  return new Body(raw, escapeChar, joinLines(raw, escapeChar), null);
}

const SHELL_FORM: JsonForm = { kind: 'shell' };
const NO_HEREDOC_WORDS: HeredocWords = { words: [], refused: null };

class Body implements ParsedBody {
  readonly raw: string;
  readonly escape: '\\' | '`';
  readonly joined: string;
  readonly keyword: string;
  readonly known: Keyword | null;
  readonly #line: JoinedLine;
  /** The ONBUILD that this is the trigger of. */
  readonly #outer: Body | null;
  readonly #keywordEnd: number;
  #flagWords: ParsedFlags | undefined;
  #flags: readonly Flag[] | undefined;
  #rest: string | undefined;
  #jsonForm: JsonForm | undefined;
  #words: readonly Word[] | undefined;
  #json: readonly Word[] | null | undefined;
  #parsedPairs: ParsedPairs | undefined;
  #pairs: readonly Pair[] | undefined;
  #heredocWords: HeredocWords | undefined;
  #heredocs: readonly Heredoc[] | undefined;
  #trigger: Body | null | undefined;
  #problems: readonly Problem[] | undefined;

  constructor(raw: string, escapeChar: '\\' | '`', line: JoinedLine, outer: Body | null) {
    this.raw = raw;
    this.escape = escapeChar;
    this.joined = line.text;
    this.#line = line;
    this.#outer = outer;
    const { end } = splitFirstWord(line.text, isSeparator);
    // Trimming takes more white space away than separates words: a no-break space behind the keyword is not part of it.
    this.#keywordEnd = trimSpaceEnd(line.text, 0, line.text.length) < end ? trimSpaceEnd(line.text, 0, end) : end;
    this.keyword = line.text.slice(0, this.#keywordEnd).toUpperCase();
    this.known = knownKeyword(this.keyword);
  }

  get map(): SourceMap {
    return this.#line.map;
  }

  get keywordSpan(): LocalSpan {
    return this.map.span(0, this.#keywordEnd);
  }

  get flags(): readonly Flag[] {
    this.#flags ??= this.#parsedFlags().flags.map(({ name, value, start, end, nameEnd, valueStart }) => ({
      name,
      value,
      span: this.map.span(start, end),
      nameSpan: this.map.span(start + 2, nameEnd),
      valueSpan: value === null ? null : this.#spanTo(valueStart, end),
    }));
    return this.#flags;
  }

  get restStart(): number {
    return skipSpace(this.joined, this.#parsedFlags().rest, this.joined.length);
  }

  get rest(): string {
    const start = this.restStart;
    this.#rest ??= this.joined.slice(start, trimSpaceEnd(this.joined, start, this.joined.length));
    return this.#rest;
  }

  get restSpan(): LocalSpan {
    return this.map.span(this.restStart, this.restStart + this.rest.length);
  }

  get words(): readonly Word[] {
    this.#words ??= this.#readWords();
    return this.#words;
  }

  get json(): readonly Word[] | null {
    if (this.#json !== undefined) return this.#json;
    const form = this.#form();
    if (form.kind !== 'strings') {
      this.#json = null;
      return null;
    }
    const offset = this.restStart + this.#commandStart();
    this.#json = form.strings.map(({ value, start, end }) => ({
      text: value,
      span: this.map.span(offset + start, offset + end),
    }));
    return this.#json;
  }

  get pairs(): readonly Pair[] {
    this.#pairs ??= this.#readPairs().pairs.map((pair) => this.#placePair(pair));
    return this.#pairs;
  }

  get heredocWords(): HeredocWords {
    this.#heredocWords ??= this.#mayHaveHeredocs() ? findHeredocWords(this.joined) : NO_HEREDOC_WORDS;
    return this.#heredocWords;
  }

  get heredocs(): readonly Heredoc[] {
    if (this.#outer) return this.#outer.heredocs;
    this.#heredocs ??= readHeredocs(this.raw, this.#line.extent, this.heredocWords.words, this.map);
    return this.#heredocs;
  }

  get trigger(): InstructionBody | null {
    return this.#inner();
  }

  get healthcheck(): string | null {
    return this.known === 'HEALTHCHECK' ? (this.words[0]?.text.toUpperCase() ?? null) : null;
  }

  get innerComments(): readonly LocalSpan[] {
    return this.#line.innerComments;
  }

  get emptyContinuations(): readonly LocalSpan[] {
    return this.#line.emptyContinuations;
  }

  get open(): boolean {
    return this.#line.extent.open || this.heredocs.some(({ terminatorSpan }) => terminatorSpan === null);
  }

  get problems(): readonly Problem[] {
    this.#problems ??= this.#findProblems();
    return this.#problems;
  }

  #parsedFlags(): ParsedFlags {
    this.#flagWords ??= parseFlags(this.joined, this.#keywordEnd, this.escape);
    return this.#flagWords;
  }

  #argumentForm(): ArgumentForm {
    return this.known ? ARGUMENT_FORMS[this.known] : 'plain';
  }

  /** Where in `rest` an exec form can start: behind the type of HEALTHCHECK. */
  #commandStart(): number {
    return this.known === 'HEALTHCHECK' ? splitFirstWord(this.rest, isSpace).rest : 0;
  }

  #form(): JsonForm {
    if (this.#jsonForm) return this.#jsonForm;
    const form = this.#argumentForm();
    const canBeJson = form === 'command' || form === 'list' || form === 'healthcheck';
    this.#jsonForm = canBeJson ? parseJsonForm(this.rest.slice(this.#commandStart())) : SHELL_FORM;
    return this.#jsonForm;
  }

  #readWords(): Word[] {
    const { rest } = this;
    if (rest === '') return [];
    switch (this.#argumentForm()) {
      case 'pairs':
        return splitQuotedWords(rest, this.escape).map((word) => this.#place(word));
      case 'plain':
        return splitPlainWords(rest).map((word) => this.#place(word));
      case 'list':
        return [...(this.json ?? splitPlainWords(rest).map((word) => this.#place(word)))];
      case 'healthcheck':
        return this.#readHealthcheckWords();
      case 'command':
        return [...(this.json ?? [this.#placeRest(0)])];
      default:
        return [this.#placeRest(0)];
    }
  }

  #readHealthcheckWords(): Word[] {
    const { end, rest } = splitFirstWord(this.rest, isSpace);
    const type = this.#place({ text: this.rest.slice(0, end), start: 0, end });
    if (rest === this.rest.length) return [type];
    return [type, ...(this.json ?? [this.#placeRest(rest)])];
  }

  #readPairs(): ParsedPairs {
    if (this.#parsedPairs) return this.#parsedPairs;
    this.#parsedPairs = { pairs: [], refused: null };
    if (this.#argumentForm() === 'pairs') {
      const words = splitQuotedWords(this.rest, this.escape);
      this.#parsedPairs =
        this.known === 'ARG' ? { pairs: words.map(parseBuildArg), refused: null } : parsePairs(this.rest, words);
    }
    return this.#parsedPairs;
  }

  #inner(): Body | null {
    if (this.#trigger === undefined) this.#trigger = this.known === 'ONBUILD' ? this.#readTrigger() : null;
    return this.#trigger;
  }

  #readTrigger(): Body | null {
    if (this.rest === '') return null;
    const start = this.restStart;
    const { innerComments, emptyContinuations, extent } = this.#line;
    const line = { text: this.rest, map: mapFrom(this.map, start), innerComments, emptyContinuations, extent };
    return new Body(this.raw.slice(this.map.local(start)), this.escape, line, this);
  }

  #mayHaveHeredocs(): boolean {
    const announcer = this.known === 'ONBUILD' ? this.trigger : this;
    return announcer !== null && takesHeredocs(announcer.known) && announcer.json === null;
  }

  #findProblems(): Problem[] {
    const problems = this.#findOwnProblems();
    // A loop, because ONBUILD can be written a thousand times in a row.
    for (let inner = this.#inner(); inner; inner = inner.#inner()) problems.push(...inner.#findOwnProblems());
    if (this.#outer) return problems;
    const word = this.heredocWords.refused;
    if (word) {
      problems.push({ code: 'heredoc-syntax', span: this.map.span(word.start, word.end), detail: word.text });
    }
    const unfinished = this.heredocs.find(({ terminatorSpan }) => terminatorSpan === null);
    if (unfinished) problems.push({ code: 'unterminated-heredoc', span: unfinished.span, detail: unfinished.name });
    return problems;
  }

  #findOwnProblems(): Problem[] {
    const problems: Problem[] = [];
    const form = this.#form();
    if (form.kind === 'not-strings') {
      problems.push({ code: 'json-not-strings', span: this.restSpan, detail: form.detail });
    }
    const { refused } = this.#readPairs();
    if (refused) {
      const { text, span } = this.#place(refused.word);
      problems.push({ code: refused.code, span, detail: text });
    }
    return problems;
  }

  /** Places a word of `rest`. */
  #place({ text, start, end }: TextWord): Word {
    return { text, span: this.map.span(this.restStart + start, this.restStart + end) };
  }

  #placeRest(start: number): Word {
    return this.#place({ text: this.rest.slice(start), start, end: this.rest.length });
  }

  #placePair({ word, name, value, valueStart, legacy }: TextPair): Pair {
    const start = this.restStart + word.start;
    const end = this.restStart + word.end;
    return {
      name,
      value,
      span: this.map.span(start, end),
      nameSpan: this.map.span(start, start + name.length),
      valueSpan: value === null ? null : this.#spanTo(this.restStart + valueStart, end),
      legacy,
    };
  }

  /** The span of a value, which may be empty and then stands behind the character before it. */
  #spanTo(start: number, end: number): LocalSpan {
    if (start < end) return this.map.span(start, end);
    const at = this.map.local(start - 1) + 1;
    return { from: at, to: at };
  }
}
