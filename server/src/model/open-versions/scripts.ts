/** Open versions in manifests that are programs: Gemfile and Gradle's build scripts. Only what is written out plainly counts. */
import type { OpenVersion } from './open-versions';

/** `gem 'rails', '~> 7.1'`; a gem from a path or a repository says elsewhere which one it is. */
export function openInGemfile(text: string): readonly OpenVersion[] {
  const open: OpenVersion[] = [];
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*gem[\s(]+(["'])([\w.-]+)\1\s*(.*)$/.exec(line.replace(/\s#.*$/, ''));
    if (found?.[2] === undefined) continue;
    const rest = found[3] ?? '';
    if (/\b(?:path|git|github|gitlab|bitbucket|gist)\b\s*(?::|=>)|#\{|ENV\[/.test(rest)) continue;
    const ranges = [...rest.matchAll(/(?:^|,)\s*(["'])([^"']*\d[^"']*)\1(?!\s*=>)/g)].map((match) => match[2] ?? '');
    // A version that is not a text is not known.
    if (ranges.length === 0 && /^,\s*[A-Z*[]/.test(rest)) continue;
    if (!ranges.some((range) => /^=?\s*\d[\w.-]*$/.test(range.trim())))
      open.push({ name: found[2], range: ranges.join(', ') });
  }
  return open;
}

/** `'group:name:1.+'`, `latest.release`, `[1.0,2.0)`, snapshots, and `version: '1.+'`. */
export function openInGradle(text: string): readonly OpenVersion[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:"'])\/\/.*$/gm, '$1');
  const open: OpenVersion[] = [];
  for (const [, , name = '', range = ''] of code.matchAll(/(["'])[\w.-]+:([\w.-]+):([^"'@:$]+)(?:[@:][\w.-]+)?\1/g))
    if (isOpen(range)) open.push({ name, range });
  for (const [, , name = '', , range = ''] of code.matchAll(
    /\bname\s*[:=]\s*(["'])([\w.-]+)\1\s*,\s*version\s*[:=]\s*(["'])([^"'$]+)\3/g,
  ))
    if (isOpen(range)) open.push({ name, range });
  return open;
}

const isOpen = (range: string): boolean =>
  /\+$|^latest\.\w+$|-SNAPSHOT$/.test(range) || (/^[[\](].*[\][)]$/.test(range) && range.includes(','));
