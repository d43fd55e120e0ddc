/**
 * How scripts that ran one after another, each in a shell of its own, are put into one list joined by `&&` so that they do
 * the same: what has to be grouped, what needs a subshell to keep its traces to itself, and what cannot be joined.
 */
import type { ShellCommand, ShellScript } from '../shell/script';
import { type Obstacle, obstacleAnywhere, obstacleToFollow, type ScriptPlace } from './merge-obstacles';
import { type LaterScript, leavesTraces } from './shell-state';

/** `group`: `{ a; b; }`; `subshell`: `( a; b )`. */
export type Wrap = 'none' | 'group' | 'subshell';

/** A plan to join scripts, or the script (by index) that cannot be joined and why. */
export type JoinPlan = { readonly wraps: readonly Wrap[] } | { readonly index: number; readonly obstacle: Obstacle };

export interface JoinPlace extends ScriptPlace {
  /** Whether programs see a variable of this name: ENV, ARG, or what every base has. */
  isEnvironment(name: string): boolean;
}

/** A RUN's whole text is one argument of the shell, which Linux limits to 128 KiB; this is well below. */
const longestJoined = 60_000;

/** Plans how to join scripts in their order. */
export function planJoin(scripts: readonly ShellScript[], place: JoinPlace): JoinPlan {
  const last = scripts.length - 1;
  let length = 0;
  for (const [index, script] of scripts.entries()) {
    const obstacle = obstacleAnywhere(script) ?? (index < last ? obstacleToFollow(script, place) : null);
    if (obstacle) return { index, obstacle };
    length += script.text.length;
    if (length > longestJoined) return { index, obstacle: { code: 'unknown', text: '' } };
  }
  const wraps: Wrap[] = [];
  const following: LaterScript[] = [];
  for (let index = last; index >= 0; index--) {
    const script = scripts[index];
    if (!script) continue;
    const wrap = index === last ? groupOf(script) : wrapOf(script, following, place);
    if (wrap !== 'none' && script.comments.length > 0) return { index, obstacle: { code: 'comment', text: '#' } };
    wraps.unshift(wrap);
    following.unshift({ script, isSubshell: wrap === 'subshell' });
  }
  return { wraps };
}

function wrapOf(script: ShellScript, following: readonly LaterScript[], place: JoinPlace): Wrap {
  if (leavesTraces(script, following, (name) => place.isEnvironment(name))) return 'subshell';
  if (following.some((later) => remembersOtherProgram(script, later.script))) return 'subshell';
  return groupOf(script);
}

/** Anything but one list of `&&` is grouped: `&&` and `||` bind equally, `;` and `&` less. */
function groupOf(script: ShellScript): Wrap {
  const [statement] = script.statements;
  const isList = script.statements.length === 1 && statement?.terminator !== '&';
  return isList && statement?.operators.every((operator) => operator === '&&') ? 'none' : 'group';
}

/** Programs that put programs into PATH by name. */
const installers = new Set(
  `pip pip3 pipx npm yarn pnpm corepack gem easy_install apk apt apt-get aptitude yum dnf microdnf zypper pacman cargo rustup
  conda mamba brew n nvm go update-alternatives`.split(/\s+/),
);

/**
 * A shell remembers where it found a program. When a script runs `pip` and then installs another one in an earlier folder
 * of PATH, a fresh shell finds the new one and the same shell the old one: `pip install --upgrade pip` is the usual case.
 */
function remembersOtherProgram(script: ShellScript, later: ShellScript): boolean {
  const wanted = new Set<string | null>();
  for (const command of later.commands) wanted.add(lookedUpName(command));
  const remembered = new Set<string>();
  for (const command of script.commands) {
    const name = lookedUpName(command);
    if (name !== null && wanted.has(name)) remembered.add(name);
    if (remembered.size === 0) continue;
    const installs = installers.has(command.name ?? '');
    for (const arg of command.args)
      for (const program of remembered) if (mentionsProgram(arg.unquoted, program, installs)) return true;
  }
  return false;
}

/** The name that the shell itself looks up in PATH for a command; null for builtins, paths and what a prefix program starts. */
function lookedUpName(command: ShellCommand): string | null {
  if (command.quoted || command.name === null || command.prefixes.length > 0) return null;
  const written = command.nameWord?.value ?? '';
  return written.includes('/') || builtins.has(written) || written === '' ? null : written;
}

const builtins = new Set(
  `: . [ [[ alias bg break cd command continue echo eval exec exit export false fg getopts hash jobs kill let local printf pwd
  read readonly return set shift test times trap true type ulimit umask unalias unset wait source declare typeset shopt`.split(
    /\s+/,
  ),
);

/** `pip`, `pip==24.0`, `/usr/local/bin/pip`, `npm@latest`; not `pip-tools`, not `https://host/pip/x`, not the `rm` in `-exec rm`. */
function mentionsProgram(text: string, name: string, isInstalled: boolean): boolean {
  const slash = text.lastIndexOf('/');
  if (text.includes('://') || (slash < 0 && !isInstalled)) return false;
  const last = text.slice(slash + 1);
  // pip brings pip3 as well, npm npx.
  const family = /^pip[\d.]*$/.test(name) ? 'pip' : name === 'npx' ? 'npm' : name;
  if (family !== name && mentionsProgram(text, family, isInstalled)) return true;
  return last === name || (last.startsWith(name) && /^(?:\d[\d.]*)?(?:[=<>~!@:*[]|$)/.test(last.slice(name.length)));
}
