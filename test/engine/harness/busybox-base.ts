/** The root file system of the base images: static programs and the few files that a build expects. */
import type { BasePrograms } from './base-programs';
import type { NewFile, NewFiles } from './tar-write';

/** The files of the plain base image, by path within it: busybox, under the name of bash too. */
export function busyboxFiles({ busybox, applets }: BasePrograms): NewFiles {
  const files: Record<string, NewFile | string> = {};
  for (const path of directories.trim().split(/\s+/)) files[`${path}/`] = {};
  files['root/'] = { mode: 0o700 };
  files['tmp/'] = { mode: 0o1777 };
  files['var/tmp/'] = { mode: 0o1777 };
  files['home/node/'] = { uid: 1000, gid: 1000 };
  files['bin/busybox'] = { content: busybox, mode: 0o755 };
  for (const name of applets) if (!notProvided.has(name)) files[`bin/${name}`] = { link: 'busybox' };
  // Plain commands are all that the proofs on this base ask of bash.
  files['bin/bash'] = { link: 'busybox' };
  files['usr/bin/env'] = { link: '/bin/busybox' };
  Object.assign(files, accountFiles([]));
  files['etc/shadow'] = { content: users.map(({ name }) => `${name}:*:19000::::::\n`).join(''), mode: 0o640 };
  // A builder puts these three in place for the time of a RUN; where they are missing, it leaves empty ones behind.
  for (const name of ['hosts', 'resolv.conf', 'hostname']) files[`etc/${name}`] = '';
  return files;
}

const directories = `
  bin dev dev/pts dev/shm etc home lib media mnt opt proc run sbin srv sys usr usr/bin usr/lib usr/local usr/local/bin
  usr/local/lib usr/local/share usr/sbin usr/share usr/src var var/cache var/lib var/log var/run var/www
`;

/** The files that list users and groups: the usual ones, and more by their names. */
export function accountFiles(more: readonly string[]): NewFiles {
  const own = more.map((name, index) => ({ name, id: 2000 + index, home: `/home/${name}` }));
  const all = [...users, ...own.filter(({ name }) => !users.some((user) => user.name === name))];
  return {
    'etc/passwd': all.map(({ name, id, home }) => `${name}:x:${id}:${id}::${home}:/bin/sh\n`).join(''),
    'etc/group': `${all.map(({ name, id }) => `${name}:x:${id}:\n`).join('')}users:x:100:\n`,
  };
}

/** The search path that images of distributions set. */
export const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const users = [
  { name: 'root', id: 0, home: '/root' },
  { name: 'daemon', id: 1, home: '/usr/sbin' },
  { name: 'bin', id: 2, home: '/bin' },
  { name: 'www-data', id: 33, home: '/var/www' },
  { name: 'nginx', id: 101, home: '/var/cache/nginx' },
  { name: 'postgres', id: 999, home: '/var/lib/postgresql' },
  { name: 'node', id: 1000, home: '/home/node' },
  { name: 'nobody', id: 65534, home: '/' },
];

/** Programs of busybox that would be mistaken for a distribution's own, and busybox itself. */
const notProvided = new Set(['busybox', 'dpkg', 'dpkg-deb', 'rpm', 'rpm2cpio']);
