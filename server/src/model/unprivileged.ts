/** Which user an image ends with when nobody says USER, and how a stage can make one. */
import type { ImageReference } from './images';
import type { Stage } from './model';

/** Whether a USER names root: `root`, `0`, with any group. */
export const isRoot = (user: string): boolean => /^["']?(?:root|0+)["']?(?::|$)/.test(user.trim());

/** Images that are known to end with another user than root, by path without registry. */
const unprivileged: readonly RegExp[] = [
  /(?:^|[:-])nonroot/,
  /^bitnami(?:legacy|secure)?\//,
  /^nginxinc\/nginx-unprivileged/,
  /^jenkins\/|^jenkinsci\//,
  /^grafana\//,
  /^prom\//,
  /^jupyter\/|^quay\.io\/jupyter\//,
  /^apache\/airflow/,
  /^nodered\/node-red/,
  /^(?:docker\.elastic\.co\/|elasticsearch|kibana|logstash)/,
  /^opensearchproject\//,
  /^(?:adminer|flink|jetty|kong|liquibase|open-liberty|percona|varnish|websphere-liberty)(?::|$)/,
  /^sonarqube|^solr|^memcached|^haproxy:(?:2\.[4-9]|[3-9])/,
  /^circleci\/|^cimg\//,
  /^quay\.io\/keycloak\//,
  /^cgr\.dev\/chainguard\//,
  /^gitpod\/|^selenium\/|^browserless\//,
  /^(?:registry\.access\.redhat\.com|registry\.redhat\.io|quay\.io\/sclorg)\/.*(?:nodejs|python|ruby|php|perl|httpd|nginx|openjdk|s2i)/,
  /^ghcr\.io\/puppeteer\//,
];

/** Official images whose own ENTRYPOINT starts as root and hands over to another user. */
const steppingDown = new Set(
  'cassandra consul couchdb ghost influxdb mariadb mongo mysql neo4j postgres rabbitmq redis valkey vault zookeeper'.split(
    ' ',
  ),
);

/** Images outside Docker Hub that are known to end as root: by registry and path. */
const rootImages = [
  /^mcr\.microsoft\.com\/(?:dotnet|openjdk|devcontainers|vscode|playwright|azure-cli|powershell)/,
  /^gcr\.io\/distroless\//,
  /^(?:registry\.access\.redhat\.com|registry\.redhat\.io)\/ubi\d+(?:\/ubi(?:-minimal|-micro|-init)?)?$/,
  /^(?:mirror\.gcr\.io|public\.ecr\.aws\/docker)\/library\//,
  /^quay\.io\/(?:centos|fedora|rockylinux|almalinuxorg)\//,
  /^docker\.io\/nvidia\/cuda$/,
];

/** Whether a stage without any USER surely runs as root: by what is known of its base image. */
export function runsAsRootByDefault(stage: Stage): boolean {
  const image = stage.rootImage;
  if (!image) return rootOf(stage).isScratch;
  if (endsUnprivileged(image)) return false;
  if (!image.isOfficial) return rootImages.some((pattern) => pattern.test(`${image.registry}/${image.path}`));
  const hasOwnEntrypoint = stage.steps.some((step) => step.keyword === 'ENTRYPOINT');
  return hasOwnEntrypoint || !steppingDown.has(image.name);
}

/** Whether an image is known to end with another user than root. */
export function endsUnprivileged(image: ImageReference): boolean {
  const path =
    image.registry === 'docker.io' ? image.path.replace(/^library\//, '') : `${image.registry}/${image.path}`;
  const name = image.tag === null ? path : `${path}:${image.tag}`;
  return unprivileged.some((pattern) => pattern.test(name));
}

/** A user to run as: what has to be run first, if anything, and what USER says. */
export interface NewUser {
  readonly command: string | null;
  readonly user: string;
  /** Who it is, for a title: a name and its number. */
  readonly label: string;
}

const number = '10001';

/** A user that suits the base of a stage. */
export function userFor(stage: Stage): NewUser {
  const image = stage.rootImage;
  const isDistroless = image?.path.includes('distroless') || image?.path.startsWith('chainguard/');
  if (isDistroless) return { command: null, user: '65532', label: 'nonroot (65532)' };
  const hasShell = stage.isScratch ? false : rootOf(stage).image !== null;
  if (!hasShell) return { command: null, user: number, label: number };
  if (image?.isOfficial && image.name === 'node') return { command: null, user: '1000', label: 'node (1000)' };
  switch (familyOf(stage)) {
    case 'busybox':
      return { command: `adduser -D -u ${number} app`, user: number, label: `app (${number})` };
    case 'shadow':
      return {
        command: `useradd --no-log-init --create-home --uid ${number} app`,
        user: number,
        label: `app (${number})`,
      };
    default:
      return { command: null, user: number, label: number };
  }
}

function rootOf(stage: Stage): Stage {
  let root = stage;
  while (root.parent) root = root.parent;
  return root;
}

const busyboxImages = new Set(['alpine', 'busybox']);
const shadowImages = new Set(
  'debian ubuntu python ruby golang rust php perl openjdk eclipse-temurin amazoncorretto gcc buildpack-deps centos fedora rockylinux almalinux oraclelinux amazonlinux redis postgres mysql mariadb mongo nginx httpd tomcat maven gradle haskell elixir erlang swift julia r-base node'.split(
    ' ',
  ),
);

/** Which programs make users there: adduser of busybox, or useradd of the shadow package. */
function familyOf(stage: Stage): 'busybox' | 'shadow' | null {
  const image = stage.rootImage;
  if (!image) return null;
  const isAlpine = busyboxImages.has(image.name) || /alpine/.test(image.tag ?? '') || image.name.includes('alpine');
  if (isAlpine) return 'busybox';
  for (let at: Stage | null = stage; at; at = at.parent) {
    const texts = at.steps.filter((step) => step.keyword === 'RUN').map((step) => step.body.rest);
    if (texts.some((text) => /\bapk\b[^|;&]*\badd\b/.test(text))) return 'busybox';
    if (texts.some((text) => /\b(?:apt|apt-get|aptitude|yum|dnf|zypper)\b/.test(text))) return 'shadow';
  }
  // Their slim variants keep useradd; alpine ones were told apart above.
  return shadowImages.has(image.name) ? 'shadow' : null;
}
