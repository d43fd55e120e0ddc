/** Programs that full variants of official images bring and slim ones do not, and whether a stage runs one of them. */
import { packageCalls } from '../shell/package-calls';
import { ecosystemOf } from './ecosystems';
import type { Stage, Step } from './model';
import { isRunStep } from './steps';

/** What buildpack-deps brings, by the package that brings it: programs that people type. */
const packagesOf: Readonly<Record<string, RegExp>> = {
  curl: /^curl$/,
  wget: /^wget$/,
  git: /^git(?:-core)?$/,
  hg: /^mercurial$/,
  svn: /^subversion$/,
  ssh: /^openssh-client$/,
  scp: /^openssh-client$/,
  'ssh-keyscan': /^openssh-client$/,
  gpg: /^gnupg2?$/,
  gcc: /^(?:build-essential|gcc)$/,
  cc: /^(?:build-essential|gcc)$/,
  'g++': /^(?:build-essential|g\+\+)$/,
  make: /^(?:build-essential|make)$/,
  cmake: /^cmake$/,
  autoconf: /^autoconf$/,
  automake: /^automake$/,
  patch: /^(?:build-essential|patch)$/,
  unzip: /^unzip$/,
  xz: /^xz-utils$/,
  bzip2: /^bzip2$/,
  file: /^file$/,
  ps: /^procps$/,
  convert: /^imagemagick$/,
  pkg_config: /^pkg-config$/,
  'pkg-config': /^pkg-config$/,
  mysql_config: /^(?:default-)?libmysqlclient-dev$/,
  pg_config: /^libpq-dev$/,
};

/** Projects whose build needs a compiler or headers, for want of ready-made ones. */
const compiled =
  /^(?:psycopg2|mysqlclient|uwsgi|pycrypto|pycurl|python-ldap|pygraphviz|dlib|pyaudio|cartopy|gdal|pymssql|xmlsec|netifaces|pyicu|python-snappy|node-sass|canvas|node-gyp|grpc|fibers|bcrypt|robotjs|libxmljs|zeromq|node-rdkafka|re2)$/i;

/** A program, or a package to be compiled, that is not in the slim variant; null where nothing known is. */
export function toolOfFullImage(stages: readonly Stage[]): string | null {
  const installed = installedPackages(stages);
  for (const step of stages.flatMap(({ steps }) => steps)) {
    for (const script of step.scripts)
      for (const command of script.commands) {
        const name = command.name ?? '';
        if (!Object.hasOwn(packagesOf, name)) continue;
        if (!installed.some((one) => packagesOf[name]?.test(one))) return name;
      }
    const hasCompiler = installed.some((one) => /^(?:build-essential|gcc|g\+\+)$/.test(one));
    const needing = hasCompiler ? undefined : compiledBy(step);
    if (needing !== undefined) return needing;
  }
  return null;
}

/** Names of the packages that some stages install from their distribution. */
function installedPackages(stages: readonly Stage[]): readonly string[] {
  const names: string[] = [];
  for (const run of stages.flatMap(({ steps }) => steps).filter(isRunStep))
    for (const call of run.calls(undefined, 'install'))
      if (ecosystemOf(call.manager).kind === 'system') names.push(...call.packages.flatMap(({ name }) => name ?? []));
  return names;
}

function compiledBy(step: Step): string | undefined {
  for (const script of step.scripts)
    for (const call of packageCalls(script)) {
      // Next to every set of gems has one with C in it; CPAN's have too.
      if (call.action === 'install' && /^(?:gem|bundle)$/.test(call.manager))
        return `${call.manager} ${call.subcommand}`;
      if (call.action !== 'install') continue;
      const found = call.packages.find(({ name }) => name !== null && compiled.test(name));
      if (found?.name) return found.name;
      // A requirement of git's is cloned.
      const fromGit = call.operands.find(({ unquoted }) => /^git[+:@]|\.git(?:$|[#@])/.test(unquoted));
      if (fromGit) return 'git';
    }
  return script(step, /^(?:cpan|cpanm|cpm|npx|node-gyp|phpize|pecl|mix|rebar3)$/);
}

function script(step: Step, pattern: RegExp): string | undefined {
  for (const { commands } of step.scripts)
    for (const { name } of commands) if (name !== null && pattern.test(name)) return name;
  return undefined;
}

/** Whether a text of requirements or of a package.json asks for something that has to be compiled. */
export function asksForCompiler(text: string): boolean {
  if (text.trimStart().startsWith('{'))
    return [...text.matchAll(/"([\w./@-]+)"\s*:\s*"[^"]*"/g)].some(([, name]) => compiled.test(name ?? ''));
  return text.split(/\r?\n/).some((line) => compiled.test(/^[\w.-]+/.exec(line.trim())?.[0] ?? ''));
}
