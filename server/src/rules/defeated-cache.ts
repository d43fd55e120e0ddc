/** What in a RUN keeps a package manager from filling or keeping a cache that is mounted for it, and the edit that takes it away. */
import * as l10n from '@vscode/l10n';
import { ecosystemOf } from '../model/ecosystems';
import type { RunStep } from '../model/model';
import { isWithin } from '../model/paths';
import type { PackageCall, PackageManager } from '../shell/packages';
import { removals } from '../shell/removals';
import type { ShellScript } from '../shell/script';
import type { LocalSpan } from '../syntax/span';
import type { Dockerfile } from '../syntax/tree';
import { wordWithBlanks } from './drop-command';
import { insert, remove, replace } from './edits';
import { removeCommand } from './remove-command';
import type { Edit } from './rule';

/** `option`: told not to cache. `setting`: the same by a variable. `cleaning`: emptied again. `hook`: apt's docker-clean. */
export interface Defeat {
  readonly kind: 'option' | 'setting' | 'cleaning' | 'hook';
  readonly at: LocalSpan;
  /** As written. */
  readonly text: string;
  /** Null, with the reason in `refusal`, where it cannot be taken away. */
  readonly edit: Edit | null;
  readonly refusal: string;
}

const aptFamily: readonly PackageManager[] = ['apt-get', 'apt', 'aptitude'];

/** What stands in the way of a cache of the calls' manager at the given folders. */
export function defeatsOf(
  file: Dockerfile,
  run: RunStep,
  script: ShellScript,
  calls: readonly PackageCall[],
  targets: readonly string[],
): Defeat[] {
  const defeats: Defeat[] = [];
  for (const call of calls) defeats.push(...optionsOf(run, script, call));
  const [first] = calls;
  if (!first) return defeats;
  const setting = settingOf(run, script, first);
  if (setting) defeats.push(setting);
  defeats.push(...cleaningsOf(file, run, script, first, targets));
  const hook = aptFamily.includes(first.manager) ? hookOf(file, run, script, first, targets) : null;
  if (hook) defeats.push(hook);
  return defeats;
}

function optionsOf(run: RunStep, script: ShellScript, call: PackageCall): Defeat[] {
  const names = ecosystemOf(call.manager).noCache.flags.filter((flag) => flag.startsWith('--no-cache'));
  return call.flags
    .filter(({ name, value }) => names.includes(name) && value === null)
    .map(({ word }) => {
      const { start, end } = wordWithBlanks(script, word);
      // Without it apk reads the index that is there, be it old.
      const edit =
        script.form === 'exec'
          ? null
          : call.manager === 'apk'
            ? replace(run.at(word.span), '--update-cache')
            : remove(run.at(script.map.span(start, end)));
      const refusal = l10n.t('`{0}` stands in an exec form.', word.text);
      return { kind: 'option' as const, at: word.span, text: word.text, edit, refusal };
    });
}

function settingOf(run: RunStep, script: ShellScript, call: PackageCall): Defeat | null {
  for (const { name } of ecosystemOf(call.manager).noCache.env) {
    if (!/NO_CACHE/.test(name)) continue;
    const variable = run.before.scope.get(name);
    const isOn = variable !== undefined && !/^(?:0|false|no|off|)$/i.test(variable.value ?? '1');
    if (!isOn && !script.assigns.has(name)) continue;
    const line = (variable?.definedBy?.line ?? run.instruction.line) + 1;
    const refusal = l10n.t('`{0}` on line {1} switches the cache off; take it out there.', name, line);
    return { kind: 'setting', at: call.nameSpan, text: name, edit: null, refusal };
  }
  return null;
}

function cleaningsOf(
  file: Dockerfile,
  run: RunStep,
  script: ShellScript,
  first: PackageCall,
  targets: readonly string[],
): Defeat[] {
  const seen = new Set<number>();
  return removals(script).flatMap((removal) => {
    const { command, partial } = removal;
    const path = removal.path?.replace(/^~/, '/root').replace(/\/?\*$/, '') ?? null;
    const isCache = path !== null && targets.some((target) => isWithin(path, target) || isWithin(target, path));
    if (!isCache || partial || path === '/' || command.start < first.command.start || seen.has(command.start))
      return [];
    seen.add(command.start);
    const operands = command.args.filter((arg) => !arg.unquoted.startsWith('-'));
    const words = removal.call ? null : operands;
    let edit: Edit | null;
    if (words && words.length > 1 && removal.word) {
      const { start, end } = wordWithBlanks(script, removal.word);
      edit = remove(run.at(script.map.span(start, end)));
    } else edit = removeCommand(file, run, script, command);
    const text = script.text.slice(command.start, command.end).replace(/\s+/g, ' ');
    const refusal = l10n.t('`{0}` cannot be taken out of the RUN on line {1}.', text, run.instruction.line + 1);
    return [{ kind: 'cleaning' as const, at: command.nameWord?.span ?? command.span, text, edit, refusal }];
  });
}

/** Images of Debian and Ubuntu, and what is built from them, delete the archives after each call. */
const debianImages =
  /^(?:debian|ubuntu|buildpack-deps|python|node|golang|rust|ruby|php|perl|openjdk|eclipse-temurin|gcc|postgres|nginx|mysql|mariadb|redis|httpd|tomcat|maven)$/;

const cleaner = '/etc/apt/apt.conf.d/docker-clean';

function hookOf(
  file: Dockerfile,
  run: RunStep,
  script: ShellScript,
  call: PackageCall,
  targets: readonly string[],
): Defeat | null {
  const image = run.stage.rootImage;
  if (!targets.some((target) => isWithin('/var/cache/apt/archives', target))) return null;
  if (!image?.isOfficial || !debianImages.test(image.name) || /alpine/.test(image.tag ?? '')) return null;
  for (let stage: RunStep['stage'] | null = run.stage; stage; stage = stage.parent)
    if (stage.steps.some((step) => /docker-clean|Keep-Downloaded-Packages|Dir::Cache/.test(step.body.raw))) return null;
  const keep =
    call.manager === 'apt'
      ? `rm -f ${cleaner} && echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' > /etc/apt/apt.conf.d/keep-cache`
      : `rm -f ${cleaner}`;
  const refusal = l10n.t('`{0}` has to be deleted before line {1}.', cleaner, run.instruction.line + 1);
  return { kind: 'hook', at: call.nameSpan, text: cleaner, edit: atFront(file, run, script, keep), refusal };
}

/** Puts a command in front of a script. */
function atFront(file: Dockerfile, run: RunStep, script: ShellScript, command: string): Edit | null {
  const [first, second] = script.statements;
  if (!first || script.form === 'exec' || script.form === 'json') return null;
  if (script.form === 'heredoc') {
    const isSet = first.pipelines[0]?.commands[0]?.name === 'set' && first.pipelines.length === 1;
    const target = isSet ? second : first;
    const start = target ? run.at(target.span).start : -1;
    const lineStart = file.text.lastIndexOf('\n', start - 1) + 1;
    return start > 0 && /^[ \t]*$/.test(file.text.slice(lineStart, start))
      ? insert(start, `${command}${file.eol}${file.text.slice(lineStart, start)}`)
      : null;
  }
  const isList = script.statements.length === 1 && first.operators.every((operator) => operator === '&&');
  if (!isList || first.terminator === '&' || run.body.heredocs.length > 0) return null;
  const isLong = run.instruction.line !== run.instruction.endLine;
  return insert(
    run.at(first.span).start,
    isLong ? `${command} ${run.body.escape}${file.eol}    && ` : `${command} && `,
  );
}
