/** Folders that official images declare as VOLUME: what a legacy build writes there is lost. */
import { officialName } from './image-contents';
import type { Stage } from './model';
import { rootOf } from './stages';

const volumes: Readonly<Record<string, string>> = {
  cassandra: '/var/lib/cassandra',
  couchdb: '/opt/couchdb/data',
  docker: '/var/lib/docker',
  ghost: '/var/lib/ghost/content',
  influxdb: '/var/lib/influxdb',
  jenkins: '/var/jenkins_home',
  mariadb: '/var/lib/mysql',
  mongo: '/data/db /data/configdb',
  mysql: '/var/lib/mysql',
  neo4j: '/data',
  nextcloud: '/var/www/html',
  percona: '/var/lib/mysql',
  postgres: '/var/lib/postgresql/data',
  rabbitmq: '/var/lib/rabbitmq',
  redis: '/data',
  registry: '/var/lib/registry',
  solr: '/var/solr',
  wordpress: '/var/www/html',
  zookeeper: '/data /datalog /logs',
};

/** The volumes that the image at the root of a stage is known to declare. */
export function volumesOfBase(stage: Stage): readonly string[] {
  const { image } = rootOf(stage);
  const name = image ? officialName(image) : null;
  if (name === null || !Object.hasOwn(volumes, name)) return [];
  // From 18 on the volume is the folder above.
  if (name === 'postgres' && Number(/^\d+/.exec(image?.tag ?? '')?.[0] ?? 0) >= 18) return ['/var/lib/postgresql'];
  return (volumes[name] ?? '').split(' ').filter((path) => path !== '');
}
