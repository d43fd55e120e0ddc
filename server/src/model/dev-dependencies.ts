/** Installs that bring what only development needs: test frameworks, linters, bundlers. */
import type { BuildContext } from '../context/context';
import type { PackageCall, PackageManager } from '../shell/packages';
import type { ShellScript } from '../shell/script';
import { ecosystemOf, hasFlag, isProjectInstall } from './ecosystems';
import type { RunStep, Step } from './model';

/** The manifest that says what is for development only, and how it says so. */
const manifests: Readonly<Partial<Record<PackageManager, { readonly file: string; readonly section: RegExp }>>> = {
  npm: { file: 'package.json', section: /"devDependencies"\s*:\s*\{\s*"/ },
  yarn: { file: 'package.json', section: /"devDependencies"\s*:\s*\{\s*"/ },
  pnpm: { file: 'package.json', section: /"devDependencies"\s*:\s*\{\s*"/ },
  bun: { file: 'package.json', section: /"devDependencies"\s*:\s*\{\s*"/ },
  composer: { file: 'composer.json', section: /"require-dev"\s*:\s*\{\s*"/ },
  bundle: { file: 'Gemfile', section: /\bgroups?:?\b.*:(?:development|test)/ },
  poetry: { file: 'pyproject.toml', section: /^\[tool\.poetry\.(?:dev-dependencies|group\.)|^\[dependency-groups\]/m },
  uv: { file: 'pyproject.toml', section: /^\[dependency-groups\]|^dev-dependencies\s*=/m },
  pdm: { file: 'pyproject.toml', section: /^\[tool\.pdm\.dev-dependencies\]|^\[dependency-groups\]/m },
};

/** The managers that install them unless they are told not to. */
export const projectManagers: readonly PackageManager[] = [
  'npm',
  'yarn',
  'pnpm',
  'bun',
  'composer',
  'bundle',
  'poetry',
  'uv',
  'pdm',
];

/** What an install of a project brings for development only: `default` as it was not told otherwise, `asked` by its words. */
export type DevInstall = { readonly kind: 'default' } | { readonly kind: 'asked'; readonly text: string };

/** Whether a call installs development dependencies; null where it does not, or it is not certain. `before`: the steps before its RUN. */
export function devInstallOf(
  run: RunStep,
  script: ShellScript,
  call: PackageCall,
  before: () => readonly Step[],
  context: BuildContext | null,
): DevInstall | null {
  if (call.opaque || call.action !== 'install') return null;
  const asked = askedFor(call);
  if (asked !== null) return { kind: 'asked', text: asked };
  if (!projectManagers.includes(call.manager) || !isProjectInstall(call) || call.packages.length > 0) return null;
  if (call.flags.some(({ name }) => scoped.test(name)) || leavesOut(run, script, call)) return null;
  if (call.manager === 'bundle' && configuresBundler([...before(), run])) return null;
  if (/^(?:fetch|workspaces focus|pip install|pip sync)$/.test(call.subcommand)) return null;
  const steps = [...before(), run];
  if (
    steps.some((step) =>
      /\b(?:npm|yarn|pnpm) config set\b[^&;|]*\b(?:production|omit|only)\b|\.npmrc/.test(step.body.raw),
    )
  )
    return null;
  const manifest = manifests[call.manager];
  const text = manifest && context?.text(manifest.file);
  return text !== undefined && manifest && !manifest.section.test(text) ? null : { kind: 'default' };
}

/** Options that install something else than the project, or say what is wanted. */
const scoped =
  /^(?:-g|--global|--include|--production|--prod|--dev|-D|-P|--save-dev|--filter|-F|--group|--only-group|--extra|--all-extras|--with|--with-dev|--dry-run|--package-lock-only|--lockfile-only|--package|--prefix|--mode)$/;

/** By an option, by the environment of the RUN, or by that of the command. */
function leavesOut(run: RunStep, script: ShellScript, call: PackageCall): boolean {
  const { flags, env } = ecosystemOf(call.manager).production;
  if (flags.some((flag) => hasFlag(call, flag))) return true;
  return env.some(({ name, values }) => {
    if (script.variables.some((one) => one.name === name)) return true;
    const own = call.command.assignments.find((one) => one.name === name);
    const variable = run.before.scope.get(name);
    if (!own && !variable)
      return new RegExp(`\\b${name}=`).test(script.text.slice(call.command.start, call.command.end));
    const value = own ? (own.value?.value ?? null) : (variable?.value ?? null);
    return value === null || values.length === 0 || values.includes(value);
  });
}

const configuresBundler = (steps: readonly Step[]): boolean =>
  steps.some((step) =>
    /\bbundle\s+config\b[^&;]*\b(?:without|only|deployment)\b|BUNDLE_(?:WITHOUT|ONLY)|\.bundle/.test(step.body.raw),
  );

const developing = /(?:^|[\s/_.-])(?:dev|develop|development|test|tests|testing|lint)(?:[\s/_.,-]|$)/i;

/** Development dependencies that the words of a call ask for. */
function askedFor(call: PackageCall): string | null {
  if (call.manager === 'pipenv')
    return call.flags.find(({ name }) => name === '--dev' || name === '-d')?.word.unquoted ?? null;
  if (call.manager !== 'pip' && !(call.manager === 'uv' && call.subcommand === 'pip install')) return null;
  for (const { name, value } of call.flags) {
    if (
      /^(?:-r|--requirements?)$/.test(name) &&
      value &&
      developing.test(value.slice(value.lastIndexOf('/requirements') + 1))
    )
      return value;
    if (/^(?:-e|--editable)$/.test(name) && value && hasDevExtra(value)) return value;
  }
  return call.operands.find(({ unquoted }) => hasDevExtra(unquoted))?.unquoted ?? null;
}

/** `.[dev]`, `.[redis,test]` of the project itself. */
const hasDevExtra = (text: string): boolean =>
  /^\.\/?\[(?:[\w-]+,\s*)*(?:dev|test|tests|testing|development|lint)(?:,|\])/.test(text);
