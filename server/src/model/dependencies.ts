/** Whether two neighbouring steps of a stage can change places without a difference in the image; if not, why. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../context/context';
import { variableReferences } from '../syntax/references';
import { runsAsRoot, startDirectory } from './base-config';
import { madeDirectories } from './directories';
import type { CopyPath, CopyStep, RunStep, Step } from './model';
import { claimsMeet, meetingText, type PathClaim, treeClaim } from './path-claims';
import { isWithin, normalizePath, pathsMeet, resolvePath } from './paths';
import { runAccess } from './run-access';
import { expandIn } from './variables';

/** Null where the steps can be swapped; else a localized sentence that says what stands in the way. */
export function swapRefusal(above: Step, below: Step): string | null {
  if (isFileStep(above) && isFileStep(below)) return refusalOfFiles(above, below);
  if (isFileStep(above)) return refusalOfState(above, below, l10n.t('below'));
  if (isFileStep(below)) return refusalOfState(below, above, l10n.t('above'));
  return notSwappable(above, below);
}

/** A step that changes files by itself. */
type FileStep = CopyStep | RunStep;

const isCopyStep = (step: Step): step is CopyStep => step.keyword === 'COPY' || step.keyword === 'ADD';
const isRunStep = (step: Step): step is RunStep => step.keyword === 'RUN';
const isFileStep = (step: Step): step is FileStep => isCopyStep(step) || isRunStep(step);

const nameOf = (step: Step): string => l10n.t('{0} on line {1}', step.keyword, step.instruction.line + 1);

const notSwappable = (above: Step, below: Step): string =>
  l10n.t('{0} and {1} may depend on each other.', nameOf(above), nameOf(below));

/** Instructions that only say something about the image. */
const saysOnly = new Set([
  'LABEL',
  'MAINTAINER',
  'EXPOSE',
  'CMD',
  'ENTRYPOINT',
  'HEALTHCHECK',
  'STOPSIGNAL',
  'ONBUILD',
]);

/** Variables that programs look at without being told. */
const ambient =
  /^(?:PATH|HOME|USER|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TERM|SHELL|ENV|BASH_ENV|LD_\w+|\w*_?PROXY|\w*_proxy|\w+_OPTIONS|IFS|CDPATH|POSIXLY_CORRECT|GZIP|XZ_\w+|RES_OPTIONS|(?:CURL|SSL|WGET|APT|DEBIAN|DEBCONF|DPKG|PIP|PYTHON|GEM|NPM)_?\w*|npm_config_\w+|NODE_\w+|UMASK)$/;

function refusalOfState(file: FileStep, state: Step, direction: string): string | null {
  const { keyword } = state;
  if (saysOnly.has(keyword)) return null;
  const refuse = (detail: string) =>
    l10n.t('{0} cannot move {1} {2}: {3}.', nameOf(file), direction, nameOf(state), detail);
  switch (keyword) {
    case 'ENV':
    case 'ARG': {
      const names = state.body.pairs.map((pair) => pair.name);
      const read = names.find(
        (name) => readsVariable(file, name) && !(name === 'PATH' && onlyAddsFolders(file, state)),
      );
      return read === undefined ? null : refuse(l10n.t('it may read `{0}`', read));
    }
    case 'USER':
      return isCopyStep(file) ? null : refuse(l10n.t('it would run as another user'));
    case 'SHELL':
      return isCopyStep(file) ? null : refuse(l10n.t('it would run in another shell'));
    case 'WORKDIR':
      return refusalOfWorkdir(file, state, refuse);
    case 'VOLUME': {
      const paths = (state.body.json ?? state.body.words).map((word) =>
        expandIn(word.text, state.before.scope, state.body.escape),
      );
      const claims = writesOf(file);
      const meets =
        claims === null ||
        paths.some(
          (path) => path === null || claims.some((claim) => claimsMeet(claim, treeClaim(normalizePath(path)))),
        );
      return meets ? refuse(l10n.t('it writes into the volume')) : null;
    }
    default:
      return refuse(l10n.t('they may depend on each other'));
  }
}

/** Whether a variable of this name can make a difference to a step. */
function readsVariable(file: FileStep, name: string): boolean {
  if (isCopyStep(file))
    return variableReferences(file.body.joined, file.body.escape).some((reference) => reference.name === name);
  const access = runAccess(file);
  return access.unknown !== null || access.variables.has(name) || ambient.test(name);
}

/** A longer PATH makes no difference to the programs that every distribution has and nobody else brings. */
function onlyAddsFolders(file: FileStep, state: Step): boolean {
  const path = state.body.pairs.find((pair) => pair.name === 'PATH');
  if (!path?.value || !/\$(?:PATH|\{PATH\})/.test(path.value) || !isRunStep(file)) return false;
  const access = runAccess(file);
  return (
    access.unknown === null &&
    access.reads.every((claim) => claim.kind !== 'program' || distributionPrograms.has(claim.name))
  );
}

