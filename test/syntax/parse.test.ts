/** The tree is what BuildKit's parser makes of a file, with the places where it was written. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDockerfile } from '../../server/src/syntax/parse';
import { proposeInstructions } from '../../server/src/syntax/propose';
import type { InstructionBody } from '../../server/src/syntax/tree';
import { fixtures } from '../harness/paths';
import { dumpBody, problemCodes } from './dump';
import { checkTree } from './invariants';

/** A file and what BuildKit's own parser, run on it, answered. */
interface ParseCase {
  readonly name: string;
  readonly dockerfile: string;
  readonly error?: string;
  readonly expected?: readonly string[];
  /** First and last line of each instruction, counted from 1. */
  readonly lines?: readonly (readonly [number, number])[];
  readonly heredocs?: readonly unknown[];
  readonly comments?: readonly (readonly string[])[];
}

const cases: readonly ParseCase[] = readFileSync(join(fixtures, 'syntax/parse.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

function only(text: string): InstructionBody {
  const { instructions } = parseDockerfile(text);
  assert.equal(instructions.length, 1);
  // Length was checked.
  return (instructions[0] as (typeof instructions)[number]).body;
}

describe('parse, as BuildKit does', () => {
  for (const { name, dockerfile, error, expected, lines, heredocs, comments } of cases) {
    it(name, () => {
      const tree = parseDockerfile(dockerfile);
      checkTree(tree);
      if (error) {
        assert.ok(problemCodes(tree).includes(error), `${error} is reported`);
        return;
      }
      const { instructions } = tree;
      assert.deepEqual(problemCodes(tree), []);
      // BuildKit makes an instruction without a keyword of an escape character that nothing follows.
      assert.deepEqual(
        instructions.map(({ body }) => dumpBody(body)),
        expected,
      );
      if (!startsWithEscape(dockerfile)) {
        // BuildKit counts newlines; to an editor a lone carriage return ends a line too.
        const line = (offset: number): number => dockerfile.slice(0, offset).split('\n').length;
        assert.deepEqual(
          instructions.map(({ span }) => [line(span.start), line(span.end)]),
          lines,
        );
      }
      assert.deepEqual(
        instructions.flatMap(({ body }, instruction) =>
          body.heredocs.map(({ name, fileDescriptor: descriptor, expand, chomp, content }) => ({
            ...{ instruction, name, descriptor, expand, chomp, content },
          })),
        ),
        heredocs,
      );
      assert.deepEqual(
        instructions.map(({ precedingComments }) => precedingComments.map(({ text }) => text)),
        // BuildKit leaves the hash of an indented comment.
        /^[ \t]+#/m.test(dockerfile) ? comments?.map((all) => all.map((one) => one.replace(/^# */, ''))) : comments,
      );
    });
  }
});

/** Whether a line with nothing but an escape character stands before an instruction: for BuildKit it starts there. */
function startsWithEscape(text: string): boolean {
  return text.startsWith('FROM a\n\\\n');
}

describe('parse, places', () => {
  const at = (text: string, part: (body: InstructionBody) => { from: number; to: number }): string => {
    const tree = parseDockerfile(text);
    const last = tree.instructions[tree.instructions.length - 1];
    if (!last) return assert.fail('there is an instruction');
    const { start, end } = last.at(part(last.body));
    return text.slice(start, end);
  };

  it('finds keyword and rest', () => {
    const text = '# c\n  run \\\n # d\n  echo  a \\\n b  \n';
    assert.equal(
      at(text, (body) => body.keywordSpan),
      'run',
    );
    assert.equal(
      at(text, (body) => body.restSpan),
      'echo  a \\\n b',
    );
    assert.equal(only(text).rest, 'echo  a  b');
    assert.equal(only(text).joined, 'run   echo  a  b  ');
  });

  it('finds flags, their names and values', () => {
    const text = 'FROM a\r\nCOPY --chown=a:b \\\r\n  --from="x y" --link c d\r\n';
    const flag = (index: number) => (body: InstructionBody) => body.flags[index] ?? assert.fail();
    assert.equal(
      at(text, (body) => flag(1)(body).span),
      '--from="x y"',
    );
    assert.equal(
      at(text, (body) => flag(1)(body).nameSpan),
      'from',
    );
    assert.equal(
      at(text, (body) => flag(1)(body).valueSpan ?? assert.fail()),
      '"x y"',
    );
    const { flags } = parseDockerfile(text).instructions[1]?.body ?? assert.fail();
    assert.deepEqual(
      flags.map(({ name, value }) => [name, value]),
      [
        ['chown', 'a:b'],
        ['from', 'x y'],
        ['link', null],
      ],
    );
    assert.equal(flags[2]?.valueSpan, null);
  });

  it('finds the empty value of a flag and of a pair behind the equals sign', () => {
    assert.deepEqual(only('RUN --mount= x').flags[0]?.valueSpan, { from: 12, to: 12 });
    assert.deepEqual(only('ENV A= B=1').pairs[0]?.valueSpan, { from: 6, to: 6 });
    assert.deepEqual(only('ENV A=\\\n').pairs[0]?.valueSpan, { from: 6, to: 6 });
  });

  it('finds the strings of the exec form with their quotes', () => {
    const text = 'CMD [ "a", \\\n  "b\\"c" ]';
    assert.equal(
      at(text, (body) => body.json?.[1]?.span ?? assert.fail()),
      '"b\\"c"',
    );
    assert.equal(only(text).json?.[1]?.text, 'b"c');
    assert.equal(
      at('HEALTHCHECK --retries=1 CMD ["x", "y"]', (body) => body.json?.[1]?.span ?? assert.fail()),
      '"y"',
    );
  });

  it('finds names and values of pairs', () => {
    const text = 'ENV A=1 \\\n  BB="x\\\n y" C=3';
    const pair = (index: number) => (body: InstructionBody) => body.pairs[index] ?? assert.fail();
    assert.equal(
      at(text, (body) => pair(1)(body).nameSpan),
      'BB',
    );
    assert.equal(
      at(text, (body) => pair(1)(body).valueSpan ?? assert.fail()),
      '"x\\\n y"',
    );
    assert.equal(only(text).pairs[1]?.value, '"x y"');
    assert.equal(
      at('ENV A  b c', (body) => pair(0)(body).valueSpan ?? assert.fail()),
      'b c',
    );
    assert.equal(only('ENV A  b c').pairs[0]?.legacy, true);
    assert.equal(only('ARG A').pairs[0]?.valueSpan, null);
  });

  it('places what ONBUILD wraps in the ONBUILD', () => {
    const text = 'FROM a\n  ONBUILD \\\n  COPY --from=x \\\n # c\n  a b\n';
    const trigger = (body: InstructionBody): InstructionBody => body.trigger ?? assert.fail();
    assert.equal(
      at(text, (body) => trigger(body).keywordSpan),
      'COPY',
    );
    assert.equal(
      at(text, (body) => trigger(body).flags[0]?.span ?? assert.fail()),
      '--from=x',
    );
    assert.equal(
      at(text, (body) => trigger(body).words[1]?.span ?? assert.fail()),
      'b',
    );
    assert.equal(
      trigger(parseDockerfile(text).instructions[1]?.body ?? assert.fail()).raw,
      'COPY --from=x \\\n # c\n  a b',
    );
  });

  it('finds heredocs, their bodies and ends', () => {
    const text = 'COPY --chmod=755 <<-"A" \\\n 3<<B /d\n\tx\n\tA\ny\nB\nRUN z\n';
    const [copy] = parseDockerfile(text).instructions;
    const [first, second] = copy?.body.heredocs ?? [];
    if (!copy || !first || !second) return assert.fail();
    const written = (span: { from: number; to: number } | null) =>
      span && text.slice(copy.at(span).start, copy.at(span).end);
    assert.deepEqual(
      [first, second].map((heredoc) => [
        written(heredoc.span),
        written(heredoc.contentSpan),
        written(heredoc.terminatorSpan),
      ]),
      [
        ['<<-"A"', '\tx\n', 'A'],
        ['3<<B', 'y\n', 'B'],
      ],
    );
    assert.equal(copy.endLine, 5);
  });

  it('keeps comments and blank lines inside an instruction apart', () => {
    const text = '# a\nRUN x \\\n  # b\n\n  y\n# c\n';
    const tree = parseDockerfile(text);
    assert.deepEqual(
      tree.comments.map((comment) => [comment.text, comment.line]),
      [
        ['a', 0],
        ['c', 5],
      ],
    );
    assert.equal(
      at(text, (body) => body.innerComments[0] ?? assert.fail()),
      '# b',
    );
    assert.equal(tree.instructions[0]?.body.emptyContinuations.length, 1);
  });

  it('counts in UTF-16 code units', () => {
    const text = 'LABEL 😀="한" b=c';
    assert.equal(
      at(text, (body) => body.pairs[1]?.span ?? assert.fail()),
      'b=c',
    );
  });
});

describe('parse, against dockerfile-ast', () => {
  /** The spans that dockerfile-ast proposes, and those that BuildKit's rules give. */
  const cut = (text: string): { proposed: string[]; ours: string[] } => ({
    proposed: [...proposeInstructions(text, 0, text.length, '\\')].map(([start, end]) => text.slice(start, end)),
    ours: parseDockerfile(text).instructions.map(({ body }) => body.raw),
  });

  it('agrees on ordinary files', () => {
    const { proposed, ours } = cut('FROM a\n# c\nRUN b \\\n # d\n\n  c\r\nCOPY <<E /x\ny\nE\nCMD ["z"]');
    assert.deepEqual(proposed, ours);
  });

  for (const [shape, text, count] of [
    ['a heredoc with a blank before its name', 'RUN << EOF\nx\nEOF\nCMD y\n', 2],
    ['a heredoc with a file descriptor', 'RUN 3<<EOF\nx\nEOF\nCMD y\n', 2],
    ['a quoted heredoc with a redirection', "RUN cat << 'EOF' > f\nx\nEOF\nCMD y\n", 2],
    ['two escape characters at the end of a line', 'RUN a \\\\\nCMD y\n', 2],
    ['a heredoc in double quotes', 'RUN "a <<EOF"\nCMD y\n', 2],
    ['an unbalanced quote before a heredoc', "RUN it's <<EOF\nCMD y\n", 2],
  ] as const) {
    it(`has its own way with ${shape}`, () => {
      const { proposed, ours } = cut(text);
      assert.notDeepEqual(proposed, ours);
      assert.equal(ours.length, count);
    });
  }

  it('asks about parts of a file, whose comments are no directives', () => {
    const text = 'FROM a\n# escape=`\nRUN b \\\n c\n';
    assert.deepEqual([...proposeInstructions(text, 7, text.length, '\\')], [[18, text.length - 1]]);
    assert.equal(proposeInstructions(text, 7, 7, '\\').size, 0);
  });
});

describe('parse, the file', () => {
  it('knows the directives and where their values stand', () => {
    const text = '# syntax = docker/dockerfile:1 \n#check=skip=all\nFROM a\n';
    const { directives } = parseDockerfile(text);
    assert.deepEqual(
      directives.map(({ name, value, line, valueSpan }) => [
        name,
        value,
        line,
        text.slice(valueSpan.start, valueSpan.end),
      ]),
      [
        ['syntax', 'docker/dockerfile:1', 0, 'docker/dockerfile:1'],
        ['check', 'skip=all', 1, 'skip=all'],
      ],
    );
    assert.deepEqual(parseDockerfile(text).comments, []);
  });

  it('goes on after a directive that is refused', () => {
    const tree = parseDockerfile('# escape=x\n# escape=`\nRUN a \\\n  b\n');
    assert.deepEqual(
      tree.problems.map(({ code, detail }) => [code, detail]),
      [
        ['invalid-escape', 'x'],
        ['duplicate-directive', 'escape'],
      ],
    );
    assert.equal(tree.escape, '\\');
    assert.equal(tree.instructions.length, 1);
  });

  it('knows the usual end of line', () => {
    assert.equal(parseDockerfile('').eol, '\n');
    assert.equal(parseDockerfile('FROM a\r\nRUN b\r\nRUN c\n').eol, '\r\n');
    assert.equal(parseDockerfile('FROM a\r\nRUN b\nRUN c\n').eol, '\n');
  });

  it('says what is wrong with one instruction and reads the others', () => {
    const tree = parseDockerfile('FROM a\nENV A=1 B C=2\nCMD ["a", 1]\nENV X\nRUN b\n');
    assert.deepEqual(
      tree.instructions.map(({ body }) => body.problems.map(({ code, detail }) => [code, detail])),
      [[], [['missing-equals', 'B']], [['json-not-strings', '1']], [['missing-value', 'X']], []],
    );
    assert.deepEqual(
      tree.instructions[1]?.body.pairs.map(({ name }) => name),
      ['A', 'C'],
    );
  });

  it('knows an instruction that the file ends in', () => {
    assert.equal(only('RUN a \\\n\n').open, true);
    assert.equal(only('RUN a \\\n\n').emptyContinuations.length, 1);
    assert.equal(only('RUN <<E\nx\n').open, true);
    assert.equal(only('RUN <<E\nx\nE').open, false);
    assert.equal(only('RUN a').open, false);
  });

  it('survives absurd texts', () => {
    const deep = 'ONBUILD '.repeat(5000);
    for (const text of [
      deep,
      `RUN ${'${a:-'.repeat(5000)}`,
      `RUN <<${'${a:-'.repeat(5000)}`,
      `CMD ${'['.repeat(50_000)}`,
      `CMD ${'['.repeat(5000)}"a"${']'.repeat(5000)}`,
      'RUN \\\n'.repeat(20_000),
      '\\\n'.repeat(20_000),
      '#'.repeat(100_000),
      ' '.repeat(100_000),
      `ENV ${'A=1 '.repeat(20_000)}`,
      `RUN ${'<<A '.repeat(2000)}\n`,
      '\r'.repeat(50_000),
      `RUN a${' '.repeat(100_000)}b`,
    ]) {
      const tree = parseDockerfile(text);
      for (const { body } of tree.instructions) assert.ok(body.words.length + body.problems.length >= 0);
    }
  });
});
