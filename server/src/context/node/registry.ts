/** Asks a registry which image a tag is now, by the registry's HTTP API, version 2. */
import { createHash } from 'node:crypto';
import type { ImageReference } from '../../model/images';

/** Manifests of several platforms first: their digest is right for all of them. */
const accepted = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Milliseconds for all that one question takes. */
const patience = 10_000;
/** Bytes; manifests are a few thousand. */
const manifestLimit = 4_194_304;

/** The digest behind a tag (`latest` where there is none). Rejects with what went wrong. */
export async function registryDigest(image: ImageReference, signal?: AbortSignal): Promise<string> {
  const timeout = AbortSignal.timeout(patience);
  const ask = { signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
  const host = image.registry === 'docker.io' ? 'registry-1.docker.io' : image.registry;
  const path = image.registry === 'docker.io' && !image.path.includes('/') ? `library/${image.path}` : image.path;
  const url = `${schemeOf(host)}://${host}/v2/${path}/manifests/${image.tag ?? 'latest'}`;
  let headers: Record<string, string> = { accept: accepted };
  let answer = await fetch(url, { ...ask, method: 'HEAD', headers });
  if (answer.status === 401) {
    const token = await askToken(answer.headers.get('www-authenticate') ?? '', host, path, ask.signal);
    headers = { ...headers, authorization: `Bearer ${token}` };
    answer = await fetch(url, { ...ask, method: 'HEAD', headers });
  }
  // Some registries know no HEAD, or leave the digest out of its answer.
  const told = answer.ok ? digestIn(answer) : null;
  if (told) return told;
  if (!answer.ok && answer.status !== 405) throw new Error(`${host}: ${answer.status} ${answer.statusText}`.trim());
  const manifest = await fetch(url, { ...ask, headers });
  if (!manifest.ok) throw new Error(`${host}: ${manifest.status} ${manifest.statusText}`.trim());
  const body = Buffer.from(await manifest.arrayBuffer());
  if (body.length > manifestLimit) throw new Error(`${host}: the manifest is too large`);
  const computed = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const claimed = digestIn(manifest);
  if (claimed?.startsWith('sha256:') && claimed !== computed)
    throw new Error(`${host}: the manifest is not what its digest says`);
  return claimed ?? computed;
}

function digestIn(answer: Response): string | null {
  const digest = answer.headers.get('docker-content-digest');
  return digest !== null && /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/.test(digest) ? digest : null;
}

/** A registry on this machine mostly has no certificate; Docker talks to it without one as well. */
function schemeOf(host: string): 'http' | 'https' {
  const name = host.replace(/:\d+$/, '');
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(name) ? 'http' : 'https';
}

/** A token for reading, from the place that the registry names; nobody's password is sent there. */
async function askToken(challenge: string, host: string, path: string, signal: AbortSignal): Promise<string> {
  const parameters = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]?.toLowerCase(), match[2] ?? '']),
  );
  const realm = parameters.get('realm');
  if (!/^bearer\s/i.test(challenge) || realm === undefined) throw new Error(`${host}: a login is needed`);
  const url = new URL(realm);
  // Only a registry of this machine may send elsewhere on it, and without encryption.
  if (url.protocol !== 'https:' && !(schemeOf(host) === 'http' && schemeOf(url.host) === 'http'))
    throw new Error(`${host}: asks for a login over a connection that is not safe`);
  const service = parameters.get('service');
  if (service) url.searchParams.set('service', service);
  url.searchParams.set('scope', parameters.get('scope') ?? `repository:${path}:pull`);
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(`${url.host}: ${answer.status} ${answer.statusText}`.trim());
  const said = (await answer.json()) as { token?: unknown; access_token?: unknown };
  const token = said.token ?? said.access_token;
  if (typeof token !== 'string') throw new Error(`${url.host}: gave no token`);
  return token;
}
