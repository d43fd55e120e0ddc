/** A tag can be moved to another image; a digest cannot. */
import * as l10n from '@vscode/l10n';
import type { Stage } from '../../model/model';
import { insert } from '../edits';
import { defineRule, dockerfile, type Finding } from '../rule';

export default defineRule({
  id: 'image-without-digest',
  category: 'reproducibility',
  severity: 'off',
  aliases: ['S7023'],
  fix: 'suggestion',
  docs: {
    what: '`FROM` takes an image by its tag and not by its digest.',
    why: 'A tag is a name that its owner can move, and does with every security update: `node:22` is another image next week. A digest names one image for good, and nobody can put another in its place.',
    fix: 'Add the digest behind the tag, and let a bot (Renovate, Dependabot) raise both. The quick fix asks the registry, or else the local engine, which image the tag is now. It does so only when you choose it, in a workspace that you trust; on the command line with `layerwise fix --suggestions --select image-without-digest`.',
    ignore:
      'Where updates of the base image shall come by themselves. That is why this rule is off unless you ask for it.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
      'https://docs.docker.com/reference/dockerfile/#from',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM --platform=$BUILDPLATFORM node:22-slim AS build
                                       ^^^^^^^^^^^^ info image-without-digest: \`node:22-slim\` has no digest: the tag can be another image at the next build.
        FROM build AS test
        FROM alpine:3.22@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
      `,
      good: dockerfile`
        FROM --platform=$BUILDPLATFORM node:22-slim@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef AS build
        FROM build AS test
        FROM alpine:3.22@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
      `,
      config: {
        digests: new Map([['node:22-slim', 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef']]),
      },
    },
    {
      bad: dockerfile`
        ARG VERSION=3.22
        FROM \
          # the small one
          alpine:\${VERSION}
          ^^^^^^^^^^^^^^^^^ info image-without-digest: \`alpine:\${VERSION}\` has no digest…
      `,
      because: 'nothing is offered where the tag stands in a variable',
    },
    {
      ok: dockerfile`
        ARG BASE
        FROM \${BASE}
        FROM scratch
        COPY app /
      `,
      because: 'what a variable without default holds is not known, and scratch is no image',
    },
    {
      ok: dockerfile`
        FROM registry.example.com:5000/base@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef AS base
        FROM base
      `,
      because: 'the digest is there, and a stage has none',
    },
  ],
  *check({ model, config }) {
    for (const stage of model.stages) {
      const finding = withoutDigest(stage, config.digests);
      if (finding) yield finding;
    }
  },
});

function withoutDigest(stage: Stage, digests: ReadonlyMap<string, string> | undefined): Finding | null {
  const { image, baseSpan, baseText, from } = stage;
  if (!image || image.digest !== null || !baseSpan) return null;
  const at = from.at(baseSpan);
  const digest = baseText === image.text ? digests?.get(image.text) : undefined;
  return {
    at,
    message: l10n.t('`{0}` has no digest: the tag can be another image at the next build.', baseText),
    ...(digest !== undefined && {
      fix: () => ({
        title: l10n.t('Pin `{0}` to `{1}…`', image.text, digest.slice(0, 19)),
        safety: 'suggestion',
        edits: [insert(at.end, `@${digest}`)],
        risk: l10n.t('Updates of the image no longer come by themselves.'),
      }),
    }),
  };
}
