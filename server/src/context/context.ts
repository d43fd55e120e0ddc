/** The build context as plain data. The core asks it and never touches a disk; node/ and browser/ fill it. */

export interface BuildContext {
  /** The ignore file that applies, `<name>.dockerignore` before `.dockerignore`; null where there is none. */
  readonly ignoreFile: { readonly path: string; readonly text: string } | null;
  /** The Dockerfile's own path inside the context, '/'-separated; null where it lies outside. */
  readonly dockerfilePath: string | null;
  /** False where listing was cut short: then a missing path proves nothing. */
  readonly complete: boolean;
  /** Entries by path relative to the root, '/'-separated, no leading slash; ignored ones included. */
  readonly entries: ReadonlyMap<string, ContextEntry>;
  /** The text of a small file, where it was read (manifests, lockfiles, ignore files); undefined where unknown. */
  text(path: string): string | undefined;
}

export interface ContextEntry {
  readonly type: 'file' | 'directory' | 'link';
  /** Bytes; 0 for directories. */
  readonly size: number;
  /** Whether the content is an archive that ADD unpacks (by its first bytes, as Docker tells it); undefined where nobody looked. */
  readonly archive?: boolean;
}
