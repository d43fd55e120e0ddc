/** Which shell reads a RUN, and whether it knows `set -o pipefail`. */
import { dialectOfShell } from '../shell/dialect';
import type { RunStep, Stage } from './model';
import { isRunStep } from './steps';

export interface PipeShell {
  /** Whether the shell in force knows the option; null where that is not known. */
  readonly knowsPipefail: boolean | null;
  /** A shell that is surely there and knows it: its path; null where none is known. */
  readonly better: '/bin/bash' | '/bin/ash' | null;
}

/** What is known of the shell of a RUN, by the SHELL in force, its base image and the package managers that the stage calls. */
export function pipeShell(run: RunStep): PipeShell {
  const { shell } = run.before;
  const dialect = dialectOfShell(shell);
  if (dialect === 'bash') return { knowsPipefail: true, better: '/bin/bash' };
  const family = familyOf(run.stage);
  const program = shell?.[0]?.replace(/^.*\//, '') ?? 'sh';
  if (program !== 'sh') return { knowsPipefail: program === 'ash' ? true : null, better: null };
  switch (family) {
    case 'alpine':
      return { knowsPipefail: true, better: '/bin/ash' };
    case 'redhat':
      return { knowsPipefail: true, better: '/bin/bash' };
    case 'debian':
      return { knowsPipefail: false, better: '/bin/bash' };
    default:
      return { knowsPipefail: null, better: null };
  }
}

/** `alpine`: /bin/sh is busybox. `redhat`: it is bash. `debian`: it is dash, and bash, an essential package, is beside it. */
type Family = 'alpine' | 'redhat' | 'debian' | null;

const redhatImages = new Set(
  'centos fedora rockylinux almalinux oraclelinux amazonlinux amazoncorretto archlinux photon'.split(' '),
);
const debianImages = new Set(
  `debian ubuntu python node golang rust ruby php perl buildpack-deps gcc nginx httpd postgres mariadb redis mongo
  eclipse-temurin maven gradle tomcat erlang elixir haskell julia r-base swift mono pypy clojure openjdk mysql`.split(
    /\s+/,
  ),
);

function familyOf(stage: Stage): Family {
  const image = stage.rootImage;
  if (image) {
    const { name, tag, path, isOfficial, registry } = image;
    if (/alpine/.test(tag ?? '') || name.includes('alpine')) return 'alpine';
    if (path.startsWith('alpine/') || (isOfficial && (name === 'busybox' || name === 'docker'))) return 'alpine';
    if (
      /^(?:ubi|centos|rocky|alma|fedora|amazonlinux|amzn|al20)/.test(name) ||
      /(?:ubi|centos|rockylinux|oracle|amazonlinux|al20|fedora)\d*/.test(tag ?? '')
    )
      return 'redhat';
    if (path.startsWith('opensuse/') || (isOfficial && redhatImages.has(name))) return 'redhat';
    if (isOfficial && debianImages.has(name)) return /windows|nanoserver|distroless/.test(tag ?? '') ? null : 'debian';
    if (registry === 'mcr.microsoft.com' && path.startsWith('dotnet/'))
      return /mariner|azurelinux|chiseled|distroless|nanoserver|windows/.test(tag ?? '') ? null : 'debian';
    if (
      /^(?:debian|ubuntu)\b/.test(tag ?? '') ||
      /(?:bookworm|bullseye|buster|trixie|jammy|noble|focal|ubuntu\d)/.test(tag ?? '')
    )
      return 'debian';
  }
  return familyByCalls(stage);
}

/** The distribution by the package manager that the stage, or one that it is built from, calls. */
function familyByCalls(stage: Stage): Family {
  for (let at: Stage | null = stage; at; at = at.parent) {
    for (const step of at.steps) {
      if (!isRunStep(step) || !step.isKnown) continue;
      for (const { manager, command } of step.calls()) {
        if (command.nesting === 'conditional' || command.nesting === 'function') continue;
        if (manager === 'apk') return 'alpine';
        if (manager === 'apt-get' || manager === 'apt') return 'debian';
        if (manager === 'yum' || manager === 'dnf' || manager === 'microdnf') return 'redhat';
      }
    }
  }
  return null;
}
