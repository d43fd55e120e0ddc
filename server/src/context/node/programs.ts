/** Runs a program of this machine without a window, a terminal or more time than it may take. */
import { type ChildProcess, spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';

export interface ProgramOptions {
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which it is ended; as long as it takes where not given. */
  readonly timeout?: number | undefined;
}

/** How a run ended. `missing`: there is no such program. `timeout`: what was printed until then was handed on. */
export type ProgramEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'timeout' };

export interface Listener {
  /** What it prints, piece by piece. */
  onText?(text: string): void;
  onBytes?(bytes: Uint8Array): void;
  onErrorText?(text: string): void;
}

/** As much of what a program complains about is kept. */
const complaintLimit = 4_000;

/** Runs a program to its end. Rejects only where `signal` is aborted. */
export function runProgram(
  program: string,
  args: readonly string[],
  { folder, env = process.env, signal, timeout }: ProgramOptions,
  listener: Listener,
): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortError(signal));
      return;
    }
    const child = spawn(program, args, { cwd: folder, env, windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const [printed, complained] = [new StringDecoder('utf8'), new StringDecoder('utf8')];
    let complaints = '';
    let ended = false;
    const end = (act: () => void) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      act();
    };
    const abort = () => {
      stop(child);
      end(() => reject(abortError(signal)));
    };
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            stop(child);
            end(() => resolve({ kind: 'timeout' }));
          }, timeout);
    signal?.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (piece: Buffer) => {
      if (ended) return;
      listener.onBytes?.(piece);
      listener.onText?.(printed.write(piece));
    });
    child.stderr.on('data', (piece: Buffer) => {
      if (ended) return;
      const text = complained.write(piece);
      complaints = (complaints + text).slice(-complaintLimit);
      listener.onErrorText?.(text);
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      end(() => resolve(error.code === 'ENOENT' ? { kind: 'missing' } : { kind: 'failed', message: error.message })),
    );
    child.on('close', (code) =>
      end(() =>
        resolve(code === 0 ? { kind: 'done' } : { kind: 'failed', message: complaints.trim() || `status ${code}` }),
      ),
    );
  });
}

/** Ends a program at once; what it still prints is of no interest. */
function stop(child: ChildProcess): void {
  child.stdout?.destroy();
  child.kill('SIGKILL');
}

const abortError = (signal: AbortSignal | undefined): Error =>
  signal?.reason instanceof Error ? signal.reason : new Error('aborted');
