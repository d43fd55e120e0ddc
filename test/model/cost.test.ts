/** What a rebuild costs: shares replayed from a history, times measured or assumed, and what an edit costs. */
import assert from 'node:assert/strict';
import { analyze } from '../../server/src/analysis/analyze';
import { costBasis, costs } from '../../server/src/analysis/costs';
import { optimize } from '../../server/src/analysis/optimize';
import type { BuildContext } from '../../server/src/context/context';
import type { ContextHistory } from '../../server/src/context/history';
import { contextFromFiles } from '../../server/src/context/memory';
import { instructionText, type Measurement, type Measurements } from '../../server/src/model/measurements';
import { type Builder, defaultConfig } from '../../server/src/rules/config';

const historyOf = (...commits: readonly (readonly string[] | null)[]): ContextHistory => ({
  source: 'git',
  commits: commits.map((paths) => ({ paths, weight: 1 })),
  notes: ['from git'],
});

interface Given {
  readonly history?: ContextHistory;
  readonly context?: BuildContext;
  readonly measurements?: Measurements;
  readonly builder?: Builder;
}

const analysisOf = (text: string, { history, context, measurements, builder = 'buildkit' }: Given) =>
  analyze(text, {
    config: { ...defaultConfig, builder },
    context: context ?? null,
    history: history ?? null,
    measurements: measurements ?? null,
  });

/** Line (from 1) → share of rebuilds. */
function sharesOf(text: string, given: Given): Record<number, number> {
  const analysis = analysisOf(text, given);
  const all = costs(analysis);
  return Object.fromEntries(
    analysis.model.steps.map(({ instruction }) => [instruction.line + 1, all.of(instruction)?.rebuilds.value ?? -1]),
  );
}

/** Measurements of a text's steps, by line from 1. */
function measure(text: string, seconds: Readonly<Record<number, number>>, size?: number): Measurements {
  const { model } = analysisOf(text, {});
  const steps = model.steps.flatMap(({ instruction, stage, keyword }): Measurement[] => {
    const time = seconds[instruction.line + 1];
    if (time === undefined) return [];
    const line = { stage: stage.index, keyword, text: instructionText(instruction) };
    return [{ ...line, seconds: time, size: size ?? null, wasted: null }];
  });
  return { steps, baseSize: null, notes: ['measured'] };
}

