/** Numbers as people read them. */
import assert from 'node:assert/strict';
import { formatBytes, formatSeconds, formatShare } from '../../shared/src/amounts';

const check = (format: (value: number) => string, cases: readonly (readonly [number, string])[]): void => {
  for (const [value, text] of cases) assert.equal(format(value), text, String(value));
};

describe('amounts', () => {
  it('bytes have three digits at most', () =>
    check(formatBytes, [
      [0, '0 B'],
      [-1, '0 B'],
      [999, '999 B'],
      [1000, '1 kB'],
      [3449, '3.4 kB'],
      [9_960, '10 kB'],
      [85_400_000, '85 MB'],
      [999_600, '1 MB'],
      [1_234_000_000, '1.2 GB'],
      [5e15, '5000 TB'],
    ]));

  it('times are as exact as they have to be', () =>
    check(formatSeconds, [
      [0, '0 s'],
      [0.04, '0 s'],
      [0.44, '0.4 s'],
      [9.96, '10 s'],
      [59.4, '59 s'],
      [59.6, '1 min'],
      [80, '1 min 20 s'],
      [299.6, '5 min'],
      [301, '5 min'],
      [7500, '2 h 5 min'],
      [3600, '1 h'],
    ]));

  it('shares say when they are nearly nothing or nearly all', () =>
    check(formatShare, [
      [0, '0 %'],
      [0.001, '<1 %'],
      [0.62, '62 %'],
      [0.999, '>99 %'],
      [1, '100 %'],
      [7, '100 %'],
    ]));
});
