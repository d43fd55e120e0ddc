/** Runs the built command as a user does: another process, in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../harness/paths';

/** The bundle under test. */
export const cli = join(root, 'dist/cli.js');

/** How one run ended. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Run by somebody to whom permissions mean something. */
  readonly asNobody?: boolean;
}

/** Runs `layerwise` with arguments to its end. The environment says nothing of colours or languages unless asked to. */
export function layerwise(args: readonly string[], { cwd, input = '', env, asNobody }: RunOptions = {}): Run {
  const { FORCE_COLOR, NO_COLOR, LC_ALL, LC_MESSAGES, LANG, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd,
    input,
    env: { ...inherited, ...env },
    ...(asNobody && process.getuid?.() === 0 && { uid: 65534, gid: 65534 }),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

/** Whether there is a user here to whom permissions mean something, and who may read the bundle. */
export function canRunAsNobody(): boolean {
  if (process.platform === 'win32') return false;
  return process.getuid?.() !== 0 || layerwise(['--help'], { cwd: tmpdir(), asNobody: true }).status === 0;
}

/** A temporary folder with files in it. */
export interface Folder {
  readonly path: string;
  write(name: string, content: string | Uint8Array): string;
  remove(): void;
}

/** Makes a temporary folder. */
export function makeFolder(files: Readonly<Record<string, string>> = {}): Folder {
  const path = mkdtempSync(join(tmpdir(), 'layerwise-cli-'));
  chmodSync(path, 0o755);
  const folder: Folder = {
    path,
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  return folder;
}

/** A file with one finding, of severity warning, whose fix is safe: the first CMD is dead. */
export const twoCommands = 'FROM scratch\nCMD ["a"]\nCMD ["b"]\n';
/** The same, repaired. */
export const oneCommand = 'FROM scratch\nCMD ["b"]\n';
/** Only this rule runs, so that tests here do not depend on what others find. */
export const onlyOverridden = ['--select', 'overridden-instruction'] as const;
