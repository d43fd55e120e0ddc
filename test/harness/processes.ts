/** Child processes that never outlive what started them. */
import { spawn } from 'node:child_process';
import { root } from './paths';

export interface ProcessOptions {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs a command to its end with the terminal of this process; resolves to its exit status, 1 if a signal ended it. */
export function runProcess(
  file: string,
  args: readonly string[],
  { env, cwd = root }: ProcessOptions = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
    const stop = () => child.kill();
    process.once('exit', stop);
    child.once('error', reject);
    child.once('exit', (status) => {
      process.off('exit', stop);
      resolve(status ?? 1);
    });
  });
}
