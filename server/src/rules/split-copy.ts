/** Splitting the COPY of a project's source: manifests first, then the install, then the rest. */
import * as l10n from '@vscode/l10n';
import { copiesAreApart, swapRefusal, targetPath } from '../model/dependencies';
import { madeDirectories } from '../model/directories';
import { hasFlag } from '../model/ecosystems';
import type { CopyStep, RunStep, Step } from '../model/model';
import { normalizePath } from '../model/paths';
import type { SourceInstall } from '../model/source-installs';
import { removals } from '../shell/removals';
import type { ShellCommand, ShellScript } from '../shell/script';
import type { Dockerfile } from '../syntax/tree';
import { indentOf, insert, keywordLike, replace } from './edits';
import { removeWithComments, startWithComments, textWithComments } from './move';
import type { Edit, FixResult } from './rule';

/** The fix for an install that stands behind a copy of the whole source. */
export function splitCopy(file: Dockerfile, found: SourceInstall): FixResult {
  const { copy, run, need } = found;
  const line = run.instruction.line + 1;
  const between = run.stage.steps.slice(copy.index + 1, run.index);
  for (const step of between) {
    const refusal = passRefusal(copy, step);
    if (refusal !== null) return { refused: refusal };
  }
  if (need.manager === 'composer' && need.asks === 'scripts' && !hasFlag(found.call, '--no-scripts'))
    return {
      refused: l10n.t(
        'The install runs scripts of composer.json, which may need the source: install with `--no-scripts --no-autoloader` above the COPY, and run `composer dump-autoload` below it.',
      ),
    };
  const cut = need.fetch === null ? cutOf(run, found) : 'whole';
  if (cut === null) return { refused: l10n.t('RUN on line {0} does more than install, and cannot be split.', line) };
  const moved = textWithComments(file, copy.instruction);
  const indent = indentOf(file, run.instruction);
  const lines: string[] = [];
  const edits: Edit[] = [];
  if (!found.isProvided) lines.push(...manifestCopies(found));
  const place = { start: startWithComments(copy.instruction), end: copy.instruction.span.end };
  edits.push(
    lines.length > 0
      ? replace(place, lines.join(file.eol + indentOf(file, copy.instruction)))
      : removeWithComments(file, copy.instruction),
  );
  if (need.fetch !== null) {
    const fetch = `${keywordLike(run.instruction, 'RUN')} ${mountsOf(run)}${fetchCommand(found)}`;
    edits.push(insert(startWithComments(run.instruction), `${fetch}${file.eol}${indent}${moved}${file.eol}${indent}`));
  } else if (cut === 'whole') {
    edits.push(insert(run.instruction.span.end, `${file.eol}${indent}${moved}`));
  } else {
    const keyword = keywordLike(run.instruction, 'RUN');
    const flags = run.body.flags.map((flag) => `${run.body.raw.slice(flag.span.from, flag.span.to)} `).join('');
    edits.push(replace(cut, `${file.eol}${indent}${moved}${file.eol}${indent}${keyword} ${flags}`));
  }
  const isSafe = need.isProven && cut === 'whole' && need.fetch === null && (found.isProvided || isTargetMade(copy));
  return {
    title: l10n.t(
      'Copy {0} first, install, then copy the rest',
      need.files.map((name) => name.replace(/\*$/, '')).join(', '),
    ),
    safety: isSafe ? 'safe' : 'suggestion',
    ...(isSafe ? {} : { risk: riskOf(found) }),
    edits,
    claims: [{ start: copy.instruction.span.start, end: run.instruction.span.end }],
  };
}

function riskOf({ need }: SourceInstall): string {
  if (!need.isExact) return l10n.t('The install must need nothing else of the project: no scripts, no local packages.');
  if (need.fetch !== null) return l10n.t('`{0}` must be able to run without the source.', need.fetch);
  if (need.asks === 'scripts' && need.manager !== 'composer')
    return l10n.t('The install runs scripts of package.json, which may need the source.');
  return l10n.t('The install may write files that the later copy replaces.');
}

/** Whether the destination is there: a folder that a COPY makes gets the mode of its source, one made for a file does not. */
function isTargetMade(copy: CopyStep): boolean {
  const target = targetPath(copy);
  return target !== null && (target === '/' || madeDirectories(copy.stage, copy.index).has(normalizePath(target)));
}

/** Whether the copy can go below a step that stands between it and the install. */
function passRefusal(copy: CopyStep, step: Step): string | null {
  const refusal = swapRefusal(copy, step);
  if (refusal === null || (step.keyword !== 'COPY' && step.keyword !== 'ADD')) return refusal;
  // Files that the source has too are the same whichever comes first.
  const other = step as CopyStep;
  const isOfSource = other.fromText === null && other.sources.every((source) => isWithinSource(copy, source.value));
  return isOfSource && !copiesAreApart(copy, other) ? null : refusal;
}

