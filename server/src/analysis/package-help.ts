/** What a package-manager call does to the image, in words. */
import * as l10n from '@vscode/l10n';
import type { PackageCall } from '../shell/packages';

/** The call in a sentence. */
export function describeManager(call: PackageCall): string {
  const name = `\`${call.subcommand ? `${call.manager} ${call.subcommand}` : call.manager}\``;
  switch (call.action) {
    case 'install':
      return l10n.t('{0} downloads and installs packages into this layer.', name);
    case 'update-index':
      return l10n.t(
        '{0} fetches the package index. Cached in a layer of its own it grows stale while the install below runs anew.',
        name,
      );
    case 'upgrade':
      return l10n.t('{0} upgrades what the base image brings: the result depends on the day of the build.', name);
    case 'remove':
      return l10n.t('{0} removes packages. It frees space only in the RUN that installed them.', name);
    case 'clean':
      return l10n.t('{0} clears a cache. It frees space only in the RUN that filled it.', name);
    case 'build':
      return l10n.t('{0} builds the project.', name);
    case 'download':
      return l10n.t(
        '{0} downloads dependencies; what needs only the manifests can run before the source is copied.',
        name,
      );
    case 'configure':
      return l10n.t('{0} changes the configuration of the package manager.', name);
    default:
      return l10n.t('A call of {0}.', name);
  }
}

/** What the install leaves behind and how not to; null where nothing is to be said. */
export function cleanUpOf(call: PackageCall): string | null {
  if (call.action !== 'install' && call.action !== 'update-index') return null;
  switch (call.manager) {
    case 'apt':
    case 'apt-get':
    case 'aptitude':
      return l10n.t(
        'The package lists stay in `/var/lib/apt/lists` (some 20 to 50 MB) unless the same RUN removes them.',
      );
    case 'apk':
      return l10n.t('`--no-cache` fetches the index without keeping it in `/var/cache/apk`.');
    case 'pip':
      return l10n.t(
        '`--no-cache-dir` keeps wheels out of the layer; a cache mount on `/root/.cache/pip` keeps them out and at hand.',
      );
    case 'npm':
      return l10n.t(
        '`npm ci` installs exactly what the lockfile names; the download cache stays in `/root/.npm` unless it is cleaned or mounted.',
      );
    case 'yarn':
    case 'pnpm':
      return l10n.t(
        'A frozen lockfile makes the install repeatable; the download cache stays in the layer unless it is cleaned or mounted.',
      );
    case 'yum':
    case 'dnf':
    case 'microdnf':
      return l10n.t('`{0} clean all` in the same RUN keeps the download cache out of the layer.', call.manager);
    case 'go':
      return l10n.t('Modules stay in `/go/pkg/mod`; a cache mount there keeps them between builds.');
    case 'cargo':
      return l10n.t('Crates stay in `/usr/local/cargo/registry`; a cache mount there keeps them between builds.');
    default:
      return null;
  }
}
