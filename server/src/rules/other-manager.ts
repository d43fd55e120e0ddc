/** Writes what one distribution's package manager is asked for another one. */
import * as l10n from '@vscode/l10n';
import { ecosystemOf } from '../model/ecosystems';
import type { ImageContents } from '../model/image-contents';
import type { RunStep } from '../model/model';
import { packageNameFor } from '../model/package-names';
import type { PackageCall, PackageFlag, PackageManager } from '../shell/packages';
import type { ShellScript } from '../shell/script';
import { insert, replace } from './edits';
import type { Edit, FixResult } from './rule';

/** Puts the package manager that an image has in the place of one that it has not, in all calls of a script. */
export function otherManager(
  run: RunStep,
  script: ShellScript,
  contents: ImageContents,
  calls: readonly PackageCall[],
): FixResult {
  const line = run.instruction.line + 1;
  const manager = managerFor(contents);
  if (manager === null)
    return contents.managers.length === 0
      ? { refused: l10n.t('There is nothing on line {0} to install with: copy the files from another stage.', line) }
      : {
          refused: l10n.t(
            'Which package manager the base on line {0} has depends on its release.',
            run.stage.from.line + 1,
          ),
        };
  if (script.form === 'exec' || script.form === 'json')
    return { refused: l10n.t('The RUN on line {0} is in exec form.', line) };
  const edits: Edit[] = [];
  const from = calls[0]?.manager ?? manager;
  for (const call of calls) {
    const edit = isSameFamily(call.manager, manager)
      ? renamed(run, call, manager)
      : translated(run, call, manager, calls);
    if (edit === null) return { refused: l10n.t('How `{0}` says what line {1} asks for is not known.', manager, line) };
    edits.push(...edit);
  }
  return {
    title: l10n.t('Use `{0}`, which the base image has', manager),
    safety: 'suggestion',
    edits,
    risk: isSameFamily(from, manager)
      ? l10n.t('Some options of `{0}` may be unknown to `{1}`.', from, manager)
      : l10n.t('Packages may be called differently in another distribution.'),
  };
}

function managerFor({ managers, distribution }: ImageContents): PackageManager | null {
  if (distribution === 'redhat' && managers.length > 2) return null;
  if (distribution === 'amazon' && managers.length > 1) return 'yum';
  return managers[0] ?? null;
}

const families: readonly (readonly PackageManager[])[] = [
  ['apt-get', 'apt', 'aptitude'],
  ['yum', 'dnf', 'microdnf', 'tdnf'],
];

const isSameFamily = (a: PackageManager, b: PackageManager): boolean =>
  families.some((family) => family.includes(a) && family.includes(b));

function renamed(run: RunStep, { command }: PackageCall, manager: PackageManager): readonly Edit[] | null {
  return command.nameWord ? [replace(run.at(command.nameWord.span), manager)] : null;
}

/** Options that only say how to install, which the other manager does by its own habits. */
const droppable =
  /^(?:-[yqf]+|--yes|--assume-yes|--assumeyes|--quiet|--no-install-recommends|--no-cache|--update(?:-cache)?|-U|-u|--force-yes|--allow-unauthenticated|--noconfirm|--needed|--fix-missing|--no-progress|--setopt|--nodocs|--best|--allowerasing|-n|--non-interactive|--no-recommends|-S|-y|-u)$/;

const installWords: Readonly<Partial<Record<PackageManager, string>>> = {
  'apt-get': 'apt-get install -y --no-install-recommends',
  apk: 'apk add --no-cache',
  yum: 'yum install -y',
  dnf: 'dnf install -y',
  microdnf: 'microdnf install -y',
  tdnf: 'tdnf install -y',
  zypper: 'zypper install -y',
  pacman: 'pacman -S --noconfirm',
};

const updateWords: Readonly<Partial<Record<PackageManager, string>>> = {
  'apt-get': 'apt-get update',
  apk: 'apk update',
  yum: 'yum makecache',
  dnf: 'dnf makecache',
  microdnf: 'microdnf makecache',
  tdnf: 'tdnf makecache',
  zypper: 'zypper refresh',
  pacman: 'pacman -Sy',
};

const cleanWords: Readonly<Partial<Record<PackageManager, string>>> = {
  'apt-get': 'apt-get clean',
  apk: 'rm -rf /var/cache/apk/*',
  yum: 'yum clean all',
  dnf: 'dnf clean all',
  microdnf: 'microdnf clean all',
  tdnf: 'tdnf clean all',
  zypper: 'zypper clean --all',
};

function translated(
  run: RunStep,
  call: PackageCall,
  manager: PackageManager,
  calls: readonly PackageCall[],
): readonly Edit[] | null {
  const { command, action, nameSpan, flags, packages, opaque } = call;
  if (opaque || command.prefixes.length > 0 || command.assignments.length > 0) return null;
  if (ecosystemOf(call.manager).kind !== 'system' || !command.nameWord) return null;
  const name = run.at(command.nameWord.span);
  if (action === 'update-index') return whole(run, call, updateWords[manager]);
  if (action === 'clean') return whole(run, call, cleanWords[manager]);
  if (action !== 'install' || packages.length === 0) return null;
  if (flags.some((flag) => !droppable.test(flag.name) || flag.valueWord !== null)) return null;
  if (packages.some((operand) => operand.name === null || operand.isFile || operand.version !== null)) return null;
  const words = installWords[manager];
  if (words === undefined) return null;
  const updates = calls.some((other) => other.action === 'update-index');
  const needsUpdate = manager === 'apt-get' && !updates;
  const head = needsUpdate ? `apt-get update && ${words}` : words;
  const end = run.at(nameSpan).end;
  const edits: Edit[] = [replace({ start: name.start, end }, head), ...withoutFlags(run, flags, end)];
  for (const { word, name: from } of packages) {
    const to = packageNameFor(from ?? '', call.manager, manager);
    if (to !== null && word.plain) edits.push(replace(run.at(word.span), to));
  }
  return edits;
}

/** A call without packages becomes another one from its first word to its last. */
function whole(
  run: RunStep,
  { command, flags, operands, nameSpan }: PackageCall,
  text: string | undefined,
): readonly Edit[] | null {
  if (text === undefined || !command.nameWord) return null;
  const ends = [nameSpan, ...flags.map(({ word }) => word.span), ...operands.map(({ span }) => span)];
  const start = run.at(command.nameWord.span).start;
  return [replace({ start, end: Math.max(...ends.map((span) => run.at(span).end)) }, text)];
}

/** Takes options out with the blanks before them; those before the subcommand go with the name. */
function withoutFlags(run: RunStep, flags: readonly PackageFlag[], from: number): Edit[] {
  const words = new Map(flags.map((flag) => [flag.word.start, run.at(flag.word.span)]));
  const edits: Edit[] = [];
  for (const { start, end } of words.values()) {
    if (start < from) continue;
    const { raw } = run.body;
    const offset = run.instruction.span.start;
    let first = start;
    while (/[ \t]/.test(raw[first - offset - 1] ?? '')) first--;
    edits.push(first === start ? insert(start, '') : replace({ start: first, end }, ''));
  }
  return edits;
}
