/**
 * Runs the tests of a bundle with mocha in this process, be it a plain Node.js or the extension host of VS Code.
 * The entry that build.mjs writes for a suite calls `prepare`, loads the test files, and calls `runAll`.
 */
import Mocha from 'mocha';
import { LayerwiseReporter } from './reporter';

/** Tests that do not say otherwise fail after this many milliseconds. */
const usualTimeout = 20_000;
/** How long open handles may keep a finished suite alive, in milliseconds. */
const patience = 10_000;

/** Makes describe, it and the hooks global, as the test files expect. */
export function prepare(): Mocha {
  // VS Code's extension host cannot be given the flag for it.
  process.setSourceMapsEnabled(true);
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: usualTimeout,
    reporter: LayerwiseReporter,
    forbidOnly: !!process.env.CI,
  });
  const grep = process.env.GREP;
  if (grep) mocha.grep(new RegExp(grep));
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  return mocha;
}

/** Runs what was defined since `prepare`; rejects when a test fails, as VS Code expects of a test runner. */
export function runAll(mocha: Mocha): Promise<void> {
  return new Promise((resolve, reject) => {
    mocha.run((failures) => (failures > 0 ? reject(new Error(`${failures} tests failed`)) : resolve()));
  });
}

/** The same for a process that was started for these tests alone: its exit status tells how they went. */
export async function runAllAndExit(mocha: Mocha): Promise<void> {
  try {
    await runAll(mocha);
    process.exitCode = 0;
  } catch {
    process.exitCode = 1;
  }
  const giveUp = setTimeout(() => {
    console.error('The tests are over, but something they left open keeps the process alive.');
    process.exit(1);
  }, patience);
  giveUp.unref();
}
