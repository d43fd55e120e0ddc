/** Pairs made by the product itself: a Dockerfile, and what the safe fixes make of it, with what they declare to change. */
import { fixAll } from '../../server/src/analysis/fixes';
import { optimize } from '../../server/src/analysis/optimize';
import type { ContextHistory } from '../../server/src/context/history';
import { contextFromFiles } from '../../server/src/context/memory';
import { defaultConfig } from '../../server/src/rules/config';
import type { ImageChanges } from '../../server/src/rules/rule';
import type { Changes } from './harness/compare';
import type { Builder, Engine } from './harness/engine';
import { isBad, type Pair, type Proof, provePair } from './harness/proof';
import { readRoughly } from './harness/rough-reader';
import type { NewFile, NewFiles } from './harness/tar-write';

export interface Optimized {
  /** The text with the safe fixes applied; the same text where there are none. */
  readonly text: string;
  /** The rules whose fixes were applied, each once, in their order. */
  readonly rules: readonly string[];
  /** What these rules say they change in the image. */
  readonly changes: Changes;
}

export interface OptimizeOptions {
  readonly builder?: Builder;
  /** The build context. */
  readonly context?: NewFiles | undefined;
  /** What the product knows of it, where that is not all: nothing when it is undefined. */
  readonly known?: NewFiles | undefined;
  /** Only the fixes of these rules. */
  readonly only?: readonly string[];
  /** Does what Optimize does: the steps are put in order as well, for files that change as often as this says. */
  readonly history?: ContextHistory | undefined;
}

/** Applies the safe fixes until nothing changes. */
export function applySafeFixes(dockerfile: string, options: OptimizeOptions = {}): Optimized {
  const { builder = 'buildkit', only, history } = options;
  const context = 'known' in options ? options.known : options.context;
  const common = {
    config: { ...defaultConfig, builder, all: true },
    context: context ? contextFromFiles(textsOf(context)) : null,
  };
  const outcome = history
    ? optimize(dockerfile, { ...common, history })
    : fixAll(dockerfile, { ...common, ...(only && { rules: new Set(only) }) });
  const rules = [...new Map(outcome.applied.map(({ rule }) => [rule.id, rule])).values()];
  return {
    text: outcome.text,
    rules: rules.map(({ id }) => id),
    changes: joinChanges(rules.map((rule) => rule.changes)),
  };
}

/** Proves what the safe fixes make of a Dockerfile with one builder; undefined where they change nothing. */
export async function proveFixes(
  engine: Engine,
  dockerfile: string,
  options: OptimizeOptions & { readonly base?: string; readonly toBuildable?: (text: string) => string },
): Promise<{ readonly pair: Pair; readonly proofs: readonly Proof[]; readonly rules: readonly string[] } | undefined> {
  const { builder = 'buildkit', context = {}, base, toBuildable = (text: string) => text } = options;
  const after = applySafeFixes(dockerfile, options);
  if (after.text === dockerfile) return undefined;
  const pair: Pair = {
    before: toBuildable(dockerfile),
    after: toBuildable(after.text),
    context,
    changes: after.changes,
    builders: [builder],
    ...(base && { base }),
  };
  return { pair, proofs: await provePair(engine, pair), rules: after.rules };
}

/** Leaves out what a failure does not need: instructions first, as long as `isStillBad` says that it remains. */
export async function shrink(dockerfile: string, isStillBad: (text: string) => Promise<boolean>): Promise<string> {
  let smallest = dockerfile;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const { keyword, start, end } of readRoughly(smallest).reverse()) {
      if (keyword === 'FROM') continue;
      const smaller = smallest.slice(0, start) + smallest.slice(end + 1);
      if (!(await isStillBad(smaller))) continue;
      smallest = smaller;
      isSmaller = true;
    }
  }
  return smallest;
}

/** Whether the safe fixes make of a Dockerfile what builds to another image. */
export async function isBroken(
  engine: Engine,
  dockerfile: string,
  options: Parameters<typeof proveFixes>[2],
): Promise<boolean> {
  const proven = await proveFixes(engine, dockerfile, options);
  return proven?.proofs.some(isBad) ?? false;
}

export function joinChanges(all: readonly (ImageChanges | undefined)[]): Changes {
  return {
    files: all.flatMap((changes) => changes?.files ?? []),
    config: all.flatMap((changes) => changes?.config ?? []),
  };
}

/** Files as a context in memory takes them: texts, in which a character stands for a byte. */
function textsOf(files: NewFiles): Record<string, string> {
  const textOf = (file: NewFile | string) =>
    typeof file === 'string' ? file : (file.content ?? '').toString('latin1');
  return Object.fromEntries(Object.entries(files).map(([path, file]) => [path, textOf(file)]));
}
