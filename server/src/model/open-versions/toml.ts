/** Open versions in Cargo.toml, pyproject.toml and Pipfile. The only file that imports the TOML parser. */
import { parse, type TomlTable, type TomlValue } from 'smol-toml';
import { openRequirement } from '../requirements';
import type { OpenVersion } from './open-versions';

/** Cargo takes `1.2` for `^1.2`; only `=1.2.3` is one version. */
export function openInCargo(text: string): readonly OpenVersion[] {
  const manifest = parse(text);
  const tables = ['dependencies', 'build-dependencies'].map((key) => tableIn(manifest, key));
  tables.push(tableIn(tableIn(manifest, 'workspace'), 'dependencies'));
  return tables.flatMap((table) => entriesOf(table, (range) => /^=\s*\d+\.\d+\.\d+/.test(range)));
}

/** PEP 621, and poetry's own tables. */
export function openInPyproject(text: string): readonly OpenVersion[] {
  const manifest = parse(text);
  const project = tableIn(manifest, 'project').dependencies;
  const listed = Array.isArray(project) ? project.filter((item) => typeof item === 'string') : [];
  const poetry = tableIn(tableIn(manifest, 'tool'), 'poetry');
  const groups = Object.values(tableIn(poetry, 'group')).filter(isTable);
  const tables = [poetry, ...groups].map((table) => tableIn(table, 'dependencies'));
  return [
    ...listed.flatMap((item) => openRequirement(item) ?? []),
    ...tables
      .flatMap((table) => entriesOf(table, (range) => /^(?:={2,3}\s*)?\d+(?:\.\d+)+(?:[\w.+-]*)$/.test(range)))
      .filter(({ name }) => name !== 'python'),
  ];
}

export function openInPipfile(text: string): readonly OpenVersion[] {
  return entriesOf(tableIn(parse(text), 'packages'), (range) => /^={2,3}\s*[^*]+$/.test(range));
}

/** Entries `name = "range"` and `name = { version = "range" }`; those with a path, a repository or a workspace have no range. */
function entriesOf(table: TomlTable, isExact: (range: string) => boolean): OpenVersion[] {
  return Object.entries(table).flatMap(([name, value]) => {
    const range = isTable(value) ? value.version : value;
    const isElsewhere =
      isTable(value) && ['path', 'git', 'url', 'file', 'workspace'].some((key) => value[key] !== undefined);
    if (isElsewhere || typeof range !== 'string') return [];
    return isExact(range.trim()) ? [] : [{ name, range }];
  });
}

function tableIn(table: TomlTable, key: string): TomlTable {
  const value = table[key];
  return isTable(value) ? value : {};
}

const isTable = (value: TomlValue | undefined): value is TomlTable =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
