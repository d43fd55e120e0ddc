/** Rebuild costs of a project over its history: as it is written, after Optimize, with its suggestions, and at best. */
import { analyze } from '../../../server/src/analysis/analyze';
import { fixAll } from '../../../server/src/analysis/fixes';
import { optimize } from '../../../server/src/analysis/optimize';
import { contextFromFiles } from '../../../server/src/context/memory';
import { buildCosts } from '../../../server/src/model/build-costs';
import { defaultConfig } from '../../../server/src/rules/config';
import type { Project } from './projects';

/** The share of the cost that is to be saved where there is anything to gain. */
export const aim = 0.45;
/** A gain below this share is none. */
const leastGain = 0.02;

/** Expected seconds of a rebuild. */
export interface Result {
  readonly project: Project;
  readonly optimized: string;
  readonly written: number;
  readonly after: number;
  readonly suggested: number;
  readonly best: number;
}

/** Whether there is anything to gain. */
export const isGaining = ({ written, best }: Result): boolean => written - best > leastGain * written;

/** The share of its cost that Optimize saves of a project, on average over those that have something to gain. */
export function savedOnAverage(results: readonly Result[]): number {
  const shares = results.filter(isGaining).map(({ written, after }) => 1 - after / written);
  return shares.reduce((sum, share) => sum + share, 0) / (shares.length || 1);
}

/** Measures a project. */
export function measure(project: Project): Result {
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
