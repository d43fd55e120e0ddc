/** Command lines of the package managers of distributions. */
import type { Grammar } from './grammar';

const aptOptions =
  '-t --target-release --default-release -o --option -c --config-file -a --host-architecture -P --build-profiles';

const aptGet: Grammar = {
  manager: 'apt-get',
  valued: aptOptions,
  bundles: true,
  actions: {
    install: ['install', 'reinstall', 'build-dep', 'satisfy'],
    'update-index': ['update'],
    upgrade: ['upgrade', 'dist-upgrade', 'full-upgrade', 'dselect-upgrade'],
    remove: ['remove', 'purge', 'autoremove', 'autopurge', 'auto-remove'],
    clean: ['clean', 'autoclean', 'auto-clean', 'distclean', 'dist-clean'],
    download: ['download', 'source'],
  },
  bare: 'other',
  unknown: 'other',
  operands: 'apt',
};

const apt: Grammar = { ...aptGet, manager: 'apt' };

const aptitude: Grammar = {
  ...aptGet,
  manager: 'aptitude',
  valued: `${aptOptions} -F --display-format -w --width -O --sort`,
  actions: { ...aptGet.actions, upgrade: ['upgrade', 'safe-upgrade', 'full-upgrade', 'dist-upgrade'] },
};

const apk: Grammar = {
  manager: 'apk',
  valued:
    '-t --virtual -p --root -X --repository --arch --cache-dir --cache-max-age --keys-dir --progress-fd --repositories-file --timeout --wait -o --output',
  bundles: true,
  actions: {
    install: ['add'],
    'update-index': ['update'],
    upgrade: ['upgrade', 'fix'],
    remove: ['del'],
    clean: ['cache clean', 'cache purge'],
    download: ['fetch', 'cache download', 'cache sync'],
  },
  bare: 'other',
  unknown: 'other',
  operands: 'apk',
};

const dnf: Grammar = {
  manager: 'dnf',
  valued:
    '-c --config -d --debuglevel -e --errorlevel -R --randomwait -x --exclude --excludepkgs --enablerepo --disablerepo --repo --repoid --repofrompath --installroot --releasever --setopt --disableexcludes --downloaddir --destdir --rpmverbosity --color --comment --forcearch --advisory --bz --cve --sec-severity --enableplugin --disableplugin --disableexcludepkgs',
  bundles: true,
  actions: {
    install: [
      'install',
      'in',
      'install-n',
      'install-na',
      'install-nevra',
      'localinstall',
      'reinstall',
      'groupinstall',
      'group install',
      'groups install',
      'module install',
      'builddep',
      'build-dep',
      'swap',
      'downgrade',
    ],
    'update-index': ['makecache', 'check-update', 'check-upgrade'],
    upgrade: [
      'update',
      'upgrade',
      'up',
      'update-minimal',
      'upgrade-minimal',
      'distro-sync',
      'dsync',
      'system-upgrade',
      'groupupdate',
      'group upgrade',
      'offline-upgrade',
    ],
    remove: ['remove', 'rm', 'erase', 'autoremove', 'groupremove', 'group remove', 'autoerase'],
    clean: ['clean'],
    download: ['download'],
    configure: [
      'config-manager',
      'module enable',
      'module disable',
      'module reset',
      'module switch-to',
      'copr enable',
      'copr',
      'versionlock',
    ],
  },
  bare: 'other',
  unknown: 'other',
  operands: 'rpm',
};

const zypper: Grammar = {
  manager: 'zypper',
  valued:
    '--config -R --root -D --reposd-dir --cache-dir --raw-cache-dir --solv-cache-dir --pkg-cache-dir -r --repo --from -t --type --plus-repo -p --plus-content --name --priority --gpg-key --download-type --userdata --releasever --medium-type',
  bundles: true,
  actions: {
    install: ['install', 'in', 'source-install', 'si', 'install-new-recommends', 'inr'],
    'update-index': ['refresh', 'ref', 'refresh-services', 'refs'],
    upgrade: ['update', 'up', 'dist-upgrade', 'dup', 'patch'],
    remove: ['remove', 'rm'],
    clean: ['clean', 'cc'],
    download: ['download'],
    configure: [
      'addrepo',
      'ar',
      'removerepo',
      'rr',
      'modifyrepo',
      'mr',
      'renamerepo',
      'nr',
      'addservice',
      'as',
      'addlock',
      'al',
      'removelock',
      'rl',
    ],
  },
  bare: 'other',
  unknown: 'other',
  operands: 'compare',
};

/** Its operations are options and are read apart, see `pacmanCall`. */
const pacman: Grammar = {
  manager: 'pacman',
  valued:
    '-b --dbpath -r --root --cachedir --config --gpgdir --hookdir --logfile --arch --color --ignore --ignoregroup --assume-installed --overwrite --print-format --sysroot --ask',
  bundles: true,
  actions: {},
  bare: 'other',
  unknown: 'other',
  operands: 'compare',
};

/** Grammars by program name. */
export const systemGrammars: ReadonlyMap<string, Grammar> = new Map([
  ['apt-get', aptGet],
  ['apt', apt],
  ['aptitude', aptitude],
  ['apk', apk],
  ['yum', { ...dnf, manager: 'yum' }],
  ['dnf', dnf],
  ['dnf5', dnf],
  ['dnf-3', dnf],
  ['microdnf', { ...dnf, manager: 'microdnf' }],
  ['tdnf', { ...dnf, manager: 'tdnf' }],
  ['zypper', zypper],
  ['pacman', pacman],
]);
