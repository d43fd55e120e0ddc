/** ADD where COPY does the same and says so. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { matchSource } from '../../context/sources';
import type { CopyStep, Step } from '../../model/model';
import { expandIn } from '../../model/variables';
import type { Flag, InstructionBody } from '../../syntax/tree';
import { replace } from '../edits';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'add-instead-of-copy',
  category: 'style',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['ADD', 'ONBUILD'],
  aliases: ['DL3020', 'S7029'],
  fix: 'safe',
  docs: {
    what: '`ADD` takes files or directories of the build context that are no archives.',
    why: '`ADD` also downloads and unpacks: whoever reads it has to work out whether it does so here, and a file that becomes an archive one day (Docker looks at its content, not at its name) is suddenly unpacked. `COPY` copies, and nothing else.',
    fix: 'Write `COPY`. The quick fix does so; where the build context shows that no source is an archive, the image is the same. Keep `ADD` for URLs, Git repositories and local archives that are to be unpacked.',
    ignore: 'Where a source that is not there yet will be an archive to unpack.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#add-or-copy',
      'https://docs.docker.com/reference/dockerfile/#add',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-alpine
        WORKDIR /srv
        ADD --chown=node package.json server.js \
        ^^^ warning add-instead-of-copy: ADD could unpack or download; for \`package.json\` and the like COPY says what happens.
            # where the program starts
            ./
      `,
      good: dockerfile`
        FROM node:22-alpine
        WORKDIR /srv
        COPY --chown=node package.json server.js \
            # where the program starts
            ./
      `,
      files: { 'package.json': '{}', 'server.js': '' },
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        add . /src
        ^^^ warning add-instead-of-copy
        ADD <<EOF /etc/motd
        ^^^ warning add-instead-of-copy
        Welcome
        EOF
      `,
      good: dockerfile`
        FROM alpine:3.20
        copy . /src
        COPY <<EOF /etc/motd
        Welcome
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        ADD conf /etc/service/
        ^^^ warning add-instead-of-copy
        ADD ["my page.html", "/www/"]
        ^^^ warning add-instead-of-copy
        ADD --chmod=644 *.txt /texts/
        ^^^ warning add-instead-of-copy
      `,
      good: dockerfile`
        FROM alpine:3.20
        COPY conf /etc/service/
        COPY ["my page.html", "/www/"]
        COPY --chmod=644 *.txt /texts/
      `,
      files: {
        'conf/a.conf': 'a=1',
        'conf/b.tar.gz': '\x1f\x8b',
        'my page.html': '<p>',
        'one.txt': '1',
        'two.txt': '2',
      },
      because: 'archives inside a directory are copied as they are by ADD, too',
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        WORKDIR /srv
        ADD release.tar.gz \
        ^^^ warning add-instead-of-copy
            # only named like an archive
            ./
      `,
      good: dockerfile`
        FROM alpine:3.20
        WORKDIR /srv
        COPY release.tar.gz \
            # only named like an archive
            ./
      `,
      files: { 'release.tar.gz': 'see the release page' },
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        ADD rootfs.tar.xz /
        ADD https://example.com/tool.txt /tool.txt
        ADD --keep-git-dir=true https://github.com/example/project.git#v1 /src
        ADD git@github.com:example/project.git /src
      `,
      because: 'an archive is unpacked, and the others are downloaded',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        ADD layer \
            # an archive whose name does not tell
            /
        COPY package.json ./
      `,
      because: 'the content of the file is what counts',
      files: { layer: '\x1f\x8b', 'package.json': '{}' },
    },
  ],
  *check({ model, context }) {
    for (const step of model.steps) {
      const body = step.body.trigger ?? step.body;
      if (body.known !== 'ADD' || needsAdd(body.flags)) continue;
      const sources = sourcesOf(step, body);
      if (sources.length === 0 && body.heredocs.length === 0) continue;
      const verdicts = sources.map((source) => judge(source, context));
      if (verdicts.includes('add')) continue;
      const isCertain = body === step.body && !verdicts.includes('unsure');
      yield {
        at: step.at(body.keywordSpan),
        message: l10n.t(
          'ADD could unpack or download; for `{0}` and the like COPY says what happens.',
          sources[0]?.text ?? body.heredocs[0]?.name ?? '',
        ),
        fix: () => asCopy(step, body, isCertain),
      };
    }
  },
});

/** Options that only ADD has: whoever writes one wants it. */
function needsAdd(flags: readonly Flag[]): boolean {
  return flags.some(({ name }) => name === 'checksum' || name === 'keep-git-dir' || name === 'unpack');
}

interface Source {
  readonly text: string;
  readonly value: string | null;
}

function sourcesOf(step: Step, body: InstructionBody): readonly Source[] {
  if (body === step.body) return (step as CopyStep).sources;
  const words = body.json ?? body.words;
  const heredocs = new Set(body.heredocs.map((heredoc) => heredoc.span.from));
  return words
    .slice(0, -1)
    .filter((word) => !heredocs.has(word.span.from))
    .map(({ text }) => ({ text, value: expandIn(text, step.before.scope, body.escape) }));
}

const archiveName = /\.(?:tar|tgz|tbz2?|txz|tzst|t?gz|bz2|xz|zst|lzma|Z)$|\.tar\./i;
const remote = /^(?:https?|ftp|git|ssh|s3):\/\/|^git@|\.git(?:[#:?].*)?$/i;

/** `add`: ADD may well be meant; `copy`: surely nothing to unpack; `unsure`: nobody knows. */
function judge({ text, value }: Source, context: BuildContext | null): 'add' | 'copy' | 'unsure' {
  if (remote.test(value ?? text)) return 'add';
  if (value === null) return judgeUnknown(text);
  const found = context ? matchSource(context, value) : null;
  if (!context || !found || found.matched.length === 0) return archiveName.test(value) ? 'add' : 'unsure';
  const kinds = found.matched.map((path) => {
    const entry = path === '' ? undefined : context.entries.get(path);
    // Archives inside a directory are copied as they are.
    if (path === '' || entry?.type === 'directory') return false;
    return entry?.type === 'file' ? entry.archive : undefined;
  });
  if (kinds.includes(true)) return 'add';
  if (!kinds.includes(undefined)) return found.isPattern && !found.certain ? 'unsure' : 'copy';
  return archiveName.test(value) ? 'add' : 'unsure';
}

/** A variable that begins the source may hold an address, or what its name says. */
function judgeUnknown(text: string): 'add' | 'unsure' {
  if (archiveName.test(text)) return 'add';
  const leading = /^"?\$\{?(\w+)/.exec(text)?.[1] ?? '';
  return /UR[LI]|LINK|MIRROR|REPO|TAR|TGZ|ARCHIVE|ROOTFS|DOWNLOAD|RELEASE|TARBALL|ZIP|BUNDLE/i.test(leading)
    ? 'add'
    : 'unsure';
}

function asCopy(step: Step, body: InstructionBody, isCertain: boolean): FixResult {
  const at = step.at(body.keywordSpan);
  const written = step.body.raw.slice(body.keywordSpan.from, body.keywordSpan.to);
  const edits = [replace(at, written === written.toLowerCase() ? 'copy' : 'COPY')];
  const title = l10n.t('Use COPY');
  if (isCertain) return { title, safety: 'safe', edits };
  return {
    title,
    safety: 'suggestion',
    edits,
    risk: l10n.t('An archive among the sources would not be unpacked any more.'),
  };
}
