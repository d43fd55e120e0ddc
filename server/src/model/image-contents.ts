/** What well-known images hold to work with: distribution, package managers, a shell, a C library. Unknown images have no entry. */
import type { PackageManager } from '../shell/packages';
import type { ImageReference } from './images';
import type { Stage } from './model';
import { rootOf } from './stages';

export type Distribution =
  | 'alpine'
  | 'debian'
  | 'ubuntu'
  | 'redhat'
  | 'fedora'
  | 'amazon'
  | 'suse'
  | 'arch'
  | 'photon'
  | 'wolfi'
  | 'busybox'
  | 'distroless'
  | 'empty';

export interface ImageContents {
  readonly distribution: Distribution;
  /** Package managers of the distribution that may be there, whatever the release; what is not among them is surely missing. */
  readonly managers: readonly PackageManager[];
  readonly hasShell: boolean;
  /** The C library that programs find; `none` where there is none at all. */
  readonly libc: 'glibc' | 'musl' | 'none' | 'unknown';
}

/** What the image at the root of a stage holds; null where that is not known for certain. */
export function baseContents(stage: Stage): ImageContents | null {
  const root = rootOf(stage);
  if (root.isWindows) return null;
  if (root.isScratch) return root.baseText.includes('$') ? null : empty;
  const { image, baseText } = root;
  if (!image || image.digest !== null) return image && !image.tag ? withoutTag(image) : image && contentsOf(image);
  return baseText.includes('$') && !isSureDespiteVariables(baseText) ? null : contentsOf(image);
}

const answers = new Map<string, ImageContents | null>();

/** What an image holds, by its name and tag. */
export function contentsOf(image: ImageReference): ImageContents | null {
  const known = answers.get(image.text);
  if (known !== undefined) return known;
  const contents = readContents(image);
  // Tags are typed letter by letter: what has been asked long ago goes.
  if (answers.size > 1000) answers.clear();
  answers.set(image.text, contents);
  return contents;
}

function readContents(image: ImageReference): ImageContents | null {
  const tag = image.tag ?? '';
  const name = officialName(image);
  if (/windows|nanoserver|servercore/i.test(tag)) return null;
  if (name !== null) return ofOfficial(name, tag);
  return ofVendors(`${image.registry}/${image.path}`, tag);
}

/** The name of an official image, from Docker Hub or one of the places that mirror it; null for every other image. */
export function officialName(image: ImageReference): string | null {
  if (image.isOfficial) return image.name;
  const path = `${image.registry}/${image.path}`;
  return /^(?:public\.ecr\.aws\/docker|mirror\.gcr\.io)\/library\/([^/]+)$/.exec(path)?.[1] ?? null;
}

/** A digest alone says nothing of the variant; only where all of them are alike it is known. */
const withoutTag = (image: ImageReference): ImageContents | null => {
  const name = officialName(image);
  return name !== null && uniform.has(name) ? contentsOf(image) : null;
};

/** Official images whose distribution is the same in all their tags. */
const uniform = new Set('alpine debian ubuntu archlinux busybox caddy composer docker registry'.split(' '));

/** A variable in the tag hides nothing where all tags are alike, or where the variant is written out behind it. */
function isSureDespiteVariables(baseText: string): boolean {
  const name = /^(?:docker\.io\/|library\/)*([a-z0-9-]+):/.exec(baseText)?.[1];
  if (name === undefined) return false;
  const written = baseText.slice(baseText.lastIndexOf('}') + 1);
  return uniform.has(name) || (/\}/.test(baseText) && /^-.*(?:alpine|slim|bookworm|bullseye|trixie)/.test(written));
}

const apt: readonly PackageManager[] = ['apt-get', 'apt', 'aptitude'];
const make = (
  distribution: Distribution,
  managers: readonly PackageManager[],
  libc: ImageContents['libc'] = 'glibc',
  hasShell = true,
): ImageContents => ({ distribution, managers, hasShell, libc });

