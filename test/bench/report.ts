/** The figures of the bench as a table, with what each is beside the first row's. */

/** What one run of the driver prints. */
export interface Typing {
  readonly lines: number;
  readonly pull: boolean;
  readonly initialize: number;
  readonly open: number;
  readonly diagnostics: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly broken: number;
  readonly noticed: number;
  readonly rss: number;
}

export interface Row extends Typing {
  readonly name: string;
}

/** Of several runs the best of each figure: what disturbs a run only ever makes it slower. Memory is the most. */
export function summarize(name: string, runs: readonly Typing[]): Row {
  const [first] = runs;
  if (!first) throw new Error(`no run of ${name}`);
  const best = (key: 'initialize' | 'open' | 'p50' | 'p95' | 'p99' | 'max') => Math.min(...runs.map((run) => run[key]));
  return {
    ...first,
    name,
    initialize: best('initialize'),
    open: best('open'),
    p50: best('p50'),
    p95: best('p95'),
    p99: best('p99'),
    max: best('max'),
    rss: Math.max(...runs.map(({ rss }) => rss)),
  };
}

/** Rows with the ratio of the first row's p50 and start to each other row's. */
export function table(rows: readonly Row[]): string {
  const [ours] = rows;
  const heads = ['', 'start', 'open', 'p50', 'p95', 'p99', 'max', 'peak', 'findings', 'noticed', 'ours is'];
  const cells = rows.map((row) => [
    row.name,
    row.initialize.toFixed(1),
    row.open.toFixed(1),
    ...[row.p50, row.p95, row.p99, row.max].map((value) => value.toFixed(3)),
    String(row.rss),
    String(row.diagnostics),
    `${row.noticed}/${row.broken}`,
    row === ours || !ours
      ? ''
      : `p50 ${(ours.p50 / row.p50).toFixed(2)}x, start ${(ours.initialize / row.initialize).toFixed(2)}x`,
  ]);
  const all = [heads, ...cells];
  const widths = heads.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 || column === heads.length - 1 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** How much more an edit may cost in the long text than in the short one. */
const mostGrowth = 4;

/** What an edit costs in a long text beside what it costs in a short one, for each row. */
export function growth(short: readonly Row[], long: readonly Row[]): string {
  const parts = long.map((row, index) => {
    const before = short[index]?.p50 ?? Number.NaN;
    return `${row.name} ${(row.p50 / before).toFixed(2)}x`;
  });
  const ours = (long[0]?.p50 ?? 0) / (short[0]?.p50 ?? Number.NaN);
  const verdict = ours <= mostGrowth ? '' : `  !!! MORE THAN ${mostGrowth}x !!!`;
  return `p50 at ${long[0]?.lines} lines beside ${short[0]?.lines}: ${parts.join(', ')}${verdict}`;
}
