/** Builds an image of a Dockerfile's text and the files of its context, with either builder and without a network. */
import { ask, pruneCaches, removeImage } from './daemon';
import type { Builder, Engine } from './engine';
import { fieldsOf } from './protobuf';
import { type NewFiles, writeTar } from './tar-write';

export interface BuildOptions {
  /** BuildKit unless told. */
  readonly builder?: Builder;
  /** The build context, from which nothing is left out by a .dockerignore. */
  readonly context?: NewFiles;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The stage to end with; the last one unless told. */
  readonly target?: string;
  readonly noCache?: boolean;
  /** The name of the image; one of its own unless told. */
  readonly name?: string;
  /** Milliseconds after which the build is given up. */
  readonly timeout?: number;
}

/** A build that went well has an image, by a name of its own; one that failed has an error. */
export type Build =
  | { readonly image: string; readonly error?: undefined }
  | { readonly image?: undefined; readonly error: string; readonly log: string };

/** Builds made at a time: with more, each takes longer and none is gained. */
const parallel = 2;
/** After so many builds what they left in the engine is removed, lest it fill its memory. */
const buildsBetweenPrunes = 600;

let made = 0;
let running = 0;
let sincePrune = 0;
/** What was left is being removed: a build meanwhile would lose what it makes. */
let isRemoving = false;
const waiting: (() => void)[] = [];
const discarded = new Set<string>();

/** How many builds this process has asked for. */
export function countBuilds(): number {
  return made;
}

/** The name under which the context holds the Dockerfile. The recording programs leave a file of this name aside. */
export const dockerfileName = 'layerwise.Dockerfile';

/** Builds one image; waits while as many as the machine can take are being built. */
export async function buildImage(engine: Engine, dockerfile: string, options: BuildOptions = {}): Promise<Build> {
  while (isRemoving || running >= parallel || (running > 0 && sincePrune >= buildsBetweenPrunes))
    await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  made++;
  try {
    if (sincePrune >= buildsBetweenPrunes) await removeLeftovers(engine);
    sincePrune++;
    const name = options.name ?? `layerwise/built-${process.pid}:${made}`;
    for (let tries = 1; ; tries++) {
      const build = await requestBuild(engine, dockerfile, options, name);
      // BuildKit fetches the context from the request by an address of its own, and now and then does not find it: two
      // builds of the same content may share one fetch, and the request it belonged to may have ended meanwhile.
      if (build.image !== undefined || tries === 10 || !/context not found/.test(build.error)) return build;
      await new Promise((resolve) => setTimeout(resolve, 100 * tries));
    }
  } finally {
    running--;
    for (const wake of waiting.splice(0)) wake();
  }
}

/**
 * Says that an image is not needed any more. It goes when no build is running: two builds of the same steps yield the same
 * image, and an engine may remove it for the one while it names it for the other.
 */
export function discardImage(name: string): void {
  discarded.add(name);
}

/** Removes discarded images and, in a private engine, the caches. No build may be running meanwhile. */
export async function removeLeftovers(engine: Engine): Promise<void> {
  isRemoving = true;
  try {
    for (const name of discarded) await removeImage(engine.daemon, name);
    discarded.clear();
    if (engine.isPrivate) await pruneCaches(engine.daemon);
    sincePrune = 0;
  } finally {
    isRemoving = false;
  }
}

async function requestBuild(engine: Engine, dockerfile: string, options: BuildOptions, name: string): Promise<Build> {
  const { builder = 'buildkit', context = {}, buildArgs, target, noCache, timeout = 120_000 } = options;
  const body = writeTar({ ...context, [dockerfileName]: dockerfile });
  const query = {
    version: builder === 'buildkit' ? '2' : '1',
    dockerfile: dockerfileName,
    t: name,
    networkmode: 'none',
    rm: '1',
    forcerm: '1',
    target,
    nocache: noCache ? '1' : undefined,
    buildargs: buildArgs && JSON.stringify(buildArgs),
  };
  let answer: Awaited<ReturnType<typeof ask>>;
  try {
    answer = await ask(engine.daemon, 'POST', '/build', { query, body, timeout });
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), log: '' };
  }
  const messages = parseMessages(answer.body);
  const error =
    messages.find((message) => message.error)?.error ?? messages.find((message) => message.message)?.message;
  if (error !== undefined) return { error: error.trim(), log: formatLog(messages) };
  if (answer.status !== 200) return { error: `status ${answer.status}`, log: answer.body.toString() };
  return { image: name };
}

/** A line of the answer: the legacy builder writes `stream`, BuildKit its trace as `aux`. */
export interface Message {
  readonly stream?: string;
  readonly error?: string;
  readonly message?: string;
  readonly id?: string;
  readonly aux?: string | { readonly ID?: string };
}

/** The messages of a build's answer. */
export function parseMessages(body: Buffer): Message[] {
  return body
    .toString()
    .split(/\r?\n/)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Message);
}

/** What the commands printed. */
function formatLog(messages: readonly Message[]): string {
  return messages
    .map(({ stream, id, aux }) => {
      if (stream) return stream;
      return id === 'moby.buildkit.trace' && typeof aux === 'string' ? readTrace(Buffer.from(aux, 'base64')) : '';
    })
    .join('');
}

/** The text of the log entries in a status message of BuildKit: field 3, and of each of those field 4 (protobuf). */
function readTrace(status: Buffer): string {
  return fieldsOf(status, 3)
    .flatMap((log) => fieldsOf(log, 4))
    .map((text) => text.toString())
    .join('');
}
