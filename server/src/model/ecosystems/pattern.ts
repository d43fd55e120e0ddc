/** What the table of package managers says of each. */
import type { PackageManager } from '../../shell/packages';

export interface Ecosystem {
  readonly manager: PackageManager;
  /** `system` installs programs of the distribution, `language` the dependencies of a project, `build` builds it as well. */
  readonly kind: 'system' | 'language' | 'build';
  /** Files that say what a project needs: names, or patterns of names, without folders. */
  readonly manifests: readonly string[];
  /** Files that say which versions exactly. */
  readonly lockfiles: readonly string[];
  /** What an install reads besides, where it is there. A trailing slash marks a folder. */
  readonly configuration: readonly string[];
  /** Commands that install what the manifests name and need nothing else of the project. */
  readonly installs: readonly CommandPattern[];
  /** Those among them that hold to the lockfile or fail. */
  readonly frozenInstalls: readonly CommandPattern[];
  /** The same by a setting. */
  readonly frozenEnv: readonly EnvSetting[];
  /** What to write for an install that holds to the lockfile; null where there is no such thing. */
  readonly frozenCommand: string | null;
  /** What fetches the dependencies alone, for tools whose usual command builds as well; null where installs do. */
  readonly fetchCommand: string | null;
  /** Keys of the manifest whose scripts an install runs: these may need the source. */
  readonly hooks: readonly string[];
  /** Where downloads are kept, for root with the usual settings. `~` is the home of the user. */
  readonly caches: readonly string[];
  readonly cleanUps: readonly CleanUp[];
  readonly noCache: { readonly flags: readonly string[]; readonly env: readonly EnvSetting[] };
  /** What leaves development dependencies out. */
  readonly production: {
    readonly flags: readonly string[];
    readonly env: readonly EnvSetting[];
    /** Without any of these they are installed too. */
    readonly isNeeded: boolean;
  };
  readonly cacheMounts: readonly CacheMount[];
  /** Options that answer every question with yes; the first one is the one to write. */
  readonly assumeYes: readonly string[];
  /** Settings that do the same. */
  readonly assumeYesEnv: readonly EnvSetting[];
}

export interface CommandPattern {
  /** How one writes it. */
  readonly text: string;
  readonly subcommands: readonly string[];
  /** One of these options has to be there, unless there are none. */
  readonly flags: readonly string[];
  readonly operands: 'none' | 'some' | 'any';
  /** One goal among several is enough (maven, gradle, sbt). */
  readonly anyGoal: boolean;
}

export interface CleanUp {
  /** How one writes it. */
  readonly text: string;
  readonly subcommands: readonly string[];
  /** One of these options has to be there, unless there are none. */
  readonly flags: readonly string[];
  /** One of these operands has to be there, unless there are none (`all` of `yum clean all`). */
  readonly operands: readonly string[];
  /** What is gone then: folders whose content goes, `~` for the home of the user. */
  readonly removes: readonly string[];
  /** False where something stays (`apt-get autoclean`, `pnpm store prune`). */
  readonly complete: boolean;
}

export interface CacheMount {
  readonly target: string;
  /** `locked` for what two builds must not write at once. */
  readonly sharing: 'shared' | 'locked';
}

export interface EnvSetting {
  readonly name: string;
  /** Values that do it; none means that any will. */
  readonly values: readonly string[];
}

/** What does not have to be said: an entry starts from nothing. */
export const blank = {
  manifests: [],
  lockfiles: [],
  configuration: [],
  installs: [],
  frozenInstalls: [],
  frozenEnv: [],
  frozenCommand: null,
  fetchCommand: null,
  hooks: [],
  caches: [],
  cleanUps: [],
  noCache: { flags: [], env: [] },
  production: { flags: [], env: [], isNeeded: false },
  cacheMounts: [],
  assumeYes: [],
  assumeYesEnv: [],
} as const satisfies Omit<Ecosystem, 'manager' | 'kind'>;

/** A pattern of a command that takes no operands. */
export function command(text: string, subcommands: readonly string[], flags: readonly string[] = []): CommandPattern {
  return { text, subcommands, flags, operands: 'none', anyGoal: false };
}

export function cleanUp(
  text: string,
  subcommands: readonly string[],
  removes: readonly string[],
  more: Partial<Pick<CleanUp, 'flags' | 'operands' | 'complete'>> = {},
): CleanUp {
  return { text, subcommands, removes, flags: [], operands: [], complete: true, ...more };
}

/** A setting that counts with any of the usual words for yes. */
export function switchedOn(name: string): EnvSetting {
  return { name, values: ['1', 'true', 'yes', 'on', 'True', 'TRUE'] };
}
