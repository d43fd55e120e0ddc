/** `FROM --platform=$TARGETPLATFORM`, which is what the builder does anyway. */
import * as l10n from '@vscode/l10n';
import { remove } from '../edits';
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
    fix: 'Leave the flag out, as the quick fix does.',
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
        FROM --platform=\${TARGETPLATFORM} golang:1.23 AS build
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning redundant-platform
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
        ARG TARGETPLATFORM=linux/amd64
        FROM --platform=$TARGETPLATFORM alpine:3.20
      `,
      because: 'the argument has a default of its own here',
    },
  ],
  *check({ model }) {
    const isRedefined = model.globalArgs.some(({ pair }) => pair.name === 'TARGETPLATFORM' && pair.value !== null);
    if (isRedefined) return;
    for (const { from } of model.stages) {
      const flag = from.body.flags.find((candidate) => candidate.name === 'platform');
      if (!flag?.value || !/^\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(flag.value)) continue;
      const at = from.at(flag.span);
      const rest = model.dockerfile.text.slice(at.end, from.span.end);
      const blanks = /^[ \t]*/.exec(rest)?.[0].length ?? 0;
      yield {
        at,
        message: l10n.t('`{0}` is what the builder takes without the flag.', `--platform=${flag.value}`),
        fix: () => ({
          title: l10n.t('Remove --platform'),
          safety: 'safe',
          edits: [remove({ start: at.start, end: at.end + blanks })],
        }),
      };
    }
  },
});
