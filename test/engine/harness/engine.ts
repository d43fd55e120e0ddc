/**
 * The Docker Engine that the proofs build with: one that answers already, else one set up privately from Debian's
 * packages, else none, which is said in one loud line. There is one engine per process.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ask, type Daemon } from './daemon';
import { fetchEngine, isDebian, type Suite } from './packages';
import { startPrivateEngine } from './private-engine';

export type Builder = 'buildkit' | 'legacy';

export interface Engine {
  readonly daemon: Daemon;
  /** For reports: its version, where it comes from, its storage driver. */
  readonly description: string;
  readonly driver: string;
  readonly builders: readonly Builder[];
  /** True when this process started it: image names may be given away freely there. */
  readonly isPrivate: boolean;
  /** Added to the environment, this makes `docker` reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** The command that is `docker buildx`, with its first arguments. */
  readonly buildx: readonly string[];
  /** Ends it when it is private; resolves when nothing is left of it. */
  readonly stop: () => Promise<void>;
}

const run = promisify(execFile);
let engine: Promise<Engine | undefined> | undefined;

/** The engine, started at the first call; undefined, after a loud line, where none can be had. */
export function getEngine(): Promise<Engine | undefined> {
  engine ??= findEngine();
  return engine;
}

/** Ends the engine if one was asked for, after `farewell`; the next `getEngine` finds another. */
export async function stopEngine(farewell?: (engine: Engine) => Promise<void>): Promise<void> {
  const running = await engine;
  if (running) await farewell?.(running);
  engine = undefined;
  await running?.stop();
}

/** True where proofs must not be skipped: with CI=true, as root on Debian. */
export function isEngineDemanded(): boolean {
  return process.env.CI === 'true' && process.getuid?.() === 0 && isDebian();
}

async function findEngine(): Promise<Engine | undefined> {
  const answering = await findAnsweringEngine();
  if (answering) return answering;
  if (process.getuid?.() !== 0 || !isDebian()) {
    reportLoud(
      'No `docker` answers, and only as root on Debian can an engine be set up: nothing is proven by building',
    );
    return undefined;
  }
  for (const suite of ['sid', 'trixie'] as const) {
    try {
      return await setUpEngine(suite);
    } catch (error) {
      const next = suite === 'sid' ? 'falling back to trixie, without --check' : 'nothing is proven by building';
      reportLoud(`No engine from Debian ${suite} (${messageOf(error)}): ${next}`);
    }
  }
  return undefined;
}

/** A `docker` on the machine that has a server with BuildKit behind it. */
async function findAnsweringEngine(): Promise<Engine | undefined> {
  if (process.env.LAYERWISE_ENGINE === 'private') return undefined;
  try {
    const { stdout } = await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 15_000 });
    const host =
      process.env.DOCKER_HOST ??
      (await run('docker', ['context', 'inspect', '-f', '{{.Endpoints.docker.Host}}'])).stdout;
    const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(host.trim())?.[1];
    if (!stdout.trim() || !socket) return undefined;
    return await describeEngine(
      { socket: socket.replaceAll('/', process.platform === 'win32' ? '\\' : '/') },
      `of this machine`,
    );
  } catch {
    return undefined;
  }
}

async function setUpEngine(suite: Suite): Promise<Engine> {
  const packages = await fetchEngine(suite);
  const from = `from Debian ${suite}, private`;
  try {
    const started = await startPrivateEngine(packages, 'overlay2');
    return await describeEngine(started.daemon, from, started);
  } catch (error) {
    const started = await startPrivateEngine(packages, 'vfs');
    reportLoud(`overlay2 does not work here (${messageOf(error)}): builds are made on vfs, which is slow`);
    return describeEngine(started.daemon, from, started);
  }
}

async function describeEngine(
  daemon: Daemon,
  from: string,
  started?: Pick<Engine, 'env' | 'buildx' | 'stop'>,
): Promise<Engine> {
  const ping = await ask(daemon, 'GET', '/_ping');
  const info = JSON.parse((await ask(daemon, 'GET', '/info')).body.toString()) as {
    ServerVersion: string;
    Driver: string;
    OSType: string;
  };
  if (info.OSType !== 'linux' || ping.headers['builder-version'] !== '2')
    throw new Error('no BuildKit for Linux images');
  return {
    daemon,
    description: `Docker ${info.ServerVersion} ${from}, ${info.Driver}`,
    driver: info.Driver,
    // The legacy builder goes wherever images are kept by a graph driver; a containerd image store has none.
    builders: ['buildkit', 'legacy'],
    isPrivate: started !== undefined,
    env: started?.env ?? {},
    buildx: started?.buildx ?? ['docker', 'buildx'],
    stop: started?.stop ?? (() => Promise.resolve()),
  };
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').slice(-1)[0] ?? '';
}

function reportLoud(line: string): void {
  console.error(`!!! ${line} !!!`);
}