const empty = make('empty', [], 'none', false);
const alpine = make('alpine', ['apk'], 'musl');
const debian = make('debian', apt);
const ubuntu = make('ubuntu', apt);
const fedora = make('fedora', ['dnf', 'yum']);
const amazon = make('amazon', ['yum', 'dnf']);
const photon = make('photon', ['tdnf', 'yum']);
const yumOnly = make('redhat', ['yum']);
const withDnf = make('redhat', ['dnf', 'yum']);
const minimal = make('redhat', ['microdnf']);
/** Which of the three is there depends on the release. */
const anyRedHat = make('redhat', ['yum', 'dnf', 'microdnf']);
const distroless = (libc: ImageContents['libc'], hasShell: boolean) => make('distroless', [], libc, hasShell);

const debianCodenames = /(?:^|[-/])(?:trixie|bookworm|bullseye|buster|stretch|jessie|wheezy|sid|debian)(?:$|[-\d])/;
const ubuntuCodenames = /(?:^|-)(?:ubuntu|noble|jammy|focal|bionic|xenial|trusty)(?:$|[-\d])/;

const names = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Official images on Debian where their tag names nothing else. */
const onDebian = names(`python node golang ruby rust perl php gcc buildpack-deps nginx httpd postgres redis memcached
  haproxy elixir erlang haskell julia r-base pypy nextcloud drupal joomla couchdb clojure`);
/** The same for Ubuntu, or for one of the two. */
const onUbuntu = names('mongo mariadb rabbitmq eclipse-temurin gradle swift sapmachine solr flink cassandra');
/** On Alpine in all their tags for Linux. */
const onAlpine = names('alpine docker caddy composer registry');

function ofOfficial(name: string, tag: string): ImageContents | null {
  if (onAlpine.has(name) || /(?:^|-)alpine/.test(tag)) return alpine;
  const own = distributions[name];
  if (own) return own(tag);
  const other = variantOf(tag);
  if (other !== undefined) return other;
  if (onDebian.has(name)) return debian;
  if (onUbuntu.has(name)) return ubuntu;
  return runtimes[name]?.(tag) ?? null;
}

/** What the words of a tag say of what lies below; undefined where they say nothing, null where they say something unknown. */
function variantOf(tag: string): ImageContents | null | undefined {
  if (debianCodenames.test(tag)) return debian;
  if (ubuntuCodenames.test(tag)) return ubuntu;
  if (/ubi\d+-minimal|oraclelinux[89]/.test(tag)) return minimal;
  if (/ubi|centos|rocky|fedora|oracle|rhel/.test(tag)) return anyRedHat;
  if (/amazonlinux|corretto|al20\d\d|(?:^|-)al\d/.test(tag)) return amazon;
  if (/mariner|azurelinux|busybox|nanoserver|scratch|distroless|chiseled/.test(tag)) return null;
  return undefined;
}

const majorOf = (tag: string): number => Number(/\d+/.exec(tag)?.[0] ?? Number.NaN);

/** Distributions themselves. */
const distributions: Readonly<Record<string, (tag: string) => ImageContents | null>> = {
  debian: () => debian,
  ubuntu: () => ubuntu,
  archlinux: () => make('arch', ['pacman']),
  fedora: () => fedora,
  photon: () => photon,
  centos: (tag) => (majorOf(tag) <= 7 ? yumOnly : withDnf),
  rockylinux: (tag) => (/minimal/.test(tag) ? minimal : withDnf),
  almalinux: (tag) => (/minimal/.test(tag) ? minimal : withDnf),
  oraclelinux: (tag) => (/slim/.test(tag) && majorOf(tag) >= 8 ? minimal : majorOf(tag) <= 7 ? yumOnly : anyRedHat),
  amazonlinux: (tag) =>
    /minimal/.test(tag) ? null : majorOf(tag) === 2 || majorOf(tag) === 1 ? make('amazon', ['yum']) : amazon,
  busybox: (tag) => make('busybox', [], /musl/.test(tag) ? 'musl' : /glibc/.test(tag) ? 'glibc' : 'unknown'),
  'hello-world': () => make('empty', [], 'none', false),
};

