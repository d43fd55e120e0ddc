/**
 * The base images of the proofs: `localhost/base`, a plain busybox, and `localhost/recording`, the same with recording
 * programs in place of package managers, downloads and build tools. Any other reference can be made to stand for one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../harness/paths';
import { type BasePrograms, findBasePrograms } from './base-programs';
import { busyboxFiles, searchPath } from './busybox-base';
import { ask, importImage, inspectImage, removeImage, tagImage } from './daemon';
import type { Engine } from './engine';
import { recordedPrograms } from './recorded-programs';
import { type NewFile, type NewFiles, writeTar } from './tar-write';

export const plainBase = 'localhost/base';
export const recordingBase = 'localhost/recording';

const ownLabel = 'layerwise.proof';
const ready = new WeakMap<Engine, Promise<void>>();
/** The base that each name stands for now. */
const given = new WeakMap<Engine, Map<string, string>>();

/** Makes both base images in an engine, once. Rejects when the engine has images of these names that are not ours. */
export function prepareBaseImages(engine: Engine): Promise<void> {
  const known = ready.get(engine) ?? importBaseImages(engine);
  ready.set(engine, known);
  return known;
}

/**
 * Lets a reference resolve to a base image, such as `node:20-alpine` to the recording one. False where that cannot be:
 * references with a digest or not well formed, and, in an engine that is not ours, images that are somebody's own.
 */
export async function standIn(engine: Engine, reference: string, base = recordingBase): Promise<boolean> {
  const name = reference.replace(/^docker\.io\/(library\/)?/, '');
  const names = given.get(engine) ?? new Map<string, string>();
  given.set(engine, names);
  if (names.get(name) === base) return true;
  if (name.includes('@')) return false;
  if (!engine.isPrivate && !names.has(name) && (await inspectImage(engine.daemon, name))) return false;
  const done = await tagImage(engine.daemon, base, name);
  if (done) names.set(name, base);
  return done;
}

/** The reference that a failed build could not resolve, or undefined when it failed for another reason. */
export function missingImage(error: string): string | undefined {
  return /failed to resolve source metadata for ([^\s:]+(?::[^\s@:]+)?)(?=[:\s])/.exec(error)?.[1];
}

/** Takes away the names that were given in an engine that goes on running after the proofs. */
export async function removeStandIns(engine: Engine): Promise<void> {
  const names = [...(given.get(engine)?.keys() ?? [])];
  for (const name of [...names, recordingBase, plainBase]) await removeImage(engine.daemon, name);
  // Builds that failed leave images without a name, which carry the label of their base.
  const filters = JSON.stringify({ dangling: ['true'], label: [`${ownLabel}=1`] });
  await ask(engine.daemon, 'POST', '/images/prune', { query: { filters } });
}

/** The files by which the recording base differs from the plain one. */
export function recordingFiles({ bash }: BasePrograms): NewFiles {
  const files: Record<string, NewFile | string> = {};
  for (const path of ['.recorded', '.recorded/run', '.recorded/download']) files[`${path}/`] = { mode: 0o1777 };
  for (const path of ['etc/apt', 'etc/apt/apt.conf.d', 'etc/apt/sources.list.d', 'var/lib/apt', 'var/lib/apt/lists'])
    files[`${path}/`] = {};
  for (const path of ['var/lib/dpkg', 'lib/apk', 'var/cache/apt', 'var/cache/apk', 'usr/lib/recorder'])
    files[`${path}/`] = {};
  files['etc/apt/sources.list'] = 'deb http://archive.example stable main\n';
  // With this file, the images of Debian keep no packages: a rule may rely on it.
  files['etc/apt/apt.conf.d/docker-clean'] = 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\n';
  files['var/lib/dpkg/lock'] = '';
  files['lib/apk/lock'] = '';
  // The shell of busybox runs its own wget and tar whatever there is on the path: here the shell is bash.
  files['bin/bash'] = { content: bash, mode: 0o755 };
  files['bin/sh'] = { link: 'bash' };
  const folder = join(root, 'test/engine/harness/recorder');
  for (const name of readdirSync(folder).sort())
    files[`usr/lib/recorder/${name === 'record.sh' ? 'record' : name}`] = {
      content: readFileSync(join(folder, name)),
      mode: 0o755,
    };
  for (const name of recordedPrograms) files[`usr/bin/${name}`] = { link: '/usr/lib/recorder/record' };
  return files;
}

async function importBaseImages(engine: Engine): Promise<void> {
  for (const name of [plainBase, recordingBase]) await refuseStrangers(engine, name);
  const settings = [`ENV PATH=${searchPath}`, `LABEL ${ownLabel}=1`];
  const programs = await findBasePrograms(engine);
  const files = busyboxFiles(programs);
  await importImage(engine.daemon, plainBase, writeTar(files), settings);
  await importImage(engine.daemon, recordingBase, writeTar({ ...files, ...recordingFiles(programs) }), settings);
}

async function refuseStrangers(engine: Engine, name: string): Promise<void> {
  const image = await inspectImage(engine.daemon, name);
  if (image && !image.Config?.Labels?.[ownLabel])
    throw new Error(`the engine has an image ${name} that these tests did not make`);
}
