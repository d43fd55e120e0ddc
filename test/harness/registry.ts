/** A little registry on this machine, written for tests: manifests behind tags, for those who bring a token or for everybody. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Registry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** What was asked, oldest first: `HEAD /v2/team/app/manifests/1`. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export interface RegistryOptions {
  /** Manifests by `name:tag`. */
  readonly manifests: Readonly<Record<string, string>>;
  readonly needsToken?: boolean;
  /** Answers HEAD with 405, and leaves the digest out of every answer. */
  readonly isOld?: boolean;
  /** The digest that it claims, whatever the manifest is. */
  readonly claims?: string;
}

export const digestOf = (manifest: string): string => `sha256:${createHash('sha256').update(manifest).digest('hex')}`;

/** Starts it on a free port. */
export async function startRegistry({ manifests, needsToken, isOld, claims }: RegistryOptions): Promise<Registry> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    requests.push(`${request.method} ${url.pathname}`);
    const end = (status: number, headers: Record<string, string> = {}, body = '') => {
      response.writeHead(status, { connection: 'close', ...headers });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (url.pathname === '/token') {
      const right =
        url.searchParams.get('scope') === 'repository:team/app:pull' && url.searchParams.get('service') === 'test';
      end(right ? 200 : 403, { 'content-type': 'application/json' }, JSON.stringify({ token: 'let-me-in' }));
      return;
    }
    if (needsToken && request.headers.authorization !== 'Bearer let-me-in') {
      const realm = `http://${request.headers.host}/token`;
      end(401, { 'www-authenticate': `Bearer realm="${realm}",service="test",scope="repository:team/app:pull"` });
      return;
    }
    const [, name, tag] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url.pathname) ?? [];
    const manifest = manifests[`${name}:${tag}`];
    if (manifest === undefined) end(404);
    else if (isOld && request.method === 'HEAD') end(405);
    else if (!request.headers.accept?.includes('application/vnd.oci.image.index.v1+json')) end(406);
    else end(200, isOld ? {} : { 'docker-content-digest': claims ?? digestOf(manifest) }, manifest);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
