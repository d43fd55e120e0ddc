/** The text by which the legacy builder knows a step that changes no files: normalized, its variables filled in. */

import type { Step } from './model';
import { normalizePath } from './paths';

/** As the legacy builder writes it down; `expand` fills in variables. */
export function legacyText(step: Step, expand: (text: string) => string): string {
  const { body, keyword } = step;
  switch (keyword) {
    case 'ENV':
    case 'LABEL':
      return [keyword, ...body.pairs.map((pair) => `${expand(pair.name)}=${expand(pair.value ?? '')}`)].join(' ');
    case 'ARG':
      return [
        keyword,
        ...body.pairs.map((pair) => (pair.value === null ? pair.name : `${pair.name}=${expand(pair.value)}`)),
      ].join(' ');
    case 'EXPOSE':
      return [keyword, ...body.words.map((word) => expand(word.text)).sort()].join(' ');
    case 'VOLUME':
      return [keyword, ...body.words.map((word) => expand(word.text))].join(' ');
    case 'USER':
    case 'STOPSIGNAL':
      return `${keyword} ${expand(body.rest)}`;
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      return `${keyword} ${body.json ? JSON.stringify(body.json.map((word) => word.text)) : body.rest}`;
    case 'WORKDIR':
      return `${keyword} ${normalizePath(`/${expand(body.rest)}`)}`;
    default:
      return [keyword, ...body.flags.map((flag) => `--${flag.name}=${flag.value}`), body.rest].join(' ');
  }
}
