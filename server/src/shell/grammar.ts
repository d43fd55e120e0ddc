/** How the command lines of package managers are read. */
import type { PackageAction, PackageManager } from './packages';

/** How an operand is split into name and version. */
export type OperandStyle =
  /** `curl=7.*`, `curl/stable`, `curl:amd64`. */
  | 'apt'
  /** `curl=7.1`, `curl~7`, `curl>7`, `curl@edge` (of a repository). */
  | 'apk'
  /** `curl-7.61.1-1.el8`, no separator of its own. */
  | 'rpm'
  /** `curl=7`, `curl>=7`. */
  | 'compare'
  /** `flask==1.0`, `flask[async]>=1,<2`, `flask @ https://…`. */
  | 'python'
  /** `channel::name=1.2`. */
  | 'conda'
  /** `@scope/name@1.2`, `alias@npm:name@1`. */
  | 'at'
  /** `example.com/module/cmd@v1`, with a path that is no GitHub shorthand. */
  | 'module'
  /** `name:1.2`, `vendor/name:^1`. */
  | 'colon'
  /** Plain names, the version is an option. */
  | 'plain';

export interface Grammar {
  readonly manager: PackageManager;
  /** Options whose value may be the next word, blank-separated. */
  readonly valued: string;
  /** `-qy` means `-q -y`, and `-tX` means `-t X`. */
  readonly bundles: boolean;
  /** What subcommands do; those of several words with blanks between (`cache clean`). */
  readonly actions: Readonly<Partial<Record<PackageAction, readonly string[]>>>;
  /** What the manager does without a subcommand. */
  readonly bare: PackageAction;
  /** What a subcommand does that is not in `actions` (a script's name for yarn). */
  readonly unknown: PackageAction;
  readonly operands: OperandStyle;
  /** Letters whose values are glued to them where bundles are none (`-Dskip=true`). */
  readonly glued?: string;
  /** All operands are goals or tasks (`mvn clean package`): the subcommand is all of them. */
  readonly goals?: boolean;
  /** Options that hold the version of the operands. */
  readonly versionOptions?: readonly string[];
}
