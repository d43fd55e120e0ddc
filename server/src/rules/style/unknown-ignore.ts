/** A misspelt name in an ignore comment switches nothing off. */
import * as l10n from '@vscode/l10n';
import { findRules, nearestRule } from '../catalogue';
import { replace } from '../edits';
import { nearestName } from '../nearest-name';
import { rules } from '../registry.generated';
import { defineRule, dockerfile, type Finding } from '../rule';
import { isBuildKitName, readSuppressions, type SuppressedName, type SuppressionComment } from '../suppress';

export default defineRule({
  id: 'unknown-ignore',
  category: 'style',
  severity: 'warning',
  aliases: [],
  fix: 'suggestion',
  scope: 'file',
  docs: {
    what: 'A comment that ignores findings names a rule that does not exist.',
    why: 'The comment looks as if it switched something off and does not. Nobody notices, because a finding that stays is taken for one that was missed.',
    fix: 'Write the name of a rule, or the number under which another linter knows it. The quick fix puts the nearest name.',
    ignore:
      'Names that only look like numbers of other linters (`DL3999`, `SC2086`) are never reported, so there is little reason to.',
    references: ['https://docs.docker.com/reference/dockerfile/#check'],
  },
  examples: [
    {
      bad: dockerfile`
        # layerwise ignore=lastest-tag -- the nightly test wants it
                           ^^^^^^^^^^^ warning unknown-ignore: There is no rule \`lastest-tag\`, so this ignores nothing; did you mean \`latest-tag\`?
        FROM alpine:latest
      `,
      good: dockerfile`
        # layerwise ignore=latest-tag -- the nightly test wants it
        FROM alpine:latest
      `,
    },
    {
      bad: dockerfile`
        # check=skip=UndefinedVariable
                     ^^^^^^^^^^^^^^^^^ warning unknown-ignore: There is no rule…
        FROM alpine:3.20
        # hadolint ignore=DL3018,Dl-3019
                                 ^^^^^^^ warning unknown-ignore: There is no rule…
        RUN apk add curl
      `,
      good: dockerfile`
        # check=skip=UndefinedVar
        FROM alpine:3.20
        # hadolint ignore=DL3018,DL3019
        RUN apk add curl
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        # layerwise ignore=the-colour-of-the-bikeshed
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^ warning unknown-ignore: There is no rule \`the-colour-of-the-bikeshed\`, so this ignores nothing.
        RUN true
      `,
    },
    {
      ok: dockerfile`
        # layerwise ignore-file=root-user,DL3018
        FROM alpine:3.20
        # hadolint ignore=DL3999,SC2086
        RUN apk add curl
      `,
      because: 'rules may be named as other linters do, and of those not all have a counterpart',
    },
    {
      ok: dockerfile`
        # check=skip=all;error=true
        FROM alpine:3.20
        # layerwise ignore=all
        RUN apk add curl
      `,
      because: '`all` stands for every rule',
    },
  ],
  *check({ model }) {
    for (const comment of readSuppressions(model.dockerfile).comments)
      for (const name of comment.names) {
        const finding = unknown(comment, name);
        if (finding) yield finding;
      }
  },
});

function unknown(comment: SuppressionComment, { name, span }: SuppressedName): Finding | null {
  const near = comment.dialect === 'buildkit' ? nearestCheck(name) : nearestOther(comment, name);
  if (near === null) return null;
  if (near === undefined)
    return { at: span, message: l10n.t('There is no rule `{0}`, so this ignores nothing.', name) };
  return {
    at: span,
    message: l10n.t('There is no rule `{0}`, so this ignores nothing; did you mean `{1}`?', name, near),
    fix: () => ({ title: l10n.t('Write `{0}`', near), safety: 'suggestion', edits: [replace(span, near)] }),
  };
}

/** The name that may be meant; null where this one is or may be right, undefined where it is not and none is near. */
function nearestOther({ dialect }: SuppressionComment, name: string): string | null | undefined {
  if (findRules(name).length > 0 || (dialect === 'layerwise' && name.toLowerCase() === 'all')) return null;
  // The neighbour of another tool's number is about something else altogether.
  if (/^(?:DL|SC|S)\d+$/i.test(name)) return null;
  const near = nearestRule(name);
  // A check that BuildKit has by now.
  return near === undefined && isCheckName(name) ? null : near;
}

/** BuildKit takes its names as they are written in its documentation, and rules of ours are named here, too. */
function nearestCheck(name: string): string | null | undefined {
  const checks = rules.flatMap(({ aliases }) => aliases.filter(isBuildKitName));
  if (name === 'all' || checks.includes(name) || rules.some(({ id }) => id === name)) return null;
  const near = nearestName(name, ['all', ...checks]) ?? startsAlike(name, checks);
  return near === undefined && isCheckName(name) ? null : near;
}

const isCheckName = (name: string): boolean => /^(?:[A-Z][a-z]+){2,}$/.test(name);

const startsAlike = (name: string, checks: readonly string[]): string | undefined =>
  checks.find((check) => check.length > 6 && name.toLowerCase().startsWith(check.toLowerCase()));
