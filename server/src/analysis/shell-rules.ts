/** ShellCheck's checks as rules: one for each of its codes, made when it is first found. */
import * as l10n from '@vscode/l10n';
import type { SystemShell } from '../model/system-shell';
import type { Config } from '../rules/config';
import type { Rule, Severity } from '../rules/rule';
import type { ShellLevel } from '../shell/shellcheck';
import type { CheckedShell } from '../shell/shellcheck-source';

const made = new Map<number, Rule>();

/** The rule that stands for a code. */
export function shellRule(code: number): Rule {
  const known = made.get(code);
  if (known) return known;
  const id = `SC${code}`;
  const page = `https://www.shellcheck.net/wiki/${id}`;
  const rule: Rule = {
    id,
    category: 'shell',
    severity: 'warning',
    aliases: [],
    fix: 'suggestion',
    foundBy: { name: 'ShellCheck', page },
    get docs() {
      return {
        what: l10n.t('ShellCheck found something in the shell script of a `RUN`.'),
        why: l10n.t('What it is, and what comes of it, stands on the page of {0} in ShellCheck’s wiki: {1}', id, page),
        fix: l10n.t('That page tells how. Where ShellCheck offers a repair, the quick fix makes it.'),
        ignore: l10n.t(
          'When the page’s exceptions apply. A comment `# shellcheck disable={0}` in the script does the same, as it does for ShellCheck itself.',
          id,
        ),
        references: [page],
      };
    },
    examples: [],
    *check() {},
  };
  made.set(code, rule);
  return rule;
}

/** The rule of a name like `SC2086`; undefined for other names. */
export function shellRuleOf(name: string): Rule | undefined {
  const code = /^SC(\d{4})$/i.exec(name.trim())?.[1];
  return code === undefined ? undefined : shellRule(Number(code));
}

/** What cannot be right here: the script is not a file of its own, and what it reads lies in the image. */
const meaningless: ReadonlySet<number> = new Set([
  1008, 1071, 1090, 1091, 1104, 1113, 1114, 1115, 1128, 2096, 2148, 2187, 2239, 2246,
]);

/** What is right and yet hardly ever a mistake in a RUN; on with `--all`, a selection or a severity of its own. */
const quiet: ReadonlySet<number> = new Set([2016]);

/** Of what dash does not know, that which busybox's shell does not know either. */
const unknownToBusybox: ReadonlySet<number> = new Set([3024, 3030, 3054]);

/** Whether what a code says can be true of a script for that shell. Unless it is sure which shell that is, nothing is "not POSIX". */
export function isMeaningful(code: number, shell: CheckedShell, system: SystemShell | null): boolean {
  if (meaningless.has(code)) return false;
  if (code < 3000 || code >= 4000 || shell === 'ksh') return true;
  return system === 'busybox' ? unknownToBusybox.has(code) : shell === 'dash';
}

const severities: Readonly<Record<ShellLevel, Severity>> = {
  error: 'error',
  warning: 'warning',
  info: 'info',
  style: 'hint',
};

/** The severity that a configuration gives to a finding; null where it does not want it. */
export function severityOf(code: number, level: ShellLevel, config: Config): Severity | null {
  const id = `SC${code}`;
  const names = (list: readonly string[]) => list.some((name) => name.trim().toUpperCase() === id);
  const own = config.severities.get(id);
  if (own === 'off' || names(config.ignore)) return null;
  if (config.select) return names(config.select) ? (own ?? severities[level]) : null;
  if (quiet.has(code) && own === undefined && !config.all) return null;
  return own ?? severities[level];
}
