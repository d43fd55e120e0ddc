/**
 * What the model says of the build cache, held against real builds: for every kind of edit, which steps are taken from the
 * cache and which run again, on either builder.
 */
import { strict as assert } from 'node:assert';
import { analyze } from '../../server/src/analysis/analyze';
import type { BuildContext } from '../../server/src/context/context';
import { isIgnored, noIgnoreRules, parseIgnore } from '../../server/src/context/dockerignore';
import { contextFromFiles } from '../../server/src/context/memory';
import { isBuildKitStep } from '../../server/src/model/cache';
import {
  type BuiltKeys,
  type CacheInputs,
  createKeyring,
  type Keyring,
  noBuiltKeys,
  outcomeOf,
  rememberKeys,
  type StepKey,
} from '../../server/src/model/cache-inputs';
import { cacheKeys } from '../../server/src/model/cache-keys';
import type { Model } from '../../server/src/model/model';
import { defaultConfig } from '../../server/src/rules/config';
import type { Instruction } from '../../server/src/syntax/tree';
import { cacheCases, cacheContext } from './cache-cases';
import { editsOf, type Version } from './cache-edits';
import { plainBase, recordingBase } from './harness/base-images';
import { dockerfileName } from './harness/build';
import { buildSteps, type StepOutcome } from './harness/build-steps';
import { removeImage, tagImage } from './harness/daemon';
import type { Builder, Engine } from './harness/engine';
import type { NewFiles } from './harness/tar-write';
import { failOn, forEachInParallel, requireEngine } from './prove';

/** Edits of each file and builder that an ordinary run tries, another choice for each; a full run tries all. */
const isFull = process.env.LAYERWISE_FULL === '1';
const editsEach = Number(process.env.LAYERWISE_EDITS ?? (isFull ? Number.POSITIVE_INFINITY : 8));
/** The names that the files are built FROM: the same image, and after an edit of the base another one. */
const [baseName, otherName] = ['localhost/cache-base', 'localhost/cache-other'];

interface Tally {
  compared: number;
  hits: number;
  depends: number;
  readonly wrong: string[];
}

describe('cache predictions', () => {
  for (const builder of ['buildkit', 'legacy'] as const)
    it(`hold for ${cacheCases.length} Dockerfiles and edits of all kinds on ${builder}`, async function () {
      this.timeout(3_600_000);
      const engine = await requireEngine(this);
      if (!engine.builders.includes(builder)) this.skip();
      await tagImage(engine.daemon, plainBase, baseName);
      await tagImage(engine.daemon, recordingBase, otherName);
      await warmUp(engine, builder);
      const tally: Tally = { compared: 0, hits: 0, depends: 0, wrong: [] };
      await forEachInParallel(cacheCases, (text, index) => tryTwice(engine, builder, text, index, tally), 2);
      for (const name of [baseName, otherName]) await removeImage(engine.daemon, name);
      const { compared, hits, depends } = tally;
      console.log(`    ${compared} steps compared, ${hits} taken from the cache; ${depends} said to depend`);
      failOn(tally.wrong, `${tally.wrong.length} of ${compared} steps went another way`);
      assert.ok(compared > 1000 && depends < compared * 0.1, 'too little was predicted');
    });
});

/**
 * Under load BuildKit now and then builds again what it built a moment before. What the model has wrong goes wrong every time,
 * so a case that went another way is tried again from its beginning, and only that counts.
 */
async function tryTwice(engine: Engine, builder: Builder, text: string, index: number, tally: Tally): Promise<void> {
  for (const attempt of ['once', 'again']) {
    const own: Tally = { compared: 0, hits: 0, depends: 0, wrong: [] };
    await tryCase(engine, builder, text, index, own, attempt);
    if (own.wrong.length > 0 && attempt === 'once') {
      console.log(`    case ${index} is tried again: ${own.wrong.length} steps went another way`);
      continue;
    }
    tally.compared += own.compared;
    tally.hits += own.hits;
    tally.depends += own.depends;
    tally.wrong.push(...own.wrong);
    return;
  }
}

async function tryCase(
  engine: Engine,
  builder: Builder,
  text: string,
  index: number,
  tally: Tally,
  attempt: string,
): Promise<void> {
  // The legacy builder knows neither mounts nor heredocs.
  if (builder === 'legacy' && /<<|--mount/.test(text)) return;
  // A first step of its own keeps the cases apart.
  const marked = text
    .replaceAll('FROM localhost/base', `FROM ${baseName}`)
    .replaceAll('=localhost/base', `=${baseName}`)
    .replace(/^(FROM (?:localhost|\$BASE).*)/gm, `$1\nRUN : case ${index} ${builder} ${attempt}`);
  const start: Version = { what: 'as it is', dockerfile: marked, context: cacheContext };
  const edits = editsOf(start);
  const stride = Math.max(1, edits.length / editsEach);
  const chosen = edits.filter(
    (_, number) =>
      Math.floor(((number + index) % edits.length) / stride) !==
      Math.floor(((number + index - 1) % edits.length) / stride),
  );
  const [built, keyring] = [noBuiltKeys(), createKeyring()];
  const names: string[] = [];
  for (const [number, version] of [start, ...chosen, { ...start, what: 'back again' }].entries()) {
    const name = `localhost/cache-case:${builder}-${index}-${attempt}-${number}`;
    names.push(name);
    await compare(engine, builder, version, { built, keyring, tally, name, isFirst: number === 0, index });
  }
  for (const name of names) await removeImage(engine.daemon, name);
}

