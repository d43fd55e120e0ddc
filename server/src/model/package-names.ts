/** Packages that distributions call differently, for those that Dockerfiles install most. */
import type { PackageManager } from '../shell/packages';

/** apt, apk, rpm; `-` where there is none of that name. */
const rows: readonly (readonly [string, string, string])[] = [
  ['build-essential', 'build-base', 'gcc-c++ make'],
  ['python3-pip', 'py3-pip', 'python3-pip'],
  ['python3-dev', 'python3-dev', 'python3-devel'],
  ['python3-venv', 'py3-virtualenv', '-'],
  ['libssl-dev', 'openssl-dev', 'openssl-devel'],
  ['libffi-dev', 'libffi-dev', 'libffi-devel'],
  ['libpq-dev', 'postgresql-dev', 'libpq-devel'],
  ['postgresql-client', 'postgresql-client', 'postgresql'],
  ['default-mysql-client', 'mysql-client', 'mysql'],
  ['zlib1g-dev', 'zlib-dev', 'zlib-devel'],
  ['libxml2-dev', 'libxml2-dev', 'libxml2-devel'],
  ['libxslt1-dev', 'libxslt-dev', 'libxslt-devel'],
  ['libjpeg-dev', 'jpeg-dev', 'libjpeg-turbo-devel'],
  ['libpng-dev', 'libpng-dev', 'libpng-devel'],
  ['libc6-dev', 'musl-dev', 'glibc-devel'],
  ['libcurl4-openssl-dev', 'curl-dev', 'libcurl-devel'],
  ['libsqlite3-dev', 'sqlite-dev', 'sqlite-devel'],
  ['sqlite3', 'sqlite', 'sqlite'],
  ['g++', 'g++', 'gcc-c++'],
  ['pkg-config', 'pkgconf', 'pkgconf-pkg-config'],
  ['netcat', 'netcat-openbsd', 'nmap-ncat'],
  ['netcat-openbsd', 'netcat-openbsd', 'nmap-ncat'],
  ['dnsutils', 'bind-tools', 'bind-utils'],
  ['iputils-ping', 'iputils', 'iputils'],
  ['procps', 'procps', 'procps-ng'],
  ['gnupg', 'gnupg', 'gnupg2'],
  ['xz-utils', 'xz', 'xz'],
  ['openssh-client', 'openssh-client', 'openssh-clients'],
  ['cron', 'dcron', 'cronie'],
  ['vim', 'vim', 'vim-enhanced'],
];

const columnOf = (manager: PackageManager): 0 | 1 | 2 | null =>
  /^apt/.test(manager) ? 0 : manager === 'apk' ? 1 : /^(?:yum|dnf|microdnf|tdnf)$/.test(manager) ? 2 : null;

/** What a package is called by another manager; null where it is the same, or not known. */
export function packageNameFor(name: string, from: PackageManager, to: PackageManager): string | null {
  const [source, target] = [columnOf(from), columnOf(to)];
  if (source === null || target === null) return null;
  const found = rows.find((row) => row[source] === name)?.[target];
  return found === undefined || found === '-' || found === name ? null : found;
}
