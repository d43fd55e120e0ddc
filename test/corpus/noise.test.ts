/** Nobody stays with a linter that nags: how much is said about real files, and that docs/corpus.md tells the truth of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { realFiles } from '../harness/corpus';
import { root } from '../harness/paths';
import { type CorpusFigures, corpusPage, frequent, isFrequent, measureCorpus } from './table';

describe('noise on the corpus', function () {
  this.timeout(240_000);
  let figures: CorpusFigures;

  before(function () {
    const files = realFiles();
    if (files.length === 0) this.skip();
    figures = measureCorpus(files);
  });

  it('is four findings a file at most, in the middle', () => {
    console.log(`    ${figures.median} findings in the middle, ${figures.mean.toFixed(1)} on average`);
    assert.ok(figures.median <= 4, `${figures.median} findings`);
  });

  it('comes from no warning on more than a quarter of the files, unless there is a reason', () => {
    const loud = figures.rules.filter((row) => isFrequent(row, figures)).map(({ rule }) => rule.id);
    assert.deepEqual(
      loud.filter((id) => !frequent[id]),
      [],
    );
    assert.deepEqual(
      Object.keys(frequent).filter((id) => !loud.includes(id)),
      [],
      'a reason for nothing',
    );
  });

  it('is what docs/corpus.md says', () => {
    const written = readFileSync(join(root, 'docs/corpus.md'), 'utf8').replaceAll('\r\n', '\n');
    assert.equal(written, corpusPage(figures), 'stale: node build.mjs --run test/corpus/write-table.ts');
  });
});
