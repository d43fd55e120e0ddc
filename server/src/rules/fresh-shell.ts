/** Shells that read files of their own when they start, so that every RUN begins with what others left there. */
import type { RunStep } from '../model/model';

/** Whether the shell of a RUN prepares its environment anew: a login shell, one with `BASH_ENV`, or one that is not known. */
export function isFreshShell({ before: { shell, scope } }: RunStep): boolean {
  const program = shell?.[0]?.replace(/^.*\//, '') ?? 'sh';
  if (program === 'bash' && scope.get('BASH_ENV') !== undefined) return true;
  if (!/^(?:sh|bash|dash|ash|ksh|mksh|busybox|env)$/.test(program)) return true;
  return (shell ?? [])
    .slice(1)
    .some((word) => /^-[a-zA-Z]*[li]/.test(word) || /^--(?:login|rcfile|init-file)/.test(word));
}
