/** Users that the steps of a stage make, and those that something might make without saying so. */

import type { ShellCommand, ShellWord } from '../shell/script';
import { startDirectory } from './base-config';
import type { CopyStep, RunStep, Stage, Step } from './model';
import { resolvePath } from './paths';
import { perStep } from './per-step';
import { isCopyStep, isRunStep } from './steps';
import { expandIn } from './variables';

export interface MadeUser {
  readonly name: string;
  /** As given by `-u`; null where it is left to the program, or not known. */
  readonly id: number | null;
  /** The command that makes it: every word of it that may be a name is listed. */
  readonly command: ShellCommand;
  /** For services, with a number below those of people. */
  readonly isSystem: boolean;
}

/** The users made before a step in the chain of its stages; null where any other may have been made too. */
export function usersMadeBefore(step: Step): readonly MadeUser[] | null {
  const made: MadeUser[] = [];
  for (const earlier of chainBefore(step)) {
    if (isRunStep(earlier)) {
      const found = usersMadeBy(earlier);
      if (found === null) return null;
      made.push(...found);
    } else if (isCopyStep(earlier) && mayBringUsers(earlier)) return null;
  }
  return made;
}

function chainBefore(step: Step): readonly Step[] {
  const own = step.stage.steps.slice(0, step.index);
  const inherited: Step[] = [];
  for (let parent: Stage | null = step.stage.parent; parent; parent = parent.parent) inherited.unshift(...parent.steps);
  return [...inherited, ...own];
}

const makers = /^(?:useradd|adduser|luseradd)$/;
/** Commands that make users from a file, rename them, or are anything at all. */
const doubtful =
  /^(?:newusers|usermod|systemd-sysusers|sysusers|pwconv|vipw|sh|bash|ash|dash|zsh|source|\.|eval|xargs|make|python[\d.]*|perl|ruby|node|php|ansible-playbook|puppet|chef-client|chef-solo|salt-call|install\.sh|dpkg|rpm|tar|unzip|rsync)$/;

const usersMadeBy = perStep((run: RunStep): readonly MadeUser[] | null => {
  if (!run.isKnown || run.mounts.some(({ type }) => type === 'bind')) return null;
  if (/\/etc\/passwd|\/etc\/?(?:\s|$)/.test(run.body.raw)) return null;
  const made: MadeUser[] = [];
  for (const script of run.scripts) {
    if (script.functions.length > 0) return null;
    for (const command of script.commands) {
      const { name, nameWord } = command;
      if (name === null && nameWord === null) continue;
      if (name === null || doubtful.test(name) || (nameWord?.unquoted.includes('/') && !makers.test(name))) {
        if (!/^\/(?:usr\/)?s?bin\/(?!sh|bash|ash|dash)/.test(nameWord?.unquoted ?? '')) return null;
      }
      if (name === null || !makers.test(name)) continue;
      const user = userOf(command, run);
      if (user === null) return null;
      made.push(...user);
    }
  }
  // What a package makes is its own affair.
  if (run.calls(undefined, 'install').some((call) => call.opaque)) return null;
  return made;
});

/** Every word of the command that is no option may be the name: options with a value differ from one adduser to the next. */
function userOf(command: ShellCommand, run: RunStep): readonly MadeUser[] | null {
  const words = command.args.map((word) => textOf(word, run));
  if (words.some((word) => word === null)) return null;
  const at = words.findIndex((word) => /^(?:-u|--uid)$/.test(word ?? '') || /^--uid=\d|^-[a-zA-Z]*u$/.test(word ?? ''));
  const written = at < 0 ? '' : (/=(.*)/.exec(words[at] ?? '')?.[1] ?? words[at + 1] ?? '');
  const id = /^\d+$/.test(written) ? Number(written) : null;
  const names = words.filter((word) => word !== null && /^[a-zA-Z_][\w.$-]*$/.test(word)) as string[];
  const isSystem = words.some((word) => /^(?:--system|-[a-zA-Z]*[rS][a-zA-Z]*)$/.test(word ?? ''));
  return names.map((name) => ({ name, id, command, isSystem }));
}

function textOf(word: ShellWord, run: RunStep): string | null {
  if (word.value !== null) return word.value;
  return word.kind === 'expansion' ? expandIn(word.unquoted, run.before.scope, run.body.escape) : null;
}

/** Files that land where users are listed, or may: an archive, a whole root file system. */
function mayBringUsers(copy: CopyStep): boolean {
  const path = copy.destinationPath ?? resolvePath(startDirectory(copy), copy.destination?.value ?? '/');
  if (path === null || path.startsWith('/etc/passwd')) return true;
  return copy.keyword === 'ADD' ? /^\/(?:etc)?\/?$/.test(path) : /^\/(?:etc\/?)?$/.test(path) && bringsFolder(copy);
}

/** One named file with an ending is no folder with a passwd in it. */
const bringsFolder = (copy: CopyStep): boolean =>
  copy.fromText !== null || copy.sources.some(({ value }) => value === null || !/\/?[^/]+\.\w+$/.test(value));

/** Packages whose installation makes a user of another name than their own. */
const packageUsers: Readonly<Record<string, string>> = {
  apache: 'httpd apache2',
  'www-data': 'apache2 nginx lighttpd php',
  mysql: 'mariadb mysql default-mysql',
  tomcat: 'tomcat',
  _chrony: 'chrony',
  messagebus: 'dbus',
  rabbitmq: 'rabbitmq',
  sshd: 'openssh',
  memcache: 'memcached',
  nobody: '',
};

/** Whether a package that is installed before a step may have made a user of that name. */
export function packageMayMake(step: Step, name: string): boolean {
  const stem = name.replace(/^_/, '').slice(0, 4).toLowerCase();
  const others = (packageUsers[name] ?? '').split(' ').filter((other) => other !== '');
  return chainBefore(step)
    .filter(isRunStep)
    .some((run) =>
      run
        .calls(undefined, 'install')
        .some((call) =>
          call.packages.some(
            (operand) =>
              operand.name === null ||
              operand.isFile ||
              operand.name.toLowerCase().includes(stem) ||
              name.includes(operand.name.toLowerCase().replace(/[-\d.]*$/, '')) ||
              others.some((other) => operand.name?.startsWith(other)),
          ),
        ),
    );
}
