/** What well-known commands do to the file system when they succeed: the table behind "does this RUN make a layer". */
import type { PackageCall } from '../shell/packages';
import type { ShellCommand } from '../shell/script';

/**
 * `changes`: surely changes files; `creates`: surely makes the named paths new or writes them again;
 * `nothing`: surely leaves the disk alone; `unsure`: depends on the disk or on what the program is.
 */
export type CommandEffect =
  | { readonly kind: 'changes' }
  | { readonly kind: 'creates'; readonly paths: readonly string[] }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unsure' };

const changes: CommandEffect = { kind: 'changes' };
const nothing: CommandEffect = { kind: 'nothing' };
const unsure: CommandEffect = { kind: 'unsure' };

const quietCommands = new Set(
  `: true false echo printf test [ [[ command which type hash ls cat head tail wc grep egrep fgrep pwd env printenv id whoami
  groups uname arch nproc date sleep seq basename dirname readlink realpath stat file du df free ps hostname export set shopt
  unset local readonly declare typeset cd umask ulimit alias read wait expr let sort uniq cut tr awk diff cmp md5sum sha1sum
  sha256sum sha512sum getent locale tty exit return shift yes lsb_release`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

const changingCommands = new Set(
  `useradd adduser groupadd addgroup usermod groupmod userdel groupdel deluser delgroup chpasswd passwd gpasswd
  localedef locale-gen update-ca-certificates update-ca-trust ldconfig dpkg-reconfigure add-apt-repository apt-add-repository
  apt-key rpmkeys a2enmod a2dismod a2ensite phpenmod docker-php-ext-install docker-php-ext-configure docker-php-ext-enable
  pecl pear cpan cpanm luarocks rustup nvm pyenv rbenv ssh-keygen unzip bunzip2 gunzip unxz patch setcap mknod mkfifo truncate
  make cmake ninja meson gcc g++ cc c++ clang rustc javac ghc stack cabal opam ocamlfind nasm ld strip`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** What one command does. `calls` are the package-manager calls of its script. */
export function commandEffect(command: ShellCommand, calls: readonly PackageCall[]): CommandEffect {
  const written = redirectTargets(command);
  const own = ownEffect(command, calls);
  if (written === null) return own.kind === 'changes' || own.kind === 'creates' ? own : unsure;
  if (written.length === 0) return own;
  if (own.kind === 'changes') return own;
  return { kind: 'creates', paths: own.kind === 'creates' ? [...own.paths, ...written] : written };
}

/** Files that output is redirected to; null where one is not a literal. */
function redirectTargets(command: ShellCommand): readonly string[] | null {
  const targets: string[] = [];
  for (const redirect of command.redirects) {
    if (!/^(?:>|>>|>\||&>|&>>)$/.test(redirect.operator)) continue;
    const value = redirect.target?.value ?? null;
    if (value === null) return null;
    if (!/^(?:\/dev\/|\/proc\/|&|\d+$)/.test(value)) targets.push(value);
  }
  return targets;
}

function ownEffect(command: ShellCommand, calls: readonly PackageCall[]): CommandEffect {
  const { name } = command;
  if (name === null) return command.nameWord === null ? nothing : unsure;
  if (asksOnly(command)) return nothing;
  const call = calls.find((candidate) => candidate.command === command);
  if (call) return packageEffect(call);
  if (quietCommands.has(name)) return mayWrite(name, command) ? unsure : nothing;
  if (changingCommands.has(name)) return changes;
  return pathEffect(name, command);
}

/** Commands that usually only look, told to write. */
function mayWrite(name: string, command: ShellCommand): boolean {
  if (name === 'date') return hasOption(command, 's', '--set');
  if (name === 'sort') return hasOption(command, 'o', '--output');
  return name === 'awk' && command.args.some((arg) => /[>|]|system|-i\b/.test(arg.text));
}

/** `node --version` and the like. */
function asksOnly(command: ShellCommand): boolean {
  const only = command.args.length === 1 ? command.args[0]?.value : null;
  return only === '--version' || only === '--help' || only === '-version' || (only === '-V' && command.name !== 'tar');
}

function packageEffect(call: PackageCall): CommandEffect {
  switch (call.action) {
    case 'install':
    case 'update-index':
    case 'download':
    case 'build':
      return changes;
    case 'upgrade':
      return call.manager === 'pip' ? unsure : changes;
    default:
      return unsure;
  }
}

/** `w` in a script of sed writes a file. */
const unsureIfWriting = (command: ShellCommand): CommandEffect =>
  command.args.some((arg) => /(?:^|[^\w\\])w\s|--file|^-\w*f/.test(arg.unquoted)) ? unsure : nothing;

/** Commands whose effect is told by their operands. */
function pathEffect(name: string, command: ShellCommand): CommandEffect {
  const operands = operandsOf(command);
  switch (name) {
    case 'mkdir':
      return hasOption(command, 'p', '--parents') ? unsure : creates(operands);
    case 'touch':
      return hasOption(command, 'c', '--no-create') ? unsure : creates(operands);
    case 'chmod':
    case 'chown':
    case 'chgrp':
      return operands === null || hasOption(command, 'f', '--quiet') ? unsure : creates(operands.slice(1));
    case 'cp':
    case 'mv':
    case 'ln':
    case 'install':
      if (
        operands === null ||
        operands.length < 2 ||
        hasOption(command, 'n', '--no-clobber') ||
        hasOption(command, 'u', '--update')
      )
        return unsure;
      return creates(operands.slice(-1));
    case 'sed':
      return command.args.some((arg) => /^(?:-[a-zA-Z]*i|--in-place)/.test(arg.text))
        ? changes
        : unsureIfWriting(command);
    case 'perl':
      return command.args.some((arg) => /^-[a-z0-9]*i/.test(arg.text)) ? changes : unsure;
    case 'tee':
      return creates(operands);
    case 'tar':
    case 'bsdtar':
      return /^-?[a-zA-Z]*x|^--extract$/.test(command.args[0]?.text ?? '') ||
        command.args.some((arg) => /^-[a-zA-Z]*x/.test(arg.text))
        ? changes
        : unsure;
    case 'git':
      return command.args.some((arg) => arg.text === 'clone' || arg.text === 'submodule' || arg.text === 'init')
        ? changes
        : unsure;
    case 'curl':
      return curlEffect(command);
    case 'wget':
      return wgetEffect(command);
    case 'dpkg':
      return command.args.some((arg) =>
        /^(?:-i|--install|-r|-P|--add-architecture|--configure|--unpack)$/.test(arg.text),
      )
        ? changes
        : unsure;
    case 'rpm':
      return command.args.some((arg) => /^(?:-[a-zA-Z]*[iUF]|--import|--install|-e|--erase)/.test(arg.text))
        ? changes
        : unsure;
    case 'update-alternatives':
      return command.args.some((arg) => arg.text === '--install') ? changes : unsure;
    case 'python':
    case 'python3':
      return command.args[0]?.text === 'setup.py' ? changes : unsure;
    default:
      return unsure;
  }
}

function curlEffect(command: ShellCommand): CommandEffect {
  for (const [index, arg] of command.args.entries()) {
    const long = /^--output(?:=(.*))?$/.exec(arg.text);
    if (long) return creates(outputPath(long[1] ?? command.args[index + 1]?.value));
    if (/^(?:--remote-name|--remote-name-all)$/.test(arg.text)) return changes;
    const short = /^-([a-zA-Z]+)(.*)$/.exec(arg.text)?.[1];
    if (short === undefined || arg.text.startsWith('--')) continue;
    if (/^[fsSLkgiIvjnR#]*O/.test(short)) return changes;
    if (/^[fsSLkgiIvjnR#]*o$/.test(short)) return creates(outputPath(command.args[index + 1]?.value));
  }
  return nothing;
}

function wgetEffect(command: ShellCommand): CommandEffect {
  for (const [index, arg] of command.args.entries()) {
    const long = /^--output-document(?:=(.*))?$/.exec(arg.text);
    if (long) return creates(outputPath(long[1] ?? command.args[index + 1]?.value));
    const short = /^-[a-zA-Z]*O(.*)$/.exec(arg.text);
    if (short) return creates(outputPath(short[1] ? short[1] : command.args[index + 1]?.value));
    if (arg.text === '--spider') return nothing;
  }
  return changes;
}

/** A download to `-` or /dev/null writes nothing; an unknown path is unknown. */
function outputPath(value: string | null | undefined): string[] | null {
  if (value === null || value === undefined) return null;
  return value === '-' || value.startsWith('/dev/') ? [] : [value];
}

function creates(paths: readonly string[] | null): CommandEffect {
  if (paths === null) return unsure;
  const real = paths.filter(
    (path) => !path.startsWith('/dev/') && !path.startsWith('/proc/') && !path.startsWith('/sys/'),
  );
  if (real.length === 0) return paths.length === 0 ? nothing : unsure;
  return { kind: 'creates', paths: real };
}

/** Arguments that are no options; null where one is not a literal and so could be anything. */
function operandsOf(command: ShellCommand): string[] | null {
  const operands: string[] = [];
  let onlyOperands = false;
  for (const arg of command.args) {
    if (!onlyOperands && arg.text === '--') onlyOperands = true;
    else if (onlyOperands || !/^-./.test(arg.text)) {
      if (arg.value === null) return null;
      operands.push(arg.value);
    }
  }
  return operands;
}

function hasOption(command: ShellCommand, letter: string, long: string): boolean {
  return command.args.some((arg) => arg.text === long || (/^-[a-zA-Z]+$/.test(arg.text) && arg.text.includes(letter)));
}
