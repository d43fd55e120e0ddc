/** Packages of distributions that are there to build something, and what of them a built program goes on to need. */
import type { PackageManager } from '../../shell/packages';

/** Whether a package only helps to build: a compiler, make and its kin, headers, a JDK. */
export function isBuildTool(name: string): boolean {
  return isCompiler(name) || isHeaders(name) || helpers.test(name);
}

/** Whether a package brings a compiler, by itself or by what it pulls in. */
export function isCompiler(name: string): boolean {
  return compilers.test(name);
}

/** Whether a package is the header files of a library, with the library itself in another one. */
export function isHeaders(name: string): boolean {
  return /^(?!.*-jdk).+-dev(?:el)?$/.test(name) && !compilers.test(name) && name !== 'git-dev';
}

const compilers =
  /^(?:gcc|g\+\+|gcc-c\+\+|clang|gfortran)(?:-?[\d.]+)?$|^(?:build-essential|build-base|alpine-sdk|base-devel|rust|rustc|cargo|go|golang|golang-go|golang-[\d.]+(?:-go)?|ghc|nasm|yasm|llvm(?:-[\d.]+)?|default-jdk(?:-headless)?|openjdk-?\d+(?:-jdk(?:-headless)?)?|java-[\d.]+-openjdk-devel|maven|gradle|ant|sbt|@?development[- ]tools)$/i;

const helpers =
  /^(?:g?make|automake|autoconf|autoconf-archive|libtool|m4|bison|flex|cmake|ninja-build|ninja|samurai|meson|scons|pkg-config|pkgconf|pkgconfig|binutils|swig|cpp|dpkg-dev|rpm-build|patch|linux-headers(?:-\S+)?|kernel-headers|protobuf-compiler|gperf|texinfo|patchelf|ccache)$/;

/** Programs that fetch and unpack: wanted while something is built, seldom later. */
export const isFetcher = (name: string): boolean =>
  /^(?:git|git-core|mercurial|subversion|bzr|openssh-client|openssh|wget|unzip|xz-utils|tar|gzip|bzip2|gnupg2?|file)$/.test(
    name,
  );

/** Which family of packages a manager installs; null for those that no final stage is written for. */
export function familyOf(manager: PackageManager): PackageFamily | null {
  if (manager === 'apt-get' || manager === 'apt') return 'apt';
  return manager === 'apk' ? 'apk' : null;
}

export type PackageFamily = 'apt' | 'apk';

/** What is known of the base on which libraries are installed. */
export interface LibraryBase {
  readonly family: PackageFamily;
  /** An official image of a language, which has the libraries of the language's own modules. */
  readonly language: 'python' | 'ruby' | null;
  /** Release of Debian or Ubuntu, by name; null where unknown. */
  readonly release: string | null;
}

/**
 * The libraries that what was built against some headers needs when it runs: an empty list where the base image has them
 * anyway, null where it is not known which package holds them.
 */
export function runtimeLibraries(headers: string, base: LibraryBase): readonly string[] | null {
  const { family, language, release } = base;
  if (language !== null && ofLanguages[language].test(headers)) return [];
  const isNew = release !== null && /^(?:bookworm|trixie|jammy|noble)$/.test(release);
  if (family === 'apt' && isNew && Object.hasOwn(newDebianLibraries, headers))
    return [newDebianLibraries[headers] ?? ''];
  if (family === 'apt' && language !== null && Object.hasOwn(onlyDebian, headers)) return [onlyDebian[headers] ?? ''];
  const table = family === 'apt' ? debianLibraries : alpineLibraries;
  return Object.hasOwn(table, headers) ? (table[headers] ?? '').split(' ').filter((name) => name !== '') : null;
}

