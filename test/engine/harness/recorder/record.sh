#!/bin/busybox sh
# Stands in for package managers, build tools and downloads in the base image of the proofs: every such name is a link
# to this script. It records what would be done, one file for each thing, in /.recorded, so that order and number of the
# commands leave no trace, and it leaves behind what the real tool leaves behind where a rule is about that (package
# indexes, caches, logs). What a tool would read is recorded too: the environment and the files a build tool sees.
here=/usr/lib/recorder
name=${0##*/}
[ "$name" != record ] || { name=${1##*/}; shift; }
environment=$(env | sort | grep -vE '^(PWD|OLDPWD|SHLVL|_|HOSTNAME|HOME|PATH|TERM|PS1|PS2|IFS|OPTIND|PPID)=')
PATH=/bin
home=${HOME:-/root}
[ "$home" != / ] || home=/root
umask 022

# record KIND THING [DETAIL]: remembers a thing; the same again is the same file.
record() {
  [ -d "/.recorded/$1" ] || mkdir -m 1777 "/.recorded/$1" 2>/dev/null
  file=/.recorded/$1/$(printf %s "$2" | tr '/\n' '%%' | cut -c 1-180)
  printf '%s\n' "$3" 2>/dev/null >"$file"
}
forget() { rm -f "/.recorded/$1/$(printf %s "$2" | tr '/\n' '%%' | cut -c 1-180)"; }
is_recorded() { [ -e "/.recorded/$1/$(printf %s "$2" | tr '/\n' '%%' | cut -c 1-180)" ]; }
fail() { echo "$name: $2" >&2; exit "$1"; }
# leave FILE [TEXT]: a file of the tool's own, with its directories.
leave() { mkdir -p "${1%/*}" && printf '%s\n' "${2:-$name}" >"$1"; }
digest() { sha256sum | cut -c 1-16; }
# What a build tool can read in its directory.
inputs() {
  [ "$PWD" != / ] || { echo root; return; }
  find . -xdev \( -name node_modules -o -name .git \) -prune -o -type f ! -name layerwise.Dockerfile -print 2>/dev/null | sort | tr '\n' '\0' |
    xargs -0 -r sha256sum 2>/dev/null | digest
}
# manifests FILE...: those of the files that exist, with what is in them.
manifests() { for one in "$@"; do [ ! -f "$one" ] || sha256sum "$one"; done | digest; }
# record_run DETAIL ARG...: a command by its arguments, with all that may matter to it.
record_run() {
  run_detail=$1; shift
  record run "$name-$(printf '%s\n' "$name" "$@" "$PWD" "$(id -u)" "$run_detail" "$environment" | digest)" "$name $*
in $PWD as $(id -u) $run_detail
package $(is_recorded apt "$name" || is_recorded apk "$name" || is_recorded rpm "$name" && echo installed)
$environment"
}
# program FILE: a program that records its runs.
program() {
  mkdir -p "${1%/*}" 2>/dev/null
  printf '#!/bin/sh\n# %s\nexec /usr/lib/recorder/record "$0" "$@"\n' "$2" >"$1" && chmod 755 "$1"
}
# tree DIRECTORY ORIGIN: what an archive or a repository might hold, and what the file `wishes` says that it does: lines
# NAME/PATH, or */PATH for all of them, with a slash at the end for a directory.
tree() {
  mkdir -p "$1" || exit 1
  for one in configure bootstrap.sh autogen.sh install.sh build.sh gradlew mvnw "bin/$(stem "$2")" setup.py bootstrap; do
    program "$1/$one" "$2"
  done
  for one in README.md LICENSE Makefile CMakeLists.txt requirements.txt package.json package-lock.json yarn.lock go.mod \
    go.sum Gemfile Cargo.toml composer.json pyproject.toml pom.xml build.gradle; do
    leave "$1/$one" "$2"
  done
  [ ! -f $here/wishes ] || while read -r wish; do
    case ${wish%%/*} in
      '*' | "${1##*/}" | "$(stem "$2")") ;;
      *) continue ;;
    esac
    case $wish in
      */) mkdir -p "$1/${wish#*/}" ;;
      *) [ -e "$1/${wish#*/}" ] || program "$1/${wish#*/}" "$2" ;;
    esac
  done <$here/wishes
}
# stem NAME: the directory that an archive of this name unpacks to.
stem() {
  case $1 in
    # Archives that a forge makes of a tag: REPOSITORY-VERSION.
    *://*/archive/*) set -- "$(echo "$1" | sed -E 's,.*/([^/]+)/(-/)?archive/(refs/(tags|heads)/)?v?([0-9][^/]*|[^/]*)$,\1-\5,')" ;;
  esac
  echo "${1##*/}" | sed -E 's/[?#].*//; s/\.(tar\.[a-z0-9]+|tgz|tbz2?|txz|zip|deb|rpm|gz|xz|bz2)$//'
}
# The origin of something downloaded, from its text.
origin_of() { sed -n '2s/^# recorded download of //p' "$@" 2>/dev/null; }

