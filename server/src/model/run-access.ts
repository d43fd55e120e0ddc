/** Which files and variables a RUN reads and writes, as far as its commands are known. */
import { directoriesOf, pathOf } from '../shell/directories';
import { isOutputKept } from '../shell/kept-output';
import type { PackageCall, PackageManager } from '../shell/packages';
import { removals } from '../shell/removals';
import type { ShellCommand, ShellScript, ShellWord } from '../shell/script';
import { writesOf } from '../shell/writes';
import { startDirectory } from './base-config';
import { ecosystemOf, hasFlag, isProjectInstall } from './ecosystems';
import type { RunStep } from './model';
import { type PathClaim, treeClaim } from './path-claims';
import { resolvePath } from './paths';

export interface RunAccess {
  readonly reads: readonly PathClaim[];
  readonly writes: readonly PathClaim[];
  /** The command that nothing is known of, as written; null where all are known. */
  readonly unknown: string | null;
  /** Environment variables that matter to the commands, those that programs look at by themselves not included. */
  readonly variables: ReadonlySet<string>;
  /** Whether the working directory matters. */
  readonly usesWorkdir: boolean;
}

const accesses = new WeakMap<RunStep, RunAccess>();

/** The access of a RUN; kept per RUN. */
export function runAccess(run: RunStep): RunAccess {
  const known = accesses.get(run);
  if (known) return known;
  const access = new AccessRecord(run);
  for (const script of run.scripts) access.addScript(script);
  for (const mount of run.mounts) {
    const target = mount.target === null ? null : resolvePath(startDirectory(run), mount.target);
    if (target === null || /[$]/.test(target)) access.unknown ??= `--mount=type=${mount.type}`;
    else access.writes.push(treeClaim(target));
  }
  if (!run.isKnown) access.unknown ??= run.body.rest;
  accesses.set(run, access);
  return access;
}

/** Whether a command prints all variables there are. */
function printsVariables({ name, args }: ShellCommand): boolean {
  if (name === 'env' || name === 'printenv' || name === 'set') return args.length === 0;
  return /^(?:export|declare|typeset)$/.test(name ?? '') && args.every((arg) => /^-\w*[px]\w*$/.test(arg.text));
}

/** Fills up while the commands are looked at. */
class AccessRecord implements RunAccess {
  readonly reads: PathClaim[] = [];
  readonly writes: PathClaim[] = [];
  readonly variables = new Set<string>();
  unknown: string | null = null;
  usesWorkdir = false;

  constructor(private readonly run: RunStep) {}

  addScript(script: ShellScript): void {
    for (const name of script.reads) this.variables.add(name);
    if (script.reads.has('PWD')) this.usesWorkdir = true;
    for (const name of script.assigns) this.variables.add(name);
    const hasCompounds = script.statements.some((statement) =>
      statement.pipelines.some((pipeline) => pipeline.kinds.includes('Function')),
    );
    if (hasCompounds) this.unknown ??= 'function';
    const calls = new Map(this.run.calls().map((call) => [call.command, call]));
    for (const command of script.commands) this.addCommand(command, script, calls.get(command) ?? null);
    for (const { operator, target } of script.blockRedirects) {
      if (!target || /^(?:\/dev\/(?:null|stdout|stderr)|\d+|-)$/.test(target.unquoted)) continue;
      // Where the block stands, and so what a relative path means, is not looked up.
      const path = target.value?.startsWith('/') ? resolvePath(null, target.value) : null;
      if (path === null) this.unknown ??= `${operator} ${target.text}`;
      else (operator.includes('>') ? this.writes : this.reads).push(treeClaim(path));
    }
    // Deleting and creating is known by path for all commands.
    for (const removal of removals(script)) this.addPath(removal.path, removal.text, 'write');
    for (const write of writesOf(script)) this.addPath(write.path, write.text, 'write');
  }

  private addCommand(command: ShellCommand, script: ShellScript, call: PackageCall | null): void {
    const { name } = command;
    if (name !== null) this.reads.push({ kind: 'program', name });
    if (printsVariables(command) && isOutputKept(script, command, 'any')) this.unknown ??= name;
    for (const { operator, target } of command.redirects) {
      if (!target || /^(?:\/dev\/(?:null|stdout|stderr)|\d+|-)$/.test(target.unquoted)) continue;
      this.addWord(target, command, script, operator.includes('>') ? 'write' : 'read');
    }
    if (call) this.addCall(call, script);
    else if (name === null) {
      if (command.nameWord !== null) this.unknown ??= command.nameWord.text;
    } else if (system.has(name)) this.addSystem([], true);
    else if (writers.has(name)) this.addOperands(command, script, 'write');
    else if (readers.has(name)) this.addOperands(command, script, 'read');
    else if (name === 'sed' || name === 'perl') this.addSed(command, script);
    else if (name === 'find') this.addFind(command, script);
    else if (name === 'cd') this.addOperands(command, script, 'read');
    else if (downloads.has(name)) this.addDownload(command, script);
    else if (name === 'git' && command.args[0]?.text === 'clone') this.addDownload(command, script);
    else if (!quiet.has(name)) this.unknown ??= name;
  }

