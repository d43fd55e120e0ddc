/** `FROM x as y`: FROM and AS written in different cases. */
import * as l10n from '@vscode/l10n';
import { replace } from '../edits';
import { onFirstLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'from-as-casing',
  category: 'style',
  severity: 'hint',
  scope: 'instruction',
  keywords: ['FROM'],
  aliases: ['FromAsCasing'],
  fix: 'safe',
  docs: {
    what: '`FROM` and its `AS` are written in different cases.',
    why: 'Nothing breaks, but a stage name is found faster where every `FROM … AS` looks alike.',
    fix: 'Write both in upper case, or both in lower case. The quick fix gives `AS` the case of `FROM`.',
    ignore: 'Where a generator writes the file and nobody reads it.',
    references: ['https://docs.docker.com/reference/build-checks/from-as-casing/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM golang:1.23 as build
                         ^^ hint from-as-casing: \`as\` is written in another case than \`FROM\`.
        RUN go build ./...
      `,
      good: dockerfile`
        FROM golang:1.23 AS build
        RUN go build ./...
      `,
    },
    {
      bad: dockerfile`
        from --platform=linux/amd64 \
        ^^^^ hint from-as-casing: \`AS\` is written in another case than \`from\`.
          golang:1.23 AS build
      `,
      good: dockerfile`
        from --platform=linux/amd64 \
          golang:1.23 as build
      `,
    },
    { ok: dockerfile`FROM golang:1.23 AS build`, because: 'both are upper case' },
    { ok: dockerfile`from golang:1.23 as build`, because: 'both are lower case' },
  ],
  *check({ model }) {
    for (const { from, nameSpan } of model.stages) {
      const as = from.body.words[1];
      if (!nameSpan || !as) continue;
      const { raw, keywordSpan } = from.body;
      const keyword = raw.slice(keywordSpan.from, keywordSpan.to);
      const isLower = keyword === keyword.toLowerCase();
      const wanted = isLower ? 'as' : 'AS';
      // A keyword of mixed case is instruction-casing's matter, and BuildKit compares with its case only when it has one.
      if (as.text === wanted || (!isLower && keyword !== keyword.toUpperCase())) continue;
      const at = from.at(as.span);
      yield {
        ...onFirstLine(model.dockerfile, from, as.span),
        message: l10n.t('`{0}` is written in another case than `{1}`.', as.text, keyword),
        fix: () => ({ title: l10n.t('Write {0}', wanted), safety: 'safe', edits: [replace(at, wanted)] }),
      };
    }
  },
});
