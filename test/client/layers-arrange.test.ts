/** What the layers view draws where. */
import assert from 'node:assert/strict';
import {
  amountOf,
  barShare,
  drawnStages,
  imageLayers,
  largestAmount,
  railsOf,
  rebuiltStages,
  stageAmount,
  usualMetric,
} from '../../client/src/views/layers/arrange';
import { editSentence, stepLabel, subtitle } from '../../client/src/views/layers/texts';
import { analyze } from '../../server/src/analysis/analyze';
import { costs } from '../../server/src/analysis/costs';
import { buildLayersView } from '../../server/src/analysis/layers-view';
import { defaultConfig } from '../../server/src/rules/config';
import type { LayersView } from '../../shared/src/layers-view';

const text = `FROM node:22 AS web
COPY web .
RUN npm ci
FROM golang:1.23 AS build
COPY . .
COPY --from=web /dist /static
RUN go build ./...
FROM debian:12 AS base
RUN apt-get update
FROM base
COPY --from=build /out /out
COPY --from=web /dist /dist
CMD ["/out"]
`;

function viewOf(source: string, line: number | null = null): LayersView {
  const analysis = analyze(source, { config: defaultConfig, context: null });
  return buildLayersView(analysis, { version: 1, line, costs: costs(analysis), basis: [] });
}

describe('layers view: arrangement', () => {
  it('draws the image on top and what it is made from below', () =>
    assert.deepEqual(
      drawnStages(viewOf(text)).map(({ index }) => index),
      [3, 2, 1, 0],
    ));

  it('counts the layers of the image through the stages it is built FROM', () => {
    assert.equal(imageLayers(viewOf(text)), 3);
    assert.equal(imageLayers(viewOf('FROM a AS a\nFROM a AS a\n')), 0);
  });

  it('shows sizes once there are any, times before', () => {
    const view = viewOf(text);
    assert.equal(usualMetric(view), 'time');
    const [stage] = view.stages;
    assert.ok(stage);
    const steps = stage.steps.map((step) => ({ ...step, size: { value: 5, source: 'measured' as const } }));
    assert.equal(usualMetric({ ...view, stages: [{ ...stage, steps }] }), 'size');
  });

  it('gives bars one scale, and the smallest of them something to see', () => {
    const view = viewOf(text);
    const largest = largestAmount([view, view], 'time');
    const amounts = view.stages.flatMap(({ steps }) => steps.map((step) => amountOf(step, 'time')?.value ?? 0));
    assert.equal(largest, Math.max(...amounts));
    assert.equal(barShare(largest, largest), 1);
    assert.equal(barShare(0, largest), 0);
    assert.ok(barShare(0.0001, largest) > 0.01);
    assert.equal(barShare(1, 0), 0);
    assert.equal(largestAmount([], 'size'), 0);
  });

  it('sums a stage up, except for what an edit costs', () => {
    const [web] = viewOf(text).stages;
    assert.ok(web);
    assert.equal(stageAmount(web, 'time')?.source, 'assumed');
    assert.equal(stageAmount(web, 'edit'), null);
    assert.equal(stageAmount(web, 'size'), null);
  });

  it('leads lines through lanes so that none that overlap share one', () => {
    const rails = railsOf(viewOf(text));
    assert.equal(rails.length, 4);
    const lane = (from: number) => new Set(rails.filter((rail) => rail.from === from).map((rail) => rail.lane));
    // Both uses of the stage `web` run in the same lane, outside of those that lie between.
    assert.equal(lane(0).size, 1);
    assert.notDeepEqual(lane(0), lane(1));
    assert.deepEqual([...lane(2)], [0]);
  });

  it('marks the lines that an edit runs along', () => {
    const dirty = (line: number) =>
      railsOf(viewOf(text, line))
        .filter(({ isDirty }) => isDirty)
        .map(({ from, to }) => `${from}>${to}`);
    assert.deepEqual(dirty(1), ['0>1', '1>3', '0>3']);
    assert.deepEqual(dirty(4), ['1>3']);
    assert.deepEqual(dirty(12), []);
  });

  it('says in a sentence what an edit rebuilds', () => {
    assert.match(editSentence(viewOf(text)), /^Put the cursor/);
    const view = viewOf(text, 1);
    assert.equal(rebuiltStages(view), 3);
    assert.match(editSentence(view), /^An edit of line 2 rebuilds 5 more steps in 3 stages: ≈ /);
    assert.match(editSentence(viewOf(text, 12)), /^An edit of line 13 rebuilds nothing else/);
  });

  it('has words for what it draws', () => {
    const view = viewOf(text, 1);
    assert.equal(subtitle(view), '3 layers on debian:12 · 4 stages · BuildKit');
    const [copy, npm] = view.stages[0]?.steps ?? [];
    assert.ok(copy && npm);
    assert.match(stepLabel(npm), /^Layer 2, RUN npm ci, line 3, takes about .* s, assumed, .*rebuilt by this edit$/);
    assert.match(stepLabel(copy), /, edited$/);
  });
});