  private addCall(call: PackageCall, script: ShellScript): void {
    const { manager, action, command } = call;
    const { kind } = ecosystemOf(manager);
    if (action === 'clean') {
      // What it empties is among the removals.
      return;
    }
    const isInstall = /^(?:install|remove|upgrade|update-index)$/.test(action);
    if (!isInstall || (kind !== 'system' && !this.isNamedInstall(call))) {
      // What a project's manifests and its scripts do is open; nothing of it looks into another manager's cache.
      if (action === 'build' || action === 'run') this.unknown ??= `${manager} ${call.subcommand}`.trim();
      this.reads.push({ kind: 'anything', own: [manager] });
      this.writes.push({ kind: 'anything', own: [manager] });
      this.usesWorkdir = true;
      return;
    }
    this.addSystem([manager], true);
    for (const operand of call.packages) if (operand.isFile) this.addWord(operand.word, command, script, 'read');
    if (kind !== 'system') this.addEnvironmentFolders();
  }

  /** An install of named packages for the whole image, which needs nothing of the project. */
  private isNamedInstall(call: PackageCall): boolean {
    if (call.opaque || isProjectInstall(call) || call.packages.length === 0) return false;
    if (call.packages.some((operand) => operand.isFile || operand.name === null)) return false;
    const isGlobal =
      call.manager === 'pip' ||
      call.manager === 'gem' ||
      ['-g', '--global', '--location=global'].some((flag) => hasFlag(call, flag));
    return isGlobal && !call.flags.some((flag) => leadingFlags.has(flag.name));
  }

  /** Virtual environments and prefixes that ENV points package managers to. */
  private addEnvironmentFolders(): void {
    for (const variable of this.run.before.scope.all()) {
      if (!/PATH|HOME|VIRTUAL_ENV|PREFIX|ROOT|DIR|BASE/.test(variable.name)) continue;
      for (const part of (variable.value ?? '').split(':')) {
        if (!part.startsWith('/')) continue;
        this.reads.push(treeClaim(part));
        this.writes.push(treeClaim(part.replace(/\/s?bin$/, '') || '/'));
      }
    }
  }

  private addSystem(own: readonly PackageManager[], writes: boolean): void {
    const claim: PathClaim = { kind: 'system', own };
    this.reads.push(claim);
    if (writes) this.writes.push(claim, { kind: 'tree', path: '/home' });
  }

  private addOperands(command: ShellCommand, script: ShellScript, mode: 'read' | 'write'): void {
    const skipsFirst = /^(?:chmod|chown|chgrp|grep|egrep|fgrep|awk)$/.test(command.name ?? '');
    const isRecursiveOwner = command.name === 'chown' || command.name === 'chgrp';
    if (isRecursiveOwner) this.reads.push({ kind: 'tree', path: '/etc/passwd' }, { kind: 'tree', path: '/etc/group' });
    let skipped = !skipsFirst;
    for (const word of command.args) {
      if (word.unquoted.startsWith('-') || word.unquoted === ']' || word.unquoted === ']]') continue;
      if (!skipped) {
        skipped = true;
        continue;
      }
      this.addWord(word, command, script, mode);
      if (mode === 'write') this.addWord(word, command, script, 'read');
    }
  }

  private addSed(command: ShellCommand, script: ShellScript): void {
    const operands = command.args.filter((arg) => !arg.unquoted.startsWith('-'));
    const isInPlace = command.args.some((arg) => /^-[a-zA-Z]*i|^--in-place/.test(arg.unquoted));
    if (command.name === 'perl' && !isInPlace) this.unknown ??= 'perl';
    const hasScript = command.args.some((arg) => /^-[a-zA-Z]*[ef]$/.test(arg.unquoted));
    for (const word of hasScript ? operands.filter((operand) => operand.unquoted.includes('/')) : operands.slice(1))
      this.addWord(word, command, script, isInPlace ? 'write' : 'read');
  }

