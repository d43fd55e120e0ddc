/** Other servers to be measured beside ours: installed aside, never among the project's own packages. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../harness/paths';

/** The path of a program of an npm package; undefined, with a loud line, where it cannot be installed. */
export function installPeer(name: string, version: string, program: string): string | undefined {
  const folder = join(root, 'out/peers', `${name}-${version}`);
  const path = join(folder, 'node_modules', name, program);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const args = ['install', `${name}@${version}`, '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status } = spawnSync('npm', args, {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status === 0 && existsSync(path)) return path;
  console.error(`!!! ${name} could not be installed: it is not measured !!!`);
  return undefined;
}
