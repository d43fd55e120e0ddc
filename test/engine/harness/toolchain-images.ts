/**
 * Base images with real toolchains, made of Debian's packages and the Node.js at hand: what a Dockerfile that builds with
 * them wants to find, small and without a network. Each is made when it is first asked for.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findBasePrograms } from './base-programs';
import { busyboxFiles, searchPath } from './busybox-base';
import { importImage, removeImage } from './daemon';
import type { Engine } from './engine';
import { fileOf, filesOf } from './file-tree';
import { fetchTree } from './packages';
import { type NewFiles, writeTar } from './tar-write';

/**
 * `debian`: busybox, Debian's C library, and an apt-get that installs a real gcc and make. `go`: the Go toolchain besides.
 * `node`: Node.js with npm. `nginx`: nginx with the settings of its official images. `alpine`: busybox without that C
 * library. `distroless`: certificates and folders, no program at all.
 */
export type Toolchain = 'debian' | 'go' | 'node' | 'nginx' | 'alpine' | 'distroless';

const made = new WeakMap<Engine, Map<Toolchain, Promise<string>>>();

/** The name of an image, once it is there. */
export function toolchainImage(engine: Engine, toolchain: Toolchain): Promise<string> {
  const known = made.get(engine) ?? new Map<Toolchain, Promise<string>>();
  made.set(engine, known);
  const image = known.get(toolchain) ?? makeImage(engine, toolchain);
  known.set(toolchain, image);
  return image;
}

/** Takes away what was made in an engine that goes on running. */
export async function removeToolchains(engine: Engine): Promise<void> {
  for (const name of await Promise.all([...(made.get(engine)?.values() ?? [])])) await removeImage(engine.daemon, name);
}

async function makeImage(engine: Engine, toolchain: Toolchain): Promise<string> {
  const name = `localhost/layerwise-${toolchain}`;
  const { files, settings } = await contentOf(engine, toolchain);
  await importImage(engine.daemon, name, writeTar(files), settings);
  return name;
}

interface Content {
  readonly files: NewFiles;
  readonly settings: readonly string[];
}

const path = `ENV PATH=${searchPath}`;

async function contentOf(engine: Engine, toolchain: Toolchain): Promise<Content> {
  const base = busyboxFiles(await findBasePrograms(engine));
  switch (toolchain) {
    case 'alpine':
      return {
        files: { ...base, ...certificates, 'usr/sbin/adduser': { content: addUser, mode: 0o755 } },
        settings: [path],
      };
    case 'distroless':
      return {
        files: { 'tmp/': { mode: 0o1777 }, 'etc/passwd': 'root:x:0:0::/root:/\n', ...certificates },
        settings: [path],
      };
    case 'debian':
      return { files: { ...base, ...(await libraryFiles()), ...(await packageFiles()) }, settings: [path] };
    case 'go':
      return {
        files: {
          ...base,
          ...(await libraryFiles()),
          ...(await goFiles()),
          ...certificates,
          'usr/sbin/adduser': { content: addUser, mode: 0o755 },
        },
        settings: [`ENV PATH=/go/bin:/usr/lib/go/bin:${searchPath} GOPATH=/go`, 'WORKDIR /go'],
      };
    case 'node':
      return {
        files: { ...base, ...nodeFiles() },
        settings: [path, 'ENV npm_config_audit=false npm_config_fund=false npm_config_offline=true'],
      };
    case 'nginx':
      return {
        files: { ...base, ...(await libraryFiles()), ...(await nginxFiles()) },
        settings: [path, 'USER 1000', 'CMD ["nginx", "-g", "daemon off;"]'],
      };
  }
}

const certificates: NewFiles = { 'etc/ssl/certs/ca-certificates.crt': 'certificates\n' };

const cTree = () => fetchTree('toolchain-c', ['gcc', 'libc6-dev', 'libc-bin', 'make']);

/** The C library, where older and newer packages put it. */
async function libraryFiles(): Promise<NewFiles> {
  const tree = await cTree();
  const old = ['lib', 'lib64'].filter((name) => existsSync(join(tree, name)));
  const files = Object.assign({}, ...old.map((name) => filesOf(join(tree, name), name))) as NewFiles;
  if (old.includes('lib64')) return files;
  const isLibrary = (name: string) =>
    !/\/[^/]+\.[^/]+$/.test(name) || /\/(?:ld-|lib(?:c|m|gcc_s|dl|rt|pthread|z)[.-])[^/]*\.so/.test(name);
  return {
    ...filesOf(join(tree, 'usr/lib'), 'usr/lib', isLibrary),
    ...filesOf(join(tree, 'usr/lib64'), 'usr/lib64'),
    lib64: { link: 'usr/lib64' },
  };
}

