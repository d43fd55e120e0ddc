/** The users that well-known images bring, with their numbers where these are the same in all releases. */
import { baseContents, type Distribution, officialName } from './image-contents';
import type { Stage } from './model';
import { rootOf } from './stages';

/** Names and numbers; null for a number that differs between releases. */
export type KnownUsers = ReadonlyMap<string, number | null>;

/** Every user that the image at the root of a stage brings; null where that is not known. */
export function usersOfBase(stage: Stage): KnownUsers | null {
  const contents = baseContents(stage);
  const { image } = rootOf(stage);
  if (contents === null) return null;
  const system = systemUsers[contents.distribution];
  if (system === undefined) return null;
  if (!image) return system;
  const name = officialName(image);
  if (name === null) return contents.distribution === 'distroless' ? system : null;
  const own = Object.hasOwn(ofImages, name) ? ofImages[name] : undefined;
  if (own === undefined) return null;
  return new Map([
    ...system,
    ...(contents.distribution === 'alpine' ? [...own, ...(ofAlpineImages[name] ?? [])] : own),
  ]);
}

/** The number that the first user gets whom nobody gives one; null where the image has such users, or that is not known. */
export function firstNumber(stage: Stage): number | null {
  const { image } = rootOf(stage);
  const distribution = baseContents(stage)?.distribution;
  const name = image && officialName(image);
  const own = name && Object.hasOwn(ofImages, name) ? ofImages[name] : undefined;
  if (own?.length !== 0) return null;
  if (distribution === 'debian' || distribution === 'alpine') return 1000;
  // Since 23.04 Ubuntu's image has a user with that number.
  return distribution === 'ubuntu' && name === 'ubuntu' && /^(?:1\d|2[0-2])\./.test(image?.tag ?? '') ? 1000 : null;
}

type Users = readonly (readonly [string, number | null])[];

/** `name:1 other:-`. */
const users = (text: string): Users =>
  text
    .split(/\s+/)
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [name = '', id = ''] = entry.split(':');
      return [name, id === '' ? null : Number(id)] as const;
    });

const debian = users(`root:0 daemon:1 bin:2 sys:3 sync:4 games:5 man:6 lp:7 mail:8 news:9 uucp:10 proxy:13 www-data:33
  backup:34 list:38 irc:39 gnats:41 nobody:65534 _apt libuuid syslog`);
const redHat =
  users(`root:0 bin:1 daemon:2 adm:3 lp:4 sync:5 shutdown:6 halt:7 mail:8 operator:11 games:12 ftp:14 nobody
  dbus systemd-network systemd-bus-proxy systemd-resolve systemd-coredump systemd-oom systemd-timesync tss unbound polkitd`);

const systemUsers: Readonly<Partial<Record<Distribution, KnownUsers>>> = {
  debian: new Map(debian),
  // From 23.04 on there is a user of that name.
  ubuntu: new Map([...debian, ['ubuntu', null]]),
  alpine: new Map(
    users(`root:0 bin:1 daemon:2 adm:3 lp:4 sync:5 shutdown:6 halt:7 mail:8 news:9 uucp:10 operator man postmaster cron:16
    ftp:21 sshd:22 at squid xfs games:35 cyrus:85 vpopmail:89 ntp:123 smmsp guest:405 nobody:65534 postgres svn toor`),
  ),
  redhat: new Map(redHat),
  fedora: new Map(redHat),
  amazon: new Map(redHat),
  busybox: new Map(users('root:0 daemon:1 bin:2 sys:3 sync:4 mail:8 www-data:33 operator:37 nobody:65534')),
  // Docker looks for an entry of every name but a number.
  empty: new Map(users('root:0')),
  distroless: new Map(users('root:0 nobody:65534 nonroot:65532')),
};

/** Users that official images add to those of their distribution; only images in this table are known. */
const ofImages: Readonly<Record<string, Users>> = {
  ...Object.fromEntries(
    `alpine debian ubuntu busybox centos fedora rockylinux almalinux oraclelinux amazonlinux python golang ruby rust perl
    gcc buildpack-deps eclipse-temurin openjdk amazoncorretto maven elixir erlang haskell swift julia pypy`
      .split(/\s+/)
      .map((name) => [name, [] as Users]),
  ),
  node: users('node:1000'),
  php: [],
  httpd: [],
  wordpress: [],
  nginx: users('nginx:101'),
  postgres: users('postgres'),
  mariadb: users('mysql:999'),
  mongo: users('mongodb:999'),
  redis: users('redis'),
  memcached: users('memcache:11211'),
  gradle: users('gradle'),
  'r-base': users('docker:1000'),
};

const ofAlpineImages: Readonly<Record<string, Users>> = {
  php: users('www-data:82'),
  httpd: users('www-data:82'),
  wordpress: users('www-data:82'),
};
