/** Files of the project that a program may read when it runs, besides what the build makes of the sources. */
import { filesBelow, isIncluded, matchSource } from '../../context/sources';
import type { CopyStep } from '../../model/model';
import type { StageShape } from './stage-shape';

/** Folders that are seldom anything but read by the program. */
const folders =
  /^(?:templates?|tmpl|static|public|assets|views?|web|www|html|migrations?|config|configs|conf|settings|locales?|i18n|lang|translations|data|resources|certs?|themes|media|sql|swagger|openapi|content|layouts?)$/i;

const files = /\.(?:html?|tmpl|tpl|gohtml|ya?ml|json|toml|ini|conf|cfg|sql|pem|crt|csv|xml|properties|sqlite3?|wasm)$/i;

/** Files of tools, whatever their ending. */
const ofTools =
  /^(?:\..*|(?:docker-)?compose.*|package(?:-lock)?\.json|tsconfig.*|tslint.*|Cargo\.toml|pom\.xml|build\.xml|mkdocs\.ya?ml|codecov\.ya?ml|renovate\.json|buf(?:\.\w+)*\.ya?ml|Taskfile\.ya?ml|skaffold\.ya?ml|cloudbuild\.ya?ml|Chart\.ya?ml|pyproject\.toml|rust(?:fmt|-toolchain)?\.toml|clippy\.toml|sonar-project\.properties|gradle\.properties|kustomization\.ya?ml|appveyor\.yml|sqlc\.ya?ml)$/i;

/**
 * The paths in the build stage of such files, for COPYs up to the build. Empty where there are none, or where the context is
 * not known: then the risk has to be told.
 */
export function readAtRunTime(shape: StageShape, copies: readonly CopyStep[]): readonly string[] {
  const { context } = shape;
  if (!context) return [];
  const found = new Set<string>();
  for (const copy of copies) {
    const target = copy.destinationPath?.replace(/(.)\/$/, '$1');
    if (copy.fromText !== null || target === undefined || target === null) continue;
    for (const { value } of copy.sources) {
      if (value === null || /^[a-z]+:\/\//i.test(value)) continue;
      for (const path of matchSource(context, value).matched) {
        const isFolder = path === '' || context.entries.get(path)?.type === 'directory';
        if (!isFolder) {
          if (isData(baseName(path), 'file'))
            found.add((copy.destination?.text.endsWith('/') ?? false) ? `${join(target, baseName(path))}` : target);
        } else if (isData(baseName(path), 'directory') && path !== '') found.add(target);
        else
          for (const name of namesIn(shape, path))
            if (isData(baseName(name), context.entries.get(name)?.type ?? 'file'))
              found.add(join(target, baseName(name)));
      }
    }
  }
  return [...found].sort();
}

function namesIn({ context }: StageShape, folder: string): readonly string[] {
  if (!context) return [];
  const prefix = folder === '' ? '' : `${folder}/`;
  return [...context.entries.keys()].filter(
    (path) =>
      path.startsWith(prefix) &&
      path !== folder &&
      !path.slice(prefix.length).includes('/') &&
      isIncluded(context, path),
  );
}

const isData = (name: string, type: string): boolean =>
  !ofTools.test(name) && (type === 'directory' ? folders.test(name) : files.test(name));

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const join = (folder: string, name: string): string => `${folder === '/' ? '' : folder}/${name}`;

/** The text of a file of the context, by its path from the context's root; undefined where it is not known. */
export const projectFile = ({ context }: StageShape, path: string): string | undefined =>
  context && filesBelow(context, path).includes(path) ? context.text(path) : undefined;

/** The source of a COPY of paths that may hold blanks. */
export const copyOf = (paths: readonly string[]): readonly string[] =>
  paths.map((path) => (/\s/.test(path) ? JSON.stringify([path, path]) : `${path} ${path}`));
