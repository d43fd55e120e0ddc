/** Official images whose entrypoint looks at its first argument: a command in exec form is another one to it than `/bin/sh -c`. */
import type { ImageReference } from './images';

const readers = new Set(
  `arangodb cassandra composer consul couchdb docker drupal elasticsearch ghost haproxy influxdb joomla kapacitor kibana kong
  logstash mariadb mongo mysql nats neo4j nextcloud nginx percona postgres rabbitmq redis redmine registry solr sonarqube
  telegraf traefik varnish vault wordpress zookeeper`.split(/\s+/),
);

/** Whether the image's entrypoint acts on what the command is: steps down from root, writes a configuration, starts a database. */
export function readsItsCommand(image: ImageReference): boolean {
  return image.isOfficial && readers.has(image.name);
}
