/** An image comes from a registry that the configuration does not list. */
import * as l10n from '@vscode/l10n';
import { type ImageReference, parseImageReference } from '../../model/images';
import type { Model, Stage, Step } from '../../model/model';
import { isCopyStep, isRunStep } from '../../model/steps';
import { expandIn } from '../../model/variables';
import type { Span } from '../../syntax/span';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'untrusted-registry',
  category: 'security',
  severity: 'warning',
  aliases: ['DL3026'],
  fix: 'none',
  docs: {
    what: 'An image comes from a registry that is not among `trustedRegistries` of the configuration. Without that list this rule is silent. `FROM`, `COPY --from` and `RUN --mount=from` are looked at.',
    why: 'A base image runs with everything that is built on it. A list of registries makes sure that a name typed in a hurry, or a copied snippet, brings in nobody else.',
    fix: 'Take the image from one of your registries, or add its registry to the list: a host (`ghcr.io`), a host with a path (`ghcr.io/acme`), or a pattern (`*.example.com`). `docker.io` stands for Docker Hub.',
    ignore: 'For a single image that was looked at; say so in the comment.',
    references: ['https://docs.docker.com/reference/dockerfile/#from'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM quay.io/acme/base:3 AS build
             ^^^^^^^^^^^^^^^^^^^ warning untrusted-registry: \`quay.io/acme/base:3\` comes from \`quay.io\`, which is not among the trusted registries.
        FROM ghcr.io/acme/run:1
        COPY --from=build /app /app
        COPY --from=busybox:1.36 \
                    ^^^^^^^^^^^^ warning untrusted-registry: \`busybox:1.36\` comes from \`docker.io\`, which is not among the trusted registries.
             # a shell
             /bin/sh /bin/sh
      `,
      config: { trustedRegistries: ['ghcr.io', '*.example.com'] },
    },
    {
      bad: dockerfile`
        ARG REGISTRY=ghcr.io/other
        FROM $REGISTRY/base:1
             ^^^^^^^^^^^^^^^^ warning untrusted-registry: \`ghcr.io/other/base:1\` comes from \`ghcr.io\`, which is not among the trusted registries.
      `,
      config: { trustedRegistries: ['ghcr.io/acme'] },
    },
    {
      ok: dockerfile`
        ARG REGISTRY
        FROM $REGISTRY/base:1 AS base
        FROM base
        FROM scratch
        COPY --from=base /app /app
        COPY --from=0 /app /app
        COPY --from=eu.example.com:5000/tools:1 /t /t
      `,
      config: { trustedRegistries: ['*.example.com:5000'] },
      because: 'stages, scratch and what a variable may hold are no findings, and the pattern fits the other',
    },
    {
      ok: dockerfile`
        FROM node:22-slim
        COPY --from=docker.io/acme/tools:2 \
             # as Docker Hub calls itself
             /t /t
      `,
      config: { trustedRegistries: ['docker.io'] },
      because: 'both are on Docker Hub',
    },
    {
      ok: dockerfile`
        FROM quay.io/acme/base:3
        RUN --mount=from=example.com/tools:1,target=/t /t/run
      `,
      because: 'no registries are configured',
    },
  ],
  *check({ model, config: { trustedRegistries } }) {
    if (trustedRegistries.length === 0) return;
    const isTrusted = trust(trustedRegistries);
    for (const { image, at, isBase } of imagesOf(model)) {
      if (isTrusted(image)) continue;
      yield {
        at: onOneLine(model.dockerfile, at),
        message: l10n.t(
          '`{0}` comes from `{1}`, which is not among the trusted registries.',
          image.text,
          image.registry,
        ),
        // Other tools look at FROM alone.
        aliases: isBase ? ['DL3026'] : [],
      };
    }
  },
});

interface UsedImage {
  readonly image: ImageReference;
  readonly at: Span;
  readonly isBase: boolean;
}

function* imagesOf(model: Model): Iterable<UsedImage> {
  for (const stage of model.stages)
    if (stage.image && stage.baseSpan) yield { image: stage.image, at: stage.from.at(stage.baseSpan), isBase: true };
  for (const step of model.steps) {
    if (isCopyStep(step)) {
      const flag = step.body.flags.find(({ name }) => name === 'from');
      const image = step.fromStage ? null : imageOf(model, step, step.fromText);
      if (image && flag?.valueSpan) yield { image, at: step.at(flag.valueSpan), isBase: false };
    } else if (isRunStep(step)) {
      for (const mount of step.mounts) {
        const image = imageOf(model, step, mount.from);
        if (image) yield { image, at: step.at(mount.span), isBase: false };
      }
    }
  }
}

/** The image that a `from` means; null for a stage, its number, and what is not known. */
function imageOf(model: Model, step: Step, from: string | null): ImageReference | null {
  if (from === null || /^\d+$/.test(from)) return null;
  const name = expandIn(from, step.before.scope, step.body.escape);
  const isStage = (stage: Stage) => stage.name?.toLowerCase() === name?.toLowerCase();
  if (name === null || name === 'scratch' || name === 'context' || model.allStages.some(isStage)) return null;
  // A word alone may be a named context of the build as well.
  return /[:/@]/.test(name) ? parseImageReference(name) : null;
}

/** Whether a list of hosts, hosts with paths, and patterns with `*` allows an image. */
function trust(registries: readonly string[]): (image: ImageReference) => boolean {
  const patterns = registries.map((entry) => {
    const cleaned = entry
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/\/+$/, '')
      .replace(/^(?:index|hub|registry-1)\.docker\.(?:io|com)(?=\/|$)/, 'docker.io');
    const source = cleaned.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '[^/]*');
    return new RegExp(`^${source}(?:/|$)`);
  });
  return ({ registry, path, isOfficial }) => {
    const full = isOfficial && !path.includes('/') ? `library/${path}` : path;
    return patterns.some((pattern) => pattern.test(`${registry.toLowerCase()}/${full}`));
  };
}
