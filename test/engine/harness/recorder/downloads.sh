# What fetches, unpacks or checks files, for record.sh.

# What a download holds: a program that records its runs and says where it comes from.
download() { printf '#!/bin/sh\n# recorded download of %s\nexec /usr/lib/recorder/record "$0" "$@"\n' "$1"; }
fetch() {
  urls= output= directory= remote=no progress=dots
  [ "$name" = curl ] || remote=yes
  while [ $# -gt 0 ]; do
    case $name:$1 in
      curl:--output | wget:--output-document | curl:-o) output=$2; shift ;;
      wget:--output-document=* | curl:--output=*) output=${1#*=} ;;
      curl:--output-dir | wget:--directory-prefix | wget:-P) directory=$2; shift ;;
      wget:--directory-prefix=*) directory=${1#*=} ;;
      wget:-P*) directory=${1#-P} ;;
      curl:--remote-name | curl:--remote-name-all) remote=yes ;;
      wget:-q* | wget:--quiet) progress=; case $1 in -*O) output=$2; shift ;; -*O*) output=${1#*O} ;; esac ;;
      wget:-nv | wget:--no-verbose) progress=line ;;
      wget:--progress*) ;;
      *:--header | *:--data | *:--retry | *:--retry-delay | *:--connect-timeout | *:--max-time | *:--user | *:--proto | *:--request | \
        curl:-H | curl:-d | curl:-u | curl:-X | curl:-m | curl:-A | curl:-e | curl:-b | curl:-w | wget:-t | wget:-T | wget:-U) shift ;;
      *:--url) urls="$urls $2"; shift ;;
      *:--*) ;;
      curl:-*o) output=$2; shift ;;
      curl:-*O*) remote=yes ;;
      wget:-*O) output=$2; shift ;;
      wget:-*O*) output=${1#*O} ;;
      *:-*) ;;
      *) urls="$urls $1" ;;
    esac
    shift
  done
  for url in $urls; do
    record download "$url"
    case $name-$progress in
      wget-dots) echo "$url ..........  100%" >&2 ;;
      wget-line) echo "$url saved" >&2 ;;
    esac
    file=$output
    [ -n "$file" ] || [ $remote = no ] || { file=${url%%[?#]*}; file=${file##*/}; file=${file:-index.html}; }
    case $file in
      '' | - | /dev/stdout) download "$url" ;;
      *) download "$url" >"${directory:+$directory/}$file" || fail 23 "Failure writing output to $file" ;;
    esac
  done
}

# letters CLUSTER: what the letters of tar ask for, as in `-xzf` and `xvfz`.
letters() {
  case $1 in *x*) extract=yes ;; esac
  wanted=$(printf %s "$1" | sed 's/[^fCTX]//g')
}
# Unpacks what was downloaded; anything else is a real archive.
unpack() {
  archive= where=. strip=no extract=no
  wanted= first=yes
  for one in "$@"; do
    # Operands of letters such as f and C come in the order of the letters.
    case $wanted in
      '') ;;
      f*) archive=$one; wanted=${wanted#?}; continue ;;
      C*) where=$one; wanted=${wanted#?}; continue ;;
      *) wanted=${wanted#?}; continue ;;
    esac
    case $name:$one in
      *:--strip*) strip=yes ;;
      *:--directory=*) where=${one#*=} ;;
      *:--file=*) archive=${one#*=} ;;
      *:--directory) wanted=C ;;
      *:--file) wanted=f ;;
      *:--extract | *:--get) extract=yes ;;
      *:--*) ;;
      unzip:-d) wanted=C ;;
      unzip:-*) ;;
      unzip:*) archive=${archive:-$one} ;;
      tar:-C?*) where=${one#-C} ;;
      tar:-*) letters $one ;;
      tar:*) [ $first = no ] || letters $one ;;
    esac
    first=no
  done
  [ "$name" = tar ] || extract=yes
  if [ $extract = yes ]; then
    scratch=
    case $archive in
      '' | -) scratch=/tmp/.recorder-$$; cat >$scratch; archive=$scratch ;;
    esac
    origin=$(origin_of "$archive")
    if [ -n "$origin" ]; then
      [ -z "$scratch" ] || rm -f "$scratch"
      [ -d "$where" ] || [ "$name" = unzip ] || fail 2 "$where: Cannot open: No such file or directory"
      [ $strip = yes ] && tree "$where" "$origin" || tree "$where/$(stem "$origin")" "$origin"
      return 0
    fi
    if [ -n "$scratch" ]; then
      busybox "$name" "$@" <$scratch; status=$?; rm -f $scratch; exit $status
    fi
  fi
  exec busybox "$name" "$@"
}

checksum() {
  for one in "$@"; do
    case $one in
      -c | --check | -*c | -*c*) cat >/dev/null 2>&1 </dev/null; record_run '' "$@"; return 0 ;;
    esac
  done
  exec busybox "$name" "$@"
}

git() {
  case $1 in
    clone)
      shift
      url= directory=
      while [ $# -gt 0 ]; do
        case $1 in
          -b | --branch | --depth | -c | --config | -j | --jobs | --reference | -o) record git "$1 $2"; shift ;;
          -*) ;;
          *) [ -n "$url" ] && directory=$1 || url=$1 ;;
        esac
        shift
      done
      stem=${url%/}; stem=${stem##*/}
      directory=${directory:-${stem%.git}}
      record git "clone $url"
      tree "$directory" "$url"
      leave "$directory/.git/HEAD" "$url"
      ;;
    init) leave "${2:-.}/.git/HEAD" ;;
    *) record_run '' "$@" ;;
  esac
}
