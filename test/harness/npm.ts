/** npm, called from a program. */
import { execFileSync } from 'node:child_process';

/** Runs npm in a folder; what it prints goes to standard error. */
export function npm(args: readonly string[], cwd: string): void {
  const stdio: ['ignore', 'ignore', 'inherit'] = ['ignore', 'ignore', 'inherit'];
  // npm hands its own path to the scripts it runs; without it there is only the name, on Windows a shell script.
  const path = process.env.npm_execpath;
  if (path) execFileSync(process.execPath, [path, ...args], { cwd, stdio });
  else execFileSync('npm', args, { cwd, stdio, shell: process.platform === 'win32' });
}
