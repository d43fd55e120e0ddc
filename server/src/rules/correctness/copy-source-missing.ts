/** COPY or ADD of something that is not in the build context. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { isIgnored, parseIgnore } from '../../context/dockerignore';
import { ignoreRulesOf, isIncluded, matchSource, type SourceMatch } from '../../context/sources';
import type { CopyPath, CopyStep, Model } from '../../model/model';
import { replace } from '../edits';
import { nearestName } from '../nearest-name';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'copy-source-missing',
  category: 'correctness',
  severity: 'warning',
  scope: 'file',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'A `COPY` or `ADD` names a file or folder that is not in the build context. It is looked for only where the whole context is known: in the folder of the Dockerfile, the workspace, or what `--context` names.',
    why: 'The build stops there: the builder has nothing to copy. With a pattern that matches nothing, BuildKit stops or goes on without the file, depending on what else is copied from that folder.',
    fix: 'Correct the path; it is relative to the context and not to the Dockerfile. The quick fix names the nearest file.',
    ignore:
      'Where the file is made before the build. What build tools make (`dist`, `target`, `*.jar` …) and what `.gitignore` names is not missed.',
    references: [
      'https://docs.docker.com/build/concepts/context/',
      'https://docs.docker.com/reference/dockerfile/#source',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-slim
        WORKDIR /srv
        COPY pakage.json package-lock.json ./
             ^^^^^^^^^^^ warning copy-source-missing: \`pakage.json\` is not in the build context; did you mean \`package.json\`?
        RUN npm ci
      `,
      good: dockerfile`
        FROM node:22-slim
        WORKDIR /srv
        COPY package.json package-lock.json ./
        RUN npm ci
      `,
      files: { 'package.json': '{}', 'package-lock.json': '{}' },
    },
    {
      bad: dockerfile`
        FROM python:3.13-slim
        COPY ["./main.py", \
              # what it reads
              "Data Files/", "/srv/"]
              ^^^^^^^^^^^^^ warning copy-source-missing: \`Data Files/\` is not in the build context; did you mean \`data files/\`?
        ADD config/*.yaml /etc/tool/
            ^^^^^^^^^^^^^ warning copy-source-missing: \`config/*.yaml\` matches nothing in the build context.
      `,
      good: dockerfile`
        FROM python:3.13-slim
        COPY ["./main.py", \
              # what it reads
              "data files/", "/srv/"]
        ADD config/*.yaml /etc/tool/
      `,
      files: { 'main.py': '', 'data files/a.csv': '', 'config/tool.yml': '' },
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        COPY entrypoint.sh /
             ^^^^^^^^^^^^^ warning copy-source-missing: \`entrypoint.sh\` is not in the build context; did you mean \`docker/entrypoint.sh\`?
      `,
      good: dockerfile`
        FROM alpine:3.20
        COPY docker/entrypoint.sh /
      `,
      files: { 'docker/entrypoint.sh': '', 'main.c': '' },
    },
    {
      ok: dockerfile`
        FROM eclipse-temurin:21 AS build
        COPY pom.xml LICENSE* /src/
        FROM eclipse-temurin:21
        COPY --from=build /src/app.jar /app.jar
        COPY target/app.jar other.jar /srv/
        ADD https://example.com/notes.txt /notes.txt
        COPY <<motd /etc/motd
        Welcome
        motd
      `,
      because:
        'files of other stages, of the net and in here-documents are not in the context, a pattern beside a file may match nothing, and build tools make the jars',
      files: { 'pom.xml': '<project/>' },
    },
    {
      ok: dockerfile`
        FROM node:22-slim
        COPY package.json docker/entrypoint.sh /srv/
      `,
      because: 'the image is built from the folder above: this one is `docker`',
      files: { 'entrypoint.sh': '', 'nginx.conf': '' },
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        COPY secrets.json version.txt /etc/
      `,
      because: 'one is kept out by the .dockerignore, which is another finding, and one is made before the build',
      files: { '.dockerignore': 'secrets.json\n', '.gitignore': 'version.txt\n', 'main.c': '' },
    },
  ],
  *check({ model, context }) {
    if (!context?.complete || model.copies.length === 0) return;
    const missing = missingSources(model, context);
    if (missing.length === 0 || isOtherContext(model, context, missing)) return;
    for (const { step, source, match, proposal } of missing) {
      const text = quotable(source.text);
      yield {
        at: onOneLine(model.dockerfile, step.at(source.span)),
        message: match.isPattern
          ? l10n.t('`{0}` matches nothing in the build context.', text)
          : proposal === null
            ? l10n.t('`{0}` is not in the build context.', text)
            : l10n.t('`{0}` is not in the build context; did you mean `{1}`?', text, proposal),
        ...(proposal === null ? {} : { fix: () => useNearest(step, source, proposal) }),
      };
    }
  },
});

interface MissingSource {
  readonly step: CopyStep;
  readonly source: CopyPath;
  readonly match: SourceMatch;
  /** What may be meant, as it would be written there; null where nothing is near. */
  readonly proposal: string | null;
  /** The proposal stands beside it and has a similar name. */
  readonly isSimilar: boolean;
}

