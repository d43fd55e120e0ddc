# Package managers of languages, for record.sh.

pip() {
  command= target= cache=${PIP_CACHE_DIR:-${XDG_CACHE_HOME:-$home/.cache}/pip}
  [ -z "$PIP_NO_CACHE_DIR" ] || cache=
  while [ $# -gt 0 ]; do
    case $1 in
      --no-cache-dir) cache= ;;
      --cache-dir) cache=$2; shift ;;
      -r | --requirement | -c | --constraint)
        [ -f "$2" ] || case $2 in *://*) ;; *) fail 1 "Could not open requirements file: $2" ;; esac
        record pip "$1 $2" "$(manifests "$2")"; shift ;;
      -r* | --requirement=*) file=${1#-r}; file=${file#--requirement=}; [ -f "$file" ] || fail 1 "Could not open requirements file: $file"
        record pip "-r $file" "$(manifests "$file")" ;;
      -t | --target | --prefix | --root | --src) target=$2; shift ;;
      --target=* | --prefix=*) target=${1#*=} ;;
      -w | -d | --wheel-dir | --dest) leave "$2/packages.whl" "$(inputs)"; shift ;;
      -i | --index-url | --extra-index-url | -f | --find-links | --trusted-host | --no-binary | --only-binary | --platform | \
        --python-version | --timeout | --default-timeout | --retries | --proxy | --cert | --global-option | --progress-bar | --log) shift ;;
      -e | --editable | .* | /*) [ "${1#-}" = "$1" ] || shift
        [ -e "${1%%\[*}" ] || fail 1 "$1 does not exist"
        record pip "$PWD/$1" "$(cd "${1%%\[*}" 2>/dev/null && inputs)" ;;
      -*) ;;
      *) [ -n "$command" ] && { [ "$command" != uninstall ] && record pip "$1" "$target" || forget pip "$1"; } || command=$1 ;;
    esac
    shift
  done
  case $command in
    cache) rm -rf "$cache" ;;
    install | wheel | download)
      [ -z "$target" ] || leave "$target/packages" "$target"
      [ -z "$cache" ] || leave "$cache/http/0/0/0/0" || fail 1 'cache not writable'
      leave "${target:-/usr/local/lib/python3/site-packages}/installed" 2>/dev/null || leave "$home/.local/lib/python3/installed"
      ;;
    list | freeze) ls /.recorded/pip 2>/dev/null ;;
  esac
}

# npm, yarn, pnpm, bun
node_packages() {
  case $name in
    yarn) cache=${YARN_CACHE_FOLDER:-/usr/local/share/.cache/yarn/v6} ;;
    pnpm) cache=$home/.local/share/pnpm/store ;;
    bun) cache=$home/.bun/install/cache ;;
    *) cache=${npm_config_cache:-${NPM_CONFIG_CACHE:-$home/.npm}}/_cacache; leave "${cache%/_cacache}/_logs/debug-0.log" ;;
  esac
  command= packages= global= flags="NODE_ENV=$NODE_ENV"
  for one in "$@"; do
    case $one in
      -g | --global) global=yes ;;
      --production* | --omit* | --only* | --include* | --legacy-peer-deps | --ignore-scripts | --frozen-lockfile | --unsafe-perm* | --dev | -D | --prod)
        flags="$flags $one" ;;
      --prefix=* | --cwd=*) cd "${one#*=}" || exit 1 ;;
      -*) ;;
      *) [ -n "$command" ] && packages="$packages $one" || command=$one ;;
    esac
  done
  case $name-$command in
    yarn-global) global=yes; command=add; packages=${packages# add} ;;
    yarn-) command=install ;;
  esac
  case $command in
    install | i | ci | add | clean-install | isntall)
      leave "$cache/index"
      for package in $packages; do
        case $package in
          ./* | /* | .) [ -e "$package" ] || fail 254 "ENOENT $package"; record "$name" "$package" "$(manifests "$package"/package.json)" ;;
          *) record "$name" "$package" "$global" ;;
        esac
      done
      [ -z "$global" ] || return 0
      [ -n "$packages" ] || [ -f package.json ] || fail 254 "ENOENT: no such file or directory, open '$PWD/package.json'"
      [ "$command" != ci ] || [ -f package-lock.json ] || [ -f npm-shrinkwrap.json ] || fail 1 'npm ci needs a package-lock.json'
      leave node_modules/.package-lock.json "$name $flags $(manifests package.json package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml .npmrc .yarnrc .yarnrc.yml)"
      mkdir -p node_modules/.bin
      ;;
    cache) case $packages in *clean*) rm -rf "$cache" ;; esac ;;
    store) rm -rf "$cache" ;;
    config | set | version | -v) record "$name-config" "$*" ;;
    '') ;;
    *)
      record_run "$(inputs)" "$@"
      case "$command$packages" in
        *build* | *generate* | *export* | *compile*)
          for one in dist build public out .next; do leave "$one/main.js" "$environment"; done ;;
      esac
      ;;
  esac
}

ruby_packages() {
  store=${GEM_HOME:-/usr/local/bundle}
  document=yes
  case $name-$1 in
    gem-install)
      shift
      for one in "$@"; do case $one in --no-document | --no-ri | --no-rdoc) document=no ;; esac; done
      while [ $# -gt 0 ]; do
        case $1 in
          -v | --version) record gem-version "$2"; shift ;;
          -*) ;;
          *) record gem "$1"; leave "$store/cache/$1.gem"; [ $document = no ] || leave "$store/doc/$1" ;;
        esac
        shift
      done
      ;;
    bundle-install | bundle-update)
      [ -f "${BUNDLE_GEMFILE:-Gemfile}" ] || fail 10 'Could not locate Gemfile'
      shift
      record bundle "$PWD $*" "$(manifests Gemfile Gemfile.lock) $BUNDLE_WITHOUT"
      leave "$store/cache/bundled.gem"
      leave "$store/gems/bundled"
      ;;
    gem-env | gem-environment) case $2 in gemdir | home | gempath | path) echo "$store" ;; *) echo "INSTALLATION DIRECTORY: $store" ;; esac ;;
    gem-list) ls /.recorded/gem 2>/dev/null ;;
    gem-sources | gem-update | bundle-config | bundler-config) record "$name" "$*" ;;
    *) record_run "$(inputs)" "$@" ;;
  esac
}

composer() {
  cache=${COMPOSER_CACHE_DIR:-${COMPOSER_HOME:-$home/.composer}/cache}
  command= flags= keep=yes
  for one in "$@"; do
    case $one in
      --no-cache) keep=no ;;
      -*) flags="$flags $one" ;;
      *) [ -n "$command" ] && record composer "$one" || command=$one ;;
    esac
  done
  case $command in
    install | update | require | create-project)
      [ "$command" != install ] || [ -f composer.json ] || fail 1 'Composer could not find a composer.json file'
      leave vendor/autoload.php "$(manifests composer.json composer.lock)"
      record composer-run "$PWD $command $(echo "$flags" | tr ' ' '\n' | sort -u | tr '\n' ' ')"
      [ $keep = no ] || leave "$cache/repo/index"
      ;;
    clear-cache | clearcache | cc) rm -rf "${cache:?}"/* ;;
    *) record_run "$(inputs)" "$@" ;;
  esac
}

conda() {
  command=
  cache=/opt/conda/pkgs
  while [ $# -gt 0 ]; do
    case $1 in
      -n | -c | -p | --name | --channel | --prefix) shift ;;
      -f | --file) [ -f "$2" ] || fail 1 "no such file: $2"; record conda "-f $2" "$(manifests "$2")"; shift ;;
      -*) ;;
      *) [ -n "$command" ] && record conda "$1" "$command" || command=$1 ;;
    esac
    shift
  done
  case $command in
    install | create | update | env) leave $cache/urls.txt; leave $cache/cache/index.json ;;
    clean) rm -rf $cache/* ;;
  esac
}

python() {
  case $1-$2 in
    -m-pip) shift 2; name=pip; pip "$@" ;;
    -m-venv | -m-virtualenv) shift 2; virtualenv "$@" ;;
    -V- | --version-) echo 'Python 3.11.0' ;;
    *)
      record_run "$(inputs)" "$@"
      case "$*" in *setup.py*) record pip "$PWD" "$(inputs)" ;; esac
      ;;
  esac
}
virtualenv() {
  for directory in "$@"; do :; done
  for one in python python3 pip pip3; do
    mkdir -p "$directory/bin" && ln -sf /usr/lib/recorder/record "$directory/bin/$one"
  done
  leave "$directory/bin/activate" "export PATH=$directory/bin:\$PATH"
}
