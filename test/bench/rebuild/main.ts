/**
 * `npm run bench:rebuild`: what rebuilds cost over the histories of small projects, in seconds a rebuild by the cost model: as the
 * Dockerfile is written, after Optimize, with its suggestions too, and in the best order a person can think of. Then every pair of
 * images is built and compared, and for three projects one line of source is edited and `docker build` is timed before and after.
 * Options: --no-engine leaves out what takes a Docker Engine.
 */

import { getEngine, stopEngine } from '../../engine/harness/engine';
import { timeRebuilds } from './clock';
import { compareImages } from './images';
import { aim, isGaining, measure, type Result, savedOnAverage } from './measure';
import { projects } from './projects';

async function main(args: readonly string[]): Promise<void> {
  const results = projects().map(measure);
  console.log('Expected seconds of a rebuild, over the history of the project\n');
  console.log(row(['project', 'written', 'Optimize', '+ suggestions', 'best', 'saved', 'of best']));
  for (const result of results) console.log(row(cellsOf(result)));
  const gaining = results.filter(isGaining);
  const saved = savedOnAverage(results);
  const worse = results.filter(({ written, after }) => after > written + 1e-6);
  console.log(
    `\n${gaining.length} of ${results.length} projects have something to gain: ${percent(saved)} saved on average (aim: ${percent(aim)}); worse: ${worse.length}`,
  );
  let failed = saved < aim || worse.length > 0;
  if (!args.includes('--no-engine')) failed = (await onEngine(results)) || failed;
  if (failed) process.exitCode = 1;
}

/** What is built for real; true where anything is wrong. */
async function onEngine(results: readonly Result[]): Promise<boolean> {
  const engine = await getEngine();
  if (!engine) return false;
  try {
    const changed = results.filter(({ project, optimized }) => optimized !== project.dockerfile);
    const { same, different } = await compareImages(
      engine,
      changed.map(({ project, optimized }) => ({ project, optimized })),
    );
    console.log(`\nImages before and after Optimize: ${same} of ${changed.length} the same`);
    for (const text of different) console.log(text);
    console.log('\nOne line of source edited, `docker build` by the clock (seconds, best of 3, in one run)\n');
    console.log(row(['project', 'written', 'Optimize', 'ratio']));
    for (const { name, before, after } of await timeRebuilds(engine))
      console.log(row([name, before.toFixed(2), after.toFixed(2), (after / before).toFixed(2)]));
    return different.length > 0;
  } finally {
    await stopEngine();
  }
}

function cellsOf(result: Result): string[] {
  const { project, written, after, suggested, best } = result;
  const numbers = [written, after, suggested, best].map((seconds) => seconds.toFixed(2));
  return [
    project.name,
    ...numbers,
    percent(1 - after / written),
    isGaining(result) ? percent((written - after) / (written - best)) : '–',
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const row = ([first = '', ...rest]: readonly string[]): string =>
  first.padEnd(54) + rest.map((cell) => cell.padStart(14)).join('');

void main(process.argv.slice(2));
