/** Inlay hints stand at the end of an instruction's first line and say no more than is known. */
import assert from 'node:assert/strict';
import { analyze } from '../../server/src/analysis/analyze';
import { inlayHints } from '../../server/src/analysis/inlay-hints';
import type { Measurements } from '../../server/src/model/measurements';
import { defaultConfig } from '../../server/src/rules/config';

const text = 'FROM node:22\r\nRUN npm ci \\\r\n    && true\r\nENV A=1\r\nCOPY . .';

function hints(
  mode: 'short' | 'full',
  measurements: Measurements | null = null,
  span = { start: 0, end: text.length },
) {
  const analysis = analyze(text, { config: defaultConfig, context: null, measurements });
  return inlayHints(analysis, span, mode);
}

const measurements: Measurements = {
  steps: [
    { stage: 0, keyword: 'RUN', text: 'RUN npm ci && true', seconds: 24.6, size: 142_000_000, wasted: 3_000_000 },
  ],
  baseSize: null,
  notes: [],
};

describe('inlay hints', () => {
  it('number the layers', () =>
    assert.deepEqual(
      hints('short').map(({ label }) => label),
      ['layer 1', 'layer 2'],
    ));

  it('stand behind the text of the first line, before its line break', () =>
    assert.deepEqual(
      hints('short').map(({ offset }) => text.slice(0, offset).split('\r\n').at(-1)),
      ['RUN npm ci \\', 'COPY . .'],
    ));

  it('show what was measured, and in full what is assumed', () => {
    assert.equal(hints('short', measurements)[0]?.label, 'layer 1 · 142 MB · 25 s');
    assert.match(hints('full')[0]?.label ?? '', /^layer 1 · ≈\d+ s/);
    assert.match(
      hints('full', measurements)[0]?.tooltip ?? '',
      /24\.6|25 s, as measured[\s\S]*142 MB, of which later layers hide 3 MB/,
    );
  });

  it('are short enough for VS Code to show them whole', () => {
    for (const { label } of hints('full', measurements)) assert.ok(label.length <= 43, label);
  });

  it('are those of the span that is asked for', () => {
    const start = text.indexOf('COPY');
    assert.deepEqual(
      hints('short', null, { start, end: text.length }).map(({ label }) => label),
      ['layer 2'],
    );
    assert.deepEqual(hints('short', null, { start: 0, end: 5 }), []);
  });
});
