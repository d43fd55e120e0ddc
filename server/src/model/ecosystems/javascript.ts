/** Package managers of JavaScript. */
import { blank, cleanUp, command, type Ecosystem, type EnvSetting, switchedOn } from './pattern';

const hooks = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
  'dependencies',
];
const nodeEnv: EnvSetting = { name: 'NODE_ENV', values: ['production'] };

const npmInstall = [
  'install',
  'i',
  'in',
  'ins',
  'inst',
  'insta',
  'instal',
  'isnt',
  'isnta',
  'isntal',
  'isntall',
  'add',
  'install-test',
  'it',
];
const npmCi = ['ci', 'clean-install', 'ic', 'install-clean', 'isntall-clean', 'install-ci-test', 'cit'];

export const javascriptEcosystems: readonly Ecosystem[] = [
  {
    ...blank,
    manager: 'npm',
    kind: 'language',
    manifests: ['package.json'],
    lockfiles: ['package-lock.json', 'npm-shrinkwrap.json'],
    configuration: ['.npmrc', 'patches/'],
    installs: [command('npm install', npmInstall), command('npm ci', npmCi)],
    frozenInstalls: [command('npm ci', npmCi)],
    frozenCommand: 'npm ci',
    hooks,
    caches: ['~/.npm'],
    cleanUps: [
      cleanUp('npm cache clean --force', ['cache clean', 'cache clear', 'cache rm'], ['~/.npm'], {
        flags: ['--force', '-f'],
      }),
    ],
    noCache: {
      flags: ['--cache'],
      env: [
        { name: 'npm_config_cache', values: [] },
        { name: 'NPM_CONFIG_CACHE', values: [] },
      ],
    },
    production: {
      flags: ['--omit=dev', '--production', '--prod', '--only=prod', '--only=production'],
      env: [
        nodeEnv,
        { name: 'npm_config_omit', values: ['dev'] },
        { name: 'NPM_CONFIG_OMIT', values: ['dev'] },
        switchedOn('NPM_CONFIG_PRODUCTION'),
        switchedOn('npm_config_production'),
      ],
      isNeeded: true,
    },
    cacheMounts: [{ target: '/root/.npm', sharing: 'shared' }],
    assumeYes: ['-y', '--yes'],
  },
  {
    ...blank,
    manager: 'yarn',
    kind: 'language',
    manifests: ['package.json'],
    lockfiles: ['yarn.lock'],
    configuration: ['.yarnrc', '.yarnrc.yml', '.npmrc', '.yarn/', '.pnp.cjs', '.pnp.loader.mjs', 'patches/'],
    installs: [
      command('yarn install', ['', 'install']),
      { ...command('yarn workspaces focus', ['workspaces focus']), operands: 'any' },
    ],
    frozenInstalls: [
      // --frozen-lockfile is yarn 1, --immutable is what came after it.
      command(
        'yarn install --frozen-lockfile',
        ['', 'install'],
        ['--frozen-lockfile', '--immutable', '--immutable-cache'],
      ),
    ],
    frozenEnv: [switchedOn('YARN_ENABLE_IMMUTABLE_INSTALLS'), switchedOn('CI')],
    frozenCommand: 'yarn install --frozen-lockfile',
    hooks,
    caches: ['/usr/local/share/.cache/yarn', '~/.cache/yarn', '~/.yarn/berry/cache'],
    cleanUps: [
      cleanUp(
        'yarn cache clean',
        ['cache clean', 'cache clear'],
        ['/usr/local/share/.cache/yarn', '~/.cache/yarn', '~/.yarn/berry/cache'],
      ),
    ],
    noCache: { flags: ['--cache-folder'], env: [{ name: 'YARN_CACHE_FOLDER', values: [] }] },
    production: { flags: ['--production', '--prod'], env: [nodeEnv], isNeeded: true },
    cacheMounts: [
      { target: '/usr/local/share/.cache/yarn', sharing: 'locked' },
      { target: '/root/.yarn/berry/cache', sharing: 'locked' },
    ],
    assumeYes: ['--non-interactive'],
  },
  {
    ...blank,
    manager: 'pnpm',
    kind: 'language',
    manifests: ['package.json', 'pnpm-workspace.yaml'],
    lockfiles: ['pnpm-lock.yaml'],
    configuration: ['.npmrc', '.pnpmfile.cjs', 'patches/'],
    installs: [
      command('pnpm install', ['install', 'i', 'ci', 'clean-install', 'install-test', 'it']),
      command('pnpm fetch', ['fetch']),
    ],
    frozenInstalls: [
      command('pnpm install --frozen-lockfile', ['install', 'i'], ['--frozen-lockfile']),
      command('pnpm ci', ['ci', 'clean-install']),
      command('pnpm fetch', ['fetch']),
    ],
    frozenEnv: [switchedOn('CI')],
    frozenCommand: 'pnpm install --frozen-lockfile',
    fetchCommand: 'pnpm fetch',
    hooks: [...hooks, 'pnpm:devPreinstall'],
    caches: ['~/.local/share/pnpm/store', '~/.cache/pnpm', '/pnpm/store'],
    cleanUps: [cleanUp('pnpm store prune', ['store prune'], ['~/.local/share/pnpm/store'], { complete: false })],
    noCache: { flags: ['--store-dir'], env: [] },
    production: { flags: ['--prod', '-P', '--production', '--omit=dev'], env: [nodeEnv], isNeeded: true },
    cacheMounts: [{ target: '/root/.local/share/pnpm/store', sharing: 'shared' }],
  },
  {
    ...blank,
    manager: 'bun',
    kind: 'language',
    manifests: ['package.json'],
    lockfiles: ['bun.lock', 'bun.lockb'],
    configuration: ['bunfig.toml', '.npmrc', 'patches/'],
    installs: [command('bun install', ['install', 'i', 'ci'])],
    frozenInstalls: [
      command('bun install --frozen-lockfile', ['install', 'i'], ['--frozen-lockfile']),
      command('bun ci', ['ci']),
    ],
    frozenCommand: 'bun install --frozen-lockfile',
    hooks,
    caches: ['~/.bun/install/cache'],
    cleanUps: [cleanUp('bun pm cache rm', ['pm cache rm'], ['~/.bun/install/cache'])],
    noCache: { flags: ['--cache-dir'], env: [{ name: 'BUN_INSTALL_CACHE_DIR', values: [] }] },
    production: { flags: ['--production', '-p', '--omit=dev'], env: [nodeEnv], isNeeded: true },
    cacheMounts: [{ target: '/root/.bun/install/cache', sharing: 'shared' }],
  },
  {
    ...blank,
    manager: 'deno',
    kind: 'language',
    manifests: ['deno.json', 'deno.jsonc', 'package.json', 'import_map.json', 'deps.ts'],
    lockfiles: ['deno.lock'],
    installs: [command('deno install', ['install', 'i'])],
    frozenInstalls: [command('deno install --frozen', ['install', 'i'], ['--frozen', '--frozen-lockfile'])],
    frozenCommand: 'deno install --frozen',
    caches: ['/deno-dir', '~/.cache/deno'],
    cleanUps: [cleanUp('deno clean', ['clean'], ['/deno-dir', '~/.cache/deno'])],
    cacheMounts: [{ target: '/deno-dir', sharing: 'shared' }],
    production: { flags: ['--prod'], env: [], isNeeded: false },
  },
];
