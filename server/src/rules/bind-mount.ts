/** Mounting what a COPY would bring for one RUN that deletes it again: `RUN --mount=type=bind,source=…,target=…`. */
import * as l10n from '@vscode/l10n';
import { targetPath } from '../model/dependencies';
import type { CopyStep, Model, RunStep } from '../model/model';
import { directoriesOf, pathOf } from '../shell/directories';
import { removals } from '../shell/removals';
import type { ShellCommand, ShellScript, ShellWord } from '../shell/script';
import { insert, remove, removeInstruction } from './edits';
import type { Edit, FixResult } from './rule';

/** The suggestion to mount what `copy` brings into `run`, which is the only step that uses it and deletes it. */
export function mountInstead(model: Model, copy: CopyStep, run: RunStep): FixResult {
  const line = copy.instruction.line + 1;
  const stays = (reason: string) => ({
    refused: l10n.t('{0} on line {1} makes a layer that keeps the file: {2}.', copy.keyword, line, reason),
  });
  if (model.builder === 'legacy') return stays(l10n.t('the legacy builder has no bind mounts'));
  const source = mountSource(copy);
  if (source === null) return stays(l10n.t('only a single file or folder can be mounted in its place'));
  const between = run.stage.steps.slice(copy.index + 1, run.index);
  const name = source.target.slice(source.target.lastIndexOf('/') + 1);
  const user = between.find((step) => step.body.raw.includes(name));
  if (user) return stays(l10n.t('{0} on line {1} uses it too', user.keyword, user.instruction.line + 1));
  const [script] = run.scripts;
  const edits = script ? deletionEdits(run, script, source.target) : null;
  if (!script || !edits || run.isExec)
    return stays(l10n.t('its deletion cannot be taken out of RUN on line {0}', run.instruction.line + 1));
  const writable = script.commands.some(
    (command) =>
      /^(?:chmod|chown|sed|mv|dos2unix)$/.test(command.name ?? '') &&
      command.args.some((arg) => arg.unquoted.includes(name)),
  );
  const options = [
    'type=bind',
    ...(source.from === null ? [] : [`from=${source.from}`]),
    `source=${source.source}`,
    `target=${source.target}`,
    ...(writable ? ['rw'] : []),
  ];
  return {
    title: l10n.t('Mount `{0}` for this RUN instead of copying it', source.source),
    safety: 'suggestion',
    risk: l10n.t('The file is mounted under its own mode and owner, and nothing else may need it.'),
    edits: [
      removeInstruction(model.dockerfile, copy.instruction),
      insert(run.at(run.body.keywordSpan).end, ` --mount=${options.join(',')}`),
      ...edits,
    ],
    claims: [{ start: copy.instruction.span.start, end: run.instruction.span.end }],
  };
}

interface MountSource {
  readonly source: string;
  readonly target: string;
  readonly from: string | null;
}

function mountSource(copy: CopyStep): MountSource | null {
  const [source, ...others] = copy.sources;
  const destination = targetPath(copy);
  if (!source?.value || others.length > 0 || destination === null || copy.keyword === 'ADD') return null;
  if (/[*?[\s,"']/.test(source.value) || copy.body.heredocs.length > 0) return null;
  if (copy.body.flags.some((flag) => flag.name === 'parents' || flag.name === 'exclude')) return null;
  const parts = source.value.split('/').filter((part) => part !== '' && part !== '.');
  const name = parts.at(-1);
  if (!name || parts.includes('..')) return null;
  const path = source.text.replace(/^\.\//, '').replace(/\/+$/, '');
  // A name with an ending is taken for a file: that goes into a destination with a slash at its end, a folder becomes it.
  const target =
    destination.endsWith('/') && name.includes('.') ? `${destination}${name}` : destination.replace(/\/$/, '');
  return { source: path, target, from: copy.fromText };
}

/** Takes the deletion of a path out of a script: the operand, or the whole command with its `&&`; null where that is not possible. */
function deletionEdits(run: RunStep, script: ShellScript, target: string): Edit[] | null {
  const edits: Edit[] = [];
  for (const removal of removals(script)) {
    const { command, word } = removal;
    const path = removal.path?.startsWith('/') ? removal.path : absoluteOf(run, script, command, word);
    if (path !== target) continue;
    const operands = command.args.filter((arg) => !arg.unquoted.startsWith('-'));
    if (!word || command.name !== 'rm' || command.nesting !== 'top') return null;
    const span = operands.length === 1 ? commandWithOperator(script, command) : spanWithBlank(script, word);
    if (!span) return null;
    edits.push(remove(run.at(script.map.span(span.start, span.end))));
  }
  return edits.length === 1 ? edits : null;
}

function absoluteOf(run: RunStep, script: ShellScript, command: ShellCommand, word: ShellWord | null): string | null {
  const path = word && pathOf(word, directoriesOf(script).get(command) ?? null);
  const { workdir } = run.before;
  return path === null || workdir === null ? null : `${workdir.replace(/\/$/, '')}/${path}`;
}

interface TextSpan {
  readonly start: number;
  readonly end: number;
}

function spanWithBlank(script: ShellScript, word: ShellWord): TextSpan {
  let { start } = word;
  while (/\s/.test(script.text[start - 1] ?? '')) start--;
  return { start, end: word.end };
}

/** The command and the `&&` before it, or behind it where it is the first. */
function commandWithOperator(script: ShellScript, command: ShellCommand): TextSpan | null {
  const statement = script.statements[command.statement];
  if (!statement || statement.operators.some((operator) => operator !== '&&')) return null;
  const index = statement.pipelines.findIndex(
    (pipeline) => pipeline.start <= command.start && command.end <= pipeline.end,
  );
  const pipeline = statement.pipelines[index];
  if (!pipeline || pipeline.kinds.length !== 1 || pipeline.negated) return null;
  const before = statement.pipelines[index - 1];
  const after = statement.pipelines[index + 1];
  if (before) return { start: before.end, end: pipeline.end };
  return after ? { start: pipeline.start, end: after.start } : null;
}
