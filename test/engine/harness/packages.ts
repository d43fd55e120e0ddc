/**
 * A Docker Engine and the programs of base images from Debian's packages, unpacked into a folder of the project and nowhere else:
 * nothing is installed, and the lists of the machine's own apt are neither needed nor touched.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../harness/paths';

/** The Debian suite the engine comes from: sid has `docker build --check`, trixie is the stable one to fall back to. */
export type Suite = 'sid' | 'trixie';

const run = promisify(execFile);
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Ignored by git; kept between runs. */
const cache = join(root, '.engine');

/** True on a Debian with the tools that fetching and unpacking its packages takes. */
export function isDebian(): boolean {
  return osRelease('ID') === 'debian' && existsSync('/usr/bin/apt-get') && existsSync(keyring);
}

/** Fetches what an engine takes, once; resolves to the folder that the packages were unpacked into, with usr/ in it. */
export function fetchEngine(suite: Suite): Promise<string> {
  const own = osRelease('VERSION_CODENAME') || suite;
  // runc, busybox and bash come from the machine's own suite, whose kernel and C library they fit.
  const packages = ['docker.io', 'docker-cli', 'docker-buildx', 'containerd'].map((name) => `${name}/${suite}`);
  return fetchPackages(
    `engine-${suite}`,
    [own, suite],
    [...packages, `runc/${own}`, `busybox-static/${own}`, `bash-static/${own}`],
  );
}

/** Fetches the programs of the base images alone; resolves to the folder that they were unpacked into. */
export async function fetchBasePrograms(): Promise<string> {
  for (const suite of ['sid', 'trixie'])
    if (existsSync(join(cache, `engine-${suite}`))) return join(cache, `engine-${suite}`);
  const own = osRelease('VERSION_CODENAME') || 'trixie';
  return fetchPackages('base', [own], [`busybox-static/${own}`, `bash-static/${own}`]);
}

/**
 * Fetches packages of the machine's own suite with all that they depend on; resolves to the folder that they were unpacked
 * into. Nothing of them is configured.
 */
export function fetchTree(name: string, packages: readonly string[]): Promise<string> {
  const own = osRelease('VERSION_CODENAME') || 'trixie';
  return fetchPackages(name, [own], packages, true);
}

/** A program below a folder of unpacked packages, where older and newer packages put it. */
export function programIn(folder: string, name: string): string {
  const old = join(folder, 'bin', name);
  return existsSync(old) ? old : join(folder, 'usr/bin', name);
}

async function fetchPackages(
  name: string,
  suites: readonly string[],
  packages: readonly string[],
  withDependencies = false,
): Promise<string> {
  const ready = join(cache, name);
  if (existsSync(ready)) return ready;
  // Overlapping runs each fill a folder of their own; the first one to finish gives it its name.
  const work = join(cache, `${name}.${process.pid}`);
  try {
    for (const folder of ['lists/partial', 'none', 'debs', 'root']) mkdirSync(join(work, folder), { recursive: true });
    const mirror = await findMirror();
    const lines = [...new Set(suites)].map((suite) => `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`);
    writeFileSync(join(work, 'sources.list'), lines.join(''));
    const apt = ['-qq', ...Object.entries(aptSettings(work)).flatMap(([key, value]) => ['-o', `${key}=${value}`])];
    await run('apt-get', [...apt, 'update'], { timeout: 180_000 });
    const fetch = withDependencies ? fetchAll(work) : ['download'];
    await run('apt-get', [...apt, ...fetch, ...packages], { cwd: join(work, 'debs'), timeout: 300_000 });
    const unpack = 'for deb in "$0"/debs/*.deb; do dpkg-deb -x "$deb" "$0/root" || exit 1; done';
    await run('sh', ['-c', unpack, work]);
    if (!existsSync(ready)) renameSync(join(work, 'root'), ready);
  } catch (error) {
    if (!existsSync(ready)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return ready;
}

/** The command that downloads packages into a folder as if nothing were installed. */
function fetchAll(work: string): string[] {
  writeFileSync(join(work, 'status'), '');
  mkdirSync(join(work, 'debs/partial'), { recursive: true });
  const settings = { 'Dir::State::status': join(work, 'status'), 'Dir::Cache::archives': join(work, 'debs') };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  return [...options, 'install', '-y', '--no-install-recommends', '--download-only'];
}

/** Settings that keep apt-get within a folder. What the machine says of proxies and certificates stays in force. */
function aptSettings(work: string): Readonly<Record<string, string>> {
  return {
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': join(work, 'none'),
    'Dir::State::lists': join(work, 'lists'),
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    'Acquire::http::Timeout': '20',
  };
}

/** The mirror that the machine's own apt is set to. */
async function findMirror(): Promise<string> {
  try {
    const { stdout } = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)']);
    const found = stdout.split('\n').find((line) => /^https?:.*\/debian\/?$/.test(line));
    if (found) return found;
  } catch {
    // An apt without any sources of its own has nothing to say.
  }
  return 'http://deb.debian.org/debian';
}

function osRelease(key: string): string {
  try {
    const value = new RegExp(`^${key}=(.*)$`, 'm').exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return value?.replaceAll('"', '') ?? '';
  } catch {
    return '';
  }
}
