/** Finds and reads configuration files on this machine: the nearest one upwards from a Dockerfile. */
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Config } from '../../rules/config';
import type { Severity } from '../../rules/rule';
import { parseHadolintConfig } from '../hadolint';
import { parseConfig } from '../parse';
import {
  buildConfig,
  type FileSettings,
  failOnOf,
  noSettings,
  type RuleNames,
  type Settings,
  settingsFor,
} from '../settings';

/** Names of configuration files; ours anywhere upwards comes before hadolint's nearest. */
export const ownNames: readonly string[] = ['.layerwise.yaml', '.layerwise.yml'];
export const hadolintNames: readonly string[] = ['.hadolint.yaml', '.hadolint.yml'];

/** A configuration file on disk. */
export interface ConfigFile extends FileSettings {
  /** Absolute. */
  readonly path: string;
}

export interface ConfigOptions {
  /** The one file that holds, instead of those found upwards. Reading it may throw. */
  readonly file?: string | undefined;
  /** What is stronger than any file: the command line, or the editor's settings. */
  readonly settings: Settings;
  readonly names: RuleNames;
  /** Told once of each file that is used. */
  readonly onFile?: (file: ConfigFile) => void;
}

/** What holds for one Dockerfile. */
export interface EffectiveConfig {
  readonly config: Config;
  readonly failOn: Severity;
  readonly file: ConfigFile | null;
}

/**
 * Answers for Dockerfile after Dockerfile what configuration holds; null stands for a text without a place. Folders and files are
 * read once, and the same settings yield the same Config.
 */
export function openConfigs(options: ConfigOptions): (dockerfile: string | null) => EffectiveConfig {
  const byFolder = new Map<string, ConfigFile | null>();
  const read = new Map<string, ConfigFile>();
  const effective = new Map<string, EffectiveConfig>();

  const open = (path: string, readFile = tryReadConfigFile): ConfigFile => {
    const known = read.get(path);
    if (known) return known;
    const file = readFile(path, options.names);
    read.set(path, file);
    options.onFile?.(file);
    return file;
  };
  const find = (folder: string): ConfigFile | null => {
    const known = byFolder.get(folder);
    if (known !== undefined) return known;
    const path = findUpwards(folder, ownNames) ?? findUpwards(folder, hadolintNames);
    const file = path === null ? null : open(path);
    byFolder.set(folder, file);
    return file;
  };
  const explicit = options.file === undefined ? null : open(resolve(options.file), readConfigFile);

  return (dockerfile) => {
    const absolute = dockerfile === null ? null : resolve(dockerfile);
    const file = explicit ?? find(absolute === null ? process.cwd() : dirname(absolute));
    const path = file && absolute ? relative(dirname(file.path), absolute).split(sep).join('/') : null;
    const fromFile = settingsFor(file ?? noSettings, path);
    // Which overrides match is all in which Dockerfiles under one configuration file can differ.
    const key = [
      file?.path ?? '',
      ...fromFile.map((source) => file?.overrides.findIndex((one) => one.settings === source)),
    ].join('\n');
    const known = effective.get(key);
    if (known) return known;
    const sources = [...fromFile, options.settings];
    const result = { config: buildConfig(sources, options.names), failOn: failOnOf(sources), file };
    effective.set(key, result);
    return result;
  };
}

/** Reads a configuration file, hadolint's where it is named so. Throws what reading throws. */
export function readConfigFile(path: string, names: RuleNames): ConfigFile {
  const text = readFileSync(path, 'utf8');
  const isHadolint = /hadolint/i.test(basename(path));
  return { path, ...(isHadolint ? parseHadolintConfig(text) : parseConfig(text, names)) };
}

/** A file that was found but cannot be read is a problem, not the end. */
function tryReadConfigFile(path: string, names: RuleNames): ConfigFile {
  try {
    return readConfigFile(path, names);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { path, ...noSettings, problems: [{ line: 0, character: 0, severity: 'error', message: reason }] };
  }
}

/** The nearest file with one of the names in a folder or those above it. */
export function findUpwards(folder: string, names: readonly string[]): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = names.map((name) => join(at, name)).find(isFile);
    if (path) return path;
    if (dirname(at) === at) return null;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
