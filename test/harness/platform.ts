/** Which VS Code the suites use here. */

/**
 * Whether it is the desktop program, which @vscode/test-electron downloads, and not the served one: the case where
 * LAYERWISE_VSCODE says `electron`, and on macOS and Windows unless it says `served`.
 */
export function usesElectron(): boolean {
  return (process.env.LAYERWISE_VSCODE ?? (process.platform === 'linux' ? 'served' : 'electron')) === 'electron';
}
