/** The root file system of the base image of all proofs: a static busybox and the few files a build expects. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { NewFile, NewFiles } from './tar-write';

/** The files of the base image, by path within it. */
export function busyboxFiles(busybox: string): NewFiles {
  const files: Record<string, NewFile | string> = {};
  for (const path of ['bin', 'dev', 'dev/pts', 'dev/shm', 'etc', 'home', 'lib', 'opt', 'proc', 'run', 'srv', 'sys'])
    files[`${path}/`] = {};
  for (const path of [
    'usr',
    'usr/bin',
    'usr/lib',
    'usr/local',
    'usr/local/bin',
    'usr/sbin',
    'usr/share',
    'usr/src',
    'var',
    'var/lib',
  ])
    files[`${path}/`] = {};
  for (const path of ['sbin', 'var/cache', 'var/log', 'var/run', 'var/www', 'home/node']) files[`${path}/`] = {};
  files['root/'] = { mode: 0o700 };
  files['tmp/'] = { mode: 0o1777 };
  files['var/tmp/'] = { mode: 0o1777 };
  files['home/node/'] = { uid: 1000, gid: 1000 };
  files['bin/busybox'] = { content: readFileSync(busybox), mode: 0o755 };
  for (const name of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n'))
    if (name !== 'busybox' && !notProvided.has(name)) files[`bin/${name}`] = { link: 'busybox' };
  // Plain commands are all that a proof asks of bash; its own syntax it does not have.
  files['bin/bash'] = { link: 'busybox' };
  files['usr/bin/env'] = { link: '/bin/busybox' };
  files['etc/passwd'] = users.map(({ name, id, home }) => `${name}:x:${id}:${id}::${home}:/bin/sh\n`).join('');
  files['etc/group'] = `${users.map(({ name, id }) => `${name}:x:${id}:\n`).join('')}users:x:100:\n`;
  files['etc/shadow'] = { content: users.map(({ name }) => `${name}:*:19000::::::\n`).join(''), mode: 0o640 };
  // A builder puts these three in place for the time of a RUN; where they are missing, it leaves empty ones behind.
  for (const name of ['hosts', 'resolv.conf', 'hostname']) files[`etc/${name}`] = '';
  return files;
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

/** Programs of busybox that a base image of a distribution does not have, or that would be mistaken for its own. */
const notProvided = new Set(['dpkg', 'dpkg-deb', 'rpm', 'rpm2cpio']);
