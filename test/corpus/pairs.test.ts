/** Real commits that optimized a Dockerfile: does Optimize find in the old version what its author went on to do? */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { applyEdits } from '../../server/src/analysis/fixes';
import { optimize } from '../../server/src/analysis/optimize';
import { defaultConfig } from '../../server/src/rules/config';
import { reportMissing, sharedPath } from '../harness/paths';
import { type Improvement, improvements, type Outline, outline } from './improvements';

interface Commit {
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

interface Row {
  readonly kind: string;
  found: number;
  readonly missed: string[];
  /** On Windows rules are silent on purpose. */
  windows: number;
}

/** What was reached so far; it must not get worse. Raised with every rule that finds more. */
const floor = { found: 44 };

describe('commits that optimized a Dockerfile', function () {
  this.timeout(120_000);

  it('Optimize finds what their authors did', function () {
    const path = sharedPath('corpus/pairs.jsonl');
    if (!path) {
      reportMissing('corpus/pairs.jsonl', 'what Optimize finds of what authors did is not counted');
      this.skip();
    }
    const commits = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Commit);
    const rows = improvements.map(({ kind }): Row => ({ kind, found: 0, missed: [], windows: 0 }));
    const figures = { unparsable: 0, other: 0, improved: 0, some: 0, all: 0 };
    commits.forEach((commit, index) => {
      const [before, after] = [outline(commit.before), outline(commit.after)];
      if (!before || !after) {
        figures.unparsable++;
        return;
      }
      const made = improvements.filter(({ isMade }) => isMade(before, after));
      if (made.length === 0) {
        figures.other++;
        return;
      }
      const offered = offersOf(commit.before);
      const found = made.filter((improvement) => isOffered(improvement, before, offered));
      figures.improved++;
      if (found.length > 0) figures.some++;
      if (found.length === made.length) figures.all++;
      for (const improvement of made) {
        const row = rows.find(({ kind }) => kind === improvement.kind);
        if (!row) continue;
        if (found.includes(improvement)) row.found++;
        else if (before.isWindows) row.windows++;
        else row.missed.push(`${index} ${commit.subject}`);
      }
    });
    const total = report(rows, figures, commits.length);
    assert.ok(total >= floor.found, `Optimize found ${total} improvements, and ${floor.found} before`);
  });
});

/** Every text that Optimize offers: with its safe fixes, and with each suggestion on top. */
function offersOf(text: string): readonly { readonly from: Outline; readonly to: Outline }[] {
  const plan = optimize(text, { config: defaultConfig, context: null });
  const steps = [[text, plan.text], ...plan.suggested.map(({ fix }) => [plan.text, applyEdits(plan.text, fix.edits)])];
  return steps.flatMap(([from, to]) => {
    const [a, b] = [outline(from ?? ''), outline(to ?? '')];
    return a && b ? [{ from: a, to: b }] : [];
  });
}

function isOffered(
  improvement: Improvement,
  before: Outline,
  offers: readonly { readonly from: Outline; readonly to: Outline }[],
): boolean {
  return offers.some(({ from, to }) => improvement.isMade(from, to) || improvement.isMade(before, to));
}

function report(
  rows: readonly Row[],
  { unparsable, other, improved, some, all }: Readonly<Record<string, number>>,
  commits: number,
): number {
  const width = Math.max(...rows.map(({ kind }) => kind.length));
  console.log(`    ${'kind'.padEnd(width)}  made  found  missed  on Windows`);
  let total = 0;
  let made = 0;
  for (const { kind, found, missed, windows } of rows) {
    const sum = found + missed.length + windows;
    if (sum === 0) continue;
    total += found;
    made += sum;
    const figures = [`${sum}`.padStart(4), `${found}`.padStart(5), `${missed.length}`.padStart(6), `${windows}`];
    console.log(`    ${kind.padEnd(width)}  ${figures.join('  ')}`);
    if (process.env.LAYERWISE_VERBOSE) for (const miss of missed) console.log(`      missed: ${miss}`);
  }
  console.log(
    `    ${commits} commits: ${unparsable} of no Dockerfile that parses, ${other} with no improvement of these kinds, ${improved} with one;`,
  );
  console.log(
    `    Optimize finds ${total} of ${made} improvements: something in ${some} of ${improved} commits, all in ${all}`,
  );
  return total;
}
