/** The instructions that BuildKit knows and the families its parser sorts them into. */
import type { Keyword } from './tree';

/** Every known keyword, in alphabetical order. */
export const KEYWORDS: readonly Keyword[] = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
];

const KNOWN: ReadonlyMap<string, Keyword> = new Map(KEYWORDS.map((keyword) => [keyword, keyword]));

/** The known keyword for an upper-case word, or null. */
export function knownKeyword(word: string): Keyword | null {
  return KNOWN.get(word) ?? null;
}

/** How the arguments of an instruction are split. */
export type ArgumentForm =
  /** Exec form, or a shell command in one piece. */
  | 'command'
  /** A JSON array, or words between white space. */
  | 'list'
  /** Words between white space. */
  | 'plain'
  /** Words that may be quoted: names and values. */
  | 'pairs'
  /** The rest of the line. */
  | 'text'
  | 'healthcheck'
  | 'trigger';

/** The form of each instruction's arguments. */
export const ARGUMENT_FORMS: Readonly<Record<Keyword, ArgumentForm>> = {
  ADD: 'list',
  ARG: 'pairs',
  CMD: 'command',
  COPY: 'list',
  ENTRYPOINT: 'command',
  ENV: 'pairs',
  EXPOSE: 'plain',
  FROM: 'plain',
  HEALTHCHECK: 'healthcheck',
  LABEL: 'pairs',
  MAINTAINER: 'text',
  ONBUILD: 'trigger',
  RUN: 'command',
  SHELL: 'command',
  STOPSIGNAL: 'text',
  USER: 'text',
  VOLUME: 'list',
  WORKDIR: 'text',
};

/** Whether an instruction may announce heredocs. */
export function takesHeredocs(keyword: Keyword | null): boolean {
  return keyword === 'ADD' || keyword === 'COPY' || keyword === 'RUN';
}
