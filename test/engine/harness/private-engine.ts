/**
 * A Docker Engine that belongs to this process alone. It runs in namespaces of its own (network: loopback only; mounts;
 * processes), so that a build reaches nothing, and nothing outlives it: it ends when the pipe from this process closes,
 * however this process ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, type Daemon } from './daemon';
import { programIn } from './packages';

export interface PrivateEngine {
  readonly daemon: Daemon;
  /** The environment in which `docker` is the one from the packages and reaches this engine. */
  readonly env: Readonly<Record<string, string>>;
  /** The command that is `docker buildx` there. */
  readonly buildx: readonly string[];
  readonly stop: () => Promise<void>;
}

const prefix = 'layerwise-engine-';
/** With less memory to spare than this, in bytes, images are kept on disk. */
const memoryForImages = 6 * 2 ** 30;

/** Starts an engine from the packages unpacked in a folder; rejects with the end of its log when it does not come up. */
export async function startPrivateEngine(packages: string, storageDriver: string): Promise<PrivateEngine> {
  // A socket's path may have some 100 characters at most, so it cannot lie in the checkout. /run is covered up inside.
  const parent = /^\/(var\/)?run\//.test(tmpdir()) ? '/tmp' : tmpdir();
  sweepLeftovers(parent);
  const folder = mkdtempSync(join(parent, prefix));
  writeFileSync(join(folder, 'owner'), String(process.pid));
  mkdirSync(join(folder, 'cli'));
  const plugins = join(packages, 'usr/libexec/docker/cli-plugins');
  writeFileSync(join(folder, 'cli/config.json'), JSON.stringify({ cliPluginsExtraDirs: [plugins] }));
  writeFileSync(join(folder, 'daemon.json'), '{}');
  writeFileSync(join(folder, 'inside.sh'), inside);
  const path = `${join(packages, 'usr/sbin')}:${join(packages, 'usr/bin')}:${process.env.PATH ?? '/usr/bin:/bin'}`;
  // Not detached from the terminal's signals, Ctrl+C would reach the engine before this process asks it to end.
  const supervisor = spawn('sh', ['-c', outside, folder, storageDriver, imageSpace(), programIn(packages, 'busybox')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, PATH: path },
  });
  let complaints = '';
  supervisor.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2000);
  });
  const daemon = { socket: join(folder, 'docker.sock') };
  const stop = () => stopSupervisor(supervisor);
  if (await isReady(daemon, supervisor)) {
    // A forgotten engine must not keep this process alive: it ends with it.
    supervisor.unref();
    for (const pipe of [supervisor.stdin, supervisor.stderr]) if (pipe instanceof Socket) pipe.unref();
    return {
      daemon,
      env: { PATH: path, DOCKER_HOST: `unix://${daemon.socket}`, DOCKER_CONFIG: join(folder, 'cli') },
      buildx: [join(plugins, 'docker-buildx')],
      stop,
    };
  }
  await stop();
  throw new Error(complaints.trim() || 'dockerd did not start');
}

/** Runs in the machine's own namespaces; cleans up after everything else, even when this process was killed. */
const outside = `
trap '' INT TERM HUP
unshare --net --mount --pid --fork --kill-child --mount-proc sh "$0/inside.sh" "$0" "$@"
find /sys/fs/cgroup -depth -type d -path "*/\${0##*/}*" -exec rmdir {} + 2>/dev/null
rm -rf "$0"
`;

/** Runs as process 1 of the new namespaces: when it ends, the kernel ends all others there and undoes their mounts. */
const inside = `
folder=$1 driver=$2 space=$3 busybox=$4
exec 3<&0 4>&2 </dev/null >"$folder/dockerd.log" 2>&1
mount -t tmpfs tmpfs /run
mkdir "$folder/data"
[ -z "$space" ] || mount -t tmpfs -o size="$space" tmpfs "$folder/data"
"$busybox" ip link set lo up
dockerd --config-file="$folder/daemon.json" --data-root="$folder/data" --exec-root="$folder/exec" \\
  --pidfile="$folder/docker.pid" --host="unix://$folder/docker.sock" --cgroup-parent="/\${folder##*/}" \\
  --iptables=false --ip6tables=false --bridge=none --storage-driver="$driver" &
engine=$!
{ cat <&3 >/dev/null; kill "$engine"; sleep 10; kill -9 "$engine"; } &
wait "$engine"
grep -E 'level=(error|fatal)|failed|permitted' "$folder/dockerd.log" | tail -n 3 >&4
`;

/** How large a file system in memory to keep the images in, as mount(8) wants it; empty where there is too little. */
function imageSpace(): string {
  const available = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) * 1024;
  return available < memoryForImages ? '' : `${Math.min(Math.floor(available / 2 ** 21), 12 * 1024)}m`;
}

/** Waits until the engine answers; false when it ended, or did not answer within a minute. */
async function isReady(daemon: Daemon, supervisor: ChildProcess): Promise<boolean> {
  let ended = false;
  supervisor.once('error', () => {
    ended = true;
  });
  supervisor.once('exit', () => {
    ended = true;
  });
  for (const end = Date.now() + 60_000; Date.now() < end && !ended; ) {
    const answer = await ask(daemon, 'GET', '/_ping', { timeout: 2000 }).catch(() => undefined);
    if (answer?.status === 200) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function stopSupervisor(supervisor: ChildProcess): Promise<void> {
  if (supervisor.pid === undefined || supervisor.exitCode !== null || supervisor.signalCode !== null)
    return Promise.resolve();
  return new Promise((resolve) => {
    supervisor.ref();
    supervisor.once('exit', () => resolve());
    supervisor.stdin?.end();
  });
}

/** Removes the folders of runs whose process is gone and that did not get to remove them themselves. */
function sweepLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(parent, name);
    try {
      const owner = Number(readFileSync(join(folder, 'owner'), 'utf8'));
      const isRecent = Date.now() - statSync(folder).mtimeMs < 60_000;
      if (!isRecent && !isAlive(owner)) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another run is making or removing it at this moment.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
