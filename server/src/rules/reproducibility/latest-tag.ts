/** `latest` is a name that moves. */
import * as l10n from '@vscode/l10n';
import type { Stage } from '../../model/model';
import { replace } from '../edits';
import { officialTag } from '../official-tags';
import { defineRule, dockerfile, type Finding } from '../rule';

export default defineRule({
  id: 'latest-tag',
  category: 'reproducibility',
  severity: 'warning',
  aliases: ['DL3007', 'S6596'],
  fix: 'suggestion',
  docs: {
    what: '`FROM` takes the tag `latest`.',
    why: '`latest` is no version but whatever was published last. The same Dockerfile gives another image next month, and nothing in it tells which one you have.',
    fix: 'Name the release line that you test with, or pin the very image with a digest. For official images the quick fix puts a long-lived release line; check that it is the one you use.',
    ignore: 'Where following the newest release is the purpose, as in a nightly test against it.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#from',
      'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:latest AS build
                  ^^^^^^ warning latest-tag: \`node:latest\` is another image after every release of \`node\`.
        RUN npm --version
      `,
      good: dockerfile`
        FROM node:22 AS build
        RUN npm --version
      `,
    },
    {
      bad: dockerfile`
        ARG TAG=latest
        FROM example/base:\${TAG}
             ^^^^^^^^^^^^^^^^^^^ warning latest-tag: \`example/base:\${TAG}\` is \`example/base:latest\` by default…
      `,
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
      `,
      because: 'a release line is named',
    },
    {
      ok: dockerfile`
        ARG TAG
        FROM example/base:\${TAG} \
            # the stage that runs
            AS run
        FROM node:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      `,
      because: 'a digest wins over the tag, and what a variable without default holds is not known',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) if (stage.image?.tag === 'latest' && !stage.image.digest) yield latest(stage);
  },
});

function latest(stage: Stage): Finding {
  const { image, baseSpan, baseText, from } = stage;
  const at = from.at(baseSpan ?? from.body.keywordSpan);
  const name = image?.text ?? '';
  if (!image || image.tagStart === null || baseText !== name)
    return {
      at,
      message: l10n.t('`{0}` is `{1}` by default, another image after every release.', baseText, name),
      aliases: ['S6596'],
    };
  const tagAt = { start: at.start + image.tagStart, end: at.end };
  const finding = {
    at: tagAt,
    message: l10n.t('`{0}` is another image after every release of `{1}`.', name, name.slice(0, image.nameEnd)),
  };
  const tag = officialTag(image);
  if (tag === null) return finding;
  return {
    ...finding,
    fix: () => ({
      title: l10n.t('Use `{0}`', `${name.slice(0, image.nameEnd)}:${tag}`),
      safety: 'suggestion',
      edits: [replace(tagAt, tag)],
      risk: l10n.t('The release may differ from the one that `latest` gave you so far.'),
    }),
  };
}
