/** What forbids running one script behind another in one shell and one container, whatever is put around them. */
import { isWithin, normalizePath, resolvePath } from '../model/paths';
import { directoriesOf, pathOf, removals, stateLeaks } from '../shell/effects';
import type { ShellCommand, ShellScript } from '../shell/script';
import { errexitSource, isErrexitProof, isInOwnShell } from './shell-state';

/** Why a script cannot be followed by another one. */
export interface Obstacle {
  readonly code:
    | 'unknown'
    | 'comment'
    | 'errexit'
    | 'background'
    | 'process'
    | 'trap'
    | 'system-file'
    | 'working-directory'
    | 'user'
    | 'hard-link';
  /** What stands in the way, as written. */
  readonly text: string;
}

/** What is known of where the scripts run. */
export interface ScriptPlace {
  /** The words of SHELL; null for the default. */
  readonly shell: readonly string[] | null;
  /** Absolute; null where unknown. */
  readonly workdir: string | null;
  /** As USER has it; null where the base decides. */
  readonly user: string | null;
}

/** Whether the script can be joined at all. */
export function obstacleAnywhere(script: ShellScript): Obstacle | null {
  if (!script.known || script.form !== 'shell' || script.statements.length === 0) return { code: 'unknown', text: '' };
  if (
    script.commands.some((command) => command.redirects.some((redirect) => redirect.heredoc)) ||
    /<</.test(script.text)
  )
    return { code: 'unknown', text: '<<' };
  return null;
}

/** What forbids another script behind this one; null where it can be followed. */
export function obstacleToFollow(script: ShellScript, place: ScriptPlace): Obstacle | null {
  // It would swallow what is put behind it.
  if (script.comments.length > 0) return { code: 'comment', text: '#' };
  return (
    obstacleOfErrexit(script, place) ??
    obstacleOfProcesses(script) ??
    obstacleOfTraps(script) ??
    obstacleOfFiles(script, place)
  );
}

/** On the left of `&&` the shell ignores `-e`, in groups and subshells too. */
function obstacleOfErrexit(script: ShellScript, place: ScriptPlace): Obstacle | null {
  const source = errexitSource(script, place.shell);
  if (source === null) return null;
  const obstacle: Obstacle = { code: 'errexit', text: source === 'own' ? 'set -e' : 'source' };
  if (!isErrexitProof(script)) return obstacle;
  const sources = script.commands.filter((command) => /^(?:\.|source|eval)$/.test(command.name ?? ''));
  if (source === 'own') return sources.length > 0 ? obstacle : null;
  // The last command's own failures inside would no longer end it.
  return sources.includes(script.commands.at(-1) as ShellCommand) ? obstacle : null;
}

