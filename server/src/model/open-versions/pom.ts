/** Open versions in pom.xml. The only file that imports the XML parser. */
import { SaxesParser } from 'saxes';
import type { OpenVersion } from './open-versions';

/** Dependencies and plugins by a range, `LATEST`, `RELEASE` or a snapshot of somebody else; a version of a property is looked up. */
export function openInPom(text: string): readonly OpenVersion[] {
  const path: string[] = [];
  const properties = new Map<string, string>();
  const declared: { name: string; version: string }[] = [];
  let name = '';
  let version = '';
  let content = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    path.push(tag.name);
    content = '';
    if (isDependency(tag.name)) [name, version] = ['', ''];
  });
  parser.on('text', (part) => {
    content += part;
  });
  parser.on('closetag', (tag) => {
    path.pop();
    const parent = path.at(-1) ?? '';
    const value = content.trim();
    if (parent === 'properties' && path.length === 2) properties.set(tag.name, value);
    if (isDependency(parent) && tag.name === 'artifactId') name = value;
    if (isDependency(parent) && tag.name === 'version') version = value;
    if (isDependency(tag.name) && version !== '') declared.push({ name, version });
    content = '';
  });
  parser.write(text.replace(/^\uFEFF/, '')).close();
  return declared.flatMap((dependency) => {
    const property = /^\$\{([^}]+)\}$/.exec(dependency.version)?.[1];
    const range = property === undefined ? dependency.version : (properties.get(property) ?? '');
    return isOpen(range) ? [{ name: dependency.name, range }] : [];
  });
}

const isDependency = (tag: string): boolean => tag === 'dependency' || tag === 'plugin' || tag === 'extension';

/** `[1.0]` is one version; a snapshot moves. */
const isOpen = (range: string): boolean =>
  /^(?:LATEST|RELEASE)$|-SNAPSHOT$/.test(range) || (/^[[(].*[\])]$/.test(range) && !/^\[[^,]+\]$/.test(range));
