/** Where a package manager's cache lies in a stage, and mounts for it. */

import type { CacheMount } from '../model/ecosystems';
import { ecosystemOf } from '../model/ecosystems';
import type { RunStep } from '../model/model';
import type { PackageManager } from '../shell/packages';
import type { Dockerfile } from '../syntax/tree';
import { insert } from './edits';
import type { Edit } from './rule';

/** Variables that put a cache elsewhere. */
const movers: Readonly<Partial<Record<PackageManager, readonly string[]>>> = {
  npm: ['NPM_CONFIG_CACHE', 'npm_config_cache'],
  yarn: ['YARN_CACHE_FOLDER'],
  pnpm: ['PNPM_HOME', 'npm_config_store_dir'],
  bun: ['BUN_INSTALL_CACHE_DIR'],
  pip: ['PIP_CACHE_DIR'],
  pipenv: ['PIPENV_CACHE_DIR', 'PIP_CACHE_DIR'],
  poetry: ['POETRY_CACHE_DIR', 'POETRY_HOME'],
  uv: ['UV_CACHE_DIR'],
  go: ['GOPATH', 'GOMODCACHE', 'GOCACHE'],
  cargo: ['CARGO_HOME'],
  composer: ['COMPOSER_HOME', 'COMPOSER_CACHE_DIR'],
  maven: ['MAVEN_OPTS', 'MAVEN_CONFIG'],
  gradle: ['GRADLE_USER_HOME'],
  dotnet: ['NUGET_PACKAGES'],
  nuget: ['NUGET_PACKAGES'],
};

/** Managers whose usual cache depends on the image; elsewhere it is not known. */
const imageCaches: Readonly<Partial<Record<PackageManager, RegExp>>> = {
  go: /^golang$/,
  cargo: /^rust$/,
  bundle: /^ruby$/,
  gem: /^ruby$/,
  conda: /conda|mamba/,
  deno: /^deno$/,
  gradle: /^(?!gradle$)/,
};

/** The mounts that hold a manager's cache in a RUN; empty where it is not known where that lies, or who may write there. */
export function cacheMountsOf(run: RunStep, manager: PackageManager): readonly CacheMount[] {
  const { user, scope } = run.before;
  if (user !== null && !/^(?:root|0)(?::|$)/.test(user)) return [];
  if (scope.get('HOME') || scope.get('XDG_CACHE_HOME')) return [];
  if (movers[manager]?.some((name) => scope.get(name) !== undefined)) return [];
  const image = imageCaches[manager];
  if (image && !image.test(run.stage.rootImage?.name ?? '')) return [];
  const mounts = ecosystemOf(manager).cacheMounts;
  // The second of yarn's is that of its later versions.
  return manager === 'yarn' ? mounts.slice(0, 1) : mounts;
}

/** The edit that gives a RUN cache mounts, in front of what it runs: a line each where it has several lines. */
export function addCacheMounts(file: Dockerfile, run: RunStep, mounts: readonly CacheMount[]): Edit {
  const options = mounts.map(
    ({ target, sharing }) => `--mount=type=cache,target=${target}${sharing === 'locked' ? ',sharing=locked' : ''}`,
  );
  const { flags, keywordSpan, heredocs } = run.body;
  const at = run.at(flags.at(-1)?.span ?? keywordSpan).end;
  const line = run.instruction;
  const width = line.span.end - line.span.start + options.join(' ').length;
  const isLong = (line.line !== line.endLine && heredocs.length === 0) || (options.length > 1 && width > 100);
  const startsOnNextLine = /^[ \t]*[\\`][ \t]*\r?\n/.test(file.text.slice(at, line.span.end));
  if (!isLong || heredocs.length > 0) return insert(at, options.map((option) => ` ${option}`).join(''));
  const glue = ` ${run.body.escape}${file.eol}    `;
  const last = startsOnNextLine ? '' : glue;
  const rest = /^[ \t]+/.exec(file.text.slice(at, line.span.end))?.[0].length ?? 0;
  return startsOnNextLine
    ? insert(at, ` ${options.join(glue)}`)
    : { span: { start: at, end: at + rest }, newText: ` ${options.join(glue)}${last}` };
}
