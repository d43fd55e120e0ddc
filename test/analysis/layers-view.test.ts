/** The layers view says of every stage what it is made of, and of an edit what it rebuilds. */
import assert from 'node:assert/strict';
import { analyze } from '../../server/src/analysis/analyze';
import { costBasis, costs } from '../../server/src/analysis/costs';
import { buildLayersView, instructionOnLine, lineAfter } from '../../server/src/analysis/layers-view';
import type { Measurements } from '../../server/src/model/measurements';
import { defaultConfig } from '../../server/src/rules/config';
import type { LayersView, StepView } from '../../shared/src/layers-view';
import { analyzeText } from '../harness/checks';

const twoStages = `FROM node:22 AS build
WORKDIR /src
COPY package.json .
RUN npm ci
COPY . .
# A comment between instructions.

RUN npm run build

FROM nginx:alpine
ENV A=1
COPY --from=build /src/dist \\
  /usr/share/nginx/html
`;

function viewOf(text: string, line: number | null): LayersView {
  const analysis = analyzeText(text);
  return buildLayersView(analysis, { version: 3, line, costs: costs(analysis), basis: costBasis(analysis) });
}

const steps = ({ stages }: LayersView): StepView[] => stages.flatMap((stage) => stage.steps);
const states = (view: LayersView): string =>
  steps(view)
    .map(({ state }) => state?.[0] ?? '-')
    .join('');

describe('layers view', () => {
  it('has every step of every stage, layers numbered from the base up', () => {
    const view = viewOf(twoStages, null);
    assert.equal(view.version, 3);
    assert.deepEqual(
      view.stages.map(({ name, base, isFinal, isNeeded }) => [name, base, isFinal, isNeeded]),
      [
        ['build', 'node:22', false, true],
        [null, 'nginx:alpine', true, true],
      ],
    );
    assert.deepEqual(
      steps(view).map(({ keyword, number }) => `${keyword} ${number}`),
      ['WORKDIR 1', 'COPY 2', 'RUN 3', 'COPY 4', 'RUN 5', 'ENV null', 'COPY 1'],
    );
    assert.deepEqual(view.edges, [{ from: 0, to: 1, kind: 'copy', line: 11 }]);
  });

  it('puts an instruction of several lines on one', () => {
    const [last] = steps(viewOf(twoStages, null)).slice(-1);
    assert.equal(last?.text, 'COPY --from=build /src/dist /usr/share/nginx/html');
    assert.deepEqual([last?.line, last?.endLine], [11, 12]);
  });

  it('shortens what is long', () => {
    const [step] = steps(viewOf(`FROM a\nRUN echo ${'x'.repeat(400)}\n`, null));
    assert.equal(step?.text.length, 200);
    assert.ok(step?.text.endsWith('…'));
  });

  it('tells what an edit rebuilds, in the stages above too', () => {
    const view = viewOf(twoStages, 4);
    assert.equal(view.editedLine, 4);
    assert.equal(states(view), 'cccercr');
    assert.ok((view.editCost?.value ?? 0) > 0);
    assert.equal(view.editCost?.source, 'assumed');
  });

  it('takes any line of an instruction for the whole', () => {
    assert.equal(viewOf(twoStages, 12).editedLine, 11);
  });

  it('knows of no edit on blank lines, comments and lines that are not there', () => {
    for (const line of [5, 6, 8, 99, null]) {
      const view = viewOf(twoStages, line);
      assert.equal(view.editedLine, null);
      assert.equal(view.editCost, null);
      assert.equal(states(view), '-------');
    }
  });

  it('tells what another base rebuilds, in seconds', () => {
    const view = viewOf(twoStages, 0);
    assert.equal(states(view), 'rrrrrcr');
    assert.ok((view.editCost?.value ?? 0) > 10);
  });

  it('has an answer for broken text', () => {
    for (const text of [
      'FROM',
      'FROM\nCOPY',
      'FROM a AS a\nFROM a AS a\nCOPY --from=a',
      'FROM a\nRUN <<E\n',
      'FROM a\nFOO bar',
    ]) {
      const view = viewOf(text, 1);
      assert.ok(view.stages.length > 0, text);
    }
    assert.deepEqual(viewOf('RUN a\n', 0).stages, []);
  });

  it('follows a chain of stages when it sums sizes up, and says where layers waste bytes', () => {
    const text =
      'FROM debian AS base\nRUN apt-get update\nFROM other\nRUN x\nFROM base\nRUN rm -rf /var/lib/apt/lists/*\n';
    const measured = (stage: number, keyword: string, words: string, size: number, wasted: number) => ({
      ...{ stage, keyword, size, wasted },
      text: `${keyword} ${words}`,
      seconds: 2,
    });
    const measurements: Measurements = {
      steps: [
        measured(0, 'RUN', 'apt-get update', 20_000_000, 19_000_000),
        measured(1, 'RUN', 'x', 7_000_000, 0),
        measured(2, 'RUN', 'rm -rf /var/lib/apt/lists/*', 1000, 0),
      ],
      baseSize: null,
      notes: ['From a test.'],
    };
    const analysis = analyze(text, { config: defaultConfig, context: null, measurements });
    const view = buildLayersView(analysis, {
      version: 1,
      line: null,
      costs: costs(analysis),
      basis: costBasis(analysis),
    });
    assert.equal(view.size, 20_001_000);
    assert.equal(view.wasted, 19_000_000);
    assert.ok(view.basis.includes('From a test.'));
    assert.deepEqual(steps(view)[0]?.size, { value: 20_000_000, source: 'measured' });
  });

  it('finds an edited instruction again in the optimized text', () => {
    const before = analyzeText('FROM alpine:3.20\nRUN a\nRUN b\nCOPY x /x\nCMD ["a"]\n');
    const after = analyzeText('FROM alpine:3.20\nRUN a \\\n    && b\nCOPY x /x\nCMD ["a"]\n');
    assert.equal(lineAfter(before, after, 3), 3);
    assert.equal(instructionOnLine(after.model, lineAfter(before, after, 2) ?? -1)?.keyword, 'RUN');
    assert.equal(lineAfter(before, after, 4), 4);
    assert.equal(lineAfter(before, after, 7), null);
  });
});
