/** A comment that switches a check off. */
import * as l10n from '@vscode/l10n';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';
import { readSuppressions } from '../suppress';

export default defineRule({
  id: 'suppression-used',
  category: 'style',
  severity: 'off',
  scope: 'file',
  aliases: ['DL1001'],
  fix: 'none',
  docs: {
    what: 'A comment ignores a rule: `# layerwise ignore=…`, `# layerwise ignore-file=…`, `# hadolint ignore=…`, `# check=skip=…`. Off by default.',
    why: 'Some teams want every exception to be agreed upon, in one configuration file, instead of one by one in the files.',
    fix: 'Mend what the rule found, or put the exception into `.layerwise.yaml`.',
    ignore: 'This rule is for those who switch it on; others leave it off.',
    references: ['https://docs.docker.com/build/checks/#skip-checks'],
  },
  examples: [
    {
      bad: dockerfile`
        # check=skip=JSONArgsRecommended
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info suppression-used: \`JSONArgsRecommended\` is ignored in the whole file.
        # hadolint ignore=DL3006,DL3007
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info suppression-used: \`DL3006\` and \`DL3007\` are ignored for FROM on line 3.
        FROM alpine
      `,
    },
    {
      bad: dockerfile`
        # layerwise ignore-file=root-user -- it is a tool
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info suppression-used
        FROM alpine:3.20

        # a program
        # layerwise ignore=unpinned-package
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info suppression-used: \`unpinned-package\` is ignored for RUN on line 6.
        RUN apk add --no-cache \
            # layerwise ignore=nothing
            curl
      `,
    },
    {
      ok: dockerfile`
        # syntax=docker/dockerfile:1
        # check=error=true
        FROM alpine:3.20
      `,
      because: 'nothing is ignored',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        # hadolint is right here
        RUN <<EOF
        # hadolint ignore=DL3018
        apk add --no-cache curl
        EOF
      `,
      because: 'these comments ignore nothing: one is prose, the other belongs to the script',
    },
  ],
  *check({ model }) {
    const { dockerfile: file } = model;
    for (const { kind, dialect, names, span, instruction } of readSuppressions(file).comments) {
      if (names.length === 0) continue;
      const written = listOf(names.map(({ name }) => name));
      const isOne = names.length === 1;
      const place = instruction ? { keyword: instruction.keyword, line: instruction.line + 1 } : null;
      if (kind !== 'file' && !place) continue;
      yield {
        at: onOneLine(file, span),
        message: place
          ? isOne
            ? l10n.t('{0} is ignored for {1} on line {2}.', written, place.keyword, place.line)
            : l10n.t('{0} are ignored for {1} on line {2}.', written, place.keyword, place.line)
          : isOne
            ? l10n.t('{0} is ignored in the whole file.', written)
            : l10n.t('{0} are ignored in the whole file.', written),
        // The other tool means its own comments.
        aliases: dialect === 'hadolint' ? ['DL1001'] : [],
      };
    }
  },
});

function listOf(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : l10n.t('{0} and {1}', quoted.join(', '), last);
}
