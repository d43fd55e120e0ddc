/** The sums at the end of `npm test` are right. */
import { strict as assert } from 'node:assert';
import { addCounts, formatCounts, noTests } from '../harness/counts';

describe('harness', () => {
  it('adds the counts of suites', () => {
    const sum = addCounts(addCounts(noTests, { passed: 2, failed: 1, skipped: 0 }), {
      passed: 3,
      failed: 0,
      skipped: 4,
    });
    assert.deepEqual(sum, { passed: 5, failed: 1, skipped: 4 });
  });

  it('names skipped tests only where there are some', () => {
    assert.equal(formatCounts({ passed: 5, failed: 1, skipped: 0 }), '5 passed, 1 failed');
    assert.equal(formatCounts({ passed: 5, failed: 1, skipped: 4 }), '5 passed, 1 failed, 4 skipped');
  });
});
