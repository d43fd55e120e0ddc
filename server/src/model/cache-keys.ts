/**
 * The cache keys of a build's steps, in symbols: what two builds have equal keys for, the second takes from the cache.
 * Compared with real builds on both builders by test/engine/cache-predictions.test.ts.
 */
import { expandWord } from '../syntax/expand';
import type { Instruction, Pair } from '../syntax/tree';
import { isBuildKitStep } from './cache';
import { contentOfSource, contentOfStage } from './cache-content';
import type { CacheInputs, KeyPart, Keyring, StepKey } from './cache-inputs';
import { legacyText } from './legacy-history';
import type { CopyStep, Model, RunStep, Stage, Step } from './model';

/** What holds at a place of a stage, as far as it goes into keys. */
interface Chain {
  key: StepKey;
  /** ENV and ARG in the order of their last definition. */
  readonly env: Map<string, string>;
  /** ARGs declared in the stage, which the legacy builder hands to RUN. */
  readonly args: Map<string, string>;
  user: string;
  workdir: string;
  shell: readonly string[] | null;
}

/** What a stage ends with, for those that build on it or copy from it. */
export interface StageEnd {
  readonly chain: Chain;
  /** The keys of its steps by instruction. */
  readonly keys: ReadonlyMap<Instruction, StepKey>;
}

/** The keys of all steps of all stages: RUN, COPY, ADD and WORKDIR on BuildKit, every instruction but FROM on the legacy builder. */
export function cacheKeys(model: Model, inputs: CacheInputs, keyring: Keyring): ReadonlyMap<Instruction, StepKey> {
  const keys = new Map<Instruction, StepKey>();
  const ends = new Map<Stage, StageEnd>();
  const globals = globalArgs(model, inputs);
  for (const stage of model.stages) {
    const chain = startChain(stage, { model, inputs, keyring, ends, globals });
    for (const step of stage.steps) {
      const key = walkStep(step, chain, { model, inputs, keyring, ends, globals });
      if (key) keys.set(step.instruction, key);
    }
    ends.set(stage, { chain, keys });
  }
  return keys;
}

interface Walk {
  readonly model: Model;
  readonly inputs: CacheInputs;
  readonly keyring: Keyring;
  readonly ends: Map<Stage, StageEnd>;
  readonly globals: ReadonlyMap<string, string>;
}

/** Values of the ARGs above the first FROM. */
function globalArgs(model: Model, inputs: CacheInputs): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { instruction, pair } of model.globalArgs) {
    const given = inputs.buildArgs?.[pair.name];
    const value = given ?? (pair.value === null ? undefined : expand(pair.value, values, instruction.body.escape));
    if (value !== undefined) values.set(pair.name, value);
  }
  return values;
}

function startChain(stage: Stage, walk: Walk): Chain {
  const parent = stage.parent && walk.ends.get(stage.parent);
  if (parent) {
    const { chain } = parent;
    // The legacy builder hands no ARG on to a stage built FROM this one.
    const isLegacy = walk.model.builder === 'legacy';
    const env = new Map([...chain.env].filter(([name]) => !isLegacy || !chain.args.has(name)));
    return { ...chain, env, args: new Map(isLegacy ? [] : chain.args) };
  }
  const name = expand(stage.baseText, walk.globals, stage.from.body.escape);
  const platform = stage.platform === null ? '' : expand(stage.platform, walk.globals, stage.from.body.escape);
  const image = stage.isScratch ? 'scratch' : (walk.inputs.image?.(name) ?? name);
  const key = walk.keyring.key(['from', image, platform]);
  return { key, env: new Map(), args: new Map(), user: '', workdir: '', shell: null };
}

/** The key of a step; null of one that is none on this builder. Brings the chain up to what holds after it. */
function walkStep(step: Step, chain: Chain, walk: Walk): StepKey | null {
  const key = walk.model.builder === 'legacy' ? legacyKey(step, chain, walk) : buildKitKey(step, chain, walk);
  if (key) chain.key = key;
  settle(step, chain, walk);
  return key;
}

