/**
 * `npm start [-- FOLDER]`: opens VS Code with Layerwise loaded, on FOLDER or on a fresh copy of the sample workspace.
 * The desktop program where `code` is on PATH, else VS Code's server from npm, shown in a browser. Ctrl+C ends it all.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findOnPath } from './chromium';
import { editorWorkspace, root } from './paths';
import { endGroup, runProcess } from './processes';
import { startServer } from './vscode-server';

interface Opening {
  readonly folder: string;
  /** Whether the folder is our own, so that nobody has to be asked whether it can be trusted. */
  readonly sample: boolean;
  /** For everything VS Code writes; removed at the end. */
  readonly dataFolder: string;
}

async function start(args: readonly string[]): Promise<number> {
  const asked = args.find((arg) => arg !== '--');
  const folder = asked ? resolve(process.env.INIT_CWD ?? '.', asked) : freshSample();
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    console.error(`no such folder: ${folder}`);
    return 2;
  }
  const status = await runProcess(process.execPath, [join(root, 'build.mjs')]);
  if (status !== 0) return status;
  const dataFolder = mkdtempSync(join(tmpdir(), 'layerwise-'));
  process.once('exit', () => rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 }));
  const opening: Opening = { folder, sample: !asked, dataFolder };
  const code = desktopCode();
  return code ? openDesktop(code, opening) : openServed(opening);
}

/** The sample is for trying things out: every start gives it back as it was. */
function freshSample(): string {
  const folder = join(root, 'out/sample');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(editorWorkspace, folder, { recursive: true });
  return folder;
}

/** `code`, if it is the desktop program with a screen; in a remote terminal it only talks to a window elsewhere. */
function desktopCode(): string | undefined {
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return undefined;
  return findOnPath('code');
}

/** Opens a desktop window of its own and resolves when it is closed. */
async function openDesktop(code: string, { folder, sample, dataFolder }: Opening): Promise<number> {
  const args = [
    ...[`--extensionDevelopmentPath=${root}`, '--user-data-dir', dataFolder, '--new-window', '--wait'],
    ...['--skip-welcome', '--skip-release-notes'],
    ...(sample ? ['--disable-workspace-trust'] : []),
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    folder,
    ...(sample ? [join(folder, 'node/Dockerfile')] : []),
  ];
  const windows = process.platform === 'win32';
  const child = spawn(windows ? `"${code}"` : code, windows ? args.map((arg) => `"${arg}"`) : args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: !windows,
    shell: windows,
  });
  const ended = new Promise<void>((resolve, reject) => child.once('exit', () => resolve()).once('error', reject));
  console.log(`VS Code is open on ${folder}. Ctrl+C or closing its window ends it.`);
  await Promise.race([ended, interrupted()]);
  endDesktopProgram(dataFolder);
  await endGroup(child, ended);
  return 0;
}

/** The program detaches itself from `code`; it writes its process id into its data folder. */
function endDesktopProgram(dataFolder: string): void {
  try {
    process.kill(Number(readFileSync(join(dataFolder, 'code.lock'), 'utf8')));
  } catch {
    // It has ended by itself.
    return;
  }
}

/** Serves VS Code on 127.0.0.1 until Ctrl+C. */
async function openServed({ folder, sample, dataFolder }: Opening): Promise<number> {
  // An installed extension is there at the plain address, in every window; a link is as good as an installation.
  const extensionsFolder = join(dataFolder, 'extensions');
  mkdirSync(extensionsFolder);
  const { publisher, name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  symlinkSync(root, join(extensionsFolder, `${publisher}.${name}-${version}`), 'junction');
  const token = randomBytes(16).toString('hex');
  const settings = sample ? { 'workbench.startupEditor': 'readme' } : {};
  const server = await startServer({ dataFolder, extensionsFolder, folder, token, settings, trustFolders: sample });
  const address = `http://127.0.0.1:${server.port}/?tkn=${token}`;
  console.log(`\nVS Code with Layerwise, on ${folder}:\n\n  ${address}\n\nCtrl+C ends it.`);
  openBrowser(address);
  const failed = await Promise.race([interrupted().then(() => false), server.ended.then(() => true)]);
  if (failed) console.error(`VS Code's server has ended.\n${server.log().slice(-2000)}`);
  await server.stop();
  return failed ? 1 : 0;
}

interface Manifest {
  readonly publisher: string;
  readonly name: string;
  readonly version: string;
}

/** Shows an address in the browser where there is a screen with one; else it stays at the printed line. */
function openBrowser(address: string): void {
  const { DISPLAY, WAYLAND_DISPLAY, CI } = process.env;
  if (CI || (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY)) return;
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '""']
        : ['xdg-open'];
  spawn(program ?? 'xdg-open', [...args, address], { stdio: 'ignore', detached: true })
    .once('error', () => undefined)
    .unref();
}

/** Resolves on Ctrl+C and its like, and when npm is gone: a signal to npm alone does not reach us. */
function interrupted(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const orphaned = setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, 500);
    orphaned.unref();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

start(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
