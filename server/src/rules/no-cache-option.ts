/** Tells package managers not to cache: `apk add --no-cache`, `pip install --no-cache-dir`. */
import * as l10n from '@vscode/l10n';
import { apkCache, fetchesIndex, laterIndexReaders, needsIndex } from '../model/apk-index';
import type { Model, RunStep, Step } from '../model/model';
import type { KeptCache } from '../model/package-cache';
import { packageCalls } from '../shell/package-calls';
import type { PackageCall } from '../shell/packages';
import type { ShellScript } from '../shell/script';
import { appendCommand } from './append-command';
import { replace } from './edits';
import { insertOption } from './insert-option';
import { removeCommand } from './remove-command';
import type { Edit, FixResult } from './rule';

/** `--no-cache-dir` for every pip install of a RUN. */
export function pipWithoutCache(run: RunStep, kept: KeptCache): FixResult {
  const edits = kept.calls.map((call) => insertOption(run, kept.script, call.nameSpan, '--no-cache-dir'));
  const title = l10n.t('Add `{0}`', '--no-cache-dir');
  const image = run.stage.rootImage;
  const isOld =
    (image?.name === 'ubuntu' && /^(?:1[0-4]\.|trusty|precise)/.test(image.tag ?? '')) ||
    (image?.name === 'debian' && /^(?:[678]\b|jessie|wheezy|squeeze)/.test(image.tag ?? ''));
  if (isOld)
    return {
      title,
      safety: 'suggestion',
      edits,
      risk: l10n.t('The pip that `{0}` brings is older than this option.', image?.text ?? ''),
    };
  return { title, safety: 'safe', edits };
}

/** Options that `--no-cache` makes superfluous: with it the index is fetched anew each time. */
const updating = new Set(['-U', '--update', '--update-cache']);

/**
 * `--no-cache` for every install of apk in a RUN, and for those in later RUNs that relied on its index; an `apk update`
 * that nothing needs any more goes. Where the index has another reader, it is deleted at the end instead.
 */
export function apkWithoutCache(model: Model, run: RunStep, script: ShellScript): FixResult {
  const calls = packageCalls(script).filter((call) => call.manager === 'apk');
  const later = laterIndexReaders(model, run);
  const canAll = [...calls.filter(needsIndex), ...later.map((one) => one.call)].every(takesNoCache);
  const updates = calls.filter(fetchesIndex);
  const removals = updates.map((call) => removeCommand(model.dockerfile, run, script, call.command));
  const isRemovable = removals.every((edit): edit is Edit => edit !== null);
  if (updates.length === 0 || (canAll && isRemovable)) {
    const edits = calls.filter(takesNoCache).flatMap((call) => withNoCache(run, script, call));
    const others = updates.length === 0 ? [] : later.flatMap((one) => withNoCache(one.step, one.script, one.call));
    const all = [...removals.filter((edit) => edit !== null), ...edits, ...others];
    const title = titleOf(edits.length > 0, updates.length > 0);
    // A trigger is part of the image's configuration.
    const trigger = updates.length > 0 ? later.find(({ step }) => step.keyword === 'ONBUILD') : undefined;
    if (!trigger) return { title, safety: 'safe', edits: all };
    const line = trigger.step.instruction.line + 1;
    const risk = l10n.t('`{0}` on line {1} relies on this index.', `apk ${trigger.call.subcommand}`, line);
    return { title, safety: 'suggestion', edits: all, risk };
  }
  const last = calls.at(-1);
  if (!last) return { refused: l10n.t('The RUN on line {0} has no apk call.', run.instruction.line + 1) };
  const sudo = last.command.prefixes.includes('sudo') ? 'sudo ' : '';
  const edits = appendCommand(model.dockerfile, run, script, last.command, `${sudo}rm -rf ${apkCache}/*`);
  if ('refused' in edits) return edits;
  const title = l10n.t('Delete the package index in the same RUN');
  const [reader] = later;
  if (!reader) return { title, safety: 'safe', edits };
  const line = reader.step.instruction.line + 1;
  return {
    title,
    safety: 'suggestion',
    edits,
    risk: l10n.t('`{0}` on line {1} relies on this index.', `apk ${reader.call.subcommand}`, line),
  };
}

function titleOf(isAdded: boolean, isUpdateRemoved: boolean): string {
  if (isAdded && isUpdateRemoved) return l10n.t('Use `{0}` instead of `{1}`', '--no-cache', 'apk update');
  if (isUpdateRemoved) return l10n.t('Remove `{0}`: `{1}` fetches the index itself', 'apk update', '--no-cache');
  return l10n.t('Add `{0}`', '--no-cache');
}

function takesNoCache(call: PackageCall): boolean {
  return (
    (call.action === 'install' || call.action === 'upgrade') &&
    !call.flags.some(({ name }) => name === '--no-cache' || name === '--no-network')
  );
}

function withNoCache(step: Step, script: ShellScript, call: PackageCall): readonly Edit[] {
  const update = call.flags.find(({ name, word }) => updating.has(name) && word.unquoted === name);
  if (!update) return [insertOption(step, script, call.nameSpan, '--no-cache')];
  return [replace(step.at(update.word.span), '--no-cache')];
}
