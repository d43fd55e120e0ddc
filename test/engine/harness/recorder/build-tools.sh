# Build tools that write a result, for record.sh.

go() {
  output=
  previous=
  for one in "$@"; do
    [ "$previous" != -o ] || output=$one
    previous=$one
  done
  modules=${GOPATH:-/go}/pkg/mod
  case $1-$2 in
    mod-download | mod-tidy | mod-vendor)
      [ -f go.mod ] || fail 1 'go.mod file not found'
      leave "$modules/cache/download/modules" "$(manifests go.mod go.sum)"
      ;;
    build-* | test-*)
      record_run "$(inputs)" "$@"
      leave "$home/.cache/go-build/README"
      case $output in
        '') [ "$1" = test ] || program "./${PWD##*/}" "$(inputs)" ;;
        */) program "$output${PWD##*/}" "$(inputs)" ;;
        *) [ ! -d "$output" ] && program "$output" "$(inputs)" || program "$output/${PWD##*/}" "$(inputs)" ;;
      esac
      ;;
    install-* | get-*)
      shift
      for one in "$@"; do
        case $one in
          -* | ./* | .) record_run "$(inputs)" "$one" ;;
          *) record go "$one"; module=${one%%@*}; module=${module%/...}; program "${GOBIN:-${GOPATH:-/go}/bin}/${module##*/}" "$one" ;;
        esac
      done
      leave "$modules/cache/download/modules"
      ;;
    env-) printf '%s\n' 'GOOS=linux' 'GOARCH=amd64' 'GOAMD64=v1' ;;
    env-GOOS) echo linux ;;
    env-GOARCH) echo amd64 ;;
    env-*) echo "${GOPATH:-/go}" ;;
    version-*) echo 'go version go1.22.0 linux/amd64' ;;
    *) record_run "$(inputs)" "$@" ;;
  esac
}

cargo() {
  case $1 in
    build | install | test | rustc)
      record_run "$(inputs)" "$@"
      leave "${CARGO_HOME:-$home/.cargo}/registry/index/crates.io"
      binary=$(sed -n 's/^name *= *"\(.*\)"/\1/p' Cargo.toml 2>/dev/null | head -n 1)
      for one in release debug; do program "target/$one/${binary:-app}" "$(inputs)"; done
      ;;
    fetch | vendor) record cargo "$1" "$(manifests Cargo.toml Cargo.lock)"; leave "${CARGO_HOME:-$home/.cargo}/registry/index/crates.io" ;;
    *) record_run "$(inputs)" "$@" ;;
  esac
}

java_build() {
  record_run "$(inputs)" "$@"
  case $name in
    mvn | mvnw) leave "$home/.m2/repository/index"; leave target/app.jar "$(inputs)" ;;
    *) leave "$home/.gradle/caches/index"; leave build/libs/app.jar "$(inputs)" ;;
  esac
}

# meson and cmake make the directory that they are told to build in.
configure_build() {
  record_run "$(inputs)" "$@"
  where= previous=
  for one in "$@"; do
    case $name:$previous:$one in
      cmake:-B:*) where=$one ;;
      cmake:*:-B?*) where=${one#-B} ;;
      meson:*:-* | meson:*:setup) ;;
      meson:*) where=${where:-$one} ;;
    esac
    previous=$one
  done
  [ -z "$where" ] || mkdir -p "$where"
}
