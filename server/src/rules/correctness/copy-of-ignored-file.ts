/** COPY or ADD of a file that the ignore file keeps out of the build context. */
import * as l10n from '@vscode/l10n';
import { type IgnoreRules, matchesPathOrParent } from '../../context/dockerignore';
import { cleanPath } from '../../context/go-paths';
import { ignoreRulesOf } from '../../context/sources';
import type { CopyStep } from '../../model/model';
import { onFirstLine, quotable } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'copy-of-ignored-file',
  category: 'correctness',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['ADD', 'COPY'],
  aliases: ['CopyIgnoredFile'],
  fix: 'none',
  docs: {
    what: 'A `COPY` or `ADD` takes a file that the `.dockerignore` keeps out of the build context.',
    why: 'For the builder the file is not there, whatever the folder holds: the build fails, or with a pattern it goes on without the file.',
    fix: 'Take the line out of the `.dockerignore`, let the file in again with `!name`, or copy something else.',
    ignore: 'Where another context is given to the build than the one at hand.',
    references: [
      'https://docs.docker.com/reference/build-checks/copy-ignored-file/',
      'https://docs.docker.com/build/concepts/context/#dockerignore-files',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22
        COPY package.json node_modules /app/
                          ^^^^^^^^^^^^ warning copy-of-ignored-file: Line 2 of .dockerignore (\`node_modules\`) keeps \`node_modules\` out of the build.
      `,
      files: { '.dockerignore': '# what npm installs\nnode_modules\n', 'package.json': '{}' },
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        ADD --chown=1:1 \
        ^^^ warning copy-of-ignored-file: Line 1 of .dockerignore (\`tmp\`) keeps \`./tmp/hello.txt\` out of the build.
            # a greeting
            ./tmp/hello.txt /hello.txt
      `,
      files: { '.dockerignore': 'tmp\n' },
    },
    {
      ok: dockerfile`
        FROM alpine:3.20 AS build
        FROM alpine:3.20
        COPY --from=build /tmp/hello.txt /hello.txt
        COPY . .
        COPY <<tmp /motd
        Welcome
        tmp
      `,
      because: 'files of another stage, the context itself and here-documents are not ignored',
      files: { '.dockerignore': 'tmp\n' },
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        COPY tmp/hello.txt /hello.txt
      `,
      because: 'something is let in again, and what then is left takes the builder to find out',
      files: { '.dockerignore': 'tmp\n!tmp/hello.txt\n' },
    },
  ],
  *check({ model, context }) {
    if (!context?.ignoreFile) return;
    const rules = ignoreRulesOf(context);
    // A folder may be kept out and a file in it let in: Docker's own check says nothing about such files either.
    if (rules.rules.length === 0 || rules.hasExceptions) return;
    for (const step of model.copies) {
      if (step.fromText !== null || step.stage.isWindows) continue;
      for (const source of step.sources) {
        const rule = source.value === null ? null : ignoringRule(rules, step, source.value);
        if (!rule) continue;
        yield {
          ...onFirstLine(model.dockerfile, step.instruction, source.span),
          message: l10n.t(
            'Line {0} of {1} (`{2}`) keeps `{3}` out of the build.',
            rule.line + 1,
            context.ignoreFile.path,
            rule.pattern,
            quotable(source.text),
          ),
        };
      }
    }
  },
});

const everything: ReadonlySet<string> = new Set(['*', '**', '**/*']);

/** The rule that ignores a source, as Docker's check finds out: the pattern itself is taken for a path. */
function ignoringRule(rules: IgnoreRules, step: CopyStep, source: string): IgnoreRules['rules'][number] | null {
  if (step.keyword === 'ADD' && /^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/)/.test(source)) return null;
  const path = source === '' ? '.' : cleanPath(source);
  if (path === '.' || path === '/') return rules.rules.find(({ pattern }) => everything.has(pattern)) ?? null;
  if (!matchesPathOrParent(rules, path)) return null;
  const parts = path.split('/');
  const parents = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return rules.rules.find((rule) => parents.some((parent) => rule.matches(parent))) ?? null;
}