function missingSources(model: Model, context: BuildContext): readonly MissingSource[] {
  const missing: MissingSource[] = [];
  for (const step of model.copies) {
    if (!isOfContext(step)) continue;
    for (const source of step.sources) {
      const match = matchOf(step, source, context);
      if (!match || match.path === '' || match.matched.length + match.ignored.length > 0 || !match.certain) continue;
      // `COPY app.py optional* ./` is how people copy what may not be there.
      if (match.isPattern && step.sources.length > 1) continue;
      if (isIgnored(ignoreRulesOf(context), match.path) || isMadeBefore(match.path, context)) continue;
      const near = match.isPattern ? null : nearest(source, match.path, context);
      missing.push({ step, source, match, proposal: near?.text ?? null, isSimilar: near?.isSimilar ?? false });
    }
  }
  return missing;
}

const isOfContext = ({ fromText, stage }: CopyStep): boolean => fromText === null && !stage.isWindows;

function matchOf(step: CopyStep, { value }: CopyPath, context: BuildContext): SourceMatch | null {
  if (value === null || value === '' || value.includes('$')) return null;
  const isRemote = /^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/)|\.git(?:#|$)/.test(value);
  return step.keyword === 'ADD' && isRemote ? null : matchSource(context, value);
}

/**
 * Whether the folder at hand is not the one that the image is built from: nothing in it but Dockerfiles, several sources
 * and none of them there, or a source that begins with folders above this one. A typing error has something near it.
 */
function isOtherContext(model: Model, context: BuildContext, missing: readonly MissingSource[]): boolean {
  const isFound = model.copies.some(
    (step) =>
      isOfContext(step) &&
      step.sources.some((source) => {
        const match = matchOf(step, source, context);
        return match !== null && match.path !== '' && match.matched.length > 0;
      }),
  );
  if (isFound) return false;
  if (missing.some(({ match }) => tailsOf(match.path).some((tail) => context.entries.has(tail)))) return true;
  if (missing.some(({ isSimilar }) => isSimilar)) return false;
  if (missing.length > 1) return true;
  const own =
    /(?:^|\/)(?:[^/]*[Dd]ockerfile[^/]*|[^/]*[Cc]ontainerfile[^/]*|\.[^/]*|README[^/]*|[^/]*compose[^/]*\.ya?ml)$/;
  for (const [path, entry] of context.entries) if (entry.type !== 'directory' && !own.test(path)) return false;
  return true;
}

/** A path without its first folders: `docker/app/run.sh` has `app/run.sh` and `run.sh`. */
function tailsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(index + 1).join('/'));
}

