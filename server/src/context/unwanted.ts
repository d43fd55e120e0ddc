/** Which lines a `.dockerignore` for a project should have: what the tools of its kind leave behind and no image needs. Pure. */
import type { BuildContext } from './context';
import { type IgnoreRules, isIgnored, parseIgnore } from './dockerignore';
import { ignoreRulesOf } from './sources';

/** What the Dockerfile does that decides what it needs of the context. */
export interface ContextUse {
  /** Paths that instructions name themselves (`COPY dist /srv`), relative to the context, without slashes around them. */
  readonly named: readonly string[];
  /** Programs that RUN instructions start. */
  readonly programs: ReadonlySet<string>;
}

interface Unwanted {
  readonly patterns: readonly string[];
  /** Whether this project has, or will have, such files; always where not given. */
  readonly when?: (context: BuildContext, use: ContextUse) => boolean;
}

const groups: readonly (readonly Unwanted[])[] = [
  [
    { patterns: ['.git'], when: (context, use) => !use.programs.has('git') && !readsHistory(context, use) },
    { patterns: ['.svn'], when: has('.svn') },
    { patterns: ['.hg'], when: has('.hg') },
    { patterns: ['.github'], when: has('.github') },
    { patterns: ['.gitlab-ci.yml'], when: has('.gitlab-ci.yml') },
  ],
  [
    { patterns: ['Dockerfile*', '.dockerignore'] },
    { patterns: ['**/Dockerfile*'], when: has(/\/Dockerfile[^/]*$/) },
    { patterns: ['**/*.Dockerfile'], when: has(/\.Dockerfile$/) },
    { patterns: ['Containerfile*'], when: has(/^Containerfile[^/]*$/) },
    { patterns: ['docker-compose*.yml'], when: has(/^docker-compose[^/]*\.yml$/) },
    { patterns: ['docker-compose*.yaml'], when: has(/^docker-compose[^/]*\.yaml$/) },
    { patterns: ['compose*.yml'], when: has(/^compose[^/]*\.yml$/) },
    { patterns: ['compose*.yaml'], when: has(/^compose[^/]*\.yaml$/) },
  ],
  [
    // Secrets and settings of one machine.
    { patterns: ['.env', '.env.local', '.env.*.local'] },
    { patterns: ['.idea', '.vscode', '**/.DS_Store'] },
  ],
  [
    // Where nothing is installed in the image, what lies there is what runs.
    { patterns: ['**/node_modules'], when: uses('package.json', 'npm', 'yarn', 'pnpm', 'bun') },
    { patterns: ['npm-debug.log*', 'yarn-debug.log*', 'yarn-error.log*', 'coverage'], when: has('package.json') },
    { patterns: ['.next'], when: has('.next') },
    { patterns: ['.nuxt'], when: has('.nuxt') },
    { patterns: ['.turbo'], when: has('.turbo') },
  ],
  [
    { patterns: ['**/__pycache__', '**/*.py[cod]'], when: isPython },
    { patterns: ['.venv', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.tox', '.coverage'], when: isPython },
    { patterns: ['venv'], when: has('venv/pyvenv.cfg') },
    { patterns: ['env'], when: has('env/pyvenv.cfg') },
  ],
  [
    { patterns: ['target'], when: uses('Cargo.toml', 'cargo') },
    { patterns: ['**/target'], when: uses('pom.xml', 'mvn', 'mvnw') },
    { patterns: ['.gradle', '**/build'], when: uses(/^(?:build|settings)\.gradle(?:\.kts)?$/, 'gradle', 'gradlew') },
    { patterns: ['**/bin', '**/obj'], when: uses(/\.(?:cs|fs|vb)proj$|\.slnx?$/, 'dotnet') },
    { patterns: ['vendor'], when: uses('composer.json', 'composer') },
    { patterns: ['_build', 'deps'], when: uses('mix.exs', 'mix') },
    { patterns: ['.bundle'], when: has('Gemfile') },
    { patterns: ['log/*', 'tmp/*'], when: has('config/application.rb') },
    { patterns: ['**/.terraform'], when: has(/(?:^|\/)\.terraform$/) },
  ],
];

/** The text of a `.dockerignore` that suits the project, in groups; nothing in it hides what an instruction names. */
export function proposeIgnoreFile(context: BuildContext, use: ContextUse): string {
  const paragraphs = groups
    .map((group) => group.filter(({ when }) => when?.(context, use) ?? true))
    .map((group) => group.flatMap(({ patterns }) => patterns))
    .map((patterns) => patterns.filter((pattern) => !hidesNamed(pattern, use)))
    .filter((patterns) => patterns.length > 0);
  return `${paragraphs.map((patterns) => patterns.join('\n')).join('\n\n')}\n`;
}

/** A kind of thing that reaches the build although no image needs it. */
export interface Gap {
  /** The line for the ignore file. */
  readonly pattern: string;
  /** Entries of the context that it would leave out, the first of them. */
  readonly paths: readonly string[];
}

/** What the ignore file lets through and a proposed one would not: version control, dependencies, caches, build output. */
export function ignoreGaps(context: BuildContext, use: ContextUse): readonly Gap[] {
  const present = presentOf(context);
  return groups
    .flat()
    .filter(({ patterns }) => patterns.some((pattern) => present.has(pattern)))
    .filter(({ when }) => when?.(context, use) ?? true)
    .flatMap(({ patterns }) => patterns)
    .flatMap((pattern) => {
      const paths = present.get(pattern);
      return paths === undefined || hidesNamed(pattern, use) ? [] : [{ pattern, paths }];
    });
}

/** Small things that change rarely, secrets (which are worth a finding of their own), and the Dockerfile itself. */
const trifles =
  /^(?:\.github|\.vscode|\.gitlab-ci\.yml|\.dockerignore|\.env.*|.*Dockerfile.*|Containerfile.*|.*compose\*.*|\*\*\/\.DS_Store|\.coverage)$/;

const mostPaths = 20;

const presences = new WeakMap<BuildContext, ReadonlyMap<string, readonly string[]>>();

/** By pattern, the entries that are there and not ignored. Computed once for a context. */
function presentOf(context: BuildContext): ReadonlyMap<string, readonly string[]> {
  const known = presences.get(context);
  if (known) return known;
  const present = new Map<string, string[]>();
  const patterns = groups
    .flat()
    .flatMap((unwanted) => unwanted.patterns)
    .filter((pattern) => !trifles.test(pattern));
  const rules = patterns.map((pattern) => parseIgnore(pattern).rules[0]);
  const own = ignoreRulesOf(context);
  for (const path of context.entries.keys()) {
    for (const [index, rule] of rules.entries()) {
      if (!rule?.matches(path) || isKeeper(path) || isIgnored(own, path) || isLetIn(own, path)) continue;
      const paths = present.get(patterns[index] ?? '');
      if (!paths) present.set(patterns[index] ?? '', [path]);
      else if (paths.length < mostPaths) paths.push(path);
    }
  }
  presences.set(context, present);
  return present;
}

/** A file that only makes git keep an empty folder. */
const isKeeper = (path: string): boolean => /\/\.(?:git)?keep$/.test(path);

/** Whether a line lets this very path in, as `!.git` does: somebody wants it there. */
const isLetIn = ({ rules }: IgnoreRules, path: string): boolean =>
  rules.some(({ isException, pattern }) => isException && pattern === path);

function hidesNamed(pattern: string, { named }: ContextUse): boolean {
  const rules = parseIgnore(pattern);
  return named.some((path) => path !== '' && isIgnored(rules, path));
}

function has(name: string | RegExp): (context: BuildContext) => boolean {
  return ({ entries }) => {
    if (typeof name === 'string') return entries.has(name);
    for (const path of entries.keys()) if (name.test(path)) return true;
    return false;
  };
}

/** The project has such a manifest, and a RUN starts one of the programs that make the files anew. */
function uses(manifest: string | RegExp, ...programs: readonly string[]): NonNullable<Unwanted['when']> {
  const isThere = has(manifest);
  return (context, use) => programs.some((program) => use.programs.has(program)) && isThere(context);
}

const pythonFiles = has(/^(?:requirements[^/]*\.txt|pyproject\.toml|setup\.(?:py|cfg)|Pipfile|manage\.py|[^/]+\.py)$/);

function isPython(context: BuildContext): boolean {
  return pythonFiles(context);
}

/** Version numbers that are made from the history of the repository. */
function readsHistory(context: BuildContext, { programs }: ContextUse): boolean {
  const manifests = [
    'pyproject.toml',
    'setup.py',
    'setup.cfg',
    'pom.xml',
    'build.gradle',
    'build.gradle.kts',
    'package.json',
  ];
  const asked =
    /\bgit['"]?(?:\s|\(|\)|,|\.args|\.arg)+[^\n]{0,40}\b(?:describe|rev-parse|rev-list|log)\b|\bvergen|\bshadow-rs\b/;
  const scripts = [
    ...(programs.has('make') ? ['Makefile', 'GNUmakefile', 'makefile'] : []),
    ...(programs.has('cargo') ? ['build.rs', 'Cargo.toml'] : []),
  ];
  if (scripts.some((path) => asked.test(context.text(path) ?? ''))) return true;
  return manifests.some((path) =>
    /setuptools.scm|hatch-vcs|versioneer|git-commit-id|gitVersion|git-rev-sync|poetry-dynamic-versioning/.test(
      context.text(path) ?? '',
    ),
  );
}
