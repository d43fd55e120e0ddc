/** Builds a Dockerfile before and after an edit and compares the images. */
import { createHash } from 'node:crypto';
import { missingImage, plainBase, prepareBaseImages, standIn } from './base-images';
import { type Build, type BuildOptions, buildImage, discardImage } from './build';
import { type Changes, compareImages, type Difference, formatDifferences } from './compare';
import type { Builder, Engine } from './engine';
import type { ImageFile } from './flatten';
import { type Image, readImage } from './image';
import type { NewFiles } from './tar-write';

export interface Pair {
  readonly before: string;
  readonly after: string;
  /** The build context of both; no .dockerignore is applied to it. */
  readonly context?: NewFiles;
  /** The context of the second one, where the edit changes other files too. */
  readonly contextAfter?: NewFiles;
  /** What may differ; nothing unless told. */
  readonly changes?: Changes;
  /** Both unless told. The legacy builder is left out where it cannot build the first Dockerfile. */
  readonly builders?: readonly Builder[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** What references to images that the engine does not have stand for; `localhost/base` unless told. */
  readonly base?: string;
  /** Compare only what the last stage makes, not every stage that has a name in both. */
  readonly lastStageOnly?: boolean;
}

export interface Proof {
  readonly builder: Builder;
  /** The stage that was built, where it is not the last. */
  readonly stage?: string;
  /**
   * equal: no difference. declared: differences, all of them declared. different: others too. unsteady: others too, but
   * the first Dockerfile differs as much from itself when it is built anew. before-fails, after-fails: no image.
   */
  readonly verdict: 'equal' | 'declared' | 'different' | 'unsteady' | 'before-fails' | 'after-fails';
  readonly differences: readonly Difference[];
  /** For a failed build: what the builder said. */
  readonly error?: string;
}

/** Builds and compares with each builder in turn. A builder that cannot build the first Dockerfile ends as before-fails. */
export async function provePair(engine: Engine, pair: Pair): Promise<Proof[]> {
  await prepareBaseImages(engine);
  const builders = (pair.builders ?? ['buildkit', 'legacy']).filter((builder) => engine.builders.includes(builder));
  const stages = pair.lastStageOnly ? [] : findSharedStages(pair.before, pair.after);
  const jobs: Promise<Proof>[] = [];
  for (const builder of builders) {
    const last = proveStage(engine, pair, builder, undefined);
    jobs.push(last);
    // The other stages tell more only where the last one is right.
    if (builder === 'buildkit' && isGood(await last))
      for (const stage of stages) jobs.push(proveStage(engine, pair, builder, stage));
  }
  return Promise.all(jobs);
}

/** True for a proof that went well. */
export function isGood({ verdict }: Proof): boolean {
  return verdict === 'equal' || verdict === 'declared';
}

/** True for a proof that shows that the edit is wrong. */
export function isBad({ verdict }: Proof): boolean {
  return verdict === 'different' || verdict === 'after-fails';
}

/** A proof in words, with both Dockerfiles where they do not agree. */
export function formatProof(proof: Proof, pair: Pair): string {
  const head = `${proof.builder}${proof.stage ? ` stage ${proof.stage}` : ''}: ${proof.verdict}`;
  if (isGood(proof)) return head;
  const what = proof.error ?? formatDifferences(proof.differences);
  return `${head}\n${what}\n--- before\n${pair.before}\n--- after\n${pair.after}`;
}

/** The names of stages, but for the last, that both Dockerfiles have. */
export function findSharedStages(before: string, after: string): string[] {
  const [old, now] = [findStages(before), new Set(findStages(after).map((name) => name.toLowerCase()))];
  return old.filter((name) => now.has(name.toLowerCase()));
}

function findStages(dockerfile: string): string[] {
  const froms = [...dockerfile.matchAll(/^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*\S+(?:[ \t]+AS[ \t]+(\S+))?/gim)];
  return froms.slice(0, -1).flatMap((from) => (from[1] ? [from[1]] : []));
}

async function proveStage(engine: Engine, pair: Pair, builder: Builder, stage: string | undefined): Promise<Proof> {
  const options: BuildOptions = { builder, context: pair.context ?? {} };
  const common = { ...options, ...(pair.buildArgs && { buildArgs: pair.buildArgs }), ...(stage && { target: stage }) };
  const result = (verdict: Proof['verdict'], rest: Partial<Proof> = {}): Proof => ({
    builder,
    ...(stage && { stage }),
    verdict,
    differences: [],
    ...rest,
  });
  const base = pair.base ?? plainBase;
  const contextAfter = pair.contextAfter ?? pair.context ?? {};
  // The first names the images that are missing; the second then finds them.
  const before = await buildWithStandIns(engine, pair.before, common, base);
  if (before.image === undefined) return result('before-fails', { error: describe(before) });
  const after = await buildWithStandIns(engine, pair.after, { ...common, context: contextAfter }, base);
  try {
    if (after.image === undefined) return result('after-fails', { error: describe(after) });
    const [old, now] = [await readImage(engine, before.image), await readImage(engine, after.image)];
    const seen = compareImages(hideDockerfile(old, pair.before), hideDockerfile(now, pair.after), pair.changes);
    if (seen.undeclared.length === 0)
      return result(seen.declared.length === 0 ? 'equal' : 'declared', { differences: seen.declared });
    const unsteady = await findUnsteady(engine, pair.before, common, old);
    const isUnsteady = seen.undeclared.every(({ at }) => unsteady.has(at));
    return result(isUnsteady ? 'unsteady' : 'different', { differences: seen.undeclared });
  } finally {
    discardImage(before.image);
    if (after.image !== undefined) discardImage(after.image);
  }
}

/** Builds; an image that is missing gets a stand-in, and the build another try. */
export async function buildWithStandIns(
  engine: Engine,
  dockerfile: string,
  options: BuildOptions,
  base: string,
): Promise<Build> {
  for (let tries = 0; ; tries++) {
    const build = await buildImage(engine, dockerfile, options);
    const missing = build.image === undefined && tries < 40 ? missingImage(build.error) : undefined;
    if (!missing || !(await standIn(engine, missing, base))) return build;
  }
}

/** What differs between two builds of the same Dockerfile, the second without a cache. */
async function findUnsteady(engine: Engine, dockerfile: string, options: BuildOptions, first: Image) {
  const build = await buildImage(engine, dockerfile, { ...options, noCache: true });
  if (build.image === undefined) return new Set<string>();
  const second = await readImage(engine, build.image);
  discardImage(build.image);
  return new Set(compareImages(first, second).undeclared.map((difference) => difference.at));
}

/** A Dockerfile that is copied into the image with the rest of the context differs, and is meant to. */
function hideDockerfile(image: Image, dockerfile: string): Image {
  const own = createHash('sha256').update(dockerfile).digest('hex');
  const files = new Map<string, ImageFile>(image.files);
  for (const [path, file] of image.files)
    if (file.content === own) files.set(path, { ...file, content: 'the Dockerfile', size: 0 });
  return { ...image, files };
}

function describe(build: Build): string {
  return build.image === undefined ? `${build.error}\n${build.log}`.trim() : '';
}
