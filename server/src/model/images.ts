/** Image references: `registry/path/name:tag@digest`, read as Docker's reference grammar has it. */

export interface ImageReference {
  /** The whole reference. */
  readonly text: string;
  /** `docker.io` where none is written. */
  readonly registry: string;
  /** Whether the registry is written. */
  readonly hasRegistry: boolean;
  /** The path without registry, tag and digest, as written: `library/node`, `node`, `dotnet/sdk`. */
  readonly path: string;
  /** The path's last part: `node`. */
  readonly name: string;
  /** On Docker Hub, an official image (`node`, `library/node`). */
  readonly isOfficial: boolean;
  readonly tag: string | null;
  readonly digest: string | null;
  /** Offsets of the parts in `text`. */
  readonly tagStart: number | null;
  readonly nameEnd: number;
}

const domainPattern =
  /^(?:localhost|[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+|\[[0-9a-fA-F:]+\]|[a-zA-Z0-9-]*[A-Z][a-zA-Z0-9-]*)(?::\d+)?$|^[a-zA-Z0-9.-]+:\d+$/;
const pathPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;
/** An image may not be called like the number of one. */
const identifierPattern = /^[a-f0-9]{64}$/;

/** Above this many references they are forgotten: a file has a few, which are asked for with every key that is typed. */
const maximumKnown = 200;
const known = new Map<string, ImageReference | null>();

/** Reads an image reference; null where Docker would refuse it. */
export function parseImageReference(text: string): ImageReference | null {
  let reference = known.get(text);
  if (reference === undefined) {
    if (known.size >= maximumKnown) known.clear();
    reference = readReference(text);
    known.set(text, reference);
  }
  return reference;
}

function readReference(text: string): ImageReference | null {
  if (identifierPattern.test(text)) return null;
  let rest = text;
  let digest: string | null = null;
  const at = rest.indexOf('@');
  if (at >= 0) {
    digest = rest.slice(at + 1);
    if (!digestPattern.test(digest)) return null;
    rest = rest.slice(0, at);
  }
  let tag: string | null = null;
  let tagStart: number | null = null;
  const colon = rest.lastIndexOf(':');
  if (colon > rest.lastIndexOf('/')) {
    tag = rest.slice(colon + 1);
    if (!tagPattern.test(tag)) return null;
    tagStart = colon + 1;
    rest = rest.slice(0, colon);
  }
  const nameEnd = rest.length;
  const slash = rest.indexOf('/');
  const head = slash > 0 ? rest.slice(0, slash) : '';
  const hasRegistry = slash > 0 && domainPattern.test(head);
  const registry = hasRegistry ? (head === 'index.docker.io' ? 'docker.io' : head) : 'docker.io';
  const path = hasRegistry ? rest.slice(slash + 1) : rest;
  if (!pathPattern.test(path)) return null;
  const isOfficial = registry === 'docker.io' && (!path.includes('/') || path.startsWith('library/'));
  return {
    text,
    registry,
    hasRegistry,
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    isOfficial,
    tag,
    digest,
    tagStart,
    nameEnd,
  };
}
