/** What Optimize saves over the histories of small projects, real ones among them: the aim holds, and nothing gets worse. */
import assert from 'node:assert/strict';
import { aim, isGaining, measure, savedOnAverage } from '../bench/rebuild/measure';
import { projects } from '../bench/rebuild/projects';

describe('rebuild costs of projects', () => {
  const results = projects().map(measure);

  it('fall by the share that is aimed at, where there is something to gain', () => {
    assert.ok(results.length >= 12);
    assert.ok(results.filter(isGaining).length >= 10);
    const saved = savedOnAverage(results);
    console.log(`    saved on average: ${(saved * 100).toFixed(1)} %`);
    assert.ok(saved >= aim, String(saved));
  });

  for (const { project, written, after, suggested } of results)
    it(`${project.name}: not dearer`, () => {
      assert.ok(after <= written + 1e-9, `${written} → ${after}`);
      assert.ok(suggested <= after + 1e-9);
    });
});
