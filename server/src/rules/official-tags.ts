/**
 * Release lines of official images, for suggestions that have to name a tag. Each is a line that its project maintains
 * for years and that follows its own patch releases; the author decides whether it is the one that is wanted.
 */
import type { ImageReference } from '../model/images';

const tags: Readonly<Record<string, string>> = {
  almalinux: '9',
  alpine: '3.22',
  amazoncorretto: '21',
  amazonlinux: '2023',
  bash: '5',
  'buildpack-deps': 'bookworm',
  busybox: '1.37',
  caddy: '2',
  composer: '2',
  couchdb: '3',
  debian: 'bookworm',
  docker: '28',
  'eclipse-temurin': '21',
  elixir: '1.18',
  erlang: '27',
  fedora: '42',
  gcc: '14',
  golang: '1.24',
  gradle: '8',
  groovy: '4.0',
  haproxy: '3.2',
  haskell: '9',
  httpd: '2.4',
  influxdb: '2',
  julia: '1',
  mariadb: '11.8',
  maven: '3.9',
  memcached: '1.6',
  mongo: '8',
  mysql: '8.4',
  nextcloud: '31',
  nginx: '1.28',
  node: '22',
  oraclelinux: '9',
  perl: '5.40',
  php: '8.4',
  postgres: '17',
  python: '3.13',
  'r-base': '4.4.3',
  rabbitmq: '4',
  redis: '8',
  rockylinux: '9',
  ruby: '3.4',
  rust: '1',
  swift: '6.1',
  tomcat: '10.1',
  traefik: 'v3',
  ubuntu: '24.04',
  varnish: '7.7',
  wordpress: '6',
};

/** A tag that an official image's author may want instead of none or `latest`; null for every other image. */
export function officialTag(image: ImageReference): string | null {
  if (!image.isOfficial) return null;
  return Object.hasOwn(tags, image.name) ? (tags[image.name] ?? null) : null;
}

/** Whether a bare name is that of an official image known here. */
export const isOfficialImage = (name: string): boolean => Object.hasOwn(tags, name);
