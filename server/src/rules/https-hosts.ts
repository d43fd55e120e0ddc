/** Hosts that are known to serve the same files over https under the same paths. */

/** Host names; a leading dot means all hosts below it, too. */
const hosts =
  'github.com .githubusercontent.com .github.io gitlab.com bitbucket.org codeload.github.com gist.github.com .sourceforge.net ' +
  'archive.apache.org downloads.apache.org dlcdn.apache.org www.apache.org apache.org .apache.org repo1.maven.org repo.maven.apache.org search.maven.org ' +
  'pypi.org pypi.python.org files.pythonhosted.org bootstrap.pypa.io www.python.org python.org download.pytorch.org conda.anaconda.org repo.anaconda.com repo.continuum.io ' +
  'nodejs.org registry.npmjs.org registry.yarnpkg.com deb.nodesource.com rpm.nodesource.com rubygems.org www.rubygems.org cache.ruby-lang.org ' +
  'getcomposer.org php.net www.php.net pecl.php.net pear.php.net phar.phpunit.de cpan.org www.cpan.org cpanmin.us ' +
  'golang.org go.dev dl.google.com storage.googleapis.com .googleapis.com .googlesource.com packages.cloud.google.com commondatastorage.googleapis.com ' +
  'static.rust-lang.org crates.io sh.rustup.rs packages.microsoft.com dot.net .visualstudio.com .blob.core.windows.net ' +
  'download.docker.com get.docker.com download.oracle.com dev.mysql.com repo.mysql.com cdn.mysql.com download.redis.io ' +
  'apt.postgresql.org ftp.postgresql.org www.postgresql.org www.mongodb.org fastdl.mongodb.org repo.mongodb.org ' +
  'artifacts.elastic.co packages.elastic.co releases.hashicorp.com apt.releases.hashicorp.com packages.confluent.io packages.grafana.com dl.grafana.com ' +
  'nginx.org www.nginx.org openresty.org www.openssl.org openssl.org zlib.net www.zlib.net curl.se curl.haxx.se www.sqlite.org sqlite.org ' +
  'ftp.gnu.org www.gnu.org gnu.org ftpmirror.gnu.org .kernel.org www.kernel.org cdn.kernel.org mirrors.kernel.org .savannah.gnu.org ' +
  'deb.debian.org security.debian.org snapshot.debian.org ftp.debian.org keyring.debian.org packages.debian.org dl-cdn.alpinelinux.org ' +
  'archive.archlinux.org dl.fedoraproject.org download.fedoraproject.org rpms.remirepo.net vault.centos.org apt.llvm.org llvm.org releases.llvm.org ' +
  'keyserver.ubuntu.com packages.gitlab.com packagecloud.io download.opensuse.org www.imagemagick.org imagemagick.org ffmpeg.org www.ffmpeg.org ' +
  'cmake.org www.cmake.org luarocks.org www.lua.org lua.org ' +
  'dl.yarnpkg.com yarnpkg.com services.gradle.org downloads.gradle.org repo.spring.io repo.typesafe.com cran.r-project.org cran.rstudio.com ' +
  'download.java.net packages.erlang-solutions.com dl.min.io min.io dl.k8s.io storage.yandexcloud.net znc.in www.tcpdump.org www.haproxy.org';

const exact = new Set(hosts.split(' ').filter((host) => !host.startsWith('.')));
const below = hosts.split(' ').filter((host) => host.startsWith('.'));

/** Whether a host is known to serve https. Of a bucket at Amazon the certificate fits names without dots only. */
export function servesHttps(host: string): boolean {
  if (exact.has(host)) return true;
  if (/^(?:[a-z0-9-]+\.)?s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com$/.test(host)) return true;
  if (/^[a-z0-9]+\.cloudfront\.net$/.test(host)) return true;
  return below.some((suffix) => host.endsWith(suffix) || host === suffix.slice(1));
}

/** Whether a host is on the machine itself or in a network of its own, where https is seldom to be had. */
export function isInternalHost(host: string): boolean {
  if (!host.includes('.') && !host.includes(':')) return true;
  if (/^(?:127|10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\.|^0\.0\.0\.0$|^\[/.test(host)) return true;
  return /\.(?:local|localhost|localdomain|internal|intranet|lan|corp|home|test|svc|docker|example|invalid)$/.test(
    host,
  );
}
