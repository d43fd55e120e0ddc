/** Edits of a Dockerfile and its context, one at a time: of every instruction in every way, and of every file. */
import type { Analysis } from '../../server/src/analysis/analysis';
import { analyzeText } from '../harness/checks';
import type { NewFile, NewFiles } from './harness/tar-write';

/** A version of what is built. */
export interface Version {
  readonly what: string;
  readonly dockerfile: string;
  readonly context: NewFiles;
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  /** The base image has other files. */
  readonly otherBase?: boolean;
}

/** All edits of a version. */
export function editsOf(start: Version): Version[] {
  const { dockerfile, context } = start;
  const analysis = analyzeText(dockerfile);
  return [
    ...textEdits(analysis).map(([what, text]) => ({ ...start, what, dockerfile: text })),
    ...argNames(analysis).map((name) => ({ ...start, what: `--build-arg ${name}`, buildArgs: { [name]: 'given' } })),
    ...fileEdits(context).map(([what, files]) => ({ ...start, what, context: files })),
    { ...start, what: 'another base image', otherBase: true },
  ];
}

const argNames = (analysis: Analysis): string[] => [
  ...new Set(
    analysis.dockerfile.instructions.flatMap(({ keyword, body }) =>
      keyword === 'ARG' ? body.pairs.map((pair) => pair.name) : [],
    ),
  ),
];

function textEdits(analysis: Analysis): [string, string][] {
  const { dockerfile } = analysis;
  const edits: [string, string][] = [];
  for (const { span, line, body, keyword } of dockerfile.instructions) {
    const place = `line ${line + 1}`;
    const replace = (what: string, raw: string | null) => {
      if (raw === null || raw === body.raw) return;
      edits.push([`${what}, ${place}`, dockerfile.text.slice(0, span.start) + raw + dockerfile.text.slice(span.end)]);
    };
    const before = (text: string) => dockerfile.text.slice(0, span.start) + text + dockerfile.text.slice(span.start);
    edits.push([`comment above ${place}`, before('# a comment\n')]);
    replace('blanks behind the keyword', body.raw.replace(/^(\w+) /, '$1   '));
    replace(
      'keyword in lower case',
      body.raw.replace(/^\w+/, (word) => word.toLowerCase()),
    );
    replace('meaning', changeMeaning(keyword, body.raw));
    if (keyword === 'RUN' && body.json === null) {
      replace('blanks inside', body.raw.replace(/echo /, 'echo  '));
      replace('a continuation', body.raw.replace(/ > /, ' \\\n  > '));
    }
    if (keyword === 'COPY' || keyword === 'ADD')
      replace('./ before the source', body.raw.replace(/ (one\.txt|src)/, ' ./$1'));
    if (keyword === 'ENV') replace('quotes', body.raw.replace(/=(\w+)$/, '="$1"'));
    if (keyword === 'LABEL') replace('a comment inside', body.raw.replace(/# why/, '# because'));
  }
  return edits;
}

/** An instruction that says something else and still builds; null where there is none. */
function changeMeaning(keyword: string, raw: string): string | null {
  const line = raw.split('\n')[0] ?? '';
  switch (keyword) {
    case 'RUN':
      if (/^RUN <</.test(raw)) return raw.replace('echo one', 'echo uno');
      return raw.includes('[') ? raw.replace('echo b', 'echo bb') : raw.replace(/$/, ' && true');
    case 'COPY':
    case 'ADD':
      if (raw.includes('<<')) return raw.replace('hello', 'hallo');
      return /(\S+\/|\.)$/.test(line) ? raw.replace(/(\S+)$/, '/elsewhere/') : `${raw}-renamed`;
    case 'ENV':
    case 'ARG':
    case 'LABEL':
      return raw.replace(/=(["']?)(\w)/, '=$1new$2');
    case 'WORKDIR':
      return `${raw.replace(/\/$/, '')}/deeper`;
    case 'USER':
      return 'USER 1234';
    case 'EXPOSE':
      return `${raw} 9999`;
    case 'VOLUME':
      return `${raw}/other`;
    case 'CMD':
      return 'CMD ["false"]';
    case 'ENTRYPOINT':
      return 'ENTRYPOINT ["false"]';
    case 'STOPSIGNAL':
      return 'STOPSIGNAL SIGQUIT';
    case 'HEALTHCHECK':
      return 'HEALTHCHECK NONE';
    case 'SHELL':
      return raw.replace(/"-e?c"/, '"-uc"');
    case 'ONBUILD':
      return `${raw} more`;
    default:
      return null;
  }
}

function fileEdits(context: NewFiles): [string, NewFiles][] {
  const edits: [string, NewFiles][] = [];
  for (const [path, written] of Object.entries(context)) {
    if (path === '.dockerignore') continue;
    if (path.endsWith('/')) {
      edits.push([`new file in ${path}`, { ...context, [`${path}added`]: 'added\n' }]);
      continue;
    }
    const file: NewFile = typeof written === 'string' ? { content: written } : written;
    edits.push([`content of ${path}`, { ...context, [path]: { ...file, content: `${String(file.content)}more\n` } }]);
    edits.push([`mode of ${path}`, { ...context, [path]: { ...file, mode: 0o600 } }]);
    edits.push([`time of ${path}`, { ...context, [path]: { ...file, modified: 1_600_000_000 } }]);
  }
  edits.push(['new file', { ...context, 'three.txt': 'three\n' }]);
  edits.push([
    'a file that is gone',
    Object.fromEntries(Object.entries(context).filter(([path]) => path !== 'src/main.c')),
  ]);
  return edits;
}
