/** Runs git so that it only reads: no prompt, no lock, no hook, no network, and not longer than it may. */
import { type ProgramEnd, runProgram } from './programs';

export interface GitOptions {
  /** The folder to run in. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which it is ended. */
  readonly timeout: number;
  /** The program; `git` where not given. */
  readonly program?: string | undefined;
}

/** Runs git and hands on what it prints, piece by piece. Rejects only where `signal` is aborted. */
export function streamGit(
  args: readonly string[],
  { folder, signal, timeout, program = 'git' }: GitOptions,
  onText: (text: string) => void,
): Promise<ProgramEnd> {
  return runProgram(program, [...quiet, ...args], { folder, signal, timeout, env: environment() }, { onText });
}

/** Runs git and collects what it prints. */
export async function askGit(
  args: readonly string[],
  options: GitOptions,
): Promise<ProgramEnd & { readonly text: string }> {
  let text = '';
  const end = await streamGit(args, options, (piece) => {
    text += piece;
  });
  return { ...end, text };
}

/** Settings of the repository that would run programs, or print what nobody asked for. */
const quiet = [
  '--no-pager',
  ...['core.fsmonitor=false', 'log.showSignature=false', 'core.quotePath=false'].flatMap((setting) => ['-c', setting]),
];

function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_LAZY_FETCH: '1',
    // Older ones do not know that word; no protocol of this name exists, so that nothing can be fetched.
    GIT_ALLOW_PROTOCOL: 'none',
  };
  // Started from a hook, git would look at the hook's repository instead of the folder's.
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX']) delete env[name];
  return env;
}