describe('shares of rebuilds', () => {
  const text = `FROM node
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY src ./src
RUN npm run build
`;

  it('are those of the first step that a commit hits, and of all behind it', () => {
    const history = historyOf(['src/a.js'], ['src/b/c.js', 'README.md'], ['package.json'], ['docs/x']);
    assert.deepEqual(sharesOf(text, { history }), { 2: 0, 3: 0.25, 4: 0.25, 5: 0.75, 6: 0.75 });
  });

  it('count neither what the ignore file leaves out nor what no step takes', () => {
    const context = contextFromFiles({ '.dockerignore': 'src/test\n*.md\n!src/keep.md', 'src/a.js': '' });
    const history = historyOf(['src/test/a.js'], ['src/a.js'], ['src/x.md', 'src/keep.md'], ['src/y.md']);
    assert.equal(sharesOf(text, { history, context })[5], 0.75);
    assert.equal(sharesOf(text, { history: historyOf(['other']), context })[5], 0);
  });

  it('follow what stages take from each other', () => {
    const stages = `FROM golang AS build
COPY . /src
RUN go build
FROM debian AS tools
RUN apt-get install -y curl
FROM debian
COPY --from=tools /usr/bin/curl /usr/bin/
RUN touch /a
COPY --from=build /out /out
RUN touch /b
`;
    assert.deepEqual(sharesOf(stages, { history: historyOf(['main.go'], ['x'], null, []) }), {
      2: 0.75,
      3: 0.75,
      5: 0,
      7: 0,
      8: 0,
      9: 0.75,
      10: 0.75,
    });
  });

  it('know patterns, exclusions, bind mounts, submodules, URLs and here-documents', () => {
    const share = (line: string, ...paths: string[]) =>
      sharesOf(`FROM alpine\n${line}\n`, { history: historyOf(paths) })[2];
    assert.equal(share('COPY *.txt /', 'a.txt'), 1);
    assert.equal(share('COPY *.txt /', 'b/a.txt'), 0);
    assert.equal(share('COPY a*/ /', 'abc/d/e'), 1);
    assert.equal(share('COPY --exclude=*.md . /', 'a.md'), 0);
    assert.equal(share('COPY --exclude=*.md . /', 'b/a.js'), 1);
    assert.equal(share('RUN --mount=type=bind,source=src,target=/src make', 'src/a'), 1);
    assert.equal(share('RUN --mount=type=bind,source=src,target=/src make', 'other'), 0);
    assert.equal(share('RUN --mount=type=cache,target=/src make', 'src/a'), 0);
    assert.equal(share('COPY sub/dir /x', 'sub/'), 1);
    assert.equal(share('COPY other /x', 'sub/'), 0);
    assert.equal(share('ADD https://example.org/a /a', 'a'), 0);
    assert.equal(share('COPY <<EOF /a\nb\nEOF', 'a'), 0);
    assert.equal(share('COPY ./a/../b /a', 'b/c'), 1);
    assert.equal(share('COPY ["a b", "/x"]', 'a b'), 1);
    assert.equal(sharesOf('FROM alpine\nARG F=a\nCOPY $F /x', { history: historyOf(['a']) })[3], 1);
  });

  it('without a history are assumed, and say so', () => {
    const analysis = analysisOf(text, {});
    const shares = sharesOf(text, {});
    assert.ok((shares[4] ?? 1) < 0.2 && (shares[6] ?? 0) > 0.8, JSON.stringify(shares));
    assert.equal(costs(analysis).commits, 0);
    assert.equal(costs(analysis).expected.source, 'assumed');
    assert.match(costBasis(analysis).join(' '), /assumed by their kind.*no build was measured/);
  });

  it('on the legacy builder reach every instruction behind', () => {
    const labelled = 'FROM alpine\nCOPY a /a\nLABEL x=y\nCMD ["a"]\n';
    assert.deepEqual(sharesOf(labelled, { history: historyOf(['a']), builder: 'legacy' }), { 2: 1, 3: 1, 4: 1 });
    assert.deepEqual(sharesOf(labelled, { history: historyOf(['a']) }), { 2: 1, 3: 0, 4: 0 });
  });
});

describe('costs', () => {
  const text = `FROM debian
COPY app /app
RUN apt-get install -y curl
RUN make -C /app
`;
  const history = historyOf(['app/a'], ['app/b'], ['README'], ['README']);

  it('are Σ (1 − pᵢ)·cᵢ', () => {
    const analysis = analysisOf(text, { history, measurements: measure(text, { 2: 1, 3: 20, 4: 9 }) });
    const all = costs(analysis);
    assert.deepEqual(all.expected, { value: 15, source: 'measured' });
    assert.equal(all.commits, 4);
    assert.deepEqual(costBasis(analysis), ['from git', 'measured']);
    let sum = 0;
    for (const { instruction } of analysis.model.steps) {
      const cost = all.of(instruction);
      sum += (cost?.seconds.value ?? 0) * (cost?.rebuilds.value ?? 0);
    }
    assert.equal(sum, 15);
  });

  it('of an edit are those of all steps that it rebuilds', () => {
    const analysis = analysisOf(text, { history, measurements: measure(text, { 2: 1, 3: 20, 4: 9 }) });
    const edits = analysis.dockerfile.instructions.map((one) => costs(analysis).of(one)?.editCost.value);
    assert.deepEqual(edits, [30, 30, 29, 9]);
  });

  it('leave out stages that the image does not need', () => {
    const stages = `FROM a AS test\nCOPY . /a\nRUN make test\nFROM b\nCOPY . /b\n`;
    const measurements = measure(stages, { 2: 1, 3: 50, 5: 2 });
    assert.equal(costs(analysisOf(stages, { history, measurements })).expected.value, 2);
    assert.equal(costs(analysisOf(stages, { history, measurements, builder: 'legacy' })).expected.value, 53);
  });

  it('are null of what is no step', () => {
    const analysis = analysisOf('ARG A=1\nFROM alpine\nRUN a\n', {});
    assert.equal(costs(analysis).of(analysis.dockerfile.instructions[0] ?? assert.fail()), null);
    assert.equal(costs(analysisOf('# nothing\n', {})).expected.value, 0);
  });

  it('assumed are higher for an install than for a chmod, and add up when RUNs are merged', () => {
    const seconds = (...lines: string[]) => {
      const analysis = analysisOf(`FROM debian\n${lines.join('\n')}\n`, {});
      return analysis.model.steps.reduce(
        (sum, step) => sum + (costs(analysis).of(step.instruction)?.seconds.value ?? 0),
        0,
      );
    };
    assert.ok(seconds('RUN apt-get update && apt-get install -y curl') > 10 * seconds('RUN chmod 755 /x'));
    assert.ok(seconds('RUN npm ci') > seconds('RUN curl -O https://example.org/a'));
    const apart = seconds('RUN apt-get update', 'RUN apt-get install -y git', 'RUN make');
    const merged = seconds('RUN apt-get update && apt-get install -y git && make');
    assert.ok(merged <= apart && merged > apart - 1.5);
    assert.ok(seconds('RUN --mount=type=cache,target=/root/.npm npm ci') < seconds('RUN npm ci'));
  });

  it('assumed of a COPY grow with its bytes', () => {
    const context = contextFromFiles({ 'big/x': 'x'.repeat(1_000_000), 'small/x': '' });
    const analysis = analysisOf('FROM alpine\nCOPY big /\nCOPY small /\n', { context });
    const [big, small] = analysis.model.steps.map((step) => costs(analysis).of(step.instruction)?.seconds.value ?? 0);
    assert.ok((big ?? 0) > (small ?? 0));
  });
});

