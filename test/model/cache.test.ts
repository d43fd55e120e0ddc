/** Which edit of an instruction makes later steps miss the cache, as measured on real engines. */
import assert from 'node:assert/strict';
import { invalidatedBy } from '../../server/src/model/cache';
import type { Builder } from '../../server/src/rules/config';
import { analyzeText } from '../harness/checks';

/** The 1-based lines rebuilt by an edit of the instruction on a 1-based line. */
function rebuilt(text: string, line: number, builder: Builder = 'buildkit'): number[] {
  const { model, dockerfile } = analyzeText(text, { builder });
  const instruction = dockerfile.instructions.find((candidate) => candidate.line === line - 1);
  assert.ok(instruction, `no instruction on line ${line}`);
  return invalidatedBy(model, instruction).map((later) => later.line + 1);
}

/** [edited instruction, BuildKit misses COPY, RUN]; the legacy builder misses both for each of them. */
const measured: readonly (readonly [string, boolean, boolean])[] = [
  ['LABEL a=b', false, false],
  ['ENV A=1', false, true],
  ['ARG A=1', false, true],
  ['EXPOSE 80', false, false],
  ['USER 1000', false, true],
  ['WORKDIR /app', true, true],
  ['VOLUME /data', false, false],
  ['CMD ["/a"]', false, false],
  ['ENTRYPOINT ["/a"]', false, false],
  ['SHELL ["/bin/sh", "-ec"]', false, true],
  ['HEALTHCHECK NONE', false, false],
  ['STOPSIGNAL SIGTERM', false, false],
  ['ONBUILD RUN touch /a', false, false],
  ['MAINTAINER me', false, false],
  ['RUN touch /a', true, true],
  ['COPY a /a', true, true],
  ['ADD a /a', true, true],
];

describe('cache', () => {
  for (const [line, copy, run] of measured) {
    it(`${line}: BuildKit ${copy ? 'misses' : 'keeps'} COPY and ${run ? 'misses' : 'keeps'} RUN, legacy misses both`, () => {
      const copyText = `FROM alpine\n${line}\nCOPY f /f`;
      const runText = `FROM alpine\n${line}\nRUN make`;
      assert.deepEqual(rebuilt(copyText, 2), copy ? [3] : []);
      assert.deepEqual(rebuilt(runText, 2), run ? [3] : []);
      assert.deepEqual(rebuilt(copyText, 2, 'legacy'), [3]);
      assert.deepEqual(rebuilt(runText, 2, 'legacy'), [3]);
    });
  }

  it('FROM rebuilds its whole stage and what is built on it', () => {
    assert.deepEqual(rebuilt('FROM alpine AS a\nRUN make\nFROM a\nCOPY f /f\nFROM busybox\nCOPY g /g', 1), [2, 4]);
  });

  it('a step that misses makes all after it in its chain miss', () => {
    assert.deepEqual(rebuilt('FROM alpine\nENV A=1\nCOPY f /f\nRUN make\nCOPY g /g\nLABEL x=y', 2), [4, 5]);
  });

  it('a variable in the words of a COPY is part of its key', () => {
    assert.deepEqual(rebuilt('FROM alpine\nARG V=1\nCOPY f-$V /f\nCOPY g /g', 2), [3, 4]);
    assert.deepEqual(rebuilt('FROM alpine\nENV D=/srv\nWORKDIR $D\nCOPY g .', 2), [3, 4]);
  });

  it('a variable that is set anew hides an edit', () => {
    assert.deepEqual(rebuilt('FROM alpine\nARG V=1\nENV V=2\nRUN make', 2), []);
    assert.deepEqual(rebuilt('FROM alpine\nARG V=1\nENV W=$V\nENV V=2\nRUN make', 2), [5]);
  });

  it('USER and SHELL hold until the next of their kind', () => {
    assert.deepEqual(rebuilt('FROM alpine\nUSER a\nUSER b\nRUN make', 2), []);
    assert.deepEqual(rebuilt('FROM alpine\nSHELL ["/bin/a"]\nRUN ["make"]', 2), []);
    assert.deepEqual(rebuilt('FROM alpine\nUSER a\nWORKDIR /x\nCOPY a /a', 2), [3, 4]);
  });

  it('ARG and ENV are handed to a stage built on this one', () => {
    assert.deepEqual(rebuilt('FROM alpine AS a\nARG V=1\nFROM a\nRUN make', 2), [4]);
    assert.deepEqual(rebuilt('FROM alpine AS a\nENV V=1\nFROM a\nRUN make', 2), [4]);
  });

  it('COPY --from follows what the stage does', () => {
    const text = 'FROM alpine AS b\nCOPY src /src\nRUN make\nFROM scratch\nCOPY --from=b /app /app\nCMD ["/app"]';
    assert.deepEqual(rebuilt(text, 2), [3, 5]);
    assert.deepEqual(rebuilt('FROM alpine AS b\nLABEL a=b\nRUN make\nFROM scratch\nCOPY --from=b /app /app', 2), []);
    assert.deepEqual(
      rebuilt('FROM alpine AS b\nRUN make\nFROM alpine\nRUN --mount=from=b,target=/b cp /b/x /x', 2),
      [4],
    );
  });

  it('a global ARG reaches FROM and the stages that repeat it', () => {
    assert.deepEqual(rebuilt('ARG V=1\nFROM alpine:$V\nRUN make', 1), [3]);
    assert.deepEqual(rebuilt('ARG V=1\nFROM alpine\nRUN a\nARG V\nRUN b', 1), [5]);
    assert.deepEqual(rebuilt('ARG V=1\nARG W=$V\nFROM alpine:$W\nRUN a', 1), [4]);
    assert.deepEqual(rebuilt('ARG V=1\nFROM alpine\nARG V=2\nRUN b', 1), []);
  });

  it('ONBUILD is felt where the stage is used', () => {
    assert.deepEqual(rebuilt('FROM alpine AS a\nONBUILD RUN make\nFROM a\nRUN b', 2), [4]);
  });
});
