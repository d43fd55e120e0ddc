/** Edits are applied exactly, and the difference of two texts is small and right. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from '../../server/src/analysis/fixes';
import { minimalEdits } from '../../server/src/analysis/minimal-edits';
import { describeEffect, optimize, optimizeInSlices } from '../../server/src/analysis/optimize';
import { defaultConfig } from '../../server/src/rules/config';

describe('edits', () => {
  it('are applied from any order', () => {
    const edits = [
      { span: { start: 5, end: 6 }, newText: 'X' },
      { span: { start: 0, end: 0 }, newText: '>' },
      { span: { start: 2, end: 4 }, newText: '' },
    ];
    assert.equal(applyEdits('abcdefg', edits), '>abeXg');
  });

  it('of a changed line touch only what differs', () => {
    assert.deepEqual(minimalEdits('a\nRUN foo\nc\n', 'a\nRUN boo\nc\n'), [
      { span: { start: 6, end: 7 }, newText: 'b' },
    ]);
  });

  it('turn any text into any other', () => {
    const line = fc.constantFrom('FROM a', 'RUN b', 'RUN c', '', 'COPY . .', '  && d');
    const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        assert.equal(applyEdits(before, minimalEdits(before, after)), after);
      }),
      { numRuns: 500 },
    );
  });
});

describe('optimize', () => {
  it('leaves a text alone in which there is nothing to do', () => {
    const text = 'FROM alpine:3.20\nCMD ["true"]\n';
    const plan = optimize(text, { config: defaultConfig, context: null });
    assert.equal(plan.text, text);
    assert.deepEqual(plan.applied, []);
  });

  it('applies safe fixes and counts layers', () => {
    const text = 'FROM alpine:3.20\nCMD ["a"]\nRUN touch /a\nCMD ["true"]\n';
    const plan = optimize(text, { config: { ...defaultConfig, select: ['overridden-instruction'] }, context: null });
    assert.equal(plan.text, 'FROM alpine:3.20\nRUN touch /a\nCMD ["true"]\n');
    assert.equal(plan.layersBefore, 1);
    assert.equal(plan.layersAfter, 1);
    assert.deepEqual(
      plan.applied.map((step) => [step.rule.id, step.line]),
      [['overridden-instruction', 1]],
    );
  });

  it('tells what each suggestion would bring by itself', () => {
    const text =
      'FROM debian:12\nCOPY a /a\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n';
    const options = { config: { ...defaultConfig, select: ['recommended-packages'] }, context: null };
    const { suggested } = optimize(text, options);
    assert.deepEqual(
      suggested.map(({ rule, effect }) => [rule.id, effect.layersBefore, effect.layersAfter]),
      [['recommended-packages', 2, 2]],
    );
    assert.equal(describeEffect({ layersBefore: 3, layersAfter: 2, saves: '1 MB' }), 'layers 3 → 2; saves 1 MB');
    assert.equal(describeEffect({ layersBefore: 3, layersAfter: 3, saves: null }), null);
  });

  it('can be left between slices, and stops when it is told to', () => {
    const text = 'FROM alpine:3.20\nCMD ["a"]\nCMD ["true"]\n';
    const options = { config: { ...defaultConfig, select: ['overridden-instruction'] }, context: null };
    assert.equal(optimizeInSlices(text, options).next().done, false);
    assert.equal(optimize(text, { ...options, isCancelled: () => true }).text, text);
  });
});
