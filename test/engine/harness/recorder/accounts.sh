# Users and groups, for record.sh.

# useradd and adduser of Debian, Alpine and Red Hat; groupadd and addgroup.
accounts() {
  id= home_of= group= shell=/bin/sh make=no system=no log=yes account= groups= second=
  case $name in
    adduser | addgroup) make=yes ;;
  esac
  while [ $# -gt 0 ]; do
    case $1 in
      -u | --uid) id=$2; shift ;;
      -g | --gid | --ingroup) case $name in groupadd | addgroup) id=$2 ;; adduser) [ "$1" = -g ] || group=$2 ;; *) group=$2 ;; esac; shift ;;
      -G | --groups) [ "$name" = adduser ] && group=$2 || groups=$2; shift ;;
      -d | -h | --home | --home-dir) home_of=$2; shift ;;
      -s | --shell) shell=$2; shift ;;
      -c | --comment | --gecos | -p | --password | -k | -K | -e | -b | --base-dir) shift ;;
      --uid=* | --gid=*) case $1-$name in --gid*-useradd | --gid*-adduser) group=${1#*=} ;; *) id=${1#*=} ;; esac ;;
      --home=* | --home-dir=*) home_of=${1#*=} ;;
      --shell=*) shell=${1#*=} ;;
      -m | --create-home) make=yes ;;
      -M | -H | --no-create-home) make=no ;;
      -r | -S | --system) system=yes ;;
      -l | --no-log-init) log=no ;;
      -lm | -ml) log=no; make=yes ;;
      -rm | -mr | -mrU) system=yes; make=yes ;;
      -[a-zA-Z]*u) id=$2; shift ;;
      -[a-zA-Z]*g) group=$2; shift ;;
      -*) ;;
      *) [ -n "$account" ] && second=$1 || account=$1 ;;
    esac
    shift
  done
  [ -n "$account" ] || fail 2 'no name given'
  : 2>/dev/null >>/etc/passwd || fail 1 'Permission denied'
  if [ -n "$second" ]; then
    sed -i "s/^\($second:.*:\)\$/\1$account/; t; s/^\($second:.*[^:]\)\$/\1,$account/" /etc/group
    return 0
  fi
  case $name in
    groupadd | addgroup)
      ! grep -q "^$account:" /etc/group || fail 9 "group $account already exists"
      [ -n "$id" ] || id=$(next_id /etc/group)
      echo "$account:x:$id:" >>/etc/group
      return 0
      ;;
  esac
  ! grep -q "^$account:" /etc/passwd || fail 9 "user $account already exists"
  [ -n "$id" ] || id=$(next_id /etc/passwd)
  if [ -z "$group" ]; then
    grep -q "^$account:" /etc/group || echo "$account:x:$id:" >>/etc/group
    group=$account
  fi
  case $group in
    *[!0-9]*) number=$(sed -n "s/^$group:x:\([0-9]*\):.*/\1/p" /etc/group); [ -n "$number" ] || fail 6 "group '$group' does not exist" ;;
    *) number=$group ;;
  esac
  [ -n "$home_of" ] || home_of=/home/$account
  echo "$account:x:$id:$number::$home_of:$shell" >>/etc/passwd
  [ -z "$groups" ] || record user-groups "$account $groups"
  [ $make = no ] || { mkdir -p "$home_of" && chown "$id:$number" "$home_of"; }
  case $name-$log in useradd-yes) printf '%s\n' "$id" >>/var/log/lastlog; printf '%s\n' "$id" >>/var/log/faillog ;; esac
}
next_id() {
  next=1000
  while cut -d : -f 3 "$1" | grep -qx $next; do next=$((next + 1)); done
  echo $next
}
