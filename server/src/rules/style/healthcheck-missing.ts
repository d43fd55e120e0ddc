/** Nothing tells whether the program in the container still answers. */
import * as l10n from '@vscode/l10n';
import type { Stage } from '../../model/model';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'healthcheck-missing',
  category: 'style',
  severity: 'off',
  aliases: ['DL3057'],
  fix: 'none',
  docs: {
    what: 'Neither the final stage nor a stage that it is built from has a `HEALTHCHECK`.',
    why: 'Docker knows whether the program runs, not whether it works. A server that hangs counts as up, and Swarm and Compose go on sending requests to it.',
    fix: 'Ask the program itself: `HEALTHCHECK --interval=30s --timeout=3s CMD ["/app", "--health"]`. Take care that what asks is in the image: slim images have no curl. `HEALTHCHECK NONE` says that none is wanted.',
    ignore:
      'On Kubernetes, which has probes of its own and never looks at `HEALTHCHECK`; for images that others build on and for command-line tools. That is why this rule is off.',
    references: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-slim
             ^^^^^^^^^^^^ info healthcheck-missing: The final stage has no HEALTHCHECK: a program that hangs counts as running.
        COPY . /srv
        CMD ["node", "/srv/server.js"]
      `,
    },
    {
      bad: dockerfile`
        FROM golang:1.24 AS build
        HEALTHCHECK CMD ["true"]
        FROM \
            alpine:3.20
            ^^^^^^^^^^^ info healthcheck-missing
        COPY --from=build /app /app
        # asked from outside
        ENTRYPOINT ["/app"]
      `,
      because: 'the build stage is not the image',
    },
    {
      ok: dockerfile`
        FROM node:22-slim AS base
        HEALTHCHECK --interval=30s \
            # asks the program itself
            CMD ["node", "health.js"]
        FROM base
        CMD ["node", "server.js"]
      `,
      because: 'the stage below has one',
    },
    {
      ok: dockerfile`
        FROM python:3.13-slim
        HEALTHCHECK NONE
        CMD ["python", "tool.py"]
      `,
      because: 'it says that none is wanted',
    },
  ],
  *check({ model }) {
    const stage = model.finalStage;
    if (!stage || hasHealthcheck(stage)) return;
    yield {
      at: stage.from.at(stage.baseSpan ?? stage.from.body.keywordSpan),
      message: l10n.t('The final stage has no HEALTHCHECK: a program that hangs counts as running.'),
    };
  },
});

function hasHealthcheck(stage: Stage): boolean {
  for (let at: Stage | null = stage; at; at = at.parent)
    if (at.steps.some((step) => step.keyword === 'HEALTHCHECK')) return true;
  return false;
}
