/** Two stages of one name: the later one hides the earlier. */
import * as l10n from '@vscode/l10n';
import type { Stage } from '../../model/model';
import { onFirstLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'duplicate-stage-name',
  category: 'syntax',
  severity: 'warning',
  scope: 'file',
  aliases: ['DL3024', 'DuplicateStageName'],
  fix: 'none',
  docs: {
    what: 'Two stages have the same name; case does not matter.',
    why: 'A later `COPY --from` or `--target` gets the last one of that name, and the first cannot be reached by name any more.',
    fix: 'Give each stage a name of its own.',
    ignore: 'There is no good reason; a stage that nobody names needs no name.',
    references: ['https://docs.docker.com/reference/build-checks/duplicate-stage-name/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM golang:1.23 AS build
        FROM node:20 AS Build
                        ^^^^^ warning duplicate-stage-name: The stage on line 1 is called \`Build\` too; \`--from=Build\` gets this one.
        FROM alpine:3.20
        COPY --from=build /app /app
      `,
    },
    {
      ok: dockerfile`
        FROM golang:1.23 AS api
        FROM node:20 AS web
        FROM alpine:3.20
      `,
      because: 'the names differ',
    },
  ],
  *check({ model }) {
    const seen = new Map<string, Stage>();
    for (const stage of model.stages) {
      if (stage.name === null || !stage.nameSpan) continue;
      const key = stage.name.toLowerCase();
      const first = seen.get(key);
      if (first)
        yield {
          at: onFirstLine(model.dockerfile, stage.from, stage.nameSpan).at,
          message: l10n.t(
            'The stage on line {0} is called `{1}` too; `--from={1}` gets this one.',
            first.from.line + 1,
            stage.name,
          ),
          related: [
            {
              at: first.from.at(first.nameSpan ?? first.from.body.keywordSpan),
              message: l10n.t('The first of this name.'),
            },
          ],
        };
      else seen.set(key, stage);
    }
  },
});
