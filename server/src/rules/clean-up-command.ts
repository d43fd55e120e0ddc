/** The command that empties a package manager's cache, called as its install was called. */
import type { PackageCall, PackageManager } from '../shell/packages';
import type { ShellScript } from '../shell/script';

/** What stands behind the manager's name; a command of its own where the manager has none that does it without asking. */
const cleanUps: Readonly<
  Partial<Record<PackageManager, { readonly arguments: string } | { readonly command: string }>>
> = {
  yum: { arguments: 'clean all' },
  dnf: { arguments: 'clean all' },
  microdnf: { arguments: 'clean all' },
  zypper: { arguments: 'clean --all' },
  // `pacman -Scc --noconfirm` answers its own question with no.
  pacman: { command: 'rm -rf /var/cache/pacman/pkg/*' },
  npm: { arguments: 'cache clean --force' },
  yarn: { arguments: 'cache clean' },
  pnpm: { arguments: 'store prune' },
  gem: { command: 'rm -rf $(PROGRAM env gemdir)/cache/*.gem' },
  composer: { arguments: 'clear-cache' },
  conda: { arguments: 'clean --all --yes' },
};

/** How to clean up behind a call; null where its words cannot be repeated as they are. */
export function cleanUpCommand(script: ShellScript, call: PackageCall): string | null {
  const cleanUp = cleanUps[call.manager];
  const prefix = prefixOf(script, call);
  if (!cleanUp || prefix === null) return null;
  const program = programOf(script, call);
  if (program === null) return null;
  if ('command' in cleanUp) return prefix + cleanUp.command.replace('PROGRAM', program);
  return `${prefix}${program} ${cleanUp.arguments}`;
}

/** `sudo`, `gosu node`, `HOME=/tmp`: what decides whose cache it is. Settings of the install alone are left out. */
function prefixOf(script: ShellScript, { command }: PackageCall): string | null {
  const { nameWord, prefixes, assignments } = command;
  if (!nameWord) return null;
  const isAboutHome = assignments.some(({ name }) => /^(?:HOME|XDG_\w+|PATH|\w*CACHE\w*)$/i.test(name));
  const needed =
    isAboutHome || prefixes.some((name) => !/^(?:env|exec|command|time|nice|eatmydata|stdbuf)$/.test(name));
  return needed ? plainText(script, command.start, nameWord.start) : '';
}

/** The words of the program: `npm`, `/usr/bin/yum`, `php composer.phar`, `npx pnpm`. */
function programOf(script: ShellScript, { manager, command }: PackageCall): string | null {
  const { name, nameWord, args } = command;
  if (!nameWord) return null;
  const isRunner = name !== null && /^(?:php[\d.]*|npx|corepack|bunx)$/.test(name);
  const last = isRunner ? args.find((arg) => arg.unquoted.includes(manager)) : nameWord;
  return last ? plainText(script, nameWord.start, last.end) : null;
}

/** A part of the script that means the same anywhere in it: no quotes, no escapes, on one line. */
function plainText(script: ShellScript, start: number, end: number): string | null {
  const text = script.text.slice(start, end).replace(/[ \t]+/g, ' ');
  return /^[\w ./@:=${}+-]*$/.test(text) ? text : null;
}
