/** The examples of the rules that a safe fix changes, as Dockerfiles to be built. */
import { parseFixture } from '../../server/src/rules/fixture';
import { rules } from '../../server/src/rules/registry.generated';
import type { Rule } from '../../server/src/rules/rule';
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

/** The examples of a rule that its safe fix changes. */
export function examplesOf(rule: Rule): FixExample[] {
  return rule.examples.flatMap((example) => {
    if ('ok' in example || example.good === undefined) return [];
    const dockerfile = parseFixture(example.bad).text;
    const { files = {}, builder = 'buildkit' } = example;
    const known = Object.keys(files).length > 0 ? files : undefined;
    const isSafe = applySafeFixes(dockerfile, { builder, known, only: [rule.id] }).text !== dockerfile;
    return isSafe ? [{ dockerfile, files, builder }] : [];
  });
}
