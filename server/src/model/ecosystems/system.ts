/** Package managers of distributions. */
import type { PackageManager } from '../../shell/packages';
import { blank, cleanUp, type Ecosystem } from './pattern';

const aptArchives = '/var/cache/apt/archives';
const aptLists = '/var/lib/apt/lists';

function aptFamily(manager: PackageManager): Ecosystem {
  return {
    ...blank,
    manager,
    kind: 'system',
    // Debian's images delete archives after each run (/etc/apt/apt.conf.d/docker-clean); the lists always stay.
    caches: [aptLists, aptArchives, '/var/cache/apt'],
    cleanUps: [
      cleanUp(`${manager} clean`, ['clean'], [aptArchives, '/var/cache/apt']),
      cleanUp(`${manager} dist-clean`, ['dist-clean', 'distclean'], [aptLists, aptArchives, '/var/cache/apt']),
      cleanUp(`${manager} autoclean`, ['autoclean', 'auto-clean'], [aptArchives], { complete: false }),
    ],
    cacheMounts: [
      { target: '/var/cache/apt', sharing: 'locked' },
      { target: '/var/lib/apt', sharing: 'locked' },
    ],
    assumeYes: ['-y', '--yes', '--assume-yes'],
    assumeYesEnv: [],
  };
}

function rpmFamily(manager: PackageManager, caches: readonly string[]): Ecosystem {
  return {
    ...blank,
    manager,
    kind: 'system',
    caches,
    cleanUps: [
      cleanUp(`${manager} clean all`, ['clean'], caches, { operands: ['all'] }),
      cleanUp(`${manager} clean packages`, ['clean'], caches, {
        operands: ['packages', 'metadata', 'expire-cache', 'dbcache', 'headers'],
        complete: false,
      }),
      // microdnf before version 3.8 takes no operand.
      ...(manager === 'microdnf' ? [cleanUp('microdnf clean', ['clean'], caches)] : []),
    ],
    cacheMounts: caches.slice(0, 1).map((target) => ({ target, sharing: 'locked' as const })),
    assumeYes: ['-y', '--assumeyes'],
  };
}

const dnfCaches = ['/var/cache/dnf', '/var/cache/libdnf5', '/var/cache/yum'];

export const systemEcosystems: readonly Ecosystem[] = [
  aptFamily('apt-get'),
  aptFamily('apt'),
  aptFamily('aptitude'),
  {
    ...blank,
    manager: 'apk',
    kind: 'system',
    caches: ['/var/cache/apk', '/etc/apk/cache'],
    cleanUps: [
      cleanUp('apk cache purge', ['cache purge'], ['/var/cache/apk', '/etc/apk/cache']),
      cleanUp('apk cache clean', ['cache clean'], ['/var/cache/apk'], { complete: false }),
    ],
    noCache: { flags: ['--no-cache'], env: [] },
    cacheMounts: [{ target: '/etc/apk/cache', sharing: 'locked' }],
  },
  rpmFamily('yum', ['/var/cache/yum', '/var/cache/dnf']),
  rpmFamily('dnf', dnfCaches),
  rpmFamily('microdnf', ['/var/cache/yum', '/var/cache/dnf', '/var/cache/libdnf5']),
  rpmFamily('tdnf', ['/var/cache/tdnf']),
  {
    ...blank,
    manager: 'zypper',
    kind: 'system',
    caches: ['/var/cache/zypp'],
    cleanUps: [
      cleanUp('zypper clean --all', ['clean', 'cc'], ['/var/cache/zypp'], { flags: ['-a', '--all'] }),
      cleanUp('zypper clean', ['clean', 'cc'], ['/var/cache/zypp/packages'], { complete: false }),
    ],
    cacheMounts: [{ target: '/var/cache/zypp', sharing: 'locked' }],
    assumeYes: ['-y', '--no-confirm', '-n', '--non-interactive'],
  },
  {
    ...blank,
    manager: 'pacman',
    kind: 'system',
    caches: ['/var/cache/pacman/pkg', '/var/lib/pacman/sync'],
    cleanUps: [
      cleanUp('pacman -Scc', ['-Scc'], ['/var/cache/pacman/pkg', '/var/lib/pacman/sync']),
      cleanUp('pacman -Sc', ['-Sc'], ['/var/cache/pacman/pkg'], { complete: false }),
    ],
    cacheMounts: [{ target: '/var/cache/pacman/pkg', sharing: 'locked' }],
    assumeYes: ['--noconfirm'],
  },
];
