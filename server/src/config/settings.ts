/** What a configuration file says, and how several sources of it become the one Config that the engine takes. Pure. */
import { compilePattern } from '../context/dockerignore';
import { cleanPath } from '../context/go-paths';
import { type Builder, type Config, defaultConfig, type LabelType } from '../rules/config';
import type { Severity } from '../rules/rule';

/** What one source (a file, an override in it, the command line, the editor) sets; what it leaves out stays as it was. */
export interface Settings {
  readonly builder?: Builder;
  /** By rule id or alias. */
  readonly severities?: ReadonlyMap<string, Severity | 'off'>;
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  readonly all?: boolean;
  readonly trustedRegistries?: readonly string[];
  readonly labelSchema?: ReadonlyMap<string, LabelType>;
  readonly strictLabels?: boolean;
  /** The least severity with which the command fails. */
  readonly failOn?: Severity;
}

/** A configuration file, read. */
export interface FileSettings {
  readonly settings: Settings;
  readonly overrides: readonly Override[];
  readonly problems: readonly ConfigProblem[];
}

/** Settings for some files only. */
export interface Override {
  /** Globs relative to the configuration file's folder; one without a slash is about names in any folder. */
  readonly files: readonly string[];
  readonly settings: Settings;
}

/** Something wrong in a configuration file. Lines and columns count from 0, in UTF-16 units. */
export interface ConfigProblem {
  readonly line: number;
  readonly character: number;
  /** Errors are settings that have no effect; warnings are names that nothing bears. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** The rules as configurations name them. */
export interface RuleNames {
  /** The ids of the rules that an id or alias means. */
  idsOf(name: string): readonly string[];
  /** The name nearest to a misspelt one. */
  nearest(name: string): string | undefined;
}

export const noSettings: FileSettings = { settings: {}, overrides: [], problems: [] };

/** Names that other tools give to checks: nobody is told off for one that has no counterpart here. */
export function isForeignName(name: string): boolean {
  return /^(?:DL|SC|S)\d+$/i.test(name) || /^(?:[A-Z][a-z]+){2,}$/.test(name);
}

/** The sources of settings that hold for a file, the weakest first. `path` is relative to the configuration file's folder. */
export function settingsFor(file: FileSettings, path: string | null): Settings[] {
  const matching = file.overrides.filter((override) => path !== null && matchesAny(override.files, path));
  return [file.settings, ...matching.map((override) => override.settings)];
}

/** Merges sources, the weakest first, into what the engine takes. */
export function buildConfig(sources: readonly Settings[], names: RuleNames): Config {
  const severities = new Map<string, Severity | 'off'>();
  let ignore: string[] = [];
  let config: Config = defaultConfig;
  for (const source of sources) {
    for (const [name, severity] of source.severities ?? [])
      for (const id of names.idsOf(name)) severities.set(id, severity);
    // Who selects a rule wants it, whatever a weaker source ignores.
    if (source.select) ignore = ignore.filter((name) => !meansOneOf(name, source.select ?? [], names));
    ignore = [...ignore, ...(source.ignore ?? [])];
    config = {
      ...config,
      builder: source.builder ?? config.builder,
      select: source.select ?? config.select,
      all: source.all ?? config.all,
      trustedRegistries: source.trustedRegistries ?? config.trustedRegistries,
      labelSchema: source.labelSchema ?? config.labelSchema,
      strictLabels: source.strictLabels ?? config.strictLabels,
    };
  }
  return { ...config, severities, ignore };
}

/** The strongest source's least failing severity; a warning where none says. */
export function failOnOf(sources: readonly Settings[]): Severity {
  return sources.reduce<Severity>((failOn, source) => source.failOn ?? failOn, 'warning');
}

function meansOneOf(name: string, selected: readonly string[], names: RuleNames): boolean {
  const ids = new Set(names.idsOf(name));
  return selected.some(
    (other) => other.toLowerCase() === name.toLowerCase() || names.idsOf(other).some((id) => ids.has(id)),
  );
}

function matchesAny(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => {
    const cleaned = cleanPath(glob).replace(/^\//, '');
    const matches = compilePattern(glob.includes('/') ? cleaned : `**/${cleaned}`);
    const parts = path.split('/');
    return matches !== null && parts.some((_, index) => matches(parts.slice(0, index + 1).join('/')));
  });
}
