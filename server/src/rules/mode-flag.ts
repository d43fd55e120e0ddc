/** When `--chmod` or `--chown` of a COPY gives the very files that a chmod or chown in a later RUN makes. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../context/context';
import { absoluteIn, type CopiedPath, copiedFiles, copiedFolder } from '../model/copied-paths';
import { copyTargets, usualFolders } from '../model/dependencies';
import { madeDirectories } from '../model/directories';
import type { CopyStep, Model, RunStep, Step } from '../model/model';
import { claimsMeet, treeClaim } from '../model/path-claims';
import { isWithin, pathsMeet } from '../model/paths';
import { runAccess } from '../model/run-access';
import { isCopyStep, isRunStep } from '../model/steps';
import { type ModeChange, modeChangeOf } from '../shell/mode-changes';
import { packageCalls } from '../shell/package-calls';
import type { ShellCommand, ShellScript } from '../shell/script';
import type { Dockerfile } from '../syntax/tree';
import { failsTheRun } from './failing-command';

/** An operand of the change that a COPY brought. */
export interface Match {
  readonly copy: CopyStep;
  readonly path: string;
  readonly relation: CopiedPath;
}

/** What the flag has to say; the owner's group is root's where chown leaves it as it was. */
export function flagValue({ kind, value }: ModeChange): string | null {
  if (kind === 'chmod') return /^[0-7]{3,4}$/.test(value) || isSymbolic(value) ? (octalOf(value) ?? value) : null;
  const owner = value.replace(/^([\w${}-]+)\.([\w${}-]+)$/, '$1:$2');
  if (owner.startsWith(':')) return owner.length > 1 ? `0${owner}` : null;
  if (/[`"'\s()*?]/.test(owner) || owner.endsWith(':')) return null;
  return owner.includes(':') ? owner : `${owner}:0`;
}

const isSymbolic = (mode: string): boolean => /^[ugoa]*[-+=][rwxX]+(?:,[ugoa]*[-+=][rwxX]+)*$/.test(mode);

/** The number that letters stand for which set every bit (`u=rwx,go=r`); null where they change what is there. */
function octalOf(mode: string): string | null {
  const bits = new Map<string, number>();
  for (const part of mode.split(',')) {
    const [, who = '', permissions = ''] = /^([ugoa]+)=([rwx]*)$/.exec(part) ?? [];
    if (who === '') return null;
    const value = [...permissions].reduce((sum, letter) => sum | (letter === 'r' ? 4 : letter === 'w' ? 2 : 1), 0);
    for (const one of who.replace('a', 'ugo')) bits.set(one, value);
  }
  return bits.size === 3 ? `${bits.get('u')}${bits.get('g')}${bits.get('o')}` : null;
}

/** Modes of letters that mean the same whatever the umask is. */
const plainLetters = /^(?:\+[rx]+|[ugoa]+[-+=][rwx]+)(?:,(?:\+[rx]+|[ugoa]+[-+=][rwx]+))*$/;

/** Whether the builder that the file asks for reads letters in `--chmod`, as it does from Dockerfile 1.14 on. */
export function knowsLetters(file: Dockerfile): boolean {
  const syntax = file.directives.find(({ name }) => name === 'syntax')?.value;
  // Docker before 28 brings an older one, and would refuse to build.
  if (syntax === undefined) return false;
  const version = /(?:^|\/)docker\/dockerfile(?:-upstream)?:(\d+)\.(\d+)/.exec(syntax);
  if (version) return Number(version[1]) > 1 || Number(version[2]) >= 14;
  return /(?:^|\/)docker\/dockerfile(?:-upstream)?(?::(?:1|latest|master)(?:-labs)?)?$/.test(syntax);
}

/** Why the flag may make something else than the command does; null where it surely makes the same. Localized. */
export function doubtOf(
  model: Model,
  run: RunStep,
  script: ShellScript,
  change: ModeChange,
  matches: readonly Match[],
  context: BuildContext | null,
): string | null {
  const { kind, value, command } = change;
  if (model.builder === 'legacy') return l10n.t('The legacy builder does not know `{0}`.', '--chmod');
  if (!change.isLiteral) return l10n.t('The value of `{0}` may be another one at the COPY.', value);
  const isPlain =
    kind === 'chmod'
      ? /^0?[0-7]{3}$/.test(octalOf(value) ?? value) || (plainLetters.test(value) && knowsLetters(model.dockerfile))
      : /^(?:\d+|[a-z_][\w-]*):(?:\d+|[a-z_][\w-]*)$/.test(value);
  if (!isPlain) return l10n.t('`{0}` and the flag do not mean quite the same.', `${command.name} ${value}`);
  const early = script.commands.find(
    (one) => one.start < command.start && !isHarmless(one, run, script, change, matches),
  );
  if (early || run.scripts.length > 1)
    return l10n.t('`{0}` before it may look at the files.', early?.name ?? run.body.keyword);
  if (!failsTheRun(run, script, command))
    return l10n.t('`{0}` may fail without an end to the build.', `${command.name} ${value}`);
  for (const copy of new Set(matches.map((match) => match.copy))) {
    const own = matches.filter((match) => match.copy === copy);
    const doubt = doubtOfCopy(change, copy, own, context) ?? doubtBetween(run, copy, own, change);
    if (doubt !== null) return doubt;
  }
  return null;
}

function doubtOfCopy(
  change: ModeChange,
  copy: CopyStep,
  matches: readonly Match[],
  context: BuildContext | null,
): string | null {
  const line = copy.instruction.line + 1;
  const hasNames = change.kind === 'chown' && !/^\d+:\d+$/.test(change.value);
  if (hasNames && copy.body.flags.some(({ name }) => name === 'link'))
    return l10n.t('With `--link` a COPY knows no user names.');
  const isRelative = change.kind === 'chmod' && octalOf(change.value) === null;
  if (isRelative && copy.body.flags.some(({ name }) => name === 'chmod'))
    return l10n.t('`{0}` builds on the mode that the {1} on line {2} gives.', change.value, copy.keyword, line);
  const made = madeDirectories(copy.stage, copy.index);
  const isThere = (folder: string) => usualFolders.has(folder) || made.has(folder) || folder === '/?workdir';
  const [first] = matches;
  if (first?.relation.kind === 'folder' && matches.length === 1)
    return isNewFolder(copy, first.path, context) && isThere(parentOf(first.path))
      ? null
      : l10n.t('The flag leaves alone what is in `{0}` before the COPY on line {1}.', first.path, line);
  const above = matches.find(({ relation }) => relation.kind === 'above');
  if (above) return l10n.t('What else lies in `{0}` keeps its owner and mode.', above.path);
  const files = copiedFiles(copy, context);
  const named = new Set(matches.map((match) => match.path));
  if (!files || matches.some(({ relation }) => relation.kind !== 'file' || !relation.certain))
    return l10n.t('What the COPY on line {0} brings may be more than one file.', line);
  const other = [...files.keys()].find((path) => !named.has(path));
  if (other !== undefined) return l10n.t('The flag changes `{0}` too, which the same COPY brings.', other);
  // Folders are made with mode 755, which these leave as it is.
  if (change.kind === 'chmod' && /^(?:0?755|[ugoa]*\+[rx]+)$/.test(change.value)) return null;
  const parent = [...files.keys()].map(parentOf).find((folder) => !isThere(folder));
  if (parent !== undefined)
    return l10n.t('The flag also holds for `{0}`, should the COPY on line {1} make it.', parent, line);
  return null;
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** Official images of which it is known that they have nothing outside the folders of the system. */
const bareImages = new Set(
  'debian ubuntu alpine fedora rockylinux almalinux amazonlinux python node ruby golang'.split(' '),
);

/** Whether a folder surely comes into being with the COPY, all of it files and folders. */
function isNewFolder(copy: CopyStep, folder: string, context: BuildContext | null): boolean {
  const { stage } = copy;
  if (copiedFolder(copy, context) === null || copy.fromText !== null || copy.keyword === 'ADD') return false;
  // busybox follows links, where others change them.
  const isBusybox = stage.rootImage?.name === 'alpine' || /alpine/.test(stage.rootImage?.tag ?? '');
  const hasLinks = context === null ? isBusybox : [...context.entries.values()].some(({ type }) => type === 'link');
  if (hasLinks || !stage.rootImage?.isOfficial || !bareImages.has(stage.rootImage.name)) return false;
  if (!/^\/(?:app|apps|code|workspace|project|src|site|web|data)(?:\/|$)|^\/(?:opt|srv)\/\w/.test(folder)) return false;
  const earlier = stage.parent ? null : stage.steps.slice(0, copy.index);
  return (
    earlier?.every((step) => {
      if (step.keyword === 'WORKDIR' || step.keyword === 'VOLUME')
        return !madeDirectories(stage, copy.index).has(folder);
      if (isCopyStep(step)) return copyTargets(step)?.every((path) => !isWithin(path, folder)) === true;
      if (!isRunStep(step)) return true;
      const access = runAccess(step);
      return access.unknown === null && access.writes.every((claim) => !claimsMeet(claim, treeClaim(folder)));
    }) === true
  );
}

/** Whether something between the COPY and the RUN looks at the files, changes them, or makes the user. */
function doubtBetween(
  run: RunStep,
  copy: CopyStep,
  matches: readonly Match[],
  { kind, value }: ModeChange,
): string | null {
  const isNamed = kind === 'chown' && !/^\d+:\d+$/.test(value);
  for (const step of run.stage.steps.slice(copy.index + 1, run.index)) {
    if (!touches(step, matches, isNamed)) continue;
    return l10n.t(
      '{0} on line {1} stands between, and may have to do with the files.',
      step.keyword,
      step.instruction.line + 1,
    );
  }
  return null;
}

function touches(step: Step, matches: readonly Match[], isNamed: boolean): boolean {
  const claims = [
    ...matches.map(({ path }) => treeClaim(path)),
    ...(isNamed ? [treeClaim('/etc/passwd'), treeClaim('/etc/group')] : []),
  ];
  if (isCopyStep(step)) {
    const targets = copyTargets(step);
    return targets === null || targets.some((path) => claims.some((claim) => claimsMeet(claim, treeClaim(path))));
  }
  if (step.keyword === 'VOLUME') return true;
  if (step.keyword === 'WORKDIR') return matches.some(({ relation }) => relation.kind === 'folder');
  if (!isRunStep(step)) return false;
  const access = runAccess(step);
  return (
    access.unknown !== null ||
    [...access.reads, ...access.writes].some((one) => claims.some((claim) => claimsMeet(claim, one)))
  );
}

const harmless = new Set('mkdir echo true : set touch printf cd useradd adduser groupadd addgroup'.split(' '));

/** A command before the change that has nothing to do with the files. */
function isHarmless(
  command: ShellCommand,
  run: RunStep,
  script: ShellScript,
  change: ModeChange,
  matches: readonly Match[],
): boolean {
  if (/^ch(?:mod|own|grp)$/.test(command.name ?? '')) {
    // One of the same kind would come behind the flag, and win.
    const other = modeChangeOf(command, script);
    return (
      other !== null &&
      (other.kind !== change.kind ||
        other.operands.every(({ path }) => {
          const place = path === null || /[*?[]/.test(path) ? null : absoluteIn(run, path);
          return place !== null && matches.every((match) => !pathsMeet(place, match.path));
        }))
    );
  }
  const isCall = packageCalls(script).some(
    (call) => call.command === command && /^(?:apt-get|apt|apk|yum|dnf|microdnf)$/.test(call.manager),
  );
  if (!isCall && !harmless.has(command.name ?? '')) return false;
  const names = matches.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  return !command.args.some((arg) => names.some((name) => arg.unquoted.includes(name)));
}
