/** What kind of work a RUN does: which costs and changes it has in common with others. Decides what may share a layer. */

import type { PackageCall, PackageManager } from '../shell/packages';
import type { ShellCommand } from '../shell/script';
import { ecosystemOf, isProjectInstall } from './ecosystems';
import type { RunStep } from './model';
import { perStep } from './per-step';

/**
 * Expensive work by topic: `system:apt` installs of the distribution, `tool:pip` named packages of a language,
 * `project:npm` what the project's manifests name, `build` compiling or testing, `download`, `script` a program that
 * nothing is known of. Quick steps (mkdir, chmod, echo …) have no topic.
 */
export type WorkTopic = string;

/** The topics of a RUN; empty for quick work. */
export const workOf = perStep((run: RunStep): ReadonlySet<WorkTopic> => {
  const topics = new Set<WorkTopic>();
  const calls = new Map(run.calls().map((call) => [call.command, call]));
  for (const script of run.scripts) {
    for (const command of script.commands) {
      const call = calls.get(command);
      const topic = call ? topicOfCall(call) : topicOfCommand(command);
      if (topic !== null) topics.add(topic);
    }
  }
  // A download beside an install belongs to it: a key, an archive of the same thing.
  if (topics.size > 1 || preparesPackages(run)) topics.delete('download');
  if (topics.has('download') && preparesPackages(run))
    return new Set([/yum|dnf|rpm/.test(run.body.joined) ? 'system:rpm' : 'system:apt']);
  return topics;
});

/** A key or a list of a package repository is part of the installs behind it. */
function preparesPackages(run: RunStep): boolean {
  return /\/etc\/apt\/|\bapt-key\b|\/share\/keyrings\/|\/etc\/yum\.repos\.d|\brpm --import\b/.test(run.body.joined);
}

const families: Readonly<Partial<Record<PackageManager, string>>> = {
  'apt-get': 'apt',
  aptitude: 'apt',
  dnf: 'rpm',
  microdnf: 'rpm',
  yum: 'rpm',
};

function topicOfCall(call: PackageCall): WorkTopic | null {
  const family = families[call.manager] ?? call.manager;
  switch (call.action) {
    case 'install':
    case 'update-index':
    case 'upgrade':
    case 'download':
      if (ecosystemOf(call.manager).kind === 'system') return `system:${family}`;
      return isProjectInstall(call) ? `project:${family}` : `tool:${family}`;
    case 'build':
    case 'run':
      return 'build';
    default:
      return null;
  }
}

const quick = new Set(
  `: . [ [[ a2dismod a2dissite a2enconf a2enmod a2ensite add-apt-repository addgroup adduser alias apt-add-repository apt-key
  apt-mark arch awk base64 basename break cat cd chattr chgrp chmod chown chpasswd chsh comm command continue cp cut date
  debconf-set-selections declare delgroup deluser df diff dirname dpkg-divert dpkg-reconfigure dpkg-statoverride du echo egrep
  eval exec exit export expr false fgrep file find getconf getent gpasswd gpg grep groupadd groupdel groupmod gunzip gzip hash
  head hostname id install jq ldconfig ln local locale locale-gen localedef ls md5sum mkdir mkfifo mknod mktemp mv nl
  npm-config openssl passwd patch phpdismod phpenmod popd printenv printf pushd pwd read readlink readonly realpath rename
  return rm rmdir rpm-import sed seq set setcap setfacl sha1sum sha256sum sha512sum shift shopt sleep sort source ssh-keygen
  ssh-keyscan stat strip sync sysctl tail tar tee test time touch tr trap true truncate type typeset ulimit umask unalias uname
  uniq unlink unset unxz unzip update-alternatives update-ca-certificates update-ca-trust update-locale useradd userdel usermod
  visudo wait wc which whoami xargs xz yes zcat dos2unix ionice chronic whereis`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

const downloads = new Set(['curl', 'wget', 'aria2c', 'svn', 'hg', 'rsync', 'gdown', 'aws', 'gsutil']);
const builds = new Set(
  `make gmake cmake ninja meson configure gcc g++ cc c++ clang clang++ rustc javac ghc stack cabal ant scons bazel bazelisk
  autoreconf autogen.sh bootstrap docker-php-ext-install pecl phpize msbuild xbuild qmake waf protoc tsc webpack gulp grunt
  ng vite jest pytest tox rake mvnw gradlew`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** The topic of a command that is no call of a package manager. */
export function topicOfCommand(command: ShellCommand): WorkTopic | null {
  const { name } = command;
  if (name === null) return command.nameWord === null ? null : 'script';
  if (asksOnly(command)) return null;
  if (downloads.has(name)) return 'download';
  if (name === 'git')
    return command.args.some(
      (arg) => arg.text === 'clone' || arg.text === 'fetch' || arg.text === 'pull' || arg.text === 'submodule',
    )
      ? 'download'
      : null;
  if (builds.has(name)) return 'build';
  if (name === 'dpkg' || name === 'rpm')
    return command.args.some((arg) => /^(?:-i|-[a-zA-Z]*[UF]\w*|--install)$/.test(arg.text)) ? 'system:local' : null;
  if (quick.has(name)) return null;
  return /^(?:sh|bash|ash|dash)$/.test(name) && command.args.some((arg) => /^-[a-z]*c$/.test(arg.text))
    ? null
    : 'script';
}

/** `node --version`: looks, and does nothing. */
function asksOnly(command: ShellCommand): boolean {
  const [only] = command.args;
  return command.args.length === 1 && /^(?:--version|--help|-version|-V|-v|version)$/.test(only?.text ?? '');
}
