/**
 * The mocha reporter of all suites: one line for each describe block at the top, failures in full at the end, and the
 * counts as JSON in the file that LAYERWISE_RESULTS names, for the sum over all suites.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Mocha from 'mocha';
import type { Counts } from './counts';

export class LayerwiseReporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { EVENT_RUN_END, EVENT_SUITE_BEGIN, EVENT_SUITE_END, EVENT_TEST_PENDING } = Mocha.Runner.constants;
    let since = { passed: 0, failed: 0, at: Date.now() };
    runner.on(EVENT_SUITE_BEGIN, (suite: Mocha.Suite) => {
      if (suite.parent?.root) since = { ...countsOf(this.stats), at: Date.now() };
    });
    runner.on(EVENT_SUITE_END, (suite: Mocha.Suite) => {
      if (!suite.parent?.root) return;
      const now = countsOf(this.stats);
      const failed = now.failed - since.failed;
      const line = `  ${suite.title}: ${now.passed - since.passed} passed${failed ? `, ${failed} FAILED` : ''}`;
      console.log(`${line} (${Date.now() - since.at} ms)`);
    });
    runner.on(EVENT_TEST_PENDING, (test: Mocha.Test) => console.log(`  skipped: ${test.fullTitle()}`));
    runner.once(EVENT_RUN_END, () => {
      if (this.failures.length > 0) Mocha.reporters.Base.list(this.failures);
      const file = process.env.LAYERWISE_RESULTS;
      if (!file) return;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(countsOf(this.stats)));
    });
  }
}

export default LayerwiseReporter;

function countsOf(stats: Mocha.Stats | undefined): Counts {
  return { passed: stats?.passes ?? 0, failed: stats?.failures ?? 0, skipped: stats?.pending ?? 0 };
}
