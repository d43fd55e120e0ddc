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

/** Whether a proof in the engine or the editor that is skipped has failed: with CI=true, where all can be made. */
export function isEverythingDemanded(): boolean {
  return process.env.CI === 'true' && isRootOnDebian();
}
