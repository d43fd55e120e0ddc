/** Runs git so that it only reads: no prompt, no lock, no hook, no network, and not longer than it may. */
import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';

export interface GitOptions {
  /** The folder to run in. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which it is ended. */
  readonly timeout: number;
  /** The program; `git` where not given. */
  readonly program?: string | undefined;
}

/** How a run ended. `missing`: there is no git. `timeout`: what was printed until then was handed on. */
export type GitEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'timeout' };

/** Runs git and hands on what it prints, piece by piece. Rejects only where `signal` is aborted. */
export function streamGit(
  args: readonly string[],
  { folder, signal, timeout, program = 'git' }: GitOptions,
  onText: (text: string) => void,
): Promise<GitEnd> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortError(signal));
      return;
    }
    const child = spawn(program, [...quiet, ...args], { cwd: folder, env: environment(), windowsHide: true });
    const decoder = new StringDecoder('utf8');
    let errors = '';
    let ended = false;
    const end = (act: () => void) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      act();
    };
    const stop = () => {
      child.stdout.destroy();
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => {
      stop();
      end(() => resolve({ kind: 'timeout' }));
    }, timeout);
    const abort = () => {
      stop();
      end(() => reject(abortError(signal)));
    };
    signal?.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (piece: Buffer) => {
      if (!ended) onText(decoder.write(piece));
    });
    child.stderr.on('data', (piece: Buffer) => {
      if (errors.length < 2_000) errors += piece.toString();
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      end(() => resolve(error.code === 'ENOENT' ? { kind: 'missing' } : { kind: 'failed', message: error.message })),
    );
    child.on('close', (code) =>
      end(() =>
        resolve(code === 0 ? { kind: 'done' } : { kind: 'failed', message: errors.trim() || `status ${code}` }),
      ),
    );
  });
}

/** Runs git and collects what it prints. */
export async function askGit(
  args: readonly string[],
  options: GitOptions,
): Promise<GitEnd & { readonly text: string }> {
  let text = '';
  const end = await streamGit(args, options, (piece) => {
    text += piece;
  });
  return { ...end, text };
}

/** Settings of the repository that would run programs. */
const quiet = [
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'log.showSignature=false',
  '-c',
  'core.quotePath=false',
];

function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_LAZY_FETCH: '1',
  };
  // Started from a hook, git would look at the hook's repository instead of the folder's.
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX']) delete env[name];
  return env;
}

const abortError = (signal: AbortSignal | undefined): Error =>
  signal?.reason instanceof Error ? signal.reason : new Error('aborted');