function buildKitKey(step: Step, chain: Chain, walk: Walk): StepKey | null {
  if (!isBuildKitStep(step)) return null;
  const { keyring } = walk;
  if (step.keyword === 'WORKDIR') {
    const path = workdirAfter(step, chain);
    return path === '/' ? null : keyring.key([chain.key, 'WORKDIR', path, chain.user]);
  }
  if (step.keyword === 'RUN') return keyring.key([chain.key, ...runParts(step as RunStep, chain, walk)]);
  const copy = step as CopyStep;
  const parts = copyParts(copy, chain, walk);
  // A linked copy does not depend on what lies below it, but what follows depends on both.
  return keyring.key([chain.key, ...parts]);
}

function runParts(run: RunStep, chain: Chain, walk: Walk): KeyPart[] {
  const { body } = run;
  const command = body.json
    ? ['exec', ...body.json.map((word) => word.text)]
    : ['shell', ...(chain.shell ?? []), body.rest];
  const heredocs = body.heredocs.map((heredoc) => `${heredoc.name} ${heredoc.chomp}\n${heredoc.content}`);
  const flags = body.flags.filter((flag) => flag.name !== 'mount').map((flag) => flagText(flag, chain, body.escape));
  const environment = [...chain.env].map(([name, value]) => `${name}=${value}`);
  const mounts = run.mounts.flatMap((mount) => mountParts(run, mount.options, chain, walk));
  return [
    'RUN',
    ...command,
    '|',
    ...heredocs,
    '|',
    ...flags,
    '|',
    ...environment,
    '|',
    chain.user,
    chain.workdir,
    ...mounts,
  ];
}

function mountParts(run: RunStep, options: ReadonlyMap<string, string>, chain: Chain, walk: Walk): KeyPart[] {
  const value = (name: string) => {
    const text = options.get(name);
    return text === undefined ? undefined : expand(text, chain.env, run.body.escape);
  };
  const type = value('type') ?? 'bind';
  const target = value('target') ?? value('dst') ?? value('destination') ?? '';
  const others = [...options].filter(([name]) => !['id', 'sharing', 'from'].includes(name));
  const parts: KeyPart[] = [
    'mount',
    type,
    ...others.map(([name, text]) => `${name}=${expand(text, chain.env, run.body.escape)}`),
  ];
  const from = value('from');
  if (type === 'cache') {
    const id = value('id') ?? target;
    const isDefault = id === target && (value('sharing') ?? 'shared') === 'shared';
    parts.push(isDefault ? 'default cache' : 'cache');
    if (from !== undefined) parts.push(sourceKey(run, from, '/', walk));
  } else if (type === 'bind') {
    const source = value('source') ?? value('src') ?? '/';
    if (from === undefined) parts.push(contentOfSource(source, walk.inputs, walk.keyring));
    else parts.push(sourceKey(run, from, source, walk));
  } else if (type !== 'tmpfs') parts.push(`id=${value('id') ?? ''}`);
  return parts;
}

/** What lies at a path of another stage or image. */
function sourceKey(step: Step, from: string, path: string, walk: Walk): KeyPart {
  const use = step.stage.uses.find(
    (candidate) =>
      candidate.instruction === step.instruction &&
      candidate.kind !== 'from' &&
      candidate.stage.index < step.stage.index,
  );
  const end = use && walk.ends.get(use.stage);
  if (!use || !end) return walk.keyring.unsure(`image ${walk.inputs.image?.(from) ?? from}`);
  return contentOfStage(use.stage, path, { ...walk, keys: end.keys, base: startKey(use.stage, walk) });
}

function startKey(stage: Stage, walk: Walk): StepKey {
  return startChain(stage, walk).key;
}

function copyParts(copy: CopyStep, chain: Chain, walk: Walk): KeyPart[] {
  const { body } = copy;
  const escapeCharacter = body.escape;
  const destination = copy.destination ? expand(copy.destination.text, chain.env, escapeCharacter) : '';
  const place = /^[/\\]/.test(destination) ? destination : `${chain.workdir || '.'} ${destination}`;
  const flags = body.flags.filter((flag) => flag.name !== 'from').map((flag) => flagText(flag, chain, escapeCharacter));
  const parts: KeyPart[] = [copy.keyword, place, ...flags];
  for (const source of copy.sources) {
    const text = expand(source.text, chain.env, escapeCharacter);
    parts.push(sourceName(text));
    if (copy.fromText !== null)
      parts.push(sourceKey(copy, expand(copy.fromText, walk.globals, escapeCharacter), text, walk));
    else if (/^[a-z][a-z0-9+.-]*:\/\/|^git@/i.test(text)) parts.push(text);
    else parts.push(contentOfSource(text, walk.inputs, walk.keyring));
  }
  for (const { name, content, expand: expands } of body.heredocs)
    parts.push(`${name}\n${expands ? expand(content, chain.env, escapeCharacter, true) : content}`);
  return parts;
}

