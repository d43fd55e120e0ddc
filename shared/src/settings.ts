/** The settings as package.json contributes them, and what they are when nobody sets them. */

/** The section in settings.json. */
export const settingsSection = 'layerwise';

export type SeveritySetting = 'error' | 'warning' | 'info' | 'hint' | 'off';

export interface Settings {
  readonly enable: boolean;
  /** `auto`: what a configuration file says, else BuildKit. */
  readonly builder: 'auto' | 'buildkit' | 'legacy';
  /** When diagnostics are computed anew: at each change, or when the file is opened and saved. */
  readonly run: 'onType' | 'onSave';
  /** Numbers at the end of lines: none, those of layers with what was measured, or also what is assumed. */
  readonly inlayHints: 'off' | 'short' | 'full';
  /** By rule id or alias. */
  readonly rules: Readonly<Record<string, SeveritySetting>>;
  readonly shellcheck: {
    /** Ask the ShellCheck of this machine, in trusted workspaces. */
    readonly enable: boolean;
    /** Codes that are not to be reported, as `SC2086`. */
    readonly exclude: readonly string[];
  };
}

export const defaultSettings: Settings = {
  enable: true,
  builder: 'auto',
  run: 'onType',
  inlayHints: 'off',
  rules: {},
  shellcheck: { enable: true, exclude: [] },
};
