/** What a container of a stage starts: the program that ENTRYPOINT or CMD names. */

import { startDirectory } from '../../model/base-config';
import type { Stage, Step } from '../../model/model';
import { resolvePath } from '../../model/paths';
import type { ShellCommand } from '../../shell/script';

export interface StartCommand {
  /** The instruction that names the program. */
  readonly step: Step;
  readonly command: ShellCommand;
  /** The program as written, `./app`, `node`, `/usr/bin/app`. */
  readonly program: string;
  /** The words behind it, those of a CMD behind an ENTRYPOINT included. */
  readonly args: readonly string[];
  /** A shell reads it. */
  readonly needsShell: boolean;
  /** Where the container starts; null where unknown. */
  readonly directory: string | null;
}

/** The start command of a stage and its parents; null where there is none, or it is more than one plain command. */
export function startCommandOf(stage: Stage): StartCommand | null {
  const entrypoint = lastOf(stage, 'ENTRYPOINT');
  const cmd = lastOf(stage, 'CMD');
  const step = entrypoint ?? cmd;
  const command = step ? soleCommand(step) : null;
  if (!step || !command?.nameWord) return null;
  const program = command.nameWord.value;
  if (program === null || program === '') return null;
  const more = entrypoint && cmd?.body.json && entrypoint.body.json ? cmd.body.json.map(({ text }) => text) : [];
  return {
    step,
    command,
    program,
    args: [...command.args.map(({ unquoted }) => unquoted), ...more],
    needsShell: step.body.json === null || step.scripts[0]?.form === 'json',
    directory: endDirectory(stage),
  };
}

/** The program's path in the image; null for one that is looked up, or where the directory is not known. */
export function startPath({ program, directory }: StartCommand): string | null {
  return program.includes('/') ? resolvePath(directory, program) : null;
}

/** The stage whose instruction counts, looking from a stage down to those it is built on. */
function lastOf(stage: Stage, keyword: string): Step | null {
  for (let at: Stage | null = stage; at; at = at.parent) {
    const found = at.steps.filter((step) => step.keyword === keyword).at(-1);
    if (found) return found;
    // A new ENTRYPOINT drops the CMD that stands below it.
    if (keyword === 'CMD' && at.steps.some((step) => step.keyword === 'ENTRYPOINT')) return null;
  }
  return null;
}

function soleCommand(step: Step): ShellCommand | null {
  const [script, ...others] = step.scripts;
  if (!script?.known || others.length > 0 || script.commands.length !== 1) return null;
  const [command] = script.commands;
  return command && command.redirects.length === 0 && command.nesting === 'top' ? command : null;
}

/** Where a container of the stage starts. */
function endDirectory(stage: Stage): string | null {
  const last = stage.steps.at(-1);
  if (!last) return null;
  const before = startDirectory(last);
  return last.keyword === 'WORKDIR' ? resolvePath(before, last.body.rest) : before;
}
