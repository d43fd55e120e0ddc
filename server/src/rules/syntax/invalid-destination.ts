/** Several sources, and a destination that does not end in a slash. */
import * as l10n from '@vscode/l10n';
import { madeDirectories } from '../../model/directories';
import type { CopyStep, Model } from '../../model/model';
import type { Word } from '../../syntax/tree';
import { insert } from '../edits';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'invalid-destination',
  category: 'syntax',
  severity: 'warning',
  aliases: ['DL3021'],
  fix: 'suggestion',
  safeFor: 'legacy',
  docs: {
    what: 'A `COPY` or `ADD` has several sources and a destination that is not written as a directory.',
    why: 'BuildKit copies one after the other to that path: of several files the last one remains, under the name of the destination. The legacy builder refuses the file.',
    fix: 'End the destination with a slash, as the quick fix does.',
    ignore: 'Where all sources are directories, whose contents are meant to be laid over each other.',
    references: ['https://docs.docker.com/reference/dockerfile/#destination'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22
        COPY package.json package-lock.json /app
                                            ^^^^ warning invalid-destination: Several sources go to \`/app\`, which is no directory by its name: of files only the last one remains.
      `,
      good: dockerfile`
        FROM node:22
        COPY package.json package-lock.json /app/
      `,
    },
    {
      bad: dockerfile`
        FROM node:22
        COPY --chown=1000:1000 \
            # what npm needs
            ["package.json", "package-lock.json", "/app"]
                                                   ^^^^ warning invalid-destination
      `,
      good: dockerfile`
        FROM node:22
        COPY --chown=1000:1000 \
            # what npm needs
            ["package.json", "package-lock.json", "/app/"]
      `,
    },
    {
      bad: dockerfile`
        FROM node:22
        WORKDIR /app
        ADD a b /app
                ^^^^ error invalid-destination: Several sources go to \`/app\`, which is no directory by its name: the legacy builder refuses the file.
      `,
      good: dockerfile`
        FROM node:22
        WORKDIR /app
        ADD a b /app/
      `,
      builder: 'legacy',
    },
    {
      ok: dockerfile`
        FROM node:22
        WORKDIR /app
        COPY a b ./
        COPY a b .
        COPY a b ../..
        COPY a b /srv/.
        COPY a b $TARGET
        COPY a* /srv
        COPY a b /app
      `,
      because: 'these are directories, may be, have one source, or are known to be there',
    },
    {
      ok: dockerfile`
        FROM node:22
        COPY <<EOF /etc/motd
        a b /c
        EOF
        RUN cp a b /c
      `,
      because: 'one here-document is one source',
    },
  ],
  *check({ model }) {
    for (const step of model.copies) {
      const { words } = step.body;
      const last = words.at(-1);
      if (words.length < 3 || !last || step.stage.isWindows || !isFileLike(last.text)) continue;
      if (isFromHistory(words)) continue;
      const isLegacy = model.builder === 'legacy';
      if (!isLegacy && isThere(step)) continue;
      const at = onOneLine(model.dockerfile, trimQuotes(model, step.at(last.span)));
      yield {
        at,
        ...(isLegacy && { severity: 'error' as const }),
        message: isLegacy
          ? l10n.t(
              'Several sources go to `{0}`, which is no directory by its name: the legacy builder refuses the file.',
              quotable(last.text),
            )
          : l10n.t(
              'Several sources go to `{0}`, which is no directory by its name: of files only the last one remains.',
              quotable(last.text),
            ),
        fix: () => ({
          title: l10n.t('End it with a slash'),
          safety: isLegacy ? 'safe' : 'suggestion',
          edits: [insert(at.end, '/')],
        }),
      };
    }
  },
});

/** Not `x/`, `.`, `..`, `x/.` or `x/..`, and no variable in it. */
function isFileLike(text: string): boolean {
  const bare = text.replace(/^(["'])(.*)\1$/, '$2');
  return bare !== '' && !bare.includes('$') && !/["'`\\]/.test(bare) && !/(?:^|\/)(?:\.\.?)?$/.test(bare);
}

/** `COPY file:8b88… in /etc/motd`: a line of `docker history`, which programs that read Dockerfiles are given too. */
const isFromHistory = ([source, word]: readonly Word[]): boolean =>
  word?.text === 'in' && /^(?:file|dir|multi):[0-9a-f]{64}$/.test(source?.text ?? '');

/** The destination is a directory that an earlier step has surely made. */
function isThere(step: CopyStep): boolean {
  const path = step.destinationPath;
  return path !== null && (path === step.before.workdir || madeDirectories(step.stage, step.index).has(path));
}

/** What stands between the quotes of an exec-form string or a quoted word. */
function trimQuotes({ dockerfile: { text } }: Model, span: { start: number; end: number }) {
  const isQuoted = /^(["']).*\1$/s.test(text.slice(span.start, span.end));
  return isQuoted ? { start: span.start + 1, end: span.end - 1 } : span;
}
