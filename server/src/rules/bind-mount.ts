/** Mounting what a COPY would bring for one RUN that deletes it again: `RUN --mount=type=bind,source=…,target=…`. */
import * as l10n from '@vscode/l10n';
import { targetPath } from '../model/dependencies';
import type { CopyStep, Model, RunStep } from '../model/model';
import { directoriesOf, pathOf } from '../shell/directories';
import { removals } from '../shell/removals';
import type { ShellCommand, ShellScript, ShellWord } from '../shell/script';
import { droppableSpan, wordWithBlanks } from './drop-command';
import { editsTouch, insert, remove, removeInstruction } from './edits';
import { mergeRuns } from './merge';
import type { Edit, Fix } from './rule';

/**
 * The suggestion to mount what `copy` brings into `run`, which deletes it. RUNs between that use it too are merged with it.
 * Null where that does not work.
 */
export function mountInstead(model: Model, copy: CopyStep, run: RunStep): Fix | null {
  const source = mountSource(copy);
  const [script] = run.scripts;
  if (model.builder === 'legacy' || source === null || !script || run.isExec) return null;
  const name = source.target.slice(source.target.lastIndexOf('/') + 1);
  const users = usersOf(copy, run, name);
  const deletion = deletionEdits(run, script, source.target);
  const merge = users && (users.length > 1 ? mergeRuns(model.dockerfile, users) : { edits: [] });
  const first = users?.[0];
  if (!first || !deletion || !merge || 'refused' in merge) return null;
  const edits = [...merge.edits, ...deletion];
  if (merge.edits.some((edit) => deletion.some((other) => editsTouch(edit.span, other.span)))) return null;
  const options = [
    'type=bind',
    ...(source.from === null ? [] : [`from=${source.from}`]),
    `source=${source.source}`,
    `target=${source.target}`,
    ...(users.some((user) => changesFile(user, name)) ? ['rw'] : []),
  ];
  return {
    title: l10n.t('Mount `{0}` for this RUN instead of copying it', source.source),
    safety: 'suggestion',
    risk: l10n.t('The file is mounted under its own mode and owner, and nothing else may need it.'),
    edits: [
      removeInstruction(model.dockerfile, copy.instruction),
      insert(first.at(first.body.keywordSpan).end, ` --mount=${options.join(',')}`),
      ...edits,
    ],
    claims: [{ start: copy.instruction.span.start, end: run.instruction.span.end }],
  };
}

/** The RUNs from the first that names the file to the one that deletes it; null where something else stands among them. */
function usersOf(copy: CopyStep, run: RunStep, name: string): readonly RunStep[] | null {
  const steps = run.stage.steps.slice(copy.index + 1, run.index + 1);
  const first = steps.findIndex((step) => step === run || step.body.raw.includes(name));
  const users = steps.slice(first);
  return users.every((step) => step.keyword === 'RUN') ? users.map((step) => step as RunStep) : null;
}

/** Whether a RUN writes to the file: mounts are read-only otherwise. */
function changesFile(run: RunStep, name: string): boolean {
  return run.scripts.some((script) =>
    script.commands.some(
      (command) =>
        /^(?:chmod|chown|sed|mv|dos2unix|patch|tee)$/.test(command.name ?? '') &&
        command.args.some((arg) => arg.unquoted.includes(name)),
    ),
  );
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
    const span = operands.length === 1 ? droppableSpan(script, command) : wordWithBlanks(script, word);
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
