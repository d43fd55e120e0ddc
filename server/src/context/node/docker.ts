/** Builds with the Docker of this machine to see how long each step takes and how large each layer is. Only when asked to, only where trusted. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { type ArchiveOutcome, readImageStream } from './image-archive';
import { type ProgramEnd, runProgram } from './programs';

export interface BuildRequest {
  readonly dockerfile: string;
  /** The folder of the build context. */
  readonly context: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line that tells how far the build is; localized or quoted. */
  onProgress(message: string): void;
  /** The docker program; for tests. */
  readonly program?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** More options of `docker build`. */
  readonly options?: readonly string[];
}

export interface BuildOutput {
  /** What `--progress=rawjson` or `plain` printed. */
  readonly log: string;
  readonly image: ArchiveOutcome | null;
  /** Localized; null where the build went well. */
  readonly failure: string | null;
  /** Lines of `docker system df`, localized. */
  readonly disk: readonly string[];
}

/** Milliseconds for a question that is no build. */
const patience = 60_000;

/** Builds without the cache, so that every step is timed. Rejects only where `signal` is aborted. */
export async function buildAndRecord(request: BuildRequest): Promise<BuildOutput> {
  const folder = await mkdtemp(join(tmpdir(), 'layerwise-build-'));
  try {
    const idFile = join(folder, 'id');
    const { log, end } = await build(request, idFile);
    const disk = await diskUsage(request);
    if (end.kind !== 'done') return { log, image: null, failure: describe(end, log), disk };
    const id = (await readFile(idFile, 'utf8')).trim();
    request.onProgress(l10n.t('Reading the layers of the image'));
    const image = await readImage(request, id);
    await removeUnnamed(request, id);
    return { log, image, failure: null, disk };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const settings = ({ context, env, signal }: BuildRequest) => ({
  folder: context,
  signal,
  env: { ...process.env, ...env, DOCKER_BUILDKIT: '1', BUILDKIT_PROGRESS: undefined, DOCKER_CLI_HINTS: 'false' },
});

async function build(request: BuildRequest, idFile: string): Promise<{ log: string; end: ProgramEnd }> {
  const { dockerfile, context, program = 'docker', options = [], onProgress } = request;
  for (const format of ['rawjson', 'plain'] as const) {
    let log = '';
    const listen = (text: string) => {
      log += text;
      const step = /\[(?:[^\]"\\]* )?(\d+)\/(\d+)\] ([^"\\\r\n]+)/.exec(text);
      if (step) onProgress(`[${step[1]}/${step[2]}] ${step[3]}`.slice(0, 120));
    };
    const output = [`--progress=${format}`, '--iidfile', idFile];
    const args = ['build', '--no-cache', ...output, ...options, '--file', dockerfile, context];
    const end = await runProgram(program, args, settings(request), { onText: listen, onErrorText: listen });
    // Docker before 26 does not know the first.
    if (format === 'plain' || end.kind !== 'failed' || !/rawjson|progress/i.test(end.message.slice(0, 400)))
      return { log, end };
    if (log.includes('"vertexes"')) return { log, end };
  }
  return { log: '', end: { kind: 'failed', message: '' } };
}

/** The image as `docker save` writes it, read as it comes: nothing of it is put on the disk. */
async function readImage(request: BuildRequest, id: string): Promise<ArchiveOutcome | null> {
  const queue = createQueue();
  const running = runProgram(request.program ?? 'docker', ['image', 'save', id], settings(request), {
    onBytes: queue.push,
  }).finally(queue.end);
  const image = await readImageStream(queue.read());
  await running;
  return image;
}

interface Queue {
  push(bytes: Uint8Array): void;
  end(): void;
  read(): AsyncIterable<Uint8Array>;
}

function createQueue(): Queue {
  const waiting: Uint8Array[] = [];
  let ended = false;
  let wake = () => {};
  return {
    push(bytes) {
      waiting.push(bytes);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *read() {
      for (;;) {
        for (let bytes = waiting.shift(); bytes; bytes = waiting.shift()) yield bytes;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** An image without a name was made for this alone. One that has a name was there before. */
async function removeUnnamed(request: BuildRequest, id: string): Promise<void> {
  const { text } = await ask(request, ['image', 'inspect', '--format', '{{len .RepoTags}}', id]);
  if (text.trim() === '0') await ask(request, ['image', 'rm', id]);
}

async function ask(request: BuildRequest, args: readonly string[]): Promise<{ end: ProgramEnd; text: string }> {
  let text = '';
  const listener = {
    onText: (piece: string) => {
      text += piece;
    },
  };
  const end = await runProgram(
    request.program ?? 'docker',
    args,
    { ...settings(request), timeout: patience },
    listener,
  );
  return { end, text };
}

/** What Docker keeps on this machine. */
async function diskUsage(request: BuildRequest): Promise<string[]> {
  const { end, text } = await ask(request, ['system', 'df', '--format', '{{.Type}}\t{{.Size}}\t{{.Reclaimable}}']);
  if (end.kind !== 'done') return [];
  return text
    .split('\n')
    .map((line) => line.trim().split('\t'))
    .filter((cells) => cells.length === 3)
    .map(([type = '', size = '', reclaimable = '']) =>
      l10n.t('Docker keeps {0}: {1}, of which {2} can be freed', type, size, reclaimable.replace(/ \(.*$/, '')),
    );
}

function describe(end: ProgramEnd, log: string): string {
  if (end.kind === 'missing') return l10n.t('Docker was not found on this machine.');
  const message = end.kind === 'failed' ? end.message : '';
  if (/cannot connect to the docker daemon|error during connect|docker daemon is not running/i.test(`${message}${log}`))
    return l10n.t('Docker does not answer: is it running?');
  return l10n.t('The build failed: {0}', lastError(log) ?? message.split('\n').at(-1) ?? '');
}

/** What the log says went wrong. */
function lastError(log: string): string | null {
  const json = [...log.matchAll(/"error":("(?:[^"\\]|\\.)*")/g)].at(-1)?.[1];
  if (json !== undefined) return String(JSON.parse(json));
  return [...log.matchAll(/^(?:#\d+ )?ERROR: (.*)$/gm)].at(-1)?.[1] ?? null;
}
