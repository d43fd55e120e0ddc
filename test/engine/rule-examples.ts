/** The examples of the rules that a safe fix changes, as Dockerfiles to be built. */
import { parseFixture } from '../../server/src/rules/fixture';
import { rules } from '../../server/src/rules/registry.generated';
import type { Rule } from '../../server/src/rules/rule';
import { readPairs } from '../harness/pairs';
import type { Builder } from './harness/engine';
import { applySafeFixes } from './optimized';

export interface FixExample {
  readonly dockerfile: string;
  /** The files of its context, where it names any; nothing is known of the context else. */
  readonly files: Readonly<Record<string, string>>;
  readonly builder: Builder;
}

/** The rules that have a safe fix. */
export const safeRules: readonly Rule[] = rules.filter((rule) => rule.fix === 'safe');

/** The examples of a rule that its safe fix changes, and the pairs among the fixtures. */
export function examplesOf(rule: Rule): FixExample[] {
  const examples = rule.examples.flatMap((example) => {
    if ('ok' in example || example.good === undefined) return [];
    const { files = {}, builder = 'buildkit' } = example;
    return [{ dockerfile: parseFixture(example.bad).text, files, builder } as const];
  });
  const pairs = readPairs(rule.id).map(({ before, files = {}, builder = 'buildkit' }) => ({
    dockerfile: before,
    files,
    builder,
  }));
  return [...examples, ...pairs].filter(({ dockerfile, files, builder }) => {
    const known = Object.keys(files).length > 0 ? files : undefined;
    return applySafeFixes(dockerfile, { builder, known, only: [rule.id] }).text !== dockerfile;
  });
}
