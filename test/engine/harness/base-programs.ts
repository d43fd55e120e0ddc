/** The programs that the base images are made of: from Debian's packages, or, where there is no Debian, by way of its image. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { demand, removeImage, saveImage } from './daemon';
import type { Engine } from './engine';
import { fetchBasePrograms, isDebian, programIn } from './packages';
import { readTar } from './tar-read';
import { writeTar } from './tar-write';

export interface BasePrograms {
  /** The program that is most others by its name. */
  readonly busybox: Buffer;
  /** The names of these. */
  readonly applets: readonly string[];
  readonly bash: Buffer;
}

const found = new WeakMap<Engine, Promise<BasePrograms>>();

/** Finds the programs, statically linked all of them, once for an engine. */
export function findBasePrograms(engine: Engine): Promise<BasePrograms> {
  const programs = found.get(engine) ?? readPrograms(engine);
  found.set(engine, programs);
  return programs;
}

async function readPrograms(engine: Engine): Promise<BasePrograms> {
  if (!isDebian()) return takeFromImage(engine);
  const folder = await fetchBasePrograms();
  const busybox = programIn(folder, 'busybox');
  return {
    busybox: readFileSync(busybox),
    applets: splitLines(execFileSync(busybox, ['--list'], { encoding: 'utf8' })),
    bash: readFileSync(programIn(folder, 'bash-static')),
  };
}

/** An engine on another system has Debian's image, or can get it: its packages are installed there, and read out. */
async function takeFromImage(engine: Engine): Promise<BasePrograms> {
  const name = 'localhost/layerwise-programs';
  const dockerfile = `FROM debian:stable-slim
RUN apt-get update && apt-get install -y busybox-static bash-static && mkdir /programs \\
  && cp "$(command -v busybox)" "$(command -v bash-static)" /programs && busybox --list > /programs/applets
FROM scratch
COPY --from=0 /programs /
`;
  const query = { version: '2', t: name, q: '1' };
  await demand(engine.daemon, 'POST', '/build', {
    query,
    body: writeTar({ Dockerfile: dockerfile }),
    timeout: 600_000,
  });
  const saved = readTar(await saveImage(engine.daemon, name));
  await removeImage(engine.daemon, name);
  const manifest = JSON.parse(contentOf(saved, 'manifest.json').toString()) as { readonly Layers: readonly string[] }[];
  const files = readTar(contentOf(saved, manifest[0]?.Layers[0] ?? ''));
  return {
    busybox: contentOf(files, 'busybox'),
    applets: splitLines(contentOf(files, 'applets').toString()),
    bash: contentOf(files, 'bash-static'),
  };
}

function contentOf(entries: ReturnType<typeof readTar>, path: string): Buffer {
  const entry = entries.find((one) => one.path === path);
  if (!entry) throw new Error(`no base image can be made: ${path} is missing in the image of its programs`);
  return entry.content;
}

function splitLines(text: string): string[] {
  return text.trim().split('\n');
}
