/** The base image is, by its own name, for another platform than the FROM asks for. */
import * as l10n from '@vscode/l10n';
import type { ImageReference } from '../../model/images';
import { parsePlatform } from '../../model/platforms';
import { onFirstLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'invalid-base-platform',
  category: 'correctness',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['FROM'],
  aliases: ['InvalidBaseImagePlatform'],
  fix: 'none',
  docs: {
    what: 'A `FROM` asks for one platform (`--platform=linux/arm64`) and names an image that is for another: one of Docker Hub’s `amd64/…`, `arm64v8/…` repositories, or a tag that ends in the architecture.',
    why: 'Docker takes the image all the same. What runs on it is emulated or does not start, and the image that comes out says that it is for a platform that it is not for.',
    fix: 'Take the image that serves all platforms (`alpine` for `amd64/alpine`), or ask for the platform that it has.',
    ignore: 'Where the name says something else than the platform of the image.',
    references: [
      'https://docs.docker.com/build/building/multi-platform/',
      'https://github.com/docker-library/official-images#architectures-other-than-amd64',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM --platform=linux/arm64 amd64/alpine:3.20 AS build-arm64
                                    ^^^^^^^^^^^^^^^^^ warning invalid-base-platform: \`amd64/alpine:3.20\` is an image for amd64, but \`--platform=linux/arm64\` asks for arm64.
      `,
    },
    {
      bad: dockerfile`
        FROM --platform=linux/amd64 \
        ^^^^ warning invalid-base-platform
            gcr.io/distroless/static:latest-arm64 AS amd64
      `,
    },
    {
      ok: dockerfile`
        FROM --platform=linux/arm64/v8 arm64v8/alpine:3.20 AS arm64
        FROM --platform=$BUILDPLATFORM amd64/alpine:3.20
      `,
      because: 'both say the same, or the platform is a variable',
    },
    {
      ok: dockerfile`FROM amd64/alpine:3.20`,
      because: 'what the build is for is not written here',
    },
  ],
  *check({ model }) {
    for (const { from, image, baseSpan } of model.stages) {
      if (!image || !baseSpan) continue;
      const flag = from.body.flags.find(({ name }) => name === 'platform');
      if (!flag?.value || flag.value.includes('$')) continue;
      const asked = parsePlatform(flag.value)?.architecture;
      const own = architectureOf(image);
      if (!asked || !own || asked === own) continue;
      yield {
        ...onFirstLine(model.dockerfile, from, baseSpan),
        message: l10n.t(
          '`{0}` is an image for {1}, but `{2}` asks for {3}.',
          image.text,
          own,
          `--platform=${flag.value}`,
          asked,
        ),
      };
    }
  },
});

/** Docker Hub's repositories of official images for one architecture each. */
const repositories: Readonly<Record<string, string>> = {
  amd64: 'amd64',
  arm32v5: 'arm',
  arm32v6: 'arm',
  arm32v7: 'arm',
  arm64v8: 'arm64',
  i386: '386',
  mips64le: 'mips64le',
  ppc64le: 'ppc64le',
  riscv64: 'riscv64',
  s390x: 's390x',
};

const tagSuffix = /[-_](amd64|x86_64|arm64|arm64v8|aarch64|armhf|arm32v[67]|i386|386|ppc64le|s390x|riscv64)$/;

/** The architecture that the name of an image says it is for. */
function architectureOf(image: ImageReference): string | null {
  const folder = image.path.split('/')[0] ?? '';
  if (image.registry === 'docker.io' && image.path.includes('/') && Object.hasOwn(repositories, folder))
    return repositories[folder] ?? null;
  const suffix = tagSuffix.exec(image.tag ?? '')?.[1];
  if (!suffix) return null;
  if (suffix.startsWith('arm32') || suffix === 'armhf') return 'arm';
  return parsePlatform(`linux/${suffix === 'arm64v8' ? 'arm64' : suffix}`)?.architecture ?? null;
}
