/**
 * `npm run bench:rebuild`: what rebuilds cost over the histories of small projects, in seconds a rebuild by the cost model: as the
 * Dockerfile is written, after Optimize, with its suggestions too, and in the best order a person can think of. Then every pair of
 * images is built and compared, and for three projects one line of source is edited and `docker build` is timed before and after.
 * Options: --no-engine leaves out what takes a Docker Engine.
 */

import { analyze } from '../../../server/src/analysis/analyze';
import { fixAll } from '../../../server/src/analysis/fixes';
import { optimize } from '../../../server/src/analysis/optimize';
import { contextFromFiles } from '../../../server/src/context/memory';
import { buildCosts } from '../../../server/src/model/build-costs';
import { defaultConfig } from '../../../server/src/rules/config';
import { getEngine, stopEngine } from '../../engine/harness/engine';
import { timeRebuilds } from './clock';
import { compareImages } from './images';
import { type Project, projects } from './projects';

/** The share of the cost that is to be saved where there is anything to gain. */
const aim = 0.45;
/** A gain below this share is none. */
const leastGain = 0.02;

interface Result {
  readonly project: Project;
  readonly optimized: string;
  readonly written: number;
  readonly after: number;
  readonly suggested: number;
  readonly best: number;
}

async function main(args: readonly string[]): Promise<void> {
  const results = projects().map(measure);
  console.log('Expected seconds of a rebuild, over the history of the project\n');
  console.log(row(['project', 'written', 'Optimize', '+ suggestions', 'best', 'saved', 'of best']));
  for (const result of results) console.log(row(cellsOf(result)));
  const gaining = results.filter(({ written, best }) => written - best > leastGain * written);
  const saved = average(gaining.map(({ written, after }) => 1 - after / written));
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

function measure(project: Project): Result {
  const context = contextFromFiles(project.files);
  const options = { config: defaultConfig, context, history: project.history };
  const cost = (text: string) => {
    const { model } = analyze(text, options);
    return buildCosts(model, context, { history: project.history, measurements: null }).expected.value;
  };
  const { text } = optimize(project.dockerfile, options);
  const all = fixAll(text, {
    ...options,
    suggestions: true,
    rules: new Set(['source-copied-before-install', 'volatile-copy-first']),
  });
  return {
    project,
    optimized: text,
    written: cost(project.dockerfile),
    after: cost(text),
    suggested: Math.min(cost(text), cost(optimize(all.text, options).text)),
    best: cost(project.best),
  };
}

function cellsOf({ project, written, after, suggested, best }: Result): string[] {
  const numbers = [written, after, suggested, best].map((seconds) => seconds.toFixed(2));
  const possible = written - best;
  return [
    project.name,
    ...numbers,
    percent(1 - after / written),
    possible > leastGain * written ? percent((written - after) / possible) : '–',
  ];
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const row = ([first = '', ...rest]: readonly string[]): string =>
  first.padEnd(54) + rest.map((cell) => cell.padStart(14)).join('');

void main(process.argv.slice(2));
