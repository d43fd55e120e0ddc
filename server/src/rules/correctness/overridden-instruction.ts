/** Of several CMD, ENTRYPOINT or HEALTHCHECK in a stage only the last one counts. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../../model/model';
import { removeInstruction } from '../edits';
import { defineRule, dockerfile } from '../rule';

const aliasesOf: Readonly<Record<string, string>> = { CMD: 'DL4003', ENTRYPOINT: 'DL4004', HEALTHCHECK: 'DL3012' };

export default defineRule({
  id: 'overridden-instruction',
  category: 'correctness',
  severity: 'warning',
  aliases: ['DL4003', 'DL4004', 'DL3012', 'MultipleInstructionsDisallowed'],
  fix: 'safe',
  docs: {
    what: 'A stage has more than one `CMD`, `ENTRYPOINT` or `HEALTHCHECK`; only the last of each counts.',
    why: 'The earlier one does nothing, but reads as if it did. Who edits it wonders why the container does not change.',
    fix: 'Keep the one that is meant. The quick fix removes the earlier one, which the build ignores already.',
    ignore: 'While you switch between two commands and want to keep both at hand; a comment serves better.',
    references: ['https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:20-alpine
        CMD ["npm", "start"]
        ^^^ warning overridden-instruction: CMD has no effect: the CMD on line 4 replaces it.
        WORKDIR /srv
        CMD ["node", "server.js"]
      `,
      good: dockerfile`
        FROM node:20-alpine
        WORKDIR /srv
        CMD ["node", "server.js"]
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.13-slim
        HEALTHCHECK --interval=10s \
        ^^^^^^^^^^^ warning overridden-instruction: HEALTHCHECK has no effect: the HEALTHCHECK on line 6 replaces it.
            # asks the program itself
            CMD ["python", "-m", "health"]
        # nobody listens in the tests
        HEALTHCHECK NONE
      `,
      good: dockerfile`
        FROM python:3.13-slim
        # nobody listens in the tests
        HEALTHCHECK NONE
      `,
    },
    {
      bad: dockerfile`
        FROM node:20-alpine
        ENTRYPOINT ["npm"]
        ^^^^^^^^^^ warning overridden-instruction
        entrypoint ["node"]
        ^^^^^^^^^^ warning overridden-instruction
        CMD ["server.js"]
        ENTRYPOINT ["node", "--enable-source-maps"]
      `,
      good: dockerfile`
        FROM node:20-alpine
        CMD ["server.js"]
        ENTRYPOINT ["node", "--enable-source-maps"]
      `,
    },
    {
      bad: dockerfile`
        FROM node:20-alpine AS base
        CMD npm start
        ^^^ warning overridden-instruction
        RUN <<EOF
        echo CMD
        EOF
        CMD ["node", "server.js"]

        FROM base
        CMD ["node", "worker.js"]
      `,
      good: dockerfile`
        FROM node:20-alpine AS base
        RUN <<EOF
        echo CMD
        EOF
        CMD ["node", "server.js"]

        FROM base
        CMD ["node", "worker.js"]
      `,
    },
    {
      ok: dockerfile`
        FROM python:3.13-slim
        ONBUILD CMD ["python", "app.py"]
        HEALTHCHECK CMD ["python", "-m", "health"]
        CMD ["python", "-m", "tool"]
      `,
      because: 'what ONBUILD holds is for other images, and a health check has a CMD of its own',
    },
    {
      ok: dockerfile`
        FROM golang:1.23 AS build
        CMD ["go", "test", "./..."]

        FROM alpine:3.20
        CMD ["/app"]
      `,
      because: 'each stage has its own CMD',
    },
  ],
  *check({ model }) {
    const { dockerfile: file } = model;
    for (const stage of model.stages) {
      const last = new Map<string, Step>();
      for (const step of stage.steps) if (aliasesOf[step.keyword]) last.set(step.keyword, step);
      for (const step of stage.steps) {
        const winner = last.get(step.keyword);
        if (!winner || winner === step) continue;
        const line = winner.instruction.line + 1;
        yield {
          at: step.at(step.body.keywordSpan),
          message: l10n.t('{0} has no effect: the {0} on line {1} replaces it.', step.keyword, line),
          aliases: [aliasesOf[step.keyword] ?? '', 'MultipleInstructionsDisallowed'],
          tags: ['unnecessary'],
          related: [{ at: winner.at(winner.body.keywordSpan), message: l10n.t('This one counts.') }],
          fix: () => ({
            title: l10n.t('Remove the {0} that has no effect', step.keyword),
            safety: 'safe',
            edits: [removeInstruction(file, step.instruction)],
          }),
        };
      }
    }
  },
});
