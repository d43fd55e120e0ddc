// The one build script. Everything npm runs goes through it, so that a fresh clone needs nothing done beforehand:
//   node build.mjs                    bundle into dist/, with source maps
//   node build.mjs --production       the same, minified and without source maps, as packaged
//   node build.mjs --watch            bundle again whenever a source file changes
//   node build.mjs --generate [ARG…]  run the generator of registry, docs pages, README table and settings
//   node build.mjs --test SUITE OUT [FILTER…]   bundle the test files of a suite into the file OUT
//   node build.mjs --run FILE [ARG…]  bundle a TypeScript program and run it in this process
//   node build.mjs --install-only     only install the packages when they are missing
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));

/** What goes into dist/: its file there, where it comes from, and what else esbuild has to know. */
const bundles = [
  { out: 'extension.js', from: 'client/src/extension.ts', options: { external: ['vscode'] } },
  // The page of the layers view; esbuild writes its stylesheet beside it.
  { out: 'layersView.js', from: 'client/src/views/layers/main.ts', options: browser({ format: 'iife' }) },
  { out: 'server.js', from: 'server/src/main.ts' },
  { out: 'command.js', from: 'server/src/cli/command.ts' },
  { out: 'cli.js', from: 'server/src/cli/main.ts', options: { banner: { js: '#!/usr/bin/env node' } } },
  { out: 'browser/extension.js', from: 'client/src/browser/extension.ts', options: browser({ external: ['vscode'] }) },
  { out: 'browser/server.js', from: 'server/src/browser/main.ts', options: browser({ format: 'iife' }) },
];

/** The folders under test/ that make up a suite; every *.test.ts below them belongs to it. */
const suiteFolders = {
  unit: ['syntax', 'shell', 'model', 'rules', 'analysis', 'context', 'grammar', 'client', 'shared', 'tidy'],
  corpus: ['corpus'],
  server: ['server', 'cli'],
  engine: ['engine'],
  editor: ['editor/suite'],
  ui: ['editor'],
};

const [command = '', ...rest] = process.argv.slice(2);
installPackages();
if (command === '--run') await run(rest[0], rest.slice(1));
else if (command === '--generate') await run('server/src/rules/generate.ts', rest);
else if (command === '--test') await bundleTests(rest[0], rest[1], rest.slice(2));
else if (command !== '--install-only') await bundleProduct(command);

/** Installs what package-lock.json names unless node_modules is as new as it; npm writes its own lock there last. */
function installPackages() {
  const installed = join(root, 'node_modules/.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error('Installing packages…');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm hands its own path to the scripts it runs; started by hand there is only the name, which on Windows is a shell script.
  if (npm) execFileSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  else execFileSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
}

/** Bundles what runs at the user's: the extension, the server and the command, for the desktop and for the browser. */
async function bundleProduct(mode) {
  const esbuild = await import('esbuild');
  const production = mode === '--production';
  const contexts = bundles
    .filter(({ from }) => existsSync(join(root, from)))
    .map(({ out, from, options }) =>
      esbuild.context({
        ...common(),
        entryPoints: [join(root, from)],
        outfile: join(root, 'dist', out),
        minify: production,
        sourcemap: !production,
        ...options,
      }),
    );
  const all = await Promise.all(contexts);
  if (mode === '--watch') {
    await Promise.all(all.map((one) => one.watch()));
    console.error('Watching for changes; Ctrl+C ends it.');
    return;
  }
  await Promise.all(all.map((one) => one.rebuild()));
  await Promise.all(all.map((one) => one.dispose()));
  if (existsSync(join(root, 'dist/cli.js'))) chmodSync(join(root, 'dist/cli.js'), 0o755);
}

/** Bundles the test files of a suite (those whose path contains one of the filters, if any) into one file. */
async function bundleTests(suite, out, filters) {
  const folders = suiteFolders[suite];
  if (!folders || !out)
    throw new Error(`usage: node build.mjs --test ${Object.keys(suiteFolders).join('|')} OUT [FILTER…]`);
  const files = folders
    .flatMap((folder) => testFiles(folder, suite === 'ui'))
    .concat(suite === 'unit' ? testFiles('.', true) : [])
    .filter((file) => filters.length === 0 || filters.some((filter) => `test/${file}`.includes(filter)))
    .sort();
  // Without a test there is no bundle, which tells the caller so.
  if (files.length === 0) return;
  const contents = [
    `const { prepare, runAll, runAllAndExit } = require('./harness/in-process');`,
    `const mocha = prepare();`,
    ...files.map((file) => `require('./${file}');`),
    `exports.run = () => runAll(mocha);`,
    `if (require.main === module) void runAllAndExit(mocha);`,
  ].join('\n');
  const esbuild = await import('esbuild');
  await esbuild.build({
    ...common(),
    stdin: { contents, resolveDir: join(root, 'test'), loader: 'js' },
    outfile: resolve(out),
    external: ['vscode', 'mocha', 'playwright-core', 'esbuild', '@vscode/*'],
    sourcemap: 'inline',
  });
}

/** The test files below a folder of test/, as paths within test/ with slashes. */
function testFiles(folder, flat) {
  const start = join(root, 'test', folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: !flat })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file).replaceAll('\\', '/'));
}

/** Bundles a program of the project's own into out/run/ and runs it here, with the arguments where it expects them. */
async function run(file, args) {
  const from = join(root, file ?? '');
  if (!file || !existsSync(from)) throw new Error(`no such program: ${file}`);
  mkdirSync(join(root, 'out/run'), { recursive: true });
  // Two runs of the same program may overlap: each gets a file of its own.
  const outfile = join(root, 'out/run', `${basename(file, '.ts')}-${process.pid}.js`);
  const esbuild = await import('esbuild');
  await esbuild.build({ ...common(), entryPoints: [from], outfile, packages: 'external', sourcemap: 'inline' });
  await esbuild.stop();
  process.on('exit', () => rmSync(outfile, { force: true }));
  process.setSourceMapsEnabled(true);
  process.argv.splice(1, process.argv.length - 1, outfile, ...args);
  createRequire(import.meta.url)(outfile);
}

/** What every bundle has in common. ESM sources come first: packages in UMD hide their requires from a bundler. */
function common() {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    treeShaking: true,
    logLevel: 'warning',
  };
}

/** The differences of a bundle for a web worker. */
function browser(options) {
  return { platform: 'browser', target: 'es2022', mainFields: ['browser', 'module', 'main'], ...options };
}