/** The last part of a source is in the key, the folders it lies in are not. */
const sourceName = (source: string): string => source.replace(/\/+$/, '').replace(/^.*\//s, '').replace(/^\.$/, '/');

function legacyKey(step: Step, chain: Chain, walk: Walk): StepKey {
  const { keyring } = walk;
  if (step.keyword === 'RUN') {
    const { body } = step;
    const command = body.json
      ? ['exec', ...body.json.map((word) => word.text)]
      : ['shell', ...(chain.shell ?? []), body.rest];
    const args = [...chain.args].map(([name, value]) => `${name}=${value}`).sort();
    return keyring.key([chain.key, 'RUN', ...command, '|', ...args]);
  }
  if (step.keyword === 'COPY' || step.keyword === 'ADD')
    return keyring.key([chain.key, ...copyParts(step as CopyStep, chain, walk)]);
  if (step.keyword === 'WORKDIR') return keyring.key([chain.key, 'WORKDIR', workdirAfter(step, chain)]);
  return keyring.key([chain.key, legacyText(step, (text) => expand(text, chain.env, step.body.escape))]);
}

/** Brings environment, user, working directory and shell up to what holds after a step. */
function settle(step: Step, chain: Chain, walk: Walk): void {
  const { body } = step;
  switch (step.keyword) {
    case 'ENV': {
      const values = body.pairs.map((pair) => [pair.name, expand(pair.value ?? '', chain.env, body.escape)] as const);
      for (const [name, value] of values) {
        define(chain.env, name, value);
        chain.args.delete(name);
      }
      break;
    }
    case 'ARG':
      for (const pair of body.pairs) declare(pair, step, chain, walk);
      break;
    case 'USER':
      chain.user = expand(body.rest, chain.env, body.escape);
      break;
    case 'WORKDIR':
      chain.workdir = workdirAfter(step, chain);
      break;
    case 'SHELL':
      chain.shell = body.json?.map((word) => word.text) ?? null;
      break;
  }
}

function declare(pair: Pair, step: Step, chain: Chain, walk: Walk): void {
  const given = walk.inputs.buildArgs?.[pair.name];
  const value =
    given ?? (pair.value === null ? walk.globals.get(pair.name) : expand(pair.value, chain.env, step.body.escape));
  if (value === undefined) return;
  // With the legacy builder an ENV of the name wins over the ARG.
  if (walk.model.builder === 'legacy' && chain.env.has(pair.name) && !chain.args.has(pair.name)) return;
  define(chain.env, pair.name, value);
  chain.args.set(pair.name, value);
}

function define(env: Map<string, string>, name: string, value: string): void {
  env.delete(name);
  env.set(name, value);
}

function workdirAfter(step: Step, chain: Chain): string {
  const path = expand(step.body.rest, chain.env, step.body.escape);
  const joined = path.startsWith('/') ? path : `${chain.workdir}/${path}`;
  const parts: string[] = [];
  for (const part of joined.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function flagText(flag: { name: string; value: string | null }, chain: Chain, escapeCharacter: '\\' | '`'): string {
  return `--${flag.name}=${flag.value === null ? '' : expand(flag.value, chain.env, escapeCharacter)}`;
}

/** A variable that nothing in the file defines is the base image's, if anybody's; a search path surely is. */
function expand(text: string, env: ReadonlyMap<string, string>, escapeCharacter: '\\' | '`', isBody = false): string {
  const value = expandWord(
    text,
    (name) => env.get(name) ?? (name === 'PATH' ? '$PATH' : undefined),
    escapeCharacter,
    isBody ? { rawQuotes: true, ignoreQuotes: true } : {},
  ).value;
  return value ?? text;
}
