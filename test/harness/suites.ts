/** The suites of `npm test`, in the order in which they run: what fails fastest comes first. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from './chromium';
import { addCounts, type Counts, noTests } from './counts';
import { root, testedVsix } from './paths';
import { isEverythingDemanded, usesElectron } from './platform';
import { runProcess } from './processes';

export interface Suite {
  /** The name on the command line and of out/results/NAME.json. */
  readonly name: string;
  /** What it proves, for the heading. */
  readonly what: string;
  /** Runs it with what else stood on the command line. */
  run(options: readonly string[]): Promise<Counts>;
}

const node = process.execPath;
const build = join(root, 'build.mjs');

export const suites: readonly Suite[] = [
  { name: 'types', what: 'the compiler accepts every file', run: () => command([tool('typescript/bin/tsc'), '-b']) },
  {
    name: 'lint',
    what: 'lint and format',
    run: () => command([tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.']),
  },
  { name: 'generated', what: 'generated files are in sync', run: () => command([build, '--generate', '--check']) },
  { name: 'unit', what: 'syntax, shell, model, rules, analysis', run: (options) => mochaSuite('unit', options) },
  { name: 'corpus', what: 'real Dockerfiles by the thousand', run: (options) => mochaSuite('corpus', options) },
  {
    name: 'server',
    what: 'the language server and the command, from outside',
    run: serverSuite,
  },
  {
    name: 'engine',
    what: 'the image before and after a fix, built by a real engine',
    run: (options) => mochaSuite('engine', options),
  },
  {
    name: 'editor',
    what: 'a real VS Code, from inside and from outside',
    run: editorSuite,
  },
];

function tool(path: string): string {
  return join(root, 'node_modules', path);
}

/** A command whose exit status is its whole result: it counts as one test. */
async function command(args: readonly string[]): Promise<Counts> {
  const status = await runProcess(node, args);
  return { ...noTests, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
}

/** What is tested from outside is what dist/ holds. */
async function serverSuite(options: readonly string[]): Promise<Counts> {
  if ((await runProcess(node, [build])) !== 0) return { ...noTests, failed: 1 };
  return mochaSuite('server', options);
}

/** Suites inside the extension host, then a window with the packed extension installed, driven from outside. */
async function editorSuite(options: readonly string[]): Promise<Counts> {
  if (!usesElectron() && !ensureChromium()) return missing('the suites in the editor');
  if ((await runProcess(node, [build])) !== 0) return { ...noTests, failed: 1 };
  if (usesElectron()) {
    const counts = await mochaSuite('editor', options, harness('editor.ts'));
    return addCounts(counts, missing('the window seen from outside, which takes the served VS Code'));
  }
  const inside = await mochaSuite('editor', options, harness('editor.ts'));
  if ((await runProcess(node, harness('package-vsix.ts', testedVsix))) !== 0)
    return { ...inside, failed: inside.failed + 1 };
  return addCounts(inside, await mochaSuite('ui', options));
}

/** The command line that runs a program of the harness. */
function harness(program: string, ...args: readonly string[]): readonly string[] {
  return [build, '--run', `test/harness/${program}`, ...args];
}

/** What cannot be proved here is skipped, aloud; where everything is demanded it has failed. */
function missing(what: string): Counts {
  const result = isEverythingDemanded() ? 'failed' : 'skipped';
  console.error(`!!! ${result.toUpperCase()}, it cannot be proved here: ${what} !!!`);
  return { ...noTests, [result]: 1 };
}

/** Bundles the test files of a suite and runs them in a process of their own: plainly, or by a program given the bundle. */
async function mochaSuite(name: string, options: readonly string[], program: readonly string[] = []): Promise<Counts> {
  const filters = options.filter((option) => !option.startsWith('-'));
  // Several runs of a suite may overlap in one checkout: their files are told apart by the process id.
  const bundle = join(root, 'out/test', `${name}-${process.pid}.js`);
  const results = join(root, 'out/results', `${name}.json`);
  mkdirSync(join(root, 'out/results'), { recursive: true });
  rmSync(results, { force: true });
  try {
    if ((await runProcess(node, [build, '--test', name, bundle, ...filters])) !== 0) return { ...noTests, failed: 1 };
    if (!existsSync(bundle)) {
      console.log('   no tests');
      return noTests;
    }
    const env = { LAYERWISE_RESULTS: results, ...(options.includes('--full') ? { LAYERWISE_FULL: '1' } : {}) };
    const status = await runProcess(node, ['--enable-source-maps', ...program, bundle], { env });
    return readCounts(results, status);
  } finally {
    rmSync(bundle, { force: true });
  }
}

/** The counts a suite left behind. One that left none, or ended badly without a failed test, has failed as such. */
function readCounts(file: string, status: number): Counts {
  const counts = tryReadCounts(file) ?? { ...noTests, failed: 1 };
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function tryReadCounts(file: string): Counts | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    return undefined;
  }
}
