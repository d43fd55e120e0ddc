/** FROM without tag or digest takes whatever `latest` is that day. */
import * as l10n from '@vscode/l10n';
import type { Stage } from '../../model/model';
import { insert } from '../edits';
import { officialTag } from '../official-tags';
import { defineRule, dockerfile, type Finding } from '../rule';

export default defineRule({
  id: 'untagged-image',
  category: 'reproducibility',
  severity: 'warning',
  aliases: ['DL3006', 'S6596'],
  fix: 'suggestion',
  docs: {
    what: '`FROM` names an image without a tag and without a digest.',
    why: 'Docker then takes the tag `latest`. What that is changes whenever the image is published, so the same Dockerfile gives another image next month, and on a machine that has an old copy, today.',
    fix: 'Name the release line that you test with, or pin the very image with a digest. For official images the quick fix puts a long-lived release line; check that it is the one you use.',
    ignore: 'For an image that you build yourself right before and that never leaves the machine.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#from',
      'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM ubuntu
             ^^^^^^ warning untagged-image: \`ubuntu\` has no tag: Docker takes \`latest\`, which changes under you.
        RUN echo hello
      `,
      good: dockerfile`
        FROM ubuntu:24.04
        RUN echo hello
      `,
    },
    {
      bad: dockerfile`
        FROM --platform=$BUILDPLATFORM registry.example.com:5000/team/base AS build
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning untagged-image: \`registry.example.com:5000/team/base\` has no tag…
      `,
    },
    {
      bad: dockerfile`
        ARG BASE=alpine
        FROM \${BASE}
             ^^^^^^^ warning untagged-image: \`\${BASE}\` is \`alpine\` by default and has no tag…
      `,
    },
    {
      ok: dockerfile`
        FROM golang:1.24 AS build
        FROM build AS test
        FROM scratch
      `,
      because: 'a stage and scratch have no tags',
    },
    {
      ok: dockerfile`
        ARG BASE
        ARG TAG=1.0 \
            # of the image
            NAME=app
        FROM \${BASE}
        FROM example/\${NAME}:\${TAG}
        FROM alpine@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      `,
      because: 'what a variable without default holds is not known, and a digest says more than a tag',
    },
    {
      bad: dockerfile`
        ARG REGISTRY
        FROM \${REGISTRY}/node
             ^^^^^^^^^^^^^^^^ warning untagged-image: \`\${REGISTRY}/node\` has no tag: Docker takes \`latest\`, which changes under you.
        ARG REPOSITORY
        FROM \${REPOSITORY}
      `,
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const { image } = stage;
      // Whatever the registry in front of it is, a name without a tag has none.
      if (stage.baseSpan && !image && /^\S*\$\S*\/[a-z0-9][\w.-]*$/.test(stage.baseText) && !stage.isWindows) {
        yield untagged(stage, stage.from.at(stage.baseSpan), stage.baseText);
        continue;
      }
      if (!image || image.tag !== null || image.digest !== null || !stage.baseSpan) continue;
      yield untagged(stage, stage.from.at(stage.baseSpan), image.text);
    }
  },
});

function untagged(stage: Stage, at: Finding['at'], name: string): Finding {
  const isLiteral = stage.baseText === name;
  // Other tools look at the text alone.
  if (!isLiteral)
    return {
      at,
      message: l10n.t(
        '`{0}` is `{1}` by default and has no tag: Docker takes `latest`, which changes under you.',
        stage.baseText,
        name,
      ),
      aliases: ['S6596'],
    };
  const message = l10n.t('`{0}` has no tag: Docker takes `latest`, which changes under you.', name);
  const tag = stage.image ? officialTag(stage.image) : null;
  if (tag === null) return { at, message };
  return {
    at,
    message,
    fix: () => ({
      title: l10n.t('Use `{0}`', `${name}:${tag}`),
      safety: 'suggestion',
      edits: [insert(at.end, `:${tag}`)],
      risk: l10n.t('The release may differ from the one that `latest` gave you so far.'),
    }),
  };
}