const distributionPrograms = new Set(
  `rm rmdir unlink find mkdir touch chmod chown chgrp ln cp mv cat echo printf true cd set test [ sed grep apt-get apt apk yum dnf
  microdnf zypper dpkg rpm useradd groupadd adduser addgroup ldconfig`.split(/\s+/),
);

function refusalOfWorkdir(file: FileStep, workdir: Step, refuse: (detail: string) => string): string | null {
  const text = expandIn(workdir.body.rest, workdir.before.scope, workdir.body.escape);
  const path = text === null ? null : resolvePath(startDirectory(workdir), text);
  if (path === null) return refuse(l10n.t('its path is not known'));
  if (isCopyStep(file) ? isRelative(file) : runAccess(file).usesWorkdir || runAccess(file).unknown !== null)
    return refuse(l10n.t('it starts in the working directory'));
  const claims = writesOf(file);
  const own = treeClaim(path);
  const folder =
    claims && !(isCopyStep(file) && isPlainRoot(file, workdir)) ? commonNewFolder(file, claims, [own]) : null;
  if (folder !== null) return refuse(l10n.t('both make `{0}`', folder));
  if (
    claims === null ||
    claims.some((claim) => claimsMeet(claim, own) && !(isCopyStep(file) && isPlainRoot(file, workdir)))
  )
    return refuse(l10n.t('both make `{0}`', path));
  return null;
}

/** Folders that either makes belong to root with the usual mode. */
function isPlainRoot(copy: CopyStep, workdir: Step): boolean {
  return !hasOwnerFlags(copy) && runsAsRoot(workdir);
}

const hasOwnerFlags = (copy: CopyStep): boolean =>
  copy.body.flags.some((flag) => flag.name === 'chown' || flag.name === 'chmod');

function isRelative(copy: CopyStep): boolean {
  const value = copy.destination?.value ?? '';
  return !value.startsWith('/');
}

