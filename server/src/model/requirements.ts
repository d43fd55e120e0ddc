/** Requirements files of pip: what they ask for, and which of it leaves the version open. */
import type { OpenVersion } from './open-versions/open-versions';

/** The requirements of a text that more than one version can meet. Nothing where the file names constraints. */
export function openRequirements(text: string): readonly OpenVersion[] {
  const open: OpenVersion[] = [];
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const plain = line.replace(/(?:^|\s)#.*$/, '').trim();
    if (/^(?:-c|--constraint)\b|--hash=/.test(plain)) return [];
    const requirement = openRequirement(plain);
    if (requirement) open.push(requirement);
  }
  return open;
}

/** One requirement (PEP 508); null where it is exact, no requirement, or where the place it comes from says the version. */
export function openRequirement(text: string): OpenVersion | null {
  const found = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(@|\(?[^;@]*\)?)?\s*(?:;.*)?$/.exec(text);
  if (found?.[1] === undefined || found[2] === '@') return null;
  const range = (found[2] ?? '').replace(/^\(|\)$/g, '').trim();
  if (/\.(?:whl|zip|tar\.gz|tgz)$/.test(text) || (range !== '' && !/^[=<>!~]/.test(range))) return null;
  const isExact = range.split(',').some((part) => /^\s*={2,3}\s*[^*\s]+\s*(?:--|$)/.test(part));
  return isExact ? null : { name: found[1], range: range.replace(/\s+--?.*$/, '') };
}