describe('measurements', () => {
  const text = 'FROM debian\nCOPY a /a\nRUN apt-get update\nRUN apt-get install -y curl\nRUN make\n';
  const measurements = measure(text, { 2: 1, 3: 4, 4: 8, 5: 16 }, 100);
  const read = (changed: string) => {
    const analysis = analysisOf(changed, { measurements });
    return analysis.model.steps.map(({ instruction }) => {
      const cost = costs(analysis).of(instruction);
      return cost?.seconds.source === 'measured' ? [cost.seconds.value, cost.isStale] : null;
    });
  };

  it('are found by the text of the instruction, wherever it is moved, however it is broken into lines', () => {
    const moved = 'FROM debian\nRUN   apt-get update\nRUN apt-get install \\\n  -y curl\nCOPY a /a\nRUN make\n';
    assert.deepEqual(read(moved), [
      [4, false],
      [8, false],
      [1, false],
      [16, false],
    ]);
  });

  it('are stale where the text changed', () => {
    assert.deepEqual(read(text.replace('RUN make', 'RUN make all')), [
      [1, false],
      [4, false],
      [8, false],
      [16, true],
    ]);
    assert.deepEqual(read(text.replace('-y curl', '-y git'))[2], [8, true]);
    assert.deepEqual(read(`${text}RUN new\n`)[4], null);
  });

  it('of merged RUNs add up', () => {
    assert.deepEqual(read('FROM debian\nCOPY a /a\nRUN apt-get update && apt-get install -y curl\nRUN make\n')[1], [
      12,
      true,
    ]);
  });

  it('are told in the sentences on what numbers rest on', () => {
    const analysis = analysisOf(text.replace('RUN make', 'RUN make all'), { measurements });
    assert.match(costBasis(analysis).join(' '), /measured 1 measurement is of an earlier text/);
    const size = costs(analysis).of(analysis.model.steps[0]?.instruction ?? assert.fail())?.size;
    assert.deepEqual(size, { value: 100, source: 'measured' });
  });
});

describe('costs in Optimize', () => {
  const text = 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n';
  const context = contextFromFiles({
    'package.json': '{"dependencies":{"express":"4.21.2"}}',
    'package-lock.json': '{}',
    'server.js': '',
  });

  it('fall when the manifests are copied first', () => {
    const history = historyOf(['server.js'], ['server.js'], ['server.js'], ['package.json', 'package-lock.json']);
    const plan = optimize(text, { config: defaultConfig, context, history });
    assert.equal(plan.rebuildCostBefore, 25.5);
    assert.ok((plan.rebuildCostAfter ?? 99) < 8, String(plan.rebuildCostAfter));
    const assumed = optimize(text, { config: defaultConfig, context });
    assert.ok((assumed.rebuildCostAfter ?? 99) < (assumed.rebuildCostBefore ?? 0) / 2);
  });

  it('are null where there is nothing to build', () => {
    assert.equal(optimize('', { config: defaultConfig, context: null }).rebuildCostBefore, null);
  });
});