function refusalOfFiles(above: FileStep, below: FileStep): string | null {
  for (const step of [above, below]) {
    if (!isRunStep(step)) continue;
    const { unknown } = runAccess(step);
    if (unknown !== null)
      return l10n.t('It is not known which files `{0}` in {1} reads or writes.', shorten(unknown), nameOf(step));
  }
  const [aboveWrites, belowWrites] = [writesOf(above), writesOf(below)];
  if (aboveWrites === null || belowWrites === null)
    return l10n.t('It is not known where {0} puts its files.', nameOf(aboveWrites === null ? above : below));
  const [aboveReads, belowReads] = [readsOf(above), readsOf(below)];
  const pair =
    findMeeting(belowReads, aboveWrites) ??
    findMeeting(belowWrites, aboveWrites) ??
    findMeeting(aboveReads, belowWrites);
  if (pair) {
    const [reader, other] = pair;
    const path = meetingText(reader, other);
    return belowReads.includes(reader)
      ? l10n.t('{0} reads `{1}`, so {2} cannot move below it.', nameOf(below), path, nameOf(above))
      : l10n.t('{0} and {1} both touch `{2}`.', nameOf(above), nameOf(below), path);
  }
  const folder =
    isCopyStep(above) && isCopyStep(below)
      ? null
      : commonNewFolder(above, [...aboveReads, ...aboveWrites], [...belowReads, ...belowWrites]);
  if (folder !== null)
    return l10n.t('{0} and {1} both need `{2}`, which one of them may make.', nameOf(above), nameOf(below), folder);
  if (isCopyStep(above) && isCopyStep(below) && sharesNewParents(above, below))
    return l10n.t('{0} and {1} make the same folder for different owners.', nameOf(above), nameOf(below));
  return null;
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

function findMeeting(
  first: readonly PathClaim[],
  second: readonly PathClaim[],
): readonly [PathClaim, PathClaim] | null {
  for (const a of first) for (const b of second) if (claimsMeet(a, b)) return [a, b];
  return null;
}

/** Folders that every image with a shell has. */
export const usualFolders: ReadonlySet<string> = new Set(
  `/ /bin /boot /dev /etc /home /lib /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /usr/bin /usr/lib /usr/local
  /usr/local/bin /usr/local/lib /usr/sbin /usr/share /var /var/cache /var/lib /var/log /var/tmp`.split(/\s+/),
);

/** A folder above paths of both that is not surely there before: whichever comes first makes it, or fails without it. */
function commonNewFolder(above: Step, first: readonly PathClaim[], second: readonly PathClaim[]): string | null {
  const [a, b] = [treePaths(first), treePaths(second)];
  if (a.length === 0 || b.length === 0) return null;
  const made = madeDirectories(above.stage, above.index);
  for (const path of a) {
    for (const other of b) {
      const common = commonFolder(path, other);
      if (!usualFolders.has(common) && !made.has(common)) return common;
    }
  }
  return null;
}

const treePaths = (claims: readonly PathClaim[]): string[] =>
  claims.flatMap((claim) => (claim.kind === 'tree' ? [claim.path] : []));

function commonFolder(first: string, second: string): string {
  const parts = second.split('/');
  const common: string[] = [];
  for (const [index, part] of first.split('/').entries()) {
    if (parts[index] !== part) break;
    common.push(part);
  }
  return common.join('/') || '/';
}

/** Owner and mode of a COPY count for the folders it makes on the way, so the first to make a common one decides. */
function sharesNewParents(first: CopyStep, second: CopyStep): boolean {
  const flags = (copy: CopyStep) =>
    copy.body.flags
      .filter((flag) => flag.name === 'chown' || flag.name === 'chmod')
      .map((flag) => `${flag.name}=${flag.value}`)
      .sort()
      .join();
  if (flags(first) === flags(second)) return false;
  const [a, b] = [targetPath(first) ?? '/', targetPath(second) ?? '/'];
  const parts = a.split('/').filter((part) => part !== '');
  const others = b.split('/').filter((part) => part !== '');
  if (parts[0] !== others[0] || parts.length === 0) return false;
  const { workdir, workdirSet } = first.before;
  // The working directory is there already.
  let common = '';
  for (let index = 0; index < parts.length && parts[index] === others[index]; index++) common += `/${parts[index]}`;
  return !(workdirSet && workdir !== null && isWithin(workdir, common));
}

/** What a step writes; null where it is not known. */
function writesOf(step: FileStep): readonly PathClaim[] | null {
  if (isRunStep(step)) return runAccess(step).unknown === null ? runAccess(step).writes : null;
  const paths = copyTargets(step);
  if (paths !== null) return paths.map(treeClaim);
  // Nobody works in the folder of a package manager's cache.
  return step.destination?.value?.startsWith('/') === false ? [{ kind: 'anything', own: [] }] : null;
}

function readsOf(step: FileStep): readonly PathClaim[] {
  if (isRunStep(step)) return runAccess(step).reads;
  const owner = step.body.flags.find((flag) => flag.name === 'chown')?.value;
  return owner && !/^\d+(?::\d+)?$/.test(owner) ? [treeClaim('/etc/passwd'), treeClaim('/etc/group')] : [];
}

/** File name endings that nobody gives to a folder. */
const fileEnding =
  /\.(?:json|ya?ml|toml|lock|txt|md|sh|bash|zsh|py|js|mjs|cjs|ts|rb|go|mod|sum|xml|gradle|kts|jar|war|conf|cfg|ini|properties|env|html|css|sql|crt|pem|key|csproj|sln|gemspec|tar|gz|tgz|zip|deb|rpm|apk|whl|service|php|pl|lua|r|list|repo|gpg|asc)$/i;

/** Trees that a COPY writes: exact files where the source is surely a file, the whole destination otherwise; null where unknown. */
export function copyTargets(copy: CopyStep): readonly string[] | null {
  const destination = targetPath(copy);
  if (destination === null) return null;
  const folder = normalizePath(destination);
  if (!destination.endsWith('/') && destination !== '/') return [folder];
  const unpacks = copy.keyword === 'ADD';
  const targets: string[] = [];
  for (const source of copy.sources) {
    const name = source.value
      ?.split('/')
      .filter((part) => part !== '')
      .at(-1);
    const isFile = name !== undefined && !source.value?.endsWith('/') && fileEnding.test(name) && !/[[]/.test(name);
    const isArchive = /\.(?:tar|gz|tgz|zip|bz2|xz|zst)$/i.test(name ?? '');
    if (!isFile || (unpacks && isArchive) || copy.body.flags.some((flag) => flag.name === 'parents')) return [folder];
    // `package*.json` becomes the part before the pattern, which holds for nothing but the files that begin so.
    if (/[*?]/.test(name)) return [folder];
    targets.push(normalizePath(`${folder}/${name}`));
  }
  return targets.length > 0 ? targets : [folder];
}

/** Whether a source is one file, or a pattern that finds only files: the context says so, else its ending. */
export function isSurelyFile(copy: CopyStep, source: CopyPath, context: BuildContext | null): boolean {
  const { value } = source;
  if (value === null || value.endsWith('/')) return false;
  const path = normalizePath(`/${value}`).slice(1);
  const entry = copy.fromText === null ? context?.entries.get(path) : undefined;
  if (entry) return entry.type === 'file';
  return fileEnding.test(path) && !path.includes('[');
}

/** The destination as an absolute path, its trailing slash kept, the base's own working directory included; null where unknown. */
export function targetPath(copy: CopyStep): string | null {
  if (copy.destinationPath !== null) return copy.destinationPath;
  const value = copy.destination?.value ?? null;
  const start = startDirectory(copy);
  const path = value === null ? null : resolvePath(start, value);
  return path === null || path === '/' || !/(?:^|\/)\.{0,2}$/.test(value ?? '') ? path : `${path}/`;
}

/** Whether two COPYs can never write the same file. */
export function copiesAreApart(first: CopyStep, second: CopyStep): boolean {
  const [a, b] = [copyTargets(first), copyTargets(second)];
  return a !== null && b !== null && !a.some((path) => b.some((other) => pathsMeet(path, other)));
}