/** Images of languages that have changed what they stand on. */
const runtimes: Readonly<Record<string, (tag: string) => ImageContents | null>> = {
  amazoncorretto: () => amazon,
  openjdk(tag) {
    if (/slim/.test(tag)) return debian;
    const major = majorOf(tag);
    // From 12 on, and so without any number: Oracle Linux.
    if (Number.isNaN(major)) return /^(?:latest)?$/.test(tag) ? anyRedHat : null;
    return major >= 12 ? anyRedHat : debian;
  },
  maven(tag) {
    if (/temurin|slim|sapmachine/.test(tag)) return ubuntu;
    const java = /(?:openjdk|jdk)-(\d+)/.exec(tag)?.[1];
    if (java !== undefined) return Number(java) <= 11 ? debian : null;
    return /^(?:\d[\d.]*|latest)?$/.test(tag) ? ubuntu : null;
  },
  wordpress: (tag) => (/cli/.test(tag) ? null : debian),
  tomcat: (tag) => (/openjdk|jdk1[2-6]/.test(tag) && !/slim|temurin/.test(tag) ? null : ubuntu),
};

/** Images outside Docker Hub's official ones whose maker says what they hold. */
function ofVendors(path: string, tag: string): ImageContents | null {
  if (/^gcr\.io\/distroless\//.test(path))
    return distroless(/\/static/.test(path) ? 'none' : 'glibc', /(?:^|-)debug/.test(tag));
  if (/^docker\.io\/opensuse\/(?:leap|tumbleweed)$|^registry\.opensuse\.org\/opensuse\//.test(path))
    return make('suse', ['zypper']);
  if (/^docker\.io\/archlinux\/archlinux$/.test(path)) return make('arch', ['pacman']);
  const redHat =
    /^(?:registry\.access\.redhat\.com|registry\.redhat\.io|docker\.io\/redhat)\/(?:ubi(\d+)\/)?(?:ubi(\d+)?)(?:-(minimal|micro|init))?$/.exec(
      path,
    );
  if (redHat) return ofUbi(Number(redHat[1] ?? redHat[2] ?? 8), redHat[3] ?? '');
  if (/^docker\.io\/rockylinux\/rockylinux$|^docker\.io\/almalinux\/almalinux$/.test(path))
    return /minimal/.test(tag) ? minimal : withDnf;
  if (/^quay\.io\/centos\/centos$/.test(path)) return withDnf;
  if (/^mcr\.microsoft\.com\/dotnet\/(?:sdk|aspnet|runtime|runtime-deps|nightly\/\w+)$/.test(path))
    return ofDotnet(tag);
  if (/^docker\.io\/nvidia\/cuda$/.test(path)) return ubuntuCodenames.test(tag) ? ubuntu : null;
  if (/^cgr\.dev\/chainguard\/static$/.test(path)) return distroless('none', false);
  if (/^cgr\.dev\/chainguard\/wolfi-base$/.test(path)) return make('wolfi', ['apk']);
  return null;
}

function ofUbi(release: number, variant: string): ImageContents {
  if (variant === 'micro') return make('redhat', []);
  // From 10 on microdnf is but another name of dnf there.
  if (variant === 'minimal') return release >= 10 ? make('redhat', ['microdnf', 'dnf']) : minimal;
  return release <= 7 ? yumOnly : withDnf;
}

function ofDotnet(tag: string): ImageContents | null {
  if (/chiseled|distroless/.test(tag)) return distroless('glibc', false);
  if (/alpine/.test(tag)) return alpine;
  if (/mariner|azurelinux/.test(tag)) return make('photon', ['tdnf']);
  return ubuntuCodenames.test(tag) ? ubuntu : debian;
}
