/** The same files copied to the same place twice. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { isSurelyFile, swapRefusal, targetPath } from '../../model/dependencies';
import { madeDirectories } from '../../model/directories';
import type { CopyStep, RunStep, Stage, Step } from '../../model/model';
import { normalizePath } from '../../model/paths';
import { removeInstruction } from '../edits';
import { quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'duplicate-copy',
  category: 'size',
  severity: 'info',
  keywords: ['COPY', 'ADD'],
  aliases: [],
  fix: 'safe',
  order: 35,
  docs: {
    what: 'Two `COPY` (or `ADD`) instructions of a stage put the same files in the same place, and nothing between them uses the files.',
    why: 'Every `COPY` is a layer of its own. The files are stored, pushed and pulled twice.',
    fix: 'Keep one. The quick fix removes the one that makes no difference. Where a `RUN` stands between the two that may have changed the files, it is a suggestion.',
    ignore: 'When the second one is meant to undo what a command between changed.',
    references: ['https://docs.docker.com/build/cache/optimize/', 'https://docs.docker.com/reference/dockerfile/#copy'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.12-slim
        WORKDIR /app
        COPY requirements.txt ./
        ^^^^ info duplicate-copy: The COPY on line 4 brings \`requirements.txt\` to the same place: this layer stores it a second time.
        COPY . .
        RUN pip install -r requirements.txt
      `,
      good: dockerfile`
        FROM python:3.12-slim
        WORKDIR /app
        COPY . .
        RUN pip install -r requirements.txt
      `,
    },
    {
      bad: dockerfile`
        FROM nginx:1.27
        COPY site/ /usr/share/nginx/html/
        COPY nginx.conf /etc/nginx/nginx.conf
        EXPOSE 80
        COPY site/ /usr/share/nginx/html/
        ^^^^ info duplicate-copy
      `,
      good: dockerfile`
        FROM nginx:1.27
        COPY site/ /usr/share/nginx/html/
        COPY nginx.conf /etc/nginx/nginx.conf
        EXPOSE 80
      `,
    },
    {
      ok: dockerfile`
        FROM node:20
        WORKDIR /app
        COPY package.json package-lock.json ./
        RUN npm ci
        COPY . .
      `,
      because: 'the install between them uses the first one',
    },
    {
      ok: dockerfile`
        FROM node:20
        COPY --chown=node app/ /srv/app/
        COPY app/ /srv/app/
      `,
      because: 'the second one gives the files another owner',
    },
  ],
  *check({ model, context }) {
    for (const stage of model.stages) {
      if (stage.isWindows) continue;
      for (const { dead, kept } of duplicatesIn(stage, context)) {
        const line = kept.instruction.line + 1;
        const sources = dead.sources.map((source) => source.text).join(' ');
        yield {
          at: dead.at(dead.body.keywordSpan),
          message: l10n.t(
            'The {0} on line {1} brings `{2}` to the same place: this layer stores it a second time.',
            kept.keyword,
            line,
            quotable(sources),
          ),
          tags: ['unnecessary'],
          related: [
            { at: kept.at(kept.body.keywordSpan), message: l10n.t('The same files go to the same place here.') },
          ],
          fix: () => dropCopy(stage, dead, kept, removeInstruction(model.dockerfile, dead.instruction).span),
        };
      }
    }
  },
});

interface Duplicate {
  readonly dead: CopyStep;
  readonly kept: CopyStep;
}

function* duplicatesIn(stage: Stage, context: BuildContext | null): Generator<Duplicate> {
  const copies = stage.steps
    .filter((step) => step.keyword === 'COPY' || step.keyword === 'ADD')
    .map((step) => step as CopyStep);
  for (const [index, later] of copies.entries()) {
    const earlier = copies.slice(0, index).reverse();
    const same = earlier.find((copy) => isSameCopy(copy, later));
    if (same) {
      if (!isRestoring(stage, same, later)) yield { dead: later, kept: same };
      continue;
    }
    for (const copy of earlier)
      if (
        isPartOf(copy, later, context) &&
        betweenOf(stage, copy, later).every((step) => swapRefusal(copy, step) === null)
      )
        yield { dead: copy, kept: later };
  }
}

const betweenOf = (stage: Stage, first: Step, second: Step): readonly Step[] =>
  stage.steps.slice(first.index + 1, second.index);

const flagsOf = (copy: CopyStep): string =>
  copy.body.flags
    .map((flag) => `${flag.name}=${flag.value ?? ''}`)
    .sort()
    .join(' ');

/** The same text, after expansion, to the same absolute place. */
function isSameCopy(first: CopyStep, second: CopyStep): boolean {
  if (first.keyword !== second.keyword || flagsOf(first) !== flagsOf(second)) return false;
  if (first.body.heredocs.length > 0 || second.body.heredocs.length > 0 || first.sources.length === 0) return false;
  const target = targetPath(first);
  if (target === null || target !== targetPath(second)) return false;
  const sources = (copy: CopyStep) => copy.sources.map((source) => source.value);
  return !sources(first).includes(null) && sources(first).join('\0') === sources(second).join('\0');
}