/** An engine that has just begun to use an image may not find again what it built on it a moment ago. */
async function warmUp(engine: Engine, builder: Builder): Promise<void> {
  const name = `localhost/cache-warm:${builder}`;
  for (let tries = 0; tries < 30; tries++) {
    const { steps } = await buildSteps(engine, `FROM ${baseName}\nRUN : warm ${builder}`, {
      builder,
      context: {},
      name,
    });
    if (tries > 2 && steps.every((step) => !step.ran || step.text.startsWith('FROM'))) break;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  await removeImage(engine.daemon, name);
}

interface Comparison {
  readonly built: BuiltKeys;
  readonly keyring: Keyring;
  readonly tally: Tally;
  readonly name: string;
  readonly isFirst: boolean;
  readonly index: number;
}

async function compare(engine: Engine, builder: Builder, version: Version, comparison: Comparison): Promise<void> {
  const { built, keyring, tally, name, isFirst, index } = comparison;
  const dockerfile = version.otherBase ? version.dockerfile.replaceAll(baseName, otherName) : version.dockerfile;
  const context = contextOf(version.context);
  const { model } = analyze(dockerfile, { config: { ...defaultConfig, builder }, context });
  const inputs: CacheInputs = {
    context,
    buildArgs: version.buildArgs,
    fileIdentity: (path) => (path === dockerfileName ? dockerfile : identityOf(version.context, path)),
  };
  const keys = cacheKeys(model, inputs, keyring);
  const { steps, error } = await buildSteps(engine, dockerfile, {
    builder,
    context: withoutIgnored(version.context),
    buildArgs: version.buildArgs,
    name,
  });
  const found = matchSteps(model, builder, steps);
  if (error !== undefined && isFirst) tally.wrong.push(`case ${index} does not build: ${error}\n${dockerfile}`);
  const finished: StepKey[] = [];
  for (const [instruction, step] of found) {
    const key = keys.get(instruction);
    if (!key) continue;
    const outcome = outcomeOf(key, built);
    if (error !== undefined && !step.ran && !step.cached) continue;
    if (error === undefined || !step.ran) finished.push(key);
    // The legacy builder finds in its cache what an earlier stage of the same build made.
    if (builder === 'legacy') rememberKeys(built, finished.splice(0));
    if (isFirst) continue;
    tally.compared++;
    if (!step.ran) tally.hits++;
    if (outcome === 'depends') tally.depends++;
    else if ((outcome === 'miss') !== step.ran)
      tally.wrong.push(
        `case ${index}, ${version.what}: said ${outcome}, ${step.ran ? 'ran' : 'taken from the cache'}: line ${instruction.line + 1} ${instruction.body.raw}\n${dockerfile}`,
      );
  }
  rememberKeys(built, finished);
}

/** The instructions that the builder told of. */
function matchSteps(model: Model, builder: Builder, steps: readonly StepOutcome[]): [Instruction, StepOutcome][] {
  if (builder === 'legacy')
    return steps.flatMap((step) => {
      const instruction = model.dockerfile.instructions[step.number - 1];
      return instruction ? [[instruction, step] as [Instruction, StepOutcome]] : [];
    });
  const needed = model.stages.filter((stage) => stage.isNeeded);
  return model.stages.flatMap((stage) => {
    const label = needed.length === 1 ? '' : (stage.name?.toLowerCase() ?? `stage-${stage.index}`);
    // Only an image to begin with is counted as a step.
    const first = stage.parent === null && !stage.isScratch ? 2 : 1;
    const inStage = stage.steps.filter((step) => isBuildKitStep(step) && !isRootWorkdir(step.body.rest, step.keyword));
    return steps.flatMap((step) => {
      const instruction = step.stage === label ? inStage[step.number - first]?.instruction : undefined;
      return instruction ? [[instruction, step] as [Instruction, StepOutcome]] : [];
    });
  });
}

const isRootWorkdir = (path: string, keyword: string): boolean => keyword === 'WORKDIR' && /^\/*$/.test(path.trim());

function contextOf(files: NewFiles): BuildContext {
  const texts = Object.entries(files).map(([path, file]) => [
    path,
    typeof file === 'string' ? file : String(file.content ?? ''),
  ]);
  return contextFromFiles({ ...Object.fromEntries(texts), [dockerfileName]: '' }, dockerfileName);
}

/** Content and mode of an entry; folders all have one mode here. */
function identityOf(files: NewFiles, path: string): string {
  const file = files[path];
  if (file === undefined) return 'folder';
  return typeof file === 'string' ? `644 ${file}` : `${(file.mode ?? 0o644).toString(8)} ${String(file.content ?? '')}`;
}

/** What a client sends: the ignore file has been obeyed. */
function withoutIgnored(files: NewFiles): NewFiles {
  const ignore = files['.dockerignore'];
  const rules = typeof ignore === 'string' ? parseIgnore(ignore) : noIgnoreRules;
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => {
      const bare = path.replace(/\/$/, '');
      if (!isIgnored(rules, bare)) return true;
      // A folder is there when something in it is let in again.
      return Object.keys(files).some(
        (other) => other.startsWith(`${bare}/`) && other !== path && !isIgnored(rules, other.replace(/\/$/, '')),
      );
    }),
  );
}
