/** A stage called `scratch` or `context`. */
import * as l10n from '@vscode/l10n';
import { onFirstLine } from '../places';
import { defineRule, dockerfile } from '../rule';

const reserved = new Set(['scratch', 'context']);

export default defineRule({
  id: 'reserved-stage-name',
  category: 'syntax',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['FROM'],
  aliases: ['DL3063', 'ReservedStageName'],
  fix: 'none',
  docs: {
    what: 'A stage is called `scratch` or `context`, names that mean something else to the builder.',
    why: '`scratch` is the empty image and `context` the build context: whoever reads `FROM scratch` or `--from=context` expects those.',
    fix: 'Choose another name for the stage.',
    ignore: 'There is no good reason to keep such a name.',
    references: ['https://docs.docker.com/reference/build-checks/reserved-stage-name/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM alpine:3.20 AS scratch
                            ^^^^^^^ warning reserved-stage-name: \`scratch\` means something else to the builder and cannot name a stage without confusion.
        FROM scratch
      `,
    },
    { ok: dockerfile`FROM scratch AS export`, because: 'here `scratch` is the base, not the name' },
  ],
  *check({ model }) {
    for (const { name, nameSpan, from } of model.stages) {
      if (name === null || !nameSpan || !reserved.has(name.toLowerCase())) continue;
      yield {
        ...onFirstLine(model.dockerfile, from, nameSpan),
        message: l10n.t('`{0}` means something else to the builder and cannot name a stage without confusion.', name),
      };
    }
  },
});
