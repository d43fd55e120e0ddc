/** Platforms such as `linux/arm64/v8`, read as containerd reads them. */

export interface Platform {
  /** Null where the builder's own is meant. */
  readonly os: string | null;
  /** Null where the builder's own is meant. */
  readonly architecture: string | null;
}

/** Reads a platform; null where Docker refuses it. */
export function parsePlatform(text: string): Platform | null {
  const parts = text.split('/');
  const [first = '', second] = parts;
  if (parts.length > 3 || !osPattern.test(first) || !parts.slice(1).every((part) => partPattern.test(part)))
    return null;
  const os = normalizeOs(first.replace(/\(.*/, ''));
  if (second !== undefined) return { os, architecture: normalizeArchitecture(second) };
  if (systems.has(os)) return { os, architecture: null };
  const architecture = normalizeArchitecture(first);
  return architectures.has(architecture) ? { os: null, architecture } : null;
}

const partPattern = /^[A-Za-z0-9_.-]+$/;
const osPattern = /^[A-Za-z0-9_.-]+(?:\([A-Za-z0-9_.-]*\))?$/;

function normalizeOs(name: string): string {
  const os = name.toLowerCase();
  return os === 'macos' ? 'darwin' : os;
}

function normalizeArchitecture(name: string): string {
  const architecture = name.toLowerCase();
  return sameArchitectures[architecture] ?? architecture;
}

const sameArchitectures: Readonly<Record<string, string>> = {
  i386: '386',
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armhf: 'arm',
  armel: 'arm',
};

const systems: ReadonlySet<string> = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  ),
);

const architectures: ReadonlySet<string> = new Set(
  `386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le
  ppc riscv riscv64 s390 s390x sparc sparc64 wasm`.split(/\s+/),
);

/** Names that are likely meant by a misspelt platform. */
export const commonPlatforms: readonly string[] = [
  'linux/amd64',
  'linux/arm64',
  'linux/arm/v7',
  'linux/arm/v6',
  'linux/386',
  'linux/ppc64le',
  'linux/s390x',
  'linux/riscv64',
  'windows/amd64',
  'amd64',
  'arm64',
  'linux',
  'windows',
];