# Programs that run another program.
run_other() {
  while [ $# -gt 0 ]; do
    case $1 in
      -u | -g | --user | -c) shift ;;
      -*) ;;
      *=*) export "$1" ;;
      *) break ;;
    esac
    shift
  done
  [ $# -gt 0 ] || return 0
  case $name in gosu | su-exec | chroot) shift ;; esac
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin exec "$@"
}

# The real one picks a name by chance, which then is in everything that is recorded: here it is the first one free.
mktemp() {
  make=file where=${TMPDIR:-/tmp} template=
  while [ $# -gt 0 ]; do
    case $1 in
      -d | -qd | -dq | --directory) make=directory ;;
      -u | --dry-run) make=nothing ;;
      -p) where=$2; shift ;;
      --tmpdir=*) where=${1#*=} ;;
      -dp) make=directory; where=$2; shift ;;
      -dt | -td) make=directory; template=$where/$2; shift ;;
      -t) template=$where/$2; shift ;;
      -*) ;;
      *) template=$1 ;;
    esac
    shift
  done
  template=${template:-$where/tmp.XXXXXX}
  number=1
  while path=$(echo "$template" | sed "s/XXX*/$(printf %06d $number)/"); [ -e "$path" ]; do number=$((number + 1)); done
  umask 077
  case $make in
    directory) mkdir "$path" || exit 1 ;;
    file) : >"$path" || exit 1 ;;
  esac
  echo "$path"
}

# A build tool or anything else: what it is called with and what it could read. `-o FILE` is written.
other() {
  piped=
  previous=
  for one in "$@"; do
    [ "$one" != - ] || piped=$(digest)
    [ "$previous" != -o ] || case $one in -*) ;; *) program "$one" "$(inputs)" ;; esac
    previous=$one
  done
  record_run "$(inputs) $piped" "$@"
}

# Scripts ask these before they choose a download.
case "$name $*" in
  'dpkg --print-architecture') echo amd64; exit ;;
  'apk --print-arch') echo x86_64; exit ;;
  lsb_release\ *) echo bookworm; exit ;;
esac

case $name in
  apt-get | apt | aptitude) . $here/system-packages.sh && apt "$@" ;;
  apk) . $here/system-packages.sh && apk "$@" ;;
  yum | microdnf) . $here/system-packages.sh && rpm_manager /var/cache/yum "$@" ;;
  dnf | dnf5 | tdnf) . $here/system-packages.sh && rpm_manager /var/cache/dnf "$@" ;;
  zypper) . $here/system-packages.sh && rpm_manager /var/cache/zypp "$@" ;;
  pacman) . $here/system-packages.sh && pacman "$@" ;;
  pip | pip[0-9]* | uv) . $here/language-packages.sh && pip "$@" ;;
  npm | yarn | yarnpkg | pnpm | bun) . $here/language-packages.sh && node_packages "$@" ;;
  gem | bundle | bundler) . $here/language-packages.sh && ruby_packages "$@" ;;
  composer) . $here/language-packages.sh && composer "$@" ;;
  conda | mamba | micromamba) . $here/language-packages.sh && conda "$@" ;;
  go) . $here/build-tools.sh && go "$@" ;;
  cargo) . $here/build-tools.sh && cargo "$@" ;;
  mvn | mvnw | gradle | gradlew) . $here/build-tools.sh && java_build "$@" ;;
  meson | cmake) . $here/build-tools.sh && configure_build "$@" ;;
  curl | wget) . $here/downloads.sh && fetch "$@" ;;
  tar | unzip) . $here/downloads.sh && unpack "$@" ;;
  *sum) . $here/downloads.sh && checksum "$@" ;;
  git) . $here/downloads.sh && git "$@" ;;
  useradd | adduser | groupadd | addgroup) . $here/accounts.sh && accounts "$@" ;;
  sudo | gosu | su-exec | tini | dumb-init | eatmydata) run_other "$@" ;;
  python | python[23]*) . $here/language-packages.sh && python "$@" ;;
  virtualenv) . $here/language-packages.sh && virtualenv "$@" ;;
  mktemp) mktemp "$@" ;;
  *) other "$@" ;;
esac
