/** Starts VS Code's server, to be opened in a browser, and takes it down with everything it started. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getVSCode } from './code-server';
import { endGroup } from './processes';

export interface ServerOptions {
  /** Where the server keeps its data; one folder a server. */
  readonly dataFolder: string;
  /** Extensions installed here are loaded; by default a folder in the data folder. */
  readonly extensionsFolder?: string;
  /** A packed extension to install before the start. */
  readonly vsix?: string;
  /** Settings beside the usual ones, which only keep other features quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder to open when the address names none. */
  readonly folder?: string;
  /** Asked for in the address; without it everybody on this machine gets in, as a test wants it. */
  readonly token?: string;
  /** 0, the default, is a free one. */
  readonly port?: number;
  /** Whether folders are trusted without being asked for. */
  readonly trustFolders?: boolean;
}

export interface Server {
  readonly port: number;
  /** What the server has printed so far. */
  log(): string;
  /** Resolves when the server has ended, by itself or not. */
  readonly ended: Promise<void>;
  /** Ends the server, its extension host and every language server. */
  stop(): Promise<void>;
}

const startLimit = 60_000;

/** Keeps what does not belong to Layerwise out of the picture. */
const usualSettings = {
  'workbench.startupEditor': 'none',
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
};

/** Starts a server on 127.0.0.1 and resolves when it listens. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const main = join(getVSCode(), 'out/server-main.js');
  const { dataFolder, extensionsFolder = join(dataFolder, 'extensions'), token, folder } = options;
  mkdirSync(join(dataFolder, 'data/Machine'), { recursive: true });
  mkdirSync(extensionsFolder, { recursive: true });
  const settings = JSON.stringify({ ...usualSettings, ...options.settings });
  writeFileSync(join(dataFolder, 'data/Machine/settings.json'), settings);
  const folders = [
    '--server-data-dir',
    dataFolder,
    '--extensions-dir',
    extensionsFolder,
    '--accept-server-license-terms',
  ];
  const env = { ...process.env, EXTENSIONS_GALLERY: '{}', ...ownTemporaryFolder(dataFolder), ...options.env };
  if (options.vsix) {
    execFileSync(process.execPath, [main, ...folders, '--install-extension', options.vsix], { env, stdio: 'pipe' });
  }
  const args = [
    ...[main, ...folders, '--host', '127.0.0.1', '--port', String(options.port ?? 0), '--telemetry-level', 'off'],
    ...(token ? ['--connection-token', token] : ['--without-connection-token', '--enable-smoke-test-driver']),
    ...(folder ? ['--default-folder', folder] : []),
    ...(options.trustFolders === false ? [] : ['--disable-workspace-trust']),
  ];
  // A process group of its own: the extension host and the language servers are its grandchildren.
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let log = '';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = (): Promise<void> => endGroup(child, ended);
  const killAtExit = (): void => void endGroup(child, Promise.resolve(), 0);
  process.once('exit', killAtExit);
  void ended.then(() => process.off('exit', killAtExit));
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`VS Code's server did not start\n${log}`)), startLimit);
    const read = (data: Buffer): void => {
      log += data;
      const listening = /agent listening on (\d+)/.exec(log);
      if (!listening) return;
      clearTimeout(timer);
      resolve(Number(listening[1]));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => reject(new Error(`VS Code's server ended\n${log}`)));
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { port, log: () => log, ended, stop };
}

/** Sockets that VS Code leaves behind go with the data folder; on macOS its path is too long for a socket's name. */
function ownTemporaryFolder(dataFolder: string): Record<string, string> {
  if (process.platform !== 'linux') return {};
  const folder = join(dataFolder, 'tmp');
  mkdirSync(folder, { recursive: true });
  return { TMPDIR: folder, XDG_RUNTIME_DIR: folder };
}
