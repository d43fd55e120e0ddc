/** `FROM --platform=linux/amd64`: the stage is built for one platform whatever the build asks for. */
import * as l10n from '@vscode/l10n';
import { parsePlatform } from '../../model/platforms';
import { removeFlag } from '../flag-edits';
import { onFirstLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'constant-platform',
  category: 'correctness',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['FROM'],
  aliases: ['DL3029', 'DL3065', 'FromPlatformFlagConstDisallowed'],
  fix: 'suggestion',
  docs: {
    what: 'A `FROM` has a fixed `--platform`, such as `linux/amd64`, in a stage whose name does not say so.',
    why: 'Whatever platform the build is for, this stage is made for that one. On other machines it runs under emulation, many times slower, or its programs do not start.',
    fix: 'Leave the flag out: then the stage is built for the platform asked for. For a stage that only builds, `--platform=$BUILDPLATFORM` lets it run natively and cross-compile. The quick fix takes the flag out.',
    ignore:
      'Where the program exists for one platform only. A stage that carries the platform in its name (`AS build-amd64`) is never reported.',
    references: [
      'https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/',
      'https://docs.docker.com/build/building/multi-platform/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM --platform=linux/amd64 alpine:3.20 AS base
             ^^^^^^^^^^^^^^^^^^^^^^ warning constant-platform: \`--platform=linux/amd64\` makes this stage for linux/amd64 whatever platform the build is for.
        RUN apk add --no-cache git
      `,
      good: dockerfile`
        FROM alpine:3.20 AS base
        RUN apk add --no-cache git
      `,
    },
    {
      bad: dockerfile`
        # Apple Silicon
        from \
        ^^^^ warning constant-platform
            --platform="linux/arm64" \
            alpine:3.20
      `,
      good: dockerfile`
        # Apple Silicon
        from \
            \
            alpine:3.20
      `,
    },
    {
      ok: dockerfile`
        FROM --platform=linux/amd64 alpine:3.20 AS build_amd64
        FROM --platform=linux/arm64 alpine:3.20 AS build_arm64
        FROM build_\${TARGETARCH}
      `,
      because: 'the names of the stages say which platform they are for',
    },
    {
      ok: dockerfile`
        ARG PLATFORM=linux/amd64
        FROM --platform=$BUILDPLATFORM golang:1.24 AS build
        FROM --platform=\${PLATFORM} alpine:3.20
      `,
      because: 'the platform is a variable',
    },
  ],
  *check({ model }) {
    for (const { from, name } of model.stages) {
      for (const flag of from.body.flags) {
        if (flag.name !== 'platform' || !flag.value || flag.value.includes('$')) continue;
        const platform = parsePlatform(flag.value);
        const stageName = name?.toLowerCase() ?? '';
        // The builder's own platform, as good as always this one, fills in what is not written.
        const [os, architecture] = [platform?.os ?? 'linux', platform?.architecture ?? 'amd64'];
        if (platform && (stageName.includes(os) || stageName.includes(architecture))) continue;
        yield {
          ...onFirstLine(model.dockerfile, from, flag.span),
          // Docker refuses what is no platform, before it looks at the name.
          ...(!platform && { aliases: ['DL3029', 'DL3065'] }),
          message: l10n.t(
            '`{0}` makes this stage for {1} whatever platform the build is for.',
            `--platform=${flag.value}`,
            flag.value,
          ),
          fix: () => ({
            title: l10n.t('Remove --platform'),
            safety: 'suggestion',
            edits: [removeFlag(model.dockerfile, from, flag)],
            risk: l10n.t('The stage is then built for the platform of the build, for which its programs must exist.'),
          }),
        };
      }
    }
  },
});
