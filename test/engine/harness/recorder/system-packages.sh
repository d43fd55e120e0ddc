# Package managers of distributions, for record.sh.

# A package of this name brings others along, about which every package manager asks first; nobody answers.
asked() {
  case " $1 " in *' needs-more'*) ;; *) return 0 ;; esac
  [ $yes = yes ] || fail 1 'Do you want to continue? [Y/n] Abort.'
}

apt() {
  command= recommends=yes yes=no
  for one in "$@"; do
    case $one in -y | -[a-z]*y | --yes | --assume-yes | -qq | --force-yes) yes=yes ;; esac
  done
  # Both tell what they do, not in the same words.
  [ "$name" != apt ] || echo 'WARNING: apt does not have a stable CLI interface.' >&2
  lists=/var/lib/apt/lists
  while [ $# -gt 0 ]; do
    case $1 in
      --no-install-recommends | --install-recommends=*) recommends=no ;;
      -o | --option) case $2 in *Install-Recommends=[0f]*) recommends=no ;; esac; shift ;;
      -t | -c | -a | --target-release | --default-release | --config-file) shift ;;
      -*) ;;
      *) [ -n "$command" ] && break; command=$1 ;;
    esac
    shift
  done
  case $command in
    update | install | remove | purge | upgrade) echo "$name: $command" ;;
  esac
  case $command in
    update)
      mkdir -p $lists/partial /var/cache/apt/archives/partial 2>/dev/null && : 2>/dev/null >$lists/lock || fail 100 'are you root?'
      cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | sort -u >$lists/archive_dists_stable_main_Packages
      leave $lists/archive_dists_stable_InRelease InRelease
      ;;
    install | build-dep | reinstall)
      : 2>/dev/null >>/var/lib/dpkg/lock || fail 100 'are you root?'
      asked "$*"
      for package in "$@"; do
        case $package in
          --no-install-recommends) recommends=no ;;
        esac
      done
      while [ $# -gt 0 ]; do
        package=$1; shift
        case $package in
          -t | -o | -c) shift; continue ;;
          -*) continue ;;
          *-) forget apt "${package%-}"; continue ;;
          ./* | /*) [ -e "$package" ] || fail 100 "Unsupported file $package given on commandline" ;;
          *) [ -e $lists/archive_dists_stable_main_Packages ] || is_recorded apt "$package" ||
            fail 100 "E: Unable to locate package $package" ;;
        esac
        is_recorded apt "$package" ||
          record apt "$package" "recommends $recommends, $(manifests $lists/archive_dists_stable_main_Packages)"
        [ "$command" = install ] || record apt-build-dep "$package"
      done
      leave /var/cache/apt/archives/lock ''
      ;;
    remove | purge) for package in "$@"; do forget apt "$package"; done ;;
    autoremove | auto-remove) for package in "$@"; do forget apt "$package"; done; record run apt-autoremove ;;
    clean | autoclean | auto-clean | distclean)
      rm -rf /var/cache/apt/archives/*.deb /var/cache/apt/*.bin
      [ "$command" != distclean ] || rm -rf $lists/*
      ;;
    upgrade | dist-upgrade | full-upgrade) record apt-upgrade "$command" "$(manifests $lists/*_Packages)" ;;
    '' | -*) ;;
    *) record_run '' "$command" "$@" ;;
  esac
}

apk() {
  command= cache=yes update=no virtual=
  packages=
  while [ $# -gt 0 ]; do
    case $1 in
      --no-cache) cache=no ;;
      -U | --update-cache | --update) update=yes ;;
      --virtual=*) virtual=${1#*=} ;;
      -t | --virtual) virtual=$2; shift ;;
      -X | --repository | -p | --root | --keys-dir | --arch | --cache-dir) shift ;;
      -*) ;;
      *) [ -n "$command" ] && packages="$packages $1" || command=$1 ;;
    esac
    shift
  done
  index=/var/cache/apk/APKINDEX.00000000.tar.gz
  [ "$cache$update" != yesyes ] && [ "$cache$command" != yesupdate ] && [ "$cache$command" != yesupgrade ] || leave $index
  case $command in
    add)
      : 2>/dev/null >>/lib/apk/lock || fail 99 'Unable to lock database: Permission denied'
      for package in $packages; do
        [ $cache = no ] || [ -e $index ] || is_recorded apk "$package" || fail 1 "unable to select packages: $package (no such package)"
        is_recorded apk "$package" || record apk "$package" "virtual $virtual"
      done
      [ -z "$virtual" ] || record apk "$virtual"
      ;;
    del)
      for package in $packages; do
        forget apk "$package"
        grep -lx "virtual $package" /.recorded/apk/* 2>/dev/null | tr '\n' '\0' | xargs -0 -r rm -f
      done
      ;;
    cache) rm -rf /var/cache/apk/* ;;
    upgrade) record apk-upgrade upgrade ;;
    update | '' | info | list | search | fix) ;;
    *) record_run '' "$command" $packages ;;
  esac
}

# yum, dnf, microdnf, tdnf, zypper: rpm CACHE OPTION-WITH-VALUE... -- ARG...
rpm_manager() {
  cache=$1; shift
  command= packages= yes=no
  for one in "$@"; do
    case $one in -y | -[a-z]*y | --assumeyes | -n | --non-interactive | --no-confirm) yes=yes ;; esac
  done
  while [ $# -gt 0 ]; do
    case $1 in
      -c | -x | -R | -d | -e | --repo | --enablerepo | --disablerepo | -t | -p) shift ;;
      -*) ;;
      *) [ -n "$command" ] && packages="$packages $1" || command=$1 ;;
    esac
    shift
  done
  case $command in
    install | in | localinstall | groupinstall | group | module | reinstall | add)
      leave "$cache/repository/repomd.xml" 2>/dev/null || fail 1 'This command has to be run with superuser privileges'
      asked "$packages"
      for package in $packages; do
        leave "$cache/repository/packages/$(echo "$package" | tr / %).rpm"
        is_recorded rpm "$package" || record rpm "$package" "$(manifests /etc/yum.repos.d/* /etc/zypp/repos.d/*)"
      done
      leave /var/lib/rpm/.rpm.lock
      ;;
    remove | erase | rm | autoremove) for package in $packages; do forget rpm "$package"; done ;;
    clean) rm -rf "${cache:?}"/* ;;
    makecache | refresh | ref | check-update | ar | addrepo) leave "$cache/repository/repomd.xml"; record rpm-run "$command $packages" ;;
    update | upgrade | up | dup | distro-sync | upgrade-minimal)
      leave "$cache/repository/repomd.xml"
      [ -z "$packages" ] && record rpm-upgrade "$command" || for package in $packages; do record rpm "$package" ; done
      ;;
    '') ;;
    *) record_run '' "$command" $packages ;;
  esac
}

pacman() {
  operation= packages= yes=no
  for one in "$@"; do
    case $one in
      --noconfirm) yes=yes ;;
      --*) ;;
      -*) operation=$operation${one#-} ;;
      *) packages="$packages $one" ;;
    esac
  done
  case $operation in
    *S*c*) rm -rf /var/cache/pacman/pkg/* ;;
    *S*)
      case $operation in *y*) leave /var/lib/pacman/sync/core.db ;; esac
      case $operation in *u*) record pacman-upgrade upgrade ;; esac
      asked "$packages"
      for package in $packages; do
        [ -e /var/lib/pacman/sync/core.db ] || fail 1 "target not found: $package"
        leave "/var/cache/pacman/pkg/$package.pkg.tar.zst"
        record pacman "$package"
      done
      ;;
    *R*) for package in $packages; do forget pacman "$package"; done ;;
    *) record_run '' "$@" ;;
  esac
}
