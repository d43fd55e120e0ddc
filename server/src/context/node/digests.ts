/** Which image a tag is now: asked of the registry, or else of the engine on this machine. Only ever called when somebody asks for it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ImageReference, parseImageReference } from '../../model/images';
import { registryDigest } from './registry';

/** Milliseconds that the engine gets. */
const patience = 5_000;

/** The digest of an image. Rejects with what the registry said where neither knows it. */
export async function askDigest(image: ImageReference, signal?: AbortSignal): Promise<string> {
  try {
    return await registryDigest(image, signal);
  } catch (error) {
    const local = await localDigest(image, signal);
    if (local !== null) return local;
    throw new Error(reasonOf(error));
  }
}

/** The digest under which the local engine pulled the image; null where it has none, or there is no engine. */
async function localDigest(image: ImageReference, signal?: AbortSignal): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(
      'docker',
      ['image', 'inspect', '--format', '{{json .RepoDigests}}', '--', image.text],
      { timeout: patience, windowsHide: true, ...(signal && { signal }) },
    );
    const names: unknown = JSON.parse(stdout);
    if (!Array.isArray(names)) return null;
    const same = names
      .map((name) => parseImageReference(String(name)))
      .find((other) => other?.digest && other.registry === image.registry && nameOf(other) === nameOf(image));
    return same?.digest ?? null;
  } catch {
    return null;
  }
}

/** `node` and `library/node` are the same image. */
const nameOf = ({ isOfficial, path }: ImageReference): string => (isOfficial ? path.replace(/^library\//, '') : path);

/** `fetch` hides the reason behind `fetch failed`. */
function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown; message?: unknown } }).cause;
  const reason = cause?.message || cause?.code;
  return String(reason ?? (error instanceof Error ? error.message : error));
}
