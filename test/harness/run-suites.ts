/**
 * `npm test`: every proof there is, each suite in a process of its own, and one line at the end that counts them all.
 * `npm run test:NAME -- FILTER…` runs one suite, of it the files whose path contains a filter, if any.
 */

import { addCounts, type Counts, formatCounts, noTests } from './counts';
import { suites } from './suites';

async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => suites.some((suite) => suite.name === arg)).slice(0, 1);
  const chosen = names.length === 0 ? suites : suites.filter((suite) => names.includes(suite.name));
  const options = args.filter((arg) => !names.includes(arg));
  if (names.length === 0 && options.length > 0) {
    console.error(`no such suite: ${options[0]}; there are ${suites.map((suite) => suite.name).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  let total: Counts = noTests;
  const lines: string[] = [];
  for (const suite of chosen) {
    const started = Date.now();
    console.log(`\n── ${suite.name}: ${suite.what}`);
    const counts = await suite.run(options);
    total = addCounts(total, counts);
    lines.push(`${suite.name}: ${formatCounts(counts)} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    console.log(`   ${lines.at(-1)}`);
  }
  if (chosen.length > 1) console.log(`\n${lines.join('\n')}`);
  console.log(`\n${formatCounts(total)}`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
