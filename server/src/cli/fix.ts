/** `layerwise fix`: applies fixes to convergence and writes, prints or shows the result. */
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { FixOutcome, Step } from '../analysis/analysis';
import { analyze } from '../analysis/analyze';
import { fixAll, maximumPasses } from '../analysis/fixes';
import type { FileCreation } from '../rules/rule';
import { unifiedDiff } from './diff';
import { withDigests } from './digests';
import { describeFinding } from './format/text';
import { failsFor, type OpenFile, type Session, statusOf } from './session';
import { visible } from './terminal';
import { addToFile, createFile, replaceFile } from './write';

/** Fixes files and returns the exit status: that of what remains. */
export async function fix(session: Session, paths: readonly string[]): Promise<number> {
  const inputs = session.find(paths);
  if (session.options.stdout && inputs.length > 1) {
    session.fail('--stdout', new Error(l10n.t('takes one file, but there are {0}', inputs.length)));
    return 2;
  }
  let remains = false;
  for await (const file of session.openAll(inputs))
    remains = (await deliver(session, file, await repair(session, file))) || remains;
  return statusOf(session, remains);
}

/** Applies fixes until nothing changes. What ShellCheck finds in a script that a fix has changed, it has to be asked again. */
async function repair(session: Session, file: OpenFile): Promise<FixOutcome> {
  const { suggestions } = session.options;
  const options = { config: await withDigests(session, file), context: file.context, suggestions };
  let outcome = fixAll(file.source.text, { ...options, previous: file.analysis });
  const { adviser } = session;
  for (let round = 0; adviser && round < maximumPasses; round++) {
    await adviser.consult([outcome.analysis]);
    const previous = analyze(outcome.text, { ...options, previous: outcome.analysis });
    const next = fixAll(outcome.text, { ...options, previous });
    const isDone = next.text === outcome.text;
    const known = new Set(next.creates.map(({ path }) => path));
    outcome = {
      ...next,
      applied: [...outcome.applied, ...(isDone ? [] : next.applied)],
      creates: [...outcome.creates.filter(({ path }) => !known.has(path)), ...next.creates],
    };
    if (isDone) break;
  }
  return outcome;
}

/** Brings a result to where it was asked for; true where findings remain in it. */
async function deliver(session: Session, file: OpenFile, outcome: FixOutcome): Promise<boolean> {
  const changed = outcome.text !== file.source.text;
  if (changed && !file.source.isUtf8) {
    session.fail(file.name, new Error(l10n.t('not valid UTF-8; left as it is, for fixing it would destroy bytes')));
    return failsFor(file.analysis.findings, file.effective);
  }
  const { diff, stdout } = session.options;
  if (diff) showDiff(session, file, outcome);
  else if (stdout || file.path === null) printText(session, file, outcome);
  else return write(session, file, outcome);
  return failsFor(outcome.analysis.findings, file.effective);
}

function showDiff(session: Session, file: OpenFile, outcome: FixOutcome): void {
  const { mark, text } = file.source;
  session.terminal.out(colored(session, unifiedDiff(file.name, mark + text, mark + outcome.text)));
  for (const { path, content, follows } of outcome.creates) {
    if (file.contextFolder === null) continue;
    const after = `${follows ?? ''}${content}`;
    session.terminal.out(colored(session, unifiedDiff(join(file.contextFolder, path), follows ?? null, after)));
  }
}

function printText(session: Session, file: OpenFile, outcome: FixOutcome): void {
  session.terminal.out(file.source.mark + outcome.text);
  for (const { path } of outcome.creates)
    session.terminal.err(
      `${visible(l10n.t('{0}: a file {1} is to be created; not done with `--stdout`', file.name, path))}\n`,
    );
}

async function write(session: Session, file: OpenFile, outcome: FixOutcome): Promise<boolean> {
  const { mark, text, bytes } = file.source;
  let { analysis } = outcome;
  try {
    if (outcome.text !== text && file.path !== null) replaceFile(file.path, bytes, mark + outcome.text);
  } catch (error) {
    session.fail(file.name, error);
    return failsFor(file.analysis.findings, file.effective);
  }
  const created = createFiles(session, file, outcome.creates);
  // What was found for want of a file is gone now.
  if (created.length > 0) analysis = await session.reanalyze(file, outcome.text);
  const done = outcome.applied.filter((step) => step.fix.edits.length > 0);
  describeChanges(session, file, done, created);
  for (const finding of analysis.findings)
    session.terminal.out(describeFinding(file.name, analysis, finding, session.terminal));
  return failsFor(analysis.findings, file.effective);
}

/** A file beside the Dockerfile that a fix has made or added to. */
interface WrittenFile {
  readonly path: string;
  readonly isNew: boolean;
}

/** Creates the files that fixes ask for, or adds to them, never over what is there. Returns those that were written. */
function createFiles(session: Session, file: OpenFile, creates: readonly FileCreation[]): WrittenFile[] {
  const created: WrittenFile[] = [];
  for (const { path, content, follows } of creates) {
    if (file.contextFolder === null) continue;
    const target = join(file.contextFolder, path);
    try {
      if (follows === undefined ? createFile(target, content) : addToFile(target, follows, content))
        created.push({ path: target, isNew: follows === undefined });
      else session.terminal.err(`${visible(l10n.t('{0}: is there already; left as it is', target))}\n`);
    } catch (error) {
      session.fail(target, error);
    }
  }
  return created;
}

function describeChanges(
  session: Session,
  file: OpenFile,
  done: readonly Step[],
  created: readonly WrittenFile[],
): void {
  const { paint, out } = session.terminal;
  if (done.length === 0 && created.length === 0) return;
  const count = done.length === 1 ? l10n.t('1 fix') : l10n.t('{0} fixes', done.length);
  out(`${paint('bold', visible(`${file.name}:`))} ${paint('green', count)}\n`);
  for (const step of done) out(`${describeStep(step, session)}\n`);
  for (const { path, isNew } of created)
    out(`  ${visible(isNew ? l10n.t('created {0}', path) : l10n.t('added to {0}', path))}\n`);
  out('\n');
}

/** A step with its line, which counts in the text that the step found. */
export function describeStep(step: Step, { terminal: { paint } }: Session): string {
  return `  ${paint('dim', String(step.line + 1).padStart(4))}  ${visible(step.title)} ${paint('dim', `[${step.rule.id}]`)}`;
}

/** A patch with its lines coloured. */
export function colored({ terminal: { paint } }: Session, patch: string): string {
  return patch.replace(/^(?:(---|\+\+\+) |([-+])|@@)[^\n]*/gm, (line, header?: string, sign?: string) => {
    if (header) return paint('bold', line);
    if (sign) return paint(sign === '+' ? 'green' : 'red', line);
    return paint('cyan', line);
  });
}
