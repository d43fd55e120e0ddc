/** What this machine is, and what is therefore asked of the suites. */
import { readFileSync } from 'node:fs';

/**
 * Whether it is the desktop program, which @vscode/test-electron downloads, and not the served one: the case where
 * LAYERWISE_VSCODE says `electron`, and on macOS and Windows unless it says `served`.
 */
export function usesElectron(): boolean {
  return (process.env.LAYERWISE_VSCODE ?? (process.platform === 'linux' ? 'served' : 'electron')) === 'electron';
}

/** Whether Debian's packages can be installed here. */
export function isRootOnDebian(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    return /^ID(_LIKE)?=.*\bdebian\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** Whether a proof that takes an engine or an editor has failed when it is skipped: with CI=true, where both can be had. */
export function isEverythingDemanded(): boolean {
  return process.env.CI === 'true' && isRootOnDebian();
}
