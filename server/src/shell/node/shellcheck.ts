/** Runs the ShellCheck of this machine: several scripts in one process, handed over as files in a folder of its own. */
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { parseReport, type ShellComment } from '../shellcheck';

/** Takes answers as they come. */
export type OnAnswer = (source: string, comments: readonly ShellComment[]) => void;

/** Scripts that one process is given. */
const batchSize = 40;
/** Milliseconds after which a process is ended that does not come to an end. */
const patience = 20_000;

/**
 * The path of ShellCheck on PATH; undefined where there is none. Folders of PATH that are relative are passed over: which
 * program runs must not depend on whose files are open.
 */
export function findShellcheck(path = process.env.PATH ?? ''): string | undefined {
  const name = process.platform === 'win32' ? 'shellcheck.exe' : 'shellcheck';
  return path
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name))
    .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

/** Asks about texts. Resolves when all are answered; rejects where the program fails, or with an AbortError where it was told to stop. */
export async function runShellcheck(
  program: string,
  sources: readonly string[],
  onAnswer: OnAnswer,
  signal?: AbortSignal,
): Promise<void> {
  const batches: (readonly string[])[] = [];
  for (let at = 0; at < sources.length; at += batchSize) batches.push(sources.slice(at, at + batchSize));
  const work = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await runBatch(program, batch, onAnswer, signal);
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4, batches.length) }, work));
}

async function runBatch(
  program: string,
  sources: readonly string[],
  onAnswer: OnAnswer,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'layerwise-'));
  try {
    const names = sources.map((_, index) => `${index}.sh`);
    await Promise.all(sources.map((source, index) => writeFile(join(folder, `${index}.sh`), source)));
    const report = parseReport(await output(program, ['--norc', '--format=json1', ...names], folder, signal));
    if (!report) throw new Error(`${program} answered something else than a report`);
    sources.forEach((source, index) => void onAnswer(source, report.get(`${index}.sh`) ?? []));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a program prints. Exit statuses above 1 mean that it could not do its work; 1 that it found something. */
function output(program: string, args: readonly string[], cwd: string, signal?: AbortSignal): Promise<string> {
  const { SHELLCHECK_OPTS, ...env } = process.env;
  const options = { cwd, env, signal, timeout: patience, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error || error.code === 1) resolve(stdout);
      else reject(error.name === 'AbortError' || !stderr ? error : new Error(stderr.trim().slice(0, 500)));
    });
  });
}