/** gcc and make in a folder from which the image's own apt-get installs them. */
async function packageFiles(): Promise<NewFiles> {
  const tree = await cTree();
  const isWanted = (name: string) =>
    !/\/(?:share|locale)(?:\/|$)|\/(?:lto1|.*lto-dump.*|.*gp-.*|.*gprof.*|.*gcov.*|.*gold.*)$|\/gprofng(?:\/|$)/.test(
      name,
    );
  return {
    ...filesOf(join(tree, 'usr'), 'packages/gcc/usr', isWanted),
    'packages/make/usr/bin/make': fileOf(join(tree, 'usr/bin/make')),
    'usr/bin/apt-get': { content: aptGet, mode: 0o755 },
    'sbin/ldconfig': fileOf(
      ['sbin', 'usr/sbin'].map((folder) => join(tree, folder, 'ldconfig')).find(existsSync) ?? '',
    ),
  };
}

/** `adduser -D NAME`. */
const addUser = `#!/bin/sh
echo "$2:x:1001:1001::/home/$2:/bin/sh" >> /etc/passwd
`;

/** Installs what lies in /packages, and takes every other name for a package without files. */
const aptGet = `#!/bin/sh
mkdir -p /var/lib/apt/lists
touch /var/lib/apt/lists/list
for word do
  [ ! -d "/packages/$word" ] || cp -a "/packages/$word/." /
  case $word in -*|install|update) ;; *) echo "$word" >> /var/lib/installed ;; esac
done
`;

/** The Go toolchain without tests, the sources of the toolchain itself and the archives for the race detector. */
async function goFiles(): Promise<NewFiles> {
  const tree = await fetchTree('toolchain-go', ['golang-go']);
  const isWanted = (name: string) =>
    !/_test\.go$|\/testdata(?:\/|$)|\/src\/cmd(?:\/|$)|_race(?:\/|$)|_dynlink(?:\/|$)|\/(?:test|doc|api|misc)(?:\/|$)|\/linux_\w+\/cmd(?:\/|$)|\/tool\/[^/]+\/(?!compile|link|asm|buildid|pack)/.test(
      name,
    );
  return {
    ...filesOf(join(tree, 'usr/lib'), 'usr/lib', (name) => /^usr\/lib\/go/.test(name) && isWanted(name)),
    ...filesOf(join(tree, 'usr/share'), 'usr/share', (name) => /^usr\/share\/go/.test(name) && isWanted(name)),
  };
}

/** The Node.js that these tests run on, the libraries it loads, and its npm. */
function nodeFiles(): NewFiles {
  const program = realpathSync(process.execPath);
  const loaded = [...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)].map(
    (match) => match[1] ?? '',
  );
  const npm = join(dirname(program), '../lib/node_modules/npm');
  const files: Record<string, NewFiles[string]> = { 'usr/local/bin/node': fileOf(program) };
  for (const library of loaded) files[library.slice(1)] = fileOf(library);
  for (const name of ['npm', 'npx'])
    files[`usr/local/bin/${name}`] = { link: `../lib/node_modules/npm/bin/${name}-cli.js` };
  const isWanted = (name: string) => !/\/npm\/(?:docs|man)(?:\/|$)/.test(name);
  return { ...files, ...filesOf(realpathSync(npm), 'usr/local/lib/node_modules/npm', isWanted) };
}

/** nginx as its official images set it up: servers in conf.d, and for unprivileged users. */
async function nginxFiles(): Promise<NewFiles> {
  const tree = await fetchTree('toolchain-nginx', ['nginx']);
  const isLibrary = (name: string) => !/\.\w+$/.test(name) || /\/lib(?:crypt|pcre2-8|ssl|crypto|z)\.so/.test(name);
  const parts = ['lib', 'usr/lib']
    .filter((name) => existsSync(join(tree, name)))
    .map((name) => filesOf(join(tree, name), name, isLibrary));
  return {
    ...(Object.assign({}, ...parts) as NewFiles),
    'usr/sbin/nginx': fileOf(join(tree, 'usr/sbin/nginx')),
    'etc/nginx/mime.types': 'types { text/html html; text/css css; application/javascript js; }\n',
    'etc/nginx/conf.d/default.conf': 'server { listen 8080; }\n',
    'etc/nginx/nginx.conf': `pid /tmp/nginx.pid;
error_log /dev/stderr;
events {}
http {
  include mime.types;
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path /tmp/${name};`).join(' ')}
  include conf.d/*.conf;
}
`,
    'usr/share/nginx/html/index.html': 'Welcome to nginx!\n',
  };
}
