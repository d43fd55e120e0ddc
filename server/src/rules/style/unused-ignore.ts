/** An ignore comment that ignores nothing hides what is to come. */
import * as l10n from '@vscode/l10n';
import { removeName } from '../ignore-edits';
import { defineRule, dockerfile, type Finding, type Review, type RuleInput } from '../rule';
import type { SuppressedName, SuppressionComment } from '../suppress';

/** Rules that find something only where the files of the build context are known. */
const asksForFiles: ReadonlySet<string> = new Set([
  'broad-copy',
  'copy-of-ignored-file',
  'copy-source-missing',
  'dockerignore-gap',
  'floating-dependency',
  'install-without-lockfile',
  'jar-not-layered',
  'missing-dockerignore',
  'secret-copied',
  'source-copied-before-install',
  'volatile-copy-first',
]);

export default defineRule({
  id: 'unused-ignore',
  category: 'style',
  severity: 'hint',
  aliases: [],
  fix: 'suggestion',
  scope: 'file',
  docs: {
    what: 'A comment ignores a rule that finds nothing there.',
    why: 'What it was written for is gone. Left in place it hides the next problem of that kind, and readers look for a problem that is not there.',
    fix: 'Remove the name from the comment, or the whole comment where it is the only one. That is what the quick fix does.',
    ignore:
      'Where the comment is meant for another linter, which finds more at this place. Rules that are off, and numbers of other linters that have no rule here, are never reported.',
    references: ['https://docs.docker.com/reference/dockerfile/#check'],
  },
  examples: [
    {
      bad: dockerfile`
        # layerwise ignore=latest-tag -- the nightly test wants it
                           ^^^^^^^^^^ hint unused-ignore: \`latest-tag\` finds nothing here, so this ignores nothing.
        FROM alpine:3.20
        CMD ["true"]
      `,
      good: dockerfile`
        FROM alpine:3.20
        CMD ["true"]
      `,
    },
    {
      bad: dockerfile`
        # check=error=true;skip=MaintainerDeprecated
                                ^^^^^^^^^^^^^^^^^^^^ hint unused-ignore: \`MaintainerDeprecated\` finds nothing in this file, so this ignores nothing.
        # layerwise ignore=DL3007, untagged-image -- not ours
                                   ^^^^^^^^^^^^^^ hint unused-ignore: \`untagged-image\` finds nothing here, so this ignores nothing.
        FROM alpine:latest
      `,
      good: dockerfile`
        # check=error=true
        # layerwise ignore=DL3007 -- not ours
        FROM alpine:latest
      `,
    },
    {
      ok: dockerfile`
        # layerwise ignore-file=latest-tag
        FROM alpine:latest
        # hadolint ignore=DL3999,SC2086
        RUN true
      `,
      because: 'the first comment is needed, and the numbers in the second have no rule here',
    },
    {
      ok: dockerfile`
        # hadolint ignore=DL3057
        FROM alpine:3.20
        # layerwise ignore=unused-ignore,latest-tag
        CMD ["true"]
      `,
      because: 'a rule that is off would find nothing anyway, and this rule can be ignored like any other',
    },
  ],
  check: () => [],
  *review(input, review) {
    for (const comment of review.comments) {
      if (comment.names.some(({ name }) => name.toLowerCase() === 'unused-ignore')) continue;
      for (const name of comment.names) if (isUnused(input, review, comment, name)) yield unused(input, comment, name);
    }
  },
});

function isUnused({ context }: RuleInput, review: Review, comment: SuppressionComment, name: SuppressedName): boolean {
  if (review.isUsed(comment, name)) return false;
  const asked = review.asked(comment, name).filter(({ id }) => id !== 'unused-ignore');
  // Without the files, or with some of them, nobody knows what these would find.
  const isKnown = context?.complete === true;
  return asked.length > 0 && (isKnown || name.name === 'all' || asked.some(({ id }) => !asksForFiles.has(id)));
}

function unused({ model }: RuleInput, comment: SuppressionComment, name: SuppressedName): Finding {
  const message =
    comment.kind === 'file'
      ? l10n.t('`{0}` finds nothing in this file, so this ignores nothing.', name.name)
      : comment.instruction
        ? l10n.t('`{0}` finds nothing here, so this ignores nothing.', name.name)
        : l10n.t('This comment stands above no instruction, so it ignores nothing.');
  return {
    at: name.span,
    message,
    tags: ['unnecessary'],
    fix: () => {
      const edit = removeName(model.dockerfile, comment, name);
      if (!edit) return { refused: l10n.t('the comment has other parts that are not understood') };
      const title =
        comment.names.length > 1 ? l10n.t('Remove `{0}` from the comment', name.name) : l10n.t('Remove the comment');
      return { title, safety: 'suggestion', edits: [edit] };
    },
  };
}
