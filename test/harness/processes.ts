/** Child processes that never outlive what started them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { root } from './paths';

export interface ProcessOptions {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds after which it is ended, by default never. */
  readonly limit?: number;
}

/** Runs a command to its end on the terminal of this process; resolves to its exit status, 1 if a signal ended it. */
export function runProcess(file: string, args: readonly string[], options: ProcessOptions = {}): Promise<number> {
  const { env, cwd = root, limit } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
    const stop = () => child.kill();
    process.once('exit', stop);
    const timer =
      limit &&
      setTimeout(() => {
        console.error(`Still running after ${limit / 1000} s, ended: ${args.join(' ')}`);
        stop();
      }, limit);
    child.once('error', reject);
    child.once('exit', (status) => {
      if (timer) clearTimeout(timer);
      process.off('exit', stop);
      resolve(status ?? 1);
    });
  });
}

/**
 * Ends a child that was started `detached` together with all its descendants: asks it, waits up to `patience`
 * milliseconds for `ended`, then insists.
 */
export async function endGroup(child: ChildProcess, ended: Promise<void>, patience = 5000): Promise<void> {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    endTreeOnWindows(child.pid);
    return;
  }
  if (patience > 0) {
    signalGroup(child.pid, 'SIGTERM');
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, patience)))]);
    clearTimeout(timer);
  }
  signalGroup(child.pid, 'SIGKILL');
}

/** Where nothing is left of the group there is nothing to do. */
function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    return;
  }
}

/** Windows has no process groups to signal; taskkill walks the tree. */
function endTreeOnWindows(pid: number): void {
  try {
    execFileSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
  } catch {
    return;
  }
}
