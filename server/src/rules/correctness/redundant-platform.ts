/** `FROM --platform=$TARGETPLATFORM`, which is what the builder does anyway. */
import * as l10n from '@vscode/l10n';
import { expandWord } from '../../syntax/expand';
import { removeFlag } from '../flag-edits';
import { onFirstLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'redundant-platform',
  category: 'correctness',
  severity: 'warning',
  aliases: ['RedundantTargetPlatform'],
  fix: 'safe',
  docs: {
    what: '`FROM --platform=$TARGETPLATFORM` asks for the platform that the builder takes anyway.',
    why: 'The flag says nothing, but a reader stops and wonders what it changes.',
    fix: 'Leave the flag out, as the quick fix does. Where an `ARG TARGETPLATFORM=…` above the first `FROM` gives it another value, that is only suggested: the flag then means something, but not what it says.',
    ignore:
      'Where one flag is switched between `$BUILDPLATFORM` and `$TARGETPLATFORM` while cross-compilation is being set up.',
    references: ['https://docs.docker.com/reference/build-checks/redundant-target-platform/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM --platform=$TARGETPLATFORM alpine:3.20
             ^^^^^^^^^^^^^^^^^^^^^^^^^^ warning redundant-platform: \`--platform=$TARGETPLATFORM\` is what the builder takes without the flag.
      `,
      good: dockerfile`
        FROM alpine:3.20
      `,
    },
    {
      bad: dockerfile`
        FROM --platform=\${TARGETPLATFORM:-linux/amd64} golang:1.23 AS build
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning redundant-platform
      `,
      good: dockerfile`
        FROM golang:1.23 AS build
      `,
    },
    {
      ok: dockerfile`FROM --platform=$BUILDPLATFORM golang:1.23 AS build`,
      because: 'the stage runs on the builder’s own platform',
    },
    {
      ok: dockerfile`
        ARG VARIANT
        FROM --platform=$TARGETPLATFORM$VARIANT alpine:3.20
      `,
      because: 'more than the one variable decides',
    },
  ],
  *check({ model }) {
    for (const { from } of model.stages) {
      for (const flag of from.body.flags) {
        if (flag.name !== 'platform' || !flag.value?.includes('TARGETPLATFORM')) continue;
        if (!isTargetPlatform(flag.value, from.body.escape)) continue;
        yield {
          ...onFirstLine(model.dockerfile, from, flag.span),
          message: l10n.t('`{0}` is what the builder takes without the flag.', `--platform=${flag.value}`),
          fix: () => {
            const isRedefined = model.globalArgs.some(
              ({ pair }) => pair.name === 'TARGETPLATFORM' && pair.value !== null,
            );
            const edits = [removeFlag(model.dockerfile, from, flag)];
            const title = l10n.t('Remove --platform');
            return isRedefined
              ? {
                  title,
                  safety: 'suggestion',
                  edits,
                  risk: l10n.t('The stage is then built for the platform of the build.'),
                }
              : { title, safety: 'safe', edits };
          },
        };
      }
    }
  },
});

/** Whether a value is the target platform and nothing else, as Docker finds out: it reads this one variable and comes out the same. */
function isTargetPlatform(value: string, escapeCharacter: string): boolean {
  const probe = 'linux/probe';
  const expanded = expandWord(value, (name) => (name === 'TARGETPLATFORM' ? probe : undefined), escapeCharacter);
  return expanded.value === probe && expanded.matched.size === 1 && expanded.unmatched.size === 0;
}