function isWithinSource(copy: CopyStep, value: string | null): boolean {
  const folder = (copy.sources[0]?.value ?? '').replace(/^\.?\/*/, '').replace(/\/*\.?$/, '');
  return (
    value !== null && !value.includes('..') && (folder === '' || value.replace(/^\.?\/*/, '').startsWith(`${folder}/`))
  );
}

/** The COPYs of the manifests: one for the files of each folder, one for each folder. */
function manifestCopies({ copy, contextFiles, source }: SourceInstall): string[] {
  const keyword = keywordLike(copy.instruction, 'COPY');
  const flags = copy.body.flags.map((flag) => `${copy.body.raw.slice(flag.span.from, flag.span.to)} `).join('');
  const root = (source.value ?? '').replace(/^(?:\.?\/)+|^\.$/, '').replace(/\/*\.?$/, '');
  const destination = (copy.destination?.text ?? '.').replace(/\/*$/, '') || '';
  const folders = new Map<string, string[]>();
  for (const file of contextFiles) {
    const own = root === '' ? file : file.slice(root.length + 1);
    const parts = own.replace(/\/$/, '').split('/');
    const folder = file.endsWith('/')
      ? own
      : parts
          .slice(0, -1)
          .map((part) => `${part}/`)
          .join('');
    const key = file.endsWith('/') ? `${folder}|` : folder;
    folders.set(key, [...(folders.get(key) ?? []), file.endsWith('/') ? file.replace(/\/$/, '') : file]);
  }
  return [...folders].map(
    ([key, files]) => `${keyword} ${flags}${files.join(' ')} ${destination}/${key.replace('|', '')}`,
  );
}

/** Cache mounts serve the fetch as well. */
function mountsOf(run: RunStep): string {
  return run.body.flags
    .filter((flag) => flag.name === 'mount' || flag.name === 'network')
    .map((flag) => `${run.body.raw.slice(flag.span.from, flag.span.to)} `)
    .join('');
}

/** The fetch, in the folder of the build. */
function fetchCommand({ need, below, call }: SourceInstall): string {
  const program = call.command.nameWord?.unquoted ?? '';
  const fetch = program.includes('/') ? (need.fetch ?? '').replace(/^\S+/, program) : (need.fetch ?? '');
  const target = need.manager === 'cargo' ? `mkdir -p src && touch src/lib.rs && ${fetch} && rm -r src` : fetch;
  return below === '' ? target : `cd ${below} && ${target}`;
}

/** `whole` where all of a RUN can run before the source is there, the span between install and the rest where it can be cut there. */
function cutOf(run: RunStep, { call }: SourceInstall): 'whole' | { start: number; end: number } | null {
  const [script] = run.scripts;
  if (!script) return null;
  const calls = new Map(run.calls().map((one) => [one.command, one]));
  const needsNoSource = (command: ShellCommand): boolean => {
    if (command === call.command || command.quoted) return true;
    const other = calls.get(command);
    if (other)
      return (
        /^(?:install|upgrade|update-index|remove|clean|configure)$/.test(other.action) &&
        other.packages.every((operand) => !operand.isFile)
      );
    if (quiet.has(command.name ?? '')) return true;
    return (
      removals(script).some((removal) => removal.command === command) &&
      command.args.every((arg) => !/^\.?$/.test(arg.unquoted))
    );
  };
  if (script.commands.every((command) => needsNoSource(command) || command === call.command)) return 'whole';
  const [statement] = script.statements;
  if (!statement || script.statements.length !== 1 || statement.operators.some((operator) => operator !== '&&'))
    return null;
  const index = statement.pipelines.findIndex(
    (pipeline) => pipeline.start <= call.command.start && call.command.end <= pipeline.end,
  );
  const before = statement.pipelines[index];
  const after = statement.pipelines[index + 1];
  if (!before || !after) return null;
  const early = script.commands.filter((command) => command.end <= before.end);
  // What is set in the first part would be missing in the second.
  if (
    !early.every(
      (command) =>
        needsNoSource(command) &&
        !/^(?:cd|export|set|umask)$/.test(command.name ?? '') &&
        (command.nameWord || command.assignments.length === 0),
    )
  )
    return null;
  const span = spanOf(run, script, before.end, after.start);
  return run.body.innerComments.some(
    (comment) => run.at(comment).start >= span.start && run.at(comment).end <= span.end,
  )
    ? null
    : span;
}

const quiet = new Set(
  'echo printf true : set export mkdir cd test [ sleep pwd ls date which env npm-config corepack'.split(' '),
);

function spanOf(run: RunStep, script: ShellScript, from: number, to: number): { start: number; end: number } {
  return { start: run.at(script.map.span(from - 1, from)).end, end: run.at(script.map.span(to, to + 1)).start };
}