  private addFind(command: ShellCommand, script: ShellScript): void {
    const end = command.args.findIndex((arg) => /^[-!(]/.test(arg.unquoted));
    const roots = end < 0 ? command.args : command.args.slice(0, end);
    const executes = command.args.findIndex((arg) => /^-(?:exec|execdir|ok)$/.test(arg.unquoted));
    const program = command.args[executes + 1]?.unquoted ?? '';
    if (executes >= 0 && !/^(?:rm|chmod|chown|touch|cat|grep|ls|rmdir|\{\})$/.test(program)) this.unknown ??= program;
    const writes = executes >= 0 || command.args.some((arg) => arg.unquoted === '-delete');
    if (roots.length === 0) this.usesWorkdir = true;
    for (const root of roots) this.addWord(root, command, script, writes ? 'write' : 'read');
  }

  /** What it writes is among the script's writes, or goes to the next command of a pipe. */
  private addDownload(command: ShellCommand, script: ShellScript): void {
    const isWriteKnown = writesOf(script).some((write) => write.command === command);
    const isPiped = command.nesting === 'pipeline';
    const discards = command.args.some((arg) => /^(?:\/dev\/null|-|-O-|-qO-|--spider)$/.test(arg.unquoted));
    const keeps =
      command.name === 'wget' || command.args.some((arg) => /^-[a-zA-Z]*O$|^--remote-name/.test(arg.unquoted));
    if (!isWriteKnown && keeps && !isPiped && !discards) this.unknown ??= command.name;
    if (command.name === 'tar' || command.name === 'unzip') {
      for (const word of command.args)
        if (!word.unquoted.startsWith('-') && word.unquoted.includes('/')) this.addWord(word, command, script, 'read');
      const directory = directoriesOf(script).get(command) ?? null;
      if (directory === '' || directory === null) this.usesWorkdir = true;
    }
    this.reads.push({ kind: 'tree', path: '/root' });
  }

  private addWord(word: ShellWord, command: ShellCommand, script: ShellScript, mode: 'read' | 'write'): void {
    const directory = directoriesOf(script).get(command) ?? null;
    if (word.kind === 'braces') this.unknown ??= word.text;
    else this.addPath(pathOf(word, directory), word.text, mode);
  }

  private addPath(path: string | null, text: string, mode: 'read' | 'write'): void {
    if (path === null) {
      this.unknown ??= text;
      return;
    }
    if (!path.startsWith('/') && !path.startsWith('~')) this.usesWorkdir = true;
    const { user } = this.run.before;
    const workdir = startDirectory(this.run);
    const name = (user ?? 'root').split(':')[0] ?? 'root';
    const home = name === 'root' || name === '0' ? '/root' : `/home/${name}`;
    const absolute = path.startsWith('~') ? path.replace('~', home) : resolvePath(workdir, path);
    if (absolute === null || absolute.includes('$')) {
      this.unknown ??= text;
      return;
    }
    (mode === 'read' ? this.reads : this.writes).push(treeClaim(absolute));
  }
}

/** Options that point an install to files or folders of one's own. */
const leadingFlags = new Set(
  `-t --target --prefix --root -e --editable -r --requirement -c --constraint --find-links -f --install-dir -i`.split(
    ' ',
  ),
);

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

const quiet =
  words(`: true false echo printf sleep date uname id whoami pwd env printenv export set unset umask shopt ulimit exit
  type which command hash read let expr seq basename dirname arch nproc locale getconf getent sync yes hostname`);
const readers =
  words(`cat head tail grep egrep fgrep sort wc cut tr uniq ls stat du df readlink realpath md5sum sha1sum sha256sum
  sha512sum diff cmp file test [ [[ awk tree base64 od xxd`);
const writers =
  words(`mkdir rmdir touch rm unlink chmod chown chgrp ln cp mv install truncate tee mkfifo gunzip gzip xz unxz bunzip2
  dos2unix`);
const downloads = words('curl wget tar unzip bsdtar');
const system =
  words(`useradd adduser groupadd addgroup usermod groupmod userdel deluser groupdel delgroup chpasswd passwd gpasswd
  ldconfig update-ca-certificates update-ca-trust locale-gen localedef update-locale dpkg-reconfigure add-apt-repository
  apt-add-repository apt-key apt-mark update-alternatives debconf-set-selections a2enmod a2dismod a2ensite a2dissite chsh
  dpkg-divert docker-php-ext-install docker-php-ext-enable docker-php-ext-configure pecl phpenmod`);