/** Whether a RUN between surely changes files, so that the second copy is there to bring them back. */
function isRestoring(stage: Stage, first: CopyStep, second: CopyStep): boolean {
  return betweenOf(stage, first, second).some((step) => {
    if (step.keyword === 'COPY' || step.keyword === 'ADD') return swapRefusal(step, second) !== null;
    if (step.keyword !== 'RUN') return false;
    return (step as RunStep).scripts.some((script) =>
      script.commands.some((command) => /^(?:rm|mv|sed|git|patch|find|perl)$/.test(command.name ?? '')),
    );
  });
}

/** Whether every file of the first copy is brought to the same place by the second one, which copies a folder around it. */
function isPartOf(part: CopyStep, whole: CopyStep, context: BuildContext | null): boolean {
  if (part.keyword !== 'COPY' || whole.keyword !== 'COPY' || flagsOf(part) !== flagsOf(whole)) return false;
  if (part.body.heredocs.length > 0 || whole.sources.length !== 1 || whole.body.heredocs.length > 0) return false;
  if (part.body.flags.some((flag) => flag.name !== 'chown' && flag.name !== 'chmod' && flag.name !== 'from'))
    return false;
  // A folder that only the second copy makes would get the mode of its source.
  const made = madeDirectories(part.stage, part.index);
  const folder = folderSource(whole, context);
  const target = targetPath(part);
  const wholeTarget = targetPath(whole);
  if (folder === null || target === null || wholeTarget === null) return false;
  if (wholeTarget !== '/' && !made.has(normalizePath(wholeTarget))) return false;
  return part.sources.every((source) => {
    if (source.value === null || !isSurelyFile(part, source, context)) return false;
    const path = sourcePath(source.value);
    if (folder !== '' && !path.startsWith(`${folder}/`)) return false;
    const below = folder === '' ? path : path.slice(folder.length + 1);
    const name = below.slice(below.lastIndexOf('/') + 1);
    const goal = target.endsWith('/') || part.sources.length > 1 ? `${normalizePath(target)}/${name}` : target;
    return normalizePath(goal) === normalizePath(`${wholeTarget}/${below}`);
  });
}

const sourcePath = (value: string): string => normalizePath(`/${value}`).slice(1);

/** The folder that a COPY takes whole; '' for the root of the context; null where the source may be a file. */
function folderSource(copy: CopyStep, context: BuildContext | null): string | null {
  const value = copy.sources[0]?.value ?? null;
  if (value === null || /[*?[]/.test(value) || value.includes('..')) return null;
  const path = sourcePath(value);
  if (path === '') return copy.fromText === null || value === '/' ? '' : null;
  const isFolder =
    value.endsWith('/') ||
    value.endsWith('/.') ||
    (copy.fromText === null && context?.entries.get(path)?.type === 'directory');
  return isFolder ? path : null;
}

function dropCopy(stage: Stage, dead: CopyStep, kept: CopyStep, span: { start: number; end: number }): FixResult {
  const [first, second] = dead.index < kept.index ? [dead, kept] : [kept, dead];
  const between = betweenOf(stage, first, second);
  const refusal = between
    .map((step) => (dead === second ? swapRefusal(step, dead) : swapRefusal(dead, step)))
    .find((reason) => reason !== null);
  return {
    title: l10n.t('Remove the {0} that makes no difference', dead.keyword),
    safety: refusal === undefined ? 'safe' : 'suggestion',
    ...(refusal === undefined
      ? {}
      : { risk: l10n.t('What stands between the two may change the files: {0}', refusal ?? '') }),
    edits: [{ span, newText: '' }],
    claims: [{ start: first.instruction.span.start, end: second.instruction.span.end }],
  };
}