/** Headers of libraries that a language's own modules load. */
const ofLanguages = {
  python:
    /^(?:python3?-dev|libpython3-dev|libffi-dev|libssl-dev|openssl-dev|zlib1g-dev|zlib-dev|libsqlite3-dev|sqlite-dev|libbz2-dev|bzip2-dev|liblzma-dev|xz-dev|libreadline-dev|readline-dev|libncurses-dev|libncurses5-dev|ncurses-dev|libexpat1-dev|expat-dev)$/,
  ruby: /^(?:ruby-dev|libffi-dev|libssl-dev|openssl-dev|zlib1g-dev|zlib-dev|libyaml-dev|yaml-dev|libgmp-dev|gmp-dev|libreadline-dev|readline-dev)$/,
} as const;

/** Names since Debian 12 and Ubuntu 22.04. */
const newDebianLibraries: Readonly<Record<string, string>> = {
  'libssl-dev': 'libssl3',
  'libffi-dev': 'libffi8',
  'libcurl4-openssl-dev': 'libcurl4',
};

/** Names that have been the same for several releases. */
const debianLibraries: Readonly<Record<string, string>> = {
  'libc6-dev': '',
  'libc-dev': '',
  'linux-libc-dev': '',
  'zlib1g-dev': '',
  'libpq-dev': 'libpq5',
  'libmariadb-dev': 'libmariadb3',
  'libmariadb-dev-compat': 'libmariadb3',
  'libsqlite3-dev': 'libsqlite3-0',
  'libxml2-dev': 'libxml2',
  'libxslt1-dev': 'libxslt1.1',
  'libxslt-dev': 'libxslt1.1',
  'libfreetype6-dev': 'libfreetype6',
  'libfreetype-dev': 'libfreetype6',
  'liblcms2-dev': 'liblcms2-2',
  'libyaml-dev': 'libyaml-0-2',
  'libgmp-dev': 'libgmp10',
  'liblz4-dev': 'liblz4-1',
  'libzstd-dev': 'libzstd1',
  'libsnappy-dev': 'libsnappy1v5',
  'libpcre2-dev': 'libpcre2-8-0',
  'unixodbc-dev': 'unixodbc',
  'librdkafka-dev': 'librdkafka1',
  'libcairo2-dev': 'libcairo2',
  'libgeos-dev': 'libgeos-c1v5',
  'libseccomp-dev': 'libseccomp2',
  'libcap-dev': 'libcap2',
  'libevent-dev': 'libevent-2.1-7',
  'libuv1-dev': 'libuv1',
};

/** Where Ubuntu has other names; the images of languages stand on Debian. */
const onlyDebian: Readonly<Record<string, string>> = {
  'default-libmysqlclient-dev': 'libmariadb3',
  'libjpeg-dev': 'libjpeg62-turbo',
  'libjpeg62-turbo-dev': 'libjpeg62-turbo',
};

const alpineLibraries: Readonly<Record<string, string>> = {
  'musl-dev': '',
  'libc-dev': '',
  'zlib-dev': '',
  'libffi-dev': 'libffi',
  'openssl-dev': 'libssl3 libcrypto3',
  'postgresql-dev': 'libpq',
  'libpq-dev': 'libpq',
  'mariadb-dev': 'mariadb-connector-c',
  'mariadb-connector-c-dev': 'mariadb-connector-c',
  'mysql-dev': 'mariadb-connector-c',
  'sqlite-dev': 'sqlite-libs',
  'libxml2-dev': 'libxml2',
  'libxslt-dev': 'libxslt',
  'jpeg-dev': 'libjpeg-turbo',
  'libjpeg-turbo-dev': 'libjpeg-turbo',
  'freetype-dev': 'freetype',
  'lcms2-dev': 'lcms2',
  'openjpeg-dev': 'openjpeg',
  'tiff-dev': 'tiff',
  'yaml-dev': 'yaml',
  'gmp-dev': 'gmp',
  'lz4-dev': 'lz4-libs',
  'zstd-dev': 'zstd-libs',
  'pcre-dev': 'pcre',
  'pcre2-dev': 'pcre2',
  'curl-dev': 'libcurl',
  'librdkafka-dev': 'librdkafka',
  'vips-dev': 'vips',
};
