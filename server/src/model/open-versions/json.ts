/** Open versions in package.json and composer.json. */
import type { OpenVersion } from './open-versions';

/** Dependencies that an image is made of; what is for development alone counts as well, since installs take it by default. */
const packageKeys = ['dependencies', 'optionalDependencies', 'devDependencies'];

export function openInPackageJson(text: string): readonly OpenVersion[] {
  const manifest: unknown = JSON.parse(text);
  return packageKeys.flatMap((key) =>
    entriesOf(manifest, key).filter(({ range }) => {
      const version = range.replace(/^npm:(?:@?[^@]+)@/, '').trim();
      // Paths, archives, repositories and members of the workspace are no ranges.
      if (
        /^(?:file|link|portal|workspace|patch|catalog|git|git\+\w+|https?|github|jsr|npm):|^[./~]\/|^[\w.-]+\/[\w.-]+/.test(
          version,
        )
      )
        return false;
      return !/^[v=]?\s*\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(version);
    }),
  );
}

export function openInComposer(text: string): readonly OpenVersion[] {
  const manifest: unknown = JSON.parse(text);
  return ['require', 'require-dev'].flatMap((key) =>
    entriesOf(manifest, key).filter(({ name, range }) => {
      // The platform is what the base image has.
      if (!name.includes('/') || /^(?:ext|lib)-/.test(name) || range === 'self.version') return false;
      return !/^=?\s*v?\d+(?:\.\d+){2,3}(?:-[\w.+]+)?(?:@\w+)?$|#[0-9a-f]{7,40}$/.test(range.trim());
    }),
  );
}

function entriesOf(manifest: unknown, key: string): readonly OpenVersion[] {
  const entries = isRecord(manifest) ? manifest[key] : undefined;
  if (!isRecord(entries)) return [];
  return Object.entries(entries).flatMap(([name, range]) => (typeof range === 'string' ? [{ name, range }] : []));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
