// Made by `npm run generate`. Do not edit.
import overriddenInstruction from './correctness/overridden-instruction';
import type { Rule } from './rule';

/** Every rule, by category and name. */
export const rules: readonly Rule[] = [
  overriddenInstruction,
];
