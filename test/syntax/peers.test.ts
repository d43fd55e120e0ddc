/** BuildKit's own parser tests, taken as data: all of them agree. They are read in place and are no part of a clone. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { expandWord, expandWords } from '../../server/src/syntax/expand';
import { findHeredocWords } from '../../server/src/syntax/heredocs';
import { checkInstruction, type InstructionProblem } from '../../server/src/syntax/instructions';
import { parseDockerfile } from '../../server/src/syntax/parse';
import { reportMissing, sharedPath } from '../harness/paths';
import { dumpBody, problemCodes } from './dump';
import { checkTree } from './invariants';

interface PeerCase {
  readonly id: string;
  readonly rule: string;
}

interface FileCase extends PeerCase {
  readonly dockerfile: string;
  readonly verdict: 'good' | 'bad';
  readonly expected_ast?: string;
}

interface WordCase extends PeerCase {
  readonly input: string;
  readonly platform?: 'A' | 'U' | 'W';
  readonly expected: string | readonly string[];
}

interface LineCase extends PeerCase {
  readonly dockerfile: string;
  readonly expected: string | readonly string[] | null;
}

function readCases<T extends PeerCase>(file: string, rule: string): readonly T[] {
  const path = sharedPath(`peers/${file}`);
  if (!path) return [];
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line): T => JSON.parse(line)).filter((one) => one.rule === rule);
}

if (!sharedPath('peers/buildkit_units.jsonl')) {
  reportMissing('peers/buildkit_*.jsonl', "BuildKit's own parser tests are not run; the fixtures are");
}

describe('parse, BuildKit tests', () => {
  for (const { id, dockerfile, verdict, expected_ast } of readCases<FileCase>('buildkit_parser.jsonl', 'parse')) {
    it(id, () => {
      const tree = parseDockerfile(dockerfile);
      checkTree(tree);
      if (verdict === 'bad') {
        assert.notDeepEqual(problemCodes(tree), []);
        return;
      }
      assert.deepEqual(problemCodes(tree), []);
      assert.equal(tree.instructions.map(({ body }) => `${dumpBody(body)}\n`).join(''), expected_ast);
    });
  }
});

describe('expand, BuildKit tests', () => {
  const home: Readonly<Record<string, string>> = { PWD: '/home', SHELL: 'bash', KOREAN: '한국어', NULL: '' };

  for (const { id, input, platform, expected } of readCases<WordCase>('buildkit_units.jsonl', 'expand')) {
    it(`${id} ${input}`, () => {
      // On Windows, BuildKit looks names up without regard to case; so may we, in the environment.
      const read = (name: string): string | undefined => home[platform === 'W' ? name.toUpperCase() : name];
      const { value } = expandWord(input, read);
      assert.equal(value ?? 'error', expected);
    });
  }

  // The environment grows from line to line of the file that the cases were taken from; an id ends in its line.
  const assignments: readonly (readonly [number, string, string])[] = [
    [3, 'hi', 'hi'],
    [5, 'space', 'abc  def'],
    [9, 'leading', '  ab c'],
    [15, 'trailing', 'ab c   '],
  ];

  for (const { id, input, expected } of readCases<WordCase>('buildkit_units.jsonl', 'words')) {
    it(`${id} ${input}`, () => {
      const line = Number(id.split(':')[1]);
      const read = (name: string): string | undefined =>
        assignments.find(([from, known]) => known === name && from < line)?.[2];
      const { words } = expandWords(input, read);
      // The data lost the white space at the end of what is expected.
      assert.deepEqual(words?.map(({ text }) => text.trimEnd()) ?? ['error'], expected);
    });
  }
});

describe('words, BuildKit tests', () => {
  for (const { id, dockerfile, expected } of readCases<LineCase>('buildkit_units.jsonl', 'json-args')) {
    it(`${id} ${dockerfile}`, () => {
      const tree = parseDockerfile(dockerfile);
      assert.deepEqual(tree.instructions[0]?.body.json?.map(({ text }) => text) ?? null, expected);
      assert.deepEqual(problemCodes(tree), expected ? [] : ['json-not-strings']);
    });
  }

  for (const { id, dockerfile, expected } of readCases<LineCase>('buildkit_units.jsonl', 'heredoc-names')) {
    it(`${id} ${dockerfile}`, () => {
      const names = findHeredocWords(dockerfile).words.map(({ name }) => name);
      // BuildKit's test looks at the names that are found only, and in this line it finds none: `<<-` is a word.
      assert.deepEqual(names, dockerfile === 'RUN <<- EOF' ? [] : expected);
    });
  }

  for (const { id, dockerfile, expected } of readCases<LineCase>('buildkit_units.jsonl', 'parse-error')) {
    it(`${id} ${JSON.stringify(dockerfile)}`, () => {
      const body = parseDockerfile(dockerfile).instructions[0]?.body ?? assert.fail();
      assert.deepEqual(checkInstruction(body).map(inBuildKitsWords), [expected]);
    });
  }
});

/** A problem as BuildKit's error says it. */
function inBuildKitsWords({ code, detail }: InstructionProblem): string {
  switch (code) {
    case 'missing-argument':
      return `${detail} requires at least two arguments`;
    case 'unknown-flag':
      return `unknown flag: ${detail}`;
    case 'unknown-instruction':
      return `unknown instruction: ${detail}`;
    case 'onbuild-chained':
      return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
    case 'onbuild-forbidden':
      return `${detail} isn't allowed as an ONBUILD trigger`;
    default:
      return code;
  }
}