/** Programs that stay behind as a server. They die with the container at the end of their RUN; merged, they would live on. */
const servers = new Set(
  `service start-stop-daemon invoke-rc.d rc-service initctl systemctl mysqld mysqld_safe mariadbd mariadbd-safe pg_ctl
  pg_ctlcluster postgres nginx apache2 apache2ctl apachectl httpd redis-server mongod memcached dockerd containerd supervisord
  crond cron sshd rsyslogd rabbitmq-server dbus-daemon dbus-launch Xvfb Xorg nohup setsid daemon daemonize screen tmux pm2
  forever ssh-agent gpg-agent watchman bazel bazelisk emacs slapd named unbound dnsmasq haproxy php-fpm ollama`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

function obstacleOfProcesses(script: ShellScript): Obstacle | null {
  for (const leak of stateLeaks(script)) {
    if (leak.kind === 'background') return { code: 'background', text: '&' };
    if (leak.kind === 'process') return { code: 'process', text: leak.detail };
  }
  if (hasLoneAmpersand(script)) return { code: 'background', text: '&' };
  if (/\bcoproc\b|>\s*\(|<\s*\(/.test(script.text)) return { code: 'background', text: 'coproc' };
  for (const command of script.commands) {
    const name = command.name ?? '';
    const prefix = command.prefixes.find(
      (program) => program === 'nohup' || program === 'setsid' || program === 'xvfb-run',
    );
    if (prefix !== undefined) return { code: 'process', text: prefix };
    if (servers.has(name) && !asksOnly(command)) return { code: 'process', text: name };
    if (/^\/etc\/(?:rc\.d\/)?init\.d\//.test(command.nameWord?.unquoted ?? '')) return { code: 'process', text: name };
    if (/^gradlew?$/.test(name) && !command.args.some((arg) => arg.text === '--no-daemon'))
      return { code: 'process', text: name };
    if (command.args.some((arg) => /^--(?:daemon(?:ize)?|fork|background)$/.test(arg.text)))
      return { code: 'process', text: name };
  }
  return null;
}

/** `nginx -t`, `mysqld --initialize`, `service --version` come back by themselves. */
function asksOnly({ name, args }: ShellCommand): boolean {
  const texts = args.map((arg) => arg.text);
  if (
    texts.some((text) =>
      /^(?:--version|--help|-V|-v|-t|--initialize(?:-insecure)?|--test|configtest|status|enable|disable)$/.test(text),
    )
  )
    return true;
  return (
    (name === 'service' || name === 'rc-service' || name === 'apachectl' || name === 'apache2ctl') &&
    texts.includes('stop')
  );
}

/** A `&` that is no part of `&&`, a redirection or a word. */
function hasLoneAmpersand(script: ShellScript): boolean {
  if (!script.text.includes('&')) return false;
  // dash and ash read `a &> f` as `a &` and `> f`.
  if (
    script.dialect !== 'bash' &&
    script.commands.some((command) => command.redirects.some(({ operator }) => operator.startsWith('&>')))
  )
    return true;
  const characters = [...script.text];
  if (characters.length !== script.text.length) return /(?:^|[^&<>|])&(?:[^&>]|$)/.test(script.text);
  for (const command of script.commands) {
    const words = [command.nameWord, ...command.args, ...command.assignments.map((assignment) => assignment.value)];
    for (const word of words) if (word) characters.fill('_', word.start, word.end);
    for (const { start, end } of command.redirects) characters.fill('_', start, end);
  }
  return /(?:^|[^&<>|])&(?:[^&>]|$)/.test(characters.join('').replace(/'[^']*'|"[^"]*"/g, '_'));
}

/** ERR, DEBUG and RETURN traps of bash follow the same rules as `-e`. */
function obstacleOfTraps(script: ShellScript): Obstacle | null {
  for (const command of script.commands) {
    if (!isInOwnShell(command)) continue;
    if (command.name === 'return') return { code: 'trap', text: 'return' };
    if (
      command.name === 'trap' &&
      command.args.slice(1).some((arg) => arg.value === null || /^(?:ERR|DEBUG|RETURN)$/i.test(arg.value))
    )
      return { code: 'trap', text: 'trap' };
  }
  return null;
}

/** Files that are the container's, not the image's: what is written there is gone when the RUN ends. */
const containerFiles =
  /\/etc\/(?:hosts|hostname|resolv\.conf)(?![\w.-])|\/dev\/shm\b|\/(?:proc|sys)\/[^\s'"]*(?=['"]?\s*$)/;

function obstacleOfFiles(script: ShellScript, place: ScriptPlace): Obstacle | null {
  const found = containerFiles.exec(script.text)?.[0];
  if (found !== undefined) return { code: 'system-file', text: found };
  const gone = removedDirectory(script, place.workdir);
  if (gone !== null) return { code: 'working-directory', text: gone };
  for (const command of script.commands) {
    const kernel = command.redirects.find(
      ({ operator, target }) => operator.includes('>') && /^\/(?:proc|sys)\//.test(target?.unquoted ?? ''),
    );
    if (kernel) return { code: 'system-file', text: kernel.target?.unquoted ?? '' };
    if (makesHardLink(command)) return { code: 'hard-link', text: script.text.slice(command.start, command.end) };
    if (changesUser(command, place.user)) return { code: 'user', text: script.text.slice(command.start, command.end) };
  }
  return null;
}

/** The builder makes the working directory again for the next RUN when it is gone; a merged RUN would find nothing. */
function removedDirectory(script: ShellScript, workdir: string | null): string | null {
  for (const { text, path, recursive, command } of removals(script))
    if ((recursive || command.name === 'rmdir') && holdsWorkdir(text, path, workdir)) return text;
  for (const command of script.commands) {
    if (command.name !== 'mv') continue;
    const directory = directoriesOf(script).get(command) ?? null;
    const operands = command.args.filter((arg) => !/^-./.test(arg.unquoted));
    for (const source of operands.slice(0, -1))
      if (holdsWorkdir(source.unquoted, pathOf(source, directory), workdir)) return source.unquoted;
  }
  return null;
}

/** Whether a path that goes is, or holds, the working directory. `path` is null where the script moved about before. */
function holdsWorkdir(text: string, path: string | null, workdir: string | null): boolean {
  if (/^(?:\.|\.\.|\$\{?PWD\}?)\/?$/.test(text) || path === '' || path?.startsWith('..')) return true;
  if (workdir === null || workdir === '/') return false;
  if (path === null) {
    const name = text.replace(/\/+$/, '').replace(/^.*\//, '');
    return /^[\w.-]+$/.test(name) && workdir.split('/').includes(name);
  }
  if (path.startsWith('~')) return isWithin(workdir, '/root') || isWithin(workdir, '/home');
  const absolute = resolvePath(workdir, path) ?? '/';
  const wildcard = absolute.search(/[*?[]/);
  if (wildcard < 0) return isWithin(workdir, absolute);
  const folder = normalizePath(absolute.slice(0, absolute.lastIndexOf('/', wildcard)) || '/');
  return workdir !== folder && isWithin(workdir, folder);
}

/** Names for one file become files of their own when a later layer changes one of them. */
function makesHardLink({ name, args }: ShellCommand): boolean {
  if (name !== 'ln' && name !== 'cp') return false;
  const options = args.map((arg) => arg.unquoted).filter((text) => /^-./.test(text));
  const has = (letter: string, long: string) =>
    options.some((text) => text === long || (!text.startsWith('--') && text.includes(letter)));
  return name === 'ln' ? !has('s', '--symbolic') : has('l', '--link');
}

/** A changed account of the current user counts from the next container on: its home, its group. */
function changesUser(command: ShellCommand, user: string | null): boolean {
  if (!/^(?:usermod|groupmod|userdel|deluser|vipw)$/.test(command.name ?? '')) return false;
  const current = (user ?? 'root').split(':')[0] ?? 'root';
  return command.args.some((arg) => arg.value === null || arg.value === 'root' || arg.value === current);
}
