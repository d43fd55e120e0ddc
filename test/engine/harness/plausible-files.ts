/** Makes up the files that a Dockerfile copies from its context, from nothing but their names. */
import type { NewFile } from './tar-write';
import { writeTar } from './tar-write';

/** A made-up project: what a directory holds that a build tool may ask for. */
const projectFiles = [
  ...[
    'package.json',
    'package-lock.json',
    'yarn.lock',
    'requirements.txt',
    'setup.py',
    'pyproject.toml',
    'go.mod',
    'go.sum',
  ],
  ...[
    'Gemfile',
    'Gemfile.lock',
    'Cargo.toml',
    'Cargo.lock',
    'composer.json',
    'composer.lock',
    'pom.xml',
    'build.gradle',
  ],
  ...['Makefile', 'CMakeLists.txt', 'README.md', 'main.go', 'main.py', 'gradlew', 'mvnw', 'configure', 'build.sh'],
];

/** Files by path within the context. */
export type MadeUp = Map<string, NewFile>;

/** A context that has a made-up project at its top. */
export function newContext(): MadeUp {
  const files: MadeUp = new Map();
  for (const name of projectFiles) files.set(name, makeFile(name, false));
  return files;
}

/** Adds what a source of a COPY or ADD names; false when nothing can be made up for it. */
export function addSource(files: MadeUp, source: string, destination: string, isAdd: boolean): boolean {
  if (/^[a-z+]+:\/\/|^git@/.test(source) || source.includes('$')) return false;
  const path = normalizePath(source.replaceAll('[[]', '[').replace(/\*+|\?|\[[^\]]*\]/g, 'x'));
  if (path === '') return true;
  if (path.startsWith('..')) return false;
  if (hasPath(files, path) || (/[*?[]/.test(source) && hasMatch(files, source))) return true;
  if (isDirectoryName(source, path, destination)) addDirectory(files, path);
  else files.set(path, makeFile(path, isAdd));
  return true;
}

/** Adds a directory with a made-up project in it. */
export function addDirectory(files: MadeUp, path: string): void {
  for (const name of projectFiles) files.set(`${path}/${name}`, makeFile(name, false));
}

/** A file whose content is its name, or a program that records its runs where the name is that of a script. */
export function makeFile(path: string, isAdd: boolean): NewFile {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isAdd && /\.(tar|tgz|tbz2?|txz|tar\.[a-z0-9]+)$/.test(name)) {
    const inside = name.replace(/\.(tar\.[a-z0-9]+|t[a-z0-9]+)$/, '');
    return { content: writeTar({ [`${inside}/`]: {}, [`${inside}/content`]: `${name}\n` }) };
  }
  if (name.endsWith('.json')) return { content: `{ "name": "${name.slice(0, -5)}" }\n` };
  if (name.endsWith('.toml')) return { content: '[package]\nname = "app"\n' };
  const isText =
    /\.(txt|md|ya?ml|xml|conf|cfg|ini|html?|css|js|ts|go|rs|c|h|java|lock|mod|sum|list|repo|key|pem|crt|env|properties)$/.test(
      name,
    );
  if (isText || /^(Makefile|Gemfile|LICENSE|README|Rakefile|Pipfile|Procfile|requirements|\..*)$/.test(name))
    return { content: `${name}\n` };
  const program = `#!/bin/sh\n# recorded download of ${name}\nexec /usr/lib/recorder/record "$0" "$@"\n`;
  return { content: program, mode: 0o755 };
}

/** A path without a leading or trailing slash and without dots that lead nowhere. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** Whether the source of a COPY is rather a directory than a file. */
function isDirectoryName(source: string, path: string, destination: string): boolean {
  if (/\/\.?$/.test(source)) return true;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^\.(git|github|docker|config|vscode|ssh|aws|next|yarn)$/.test(name)) return true;
  if (/\.[A-Za-z0-9~]{1,12}$/.test(name) && !/\.d$|^[\d.]+$/.test(name)) return false;
  if (/^[A-Z][A-Za-z]*file$|^(LICENSE|README|NOTICE|VERSION|CHANGELOG|AUTHORS)$/.test(name)) return false;
  if (
    /(^|[-_])(entry-?point|entrypoint|run|start|init|gradlew|mvnw|configure|wait-for-it|manage|crontab|sources)$/.test(
      name,
    )
  )
    return false;
  if (/\/s?bin(\/|$)|cron|sudoers|profile/.test(destination) && !destination.endsWith(`/${name}/`)) return false;
  return !/\.[A-Za-z0-9]{1,8}$/.test(destination);
}

function hasPath(files: MadeUp, path: string): boolean {
  if (files.has(path)) return true;
  for (const name of files.keys()) if (name.startsWith(`${path}/`)) return true;
  return false;
}

function hasMatch(files: MadeUp, source: string): boolean {
  const pattern = normalizePath(source).replace(/\*+|\?|\[([^\]]*)\]|[.+^${}()|\\]/g, (part, set) => {
    if (part.startsWith('*')) return '[^/]*';
    if (part === '?') return '[^/]';
    return set === undefined ? `\\${part}` : `[${set}]`;
  });
  try {
    const expression = new RegExp(`^${pattern}(/|$)`);
    return [...files.keys()].some((name) => expression.test(name));
  } catch {
    return false;
  }
}