/** Folders and files that build tools make, by convention, and what the project's `.gitignore` leaves to them. */
function isMadeBefore(path: string, context: BuildContext): boolean {
  if (
    /(?:^|\/)(?:target|dist|build|out|output|bin|obj|publish|release|releases|artifacts?|node_modules|vendor|_build|_output|\.next|\.output|\.nuxt|public|wheels?|wheelhouse|coverage|generated)(?:\/|$)/i.test(
      path,
    )
  )
    return true;
  if (
    /\.(?:jar|war|ear|whl|egg|tgz|tar|tar\.\w+|zip|deb|rpm|apk|exe|dll|so|so\.\d+|a|gem|nupkg|bin|pem|crt|cer|key|pub|env|min\.js|min\.css)$/i.test(
      path,
    )
  )
    return true;
  if (/(?:^|\/)(?:\.env[^/]*|\.npmrc|id_rsa|\.netrc|VERSION|version\.txt|BUILD_INFO)$/i.test(path)) return true;
  const ignored = context.text('.gitignore');
  if (ignored === undefined) return false;
  // A line without a slash holds at every depth.
  const rules = parseIgnore(ignored.replace(/^(!?)(?!#)([^/\s]+)\/?[ \t]*$/gm, '$1**/$2'));
  return isIgnored(rules, path);
}

interface Proposal {
  readonly text: string;
  readonly isSimilar: boolean;
}

/** Proposals of a context by the source as it is written: the whole context is looked through for one. */
const proposals = new WeakMap<BuildContext, Map<string, Proposal | null>>();

function nearest(source: CopyPath, path: string, context: BuildContext): Proposal | null {
  const known = proposals.get(context) ?? new Map<string, Proposal | null>();
  proposals.set(context, known);
  const key = `${source.text}\n${source.value}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const proposal = findNearest(source, path, context);
  if (known.size > 1000) known.clear();
  known.set(key, proposal);
  return proposal;
}

/** The entry that may be meant: a similar name in the same folder, or the same name in one other folder. */
function findNearest(source: CopyPath, path: string, context: BuildContext): Proposal | null {
  const slash = path.lastIndexOf('/');
  const folder = path.slice(0, slash + 1);
  const name = path.slice(slash + 1);
  const wantsFolder = source.text.endsWith('/');
  const siblings: string[] = [];
  const sameNames: string[] = [];
  for (const [entry, { type }] of context.entries) {
    if (wantsFolder && type === 'file') continue;
    const at = entry.lastIndexOf('/') + 1;
    if (!isIncluded(context, entry)) continue;
    if (entry.slice(0, at) === folder) siblings.push(entry.slice(at));
    if (entry.slice(at) === name && type !== 'directory') sameNames.push(entry);
  }
  const similar = nearestName(name, siblings);
  const found = similar !== undefined ? folder + similar : sameNames.length === 1 ? sameNames[0] : undefined;
  if (found === undefined || found === path) return null;
  const head = /^(?:\.?\/)?/.exec(source.value ?? '')?.[0] ?? '';
  return { text: `${head}${found}${wantsFolder ? '/' : ''}`, isSimilar: similar !== undefined };
}

function useNearest(step: CopyStep, source: CopyPath, proposal: string): FixResult {
  const written = step.body.raw.slice(source.span.from, source.span.to);
  const quote = /^["']/.exec(written)?.[0] ?? '';
  const bare = quote ? written.slice(1, -1) : written;
  if (bare !== source.value || (!quote && /[\s"'\\`$]/.test(proposal)) || /["\\`$]/.test(proposal))
    return { refused: l10n.t('`{0}` holds variables or escapes.', quotable(source.text)) };
  return {
    title: l10n.t('Copy `{0}`', quotable(proposal)),
    safety: 'suggestion',
    edits: [replace(step.at(source.span), `${quote}${proposal}${quote}`)],
    risk: l10n.t('The file may be one that is made before the build.'),
  };
}
