/** What ignore comments do to findings: told to the rules that look for comments which do nothing. */
import type { ReportedFinding } from '../analysis/analysis';
import type { Review, Rule } from './rule';
import type { EnabledRule } from './selection';
import { instructionAt, isMeant, type SuppressedName, type Suppressions } from './suppress';

/** Reviews the comments of a file. `found` has the findings as they are before any comment takes one away. */
export function reviewOf(
  { comments, dockerfile, forInstruction, fileWide }: Suppressions,
  found: readonly ReportedFinding[],
  asked: readonly EnabledRule[],
): Review {
  const used = new Set<SuppressedName>();
  for (const finding of found) {
    const instruction = instructionAt(dockerfile, finding.at.start);
    for (const comment of instruction ? [...fileWide, ...forInstruction(instruction)] : fileWide)
      for (const name of comment.names) if (isMeant(comment, name, finding)) used.add(name);
  }
  return {
    comments,
    isUsed: (_, name) => used.has(name),
    asked: (comment, name) =>
      asked
        .filter(({ rule, isWanted }) =>
          namesOfRule(rule).some(
            (aliases) =>
              isMeant(comment, name, { rule, aliases }) && (!isWanted || isWanted({ aliases, at: comment.span })),
          ),
        )
        .map(({ rule }) => rule),
  };
}

/** A rule's findings carry its id and any of its aliases. */
const namesOfRule = (rule: Rule): readonly (readonly string[])[] => [[], ...rule.aliases.map((alias) => [alias])];

/** Whether a comment of the file names a rule. */
export function isNamed({ comments }: Suppressions, rule: Rule): boolean {
  return comments.some((comment) =>
    comment.names.some((name) => isMeant(comment, name, { rule, aliases: rule.aliases })),
  );
}
