/** Which program /bin/sh is in an image, as far as its name tells: what is not POSIX works in one and not in the other. */
import type { Stage } from './model';

export type SystemShell = 'dash' | 'busybox' | 'bash';

const named: Readonly<Record<SystemShell, readonly string[]>> = {
  dash: ['debian', 'ubuntu', 'buildpack-deps'],
  busybox: ['alpine', 'busybox'],
  bash: 'centos fedora amazonlinux rockylinux almalinux oraclelinux archlinux photon'.split(' '),
};

/** Official images made from Debian unless their tag says something else. */
const debianImages: ReadonlySet<string> = new Set(
  'node python ruby golang php perl rust gcc httpd nginx redis postgres haskell elixir erlang r-base pypy'.split(' '),
);

/** What the tag of such an image may say without taking it away from Debian. */
const debianTag =
  /^(?:v?\d[\w.]*|lts|latest|stable|current|mainline|slim|fpm|cli|apache|zts|rc|\d*buster|bullseye|bookworm|trixie|stretch|jessie|wheezy|iron|hydrogen|gallium)$/;

/** The shell of a stage's image; null where it is not known. */
export function systemShell({ rootImage }: Stage): SystemShell | null {
  if (!rootImage) return null;
  const { name, isOfficial, tag, registry } = rootImage;
  if (tag !== null && /(?:^|-)alpine/.test(tag)) return 'busybox';
  if (registry === 'registry.access.redhat.com' && /^ubi/.test(rootImage.path)) return 'bash';
  if (!isOfficial) return null;
  for (const shell of ['dash', 'busybox', 'bash'] as const) if (named[shell].includes(name)) return shell;
  if (!debianImages.has(name)) return null;
  return (tag ?? 'latest').split('-').every((part) => debianTag.test(part)) ? 'dash' : null;
}
