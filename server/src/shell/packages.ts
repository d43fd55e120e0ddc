/** Package-manager calls recognised in a script. */
import type { LocalSpan } from '../syntax/span';
import type { ShellCommand, ShellWord } from './script';

export type PackageManager =
  | 'apt-get'
  | 'apt'
  | 'aptitude'
  | 'apk'
  | 'yum'
  | 'dnf'
  | 'microdnf'
  | 'tdnf'
  | 'zypper'
  | 'pacman'
  | 'pip'
  | 'pipenv'
  | 'poetry'
  | 'uv'
  | 'pdm'
  | 'conda'
  | 'npm'
  | 'yarn'
  | 'pnpm'
  | 'bun'
  | 'gem'
  | 'bundle'
  | 'composer'
  | 'go'
  | 'cargo'
  | 'maven'
  | 'gradle'
  | 'sbt'
  | 'dotnet'
  | 'nuget'
  | 'mix'
  | 'deno';

/** What a call does, the same words for every manager. */
export type PackageAction =
  | 'install'
  | 'update-index'
  | 'upgrade'
  | 'remove'
  | 'clean'
  | 'build'
  | 'run'
  | 'download'
  | 'configure'
  | 'other';

export interface PackageCall {
  readonly manager: PackageManager;
  readonly action: PackageAction;
  /** The subcommand as written (`install`, `add`, `ci`, `-S`, `mod download`); '' where there is none. */
  readonly subcommand: string;
  readonly command: ShellCommand;
  /** The manager's name up to the subcommand, `apt-get install` or `pip3 install`. */
  readonly nameSpan: LocalSpan;
  /** Options with their values; a separate value (`-t virtual`) is joined to its option. */
  readonly flags: readonly PackageFlag[];
  /** Every word behind the subcommand that is no option (`all` of `yum clean all`); the goals of maven are in `subcommand`. */
  readonly operands: readonly ShellWord[];
  /** The operands as packages; requirement files are in flags (`-r x`). Empty for what takes none (`clean`, `run`, `build` …). */
  readonly packages: readonly PackageOperand[];
  /** True where a word may hide options or packages: `apt-get install $PACKAGES`, `xargs pip install`. */
  readonly opaque: boolean;
}

export interface PackageFlag {
  /** `--virtual`, `-y`; a bundle `-qy` becomes two entries with the same word. */
  readonly name: string;
  readonly value: string | null;
  readonly word: ShellWord;
  readonly valueWord: ShellWord | null;
}

export interface PackageOperand {
  readonly word: ShellWord;
  /** Name without version; null where it is not literal (`$PKG`); `curl=$VERSION` has a name. */
  readonly name: string | null;
  /** As written behind `=`, `==`, `>=`, `@`, `-v`…, expansions kept; null without one. */
  readonly version: string | null;
  /** A path, URL or archive rather than a name. */
  readonly isFile: boolean;
}
