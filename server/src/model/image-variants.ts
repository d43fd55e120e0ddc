/**
 * Smaller variants of official images, with sizes. The sizes are about what linux/amd64 pulls, compressed, in MB, for
 * releases of 2024 and 2025, given from experience and not looked up: good for comparing the variants of one image, and always
 * shown as approximate.
 */
import { officialName } from './image-contents';
import type { ImageReference } from './images';

export interface LighterVariant {
  /** `slim`: the same distribution without compilers and tools; `alpine`: musl and busybox; `jre`, `runtime`: without the compiler. */
  readonly kind: 'slim' | 'alpine' | 'jre' | 'runtime';
  /** The whole reference, in the registry of the image itself. */
  readonly text: string;
  /** MB, compressed. */
  readonly sizeNow: number;
  readonly sizeThen: number;
}

/** A variant of an image that is much smaller and does the same at run time; null where none is known. */
export function lighterVariant(image: ImageReference): LighterVariant | null {
  if (image.digest !== null) return null;
  const name = officialName(image);
  if (name === null) return ofDotnet(image);
  if (name === 'openjdk' || name === 'eclipse-temurin') return withoutCompiler(image, name);
  const sizes = slimSizes[name];
  if (sizes) return slimOf(image, name, sizes);
  return name === 'php' ? alpinePhp(image) : null;
}

/** Sizes of the full image and of its slim variant. */
const slimSizes: Readonly<Record<string, readonly [number, number]>> = {
  python: [370, 45],
  node: [390, 75],
  ruby: [370, 70],
  perl: [360, 55],
  pypy: [350, 85],
  erlang: [560, 125],
  elixir: [570, 135],
};

const release = /^(?:\d[\d.]*|lts|latest|current)$/;
const releaseOnDebian = /^(\d[\d.]*|lts|current)-(trixie|bookworm|bullseye|buster|stretch)$/;

function slimOf(
  image: ImageReference,
  name: string,
  [sizeNow, sizeThen]: readonly [number, number],
): LighterVariant | null {
  const tag = image.tag ?? '';
  const path = image.text.slice(0, image.nameEnd);
  const sized = { kind: 'slim', sizeNow, sizeThen } as const;
  if (tag === '' || tag === 'latest') return { ...sized, text: `${path}:slim` };
  if (release.test(tag)) return { ...sized, text: `${path}:${tag}-slim` };
  const [, version, codename] = releaseOnDebian.exec(tag) ?? [];
  if (version === undefined || codename === undefined || !/^(?:python|node|ruby|perl)$/.test(name)) return null;
  // Node's tags name the release of Debian first.
  return {
    ...sized,
    text: name === 'node' ? `${path}:${version}-${codename}-slim` : `${path}:${version}-slim-${codename}`,
  };
}

/** Releases of Java that there is a JRE of, with the size of the JDK and of the JRE. */
const javaSizes: Readonly<Record<string, readonly [number, number]>> = {
  '8': [125, 80],
  '11': [145, 85],
  '17': [155, 95],
  '21': [165, 100],
  '25': [170, 100],
};

/** openjdk has no JRE since 12 and no releases since 2022; its JDK comes on Oracle Linux or Debian. */
const openjdkSizes: Readonly<Record<string, number>> = { '8': 240, '11': 310, '17': 230, '21': 240 };

function withoutCompiler(image: ImageReference, name: string): LighterVariant | null {
  const parts =
    /^(\d+)(?:[.\w]*)?(?:-(?:ea-\d+|\d+))?(?:-jdk)?(-slim)?(-alpine)?(?:-?(?:\d[\d.]*|focal|jammy|noble|bookworm|bullseye|buster|oracle(?:linux\d)?))?$/.exec(
      image.tag ?? '',
    );
  const [, major, slim, alpine] = parts ?? [];
  const sizes = major === undefined ? undefined : javaSizes[major];
  if (major === undefined || !sizes) return null;
  const [jdk, jre] = sizes;
  const sizeNow =
    name === 'openjdk'
      ? slim
        ? 210
        : alpine
          ? major === '8'
            ? 70
            : 185
          : (openjdkSizes[major] ?? jdk)
      : alpine
        ? jdk + 40
        : jdk;
  const path = image.text.slice(0, image.nameEnd).replace(/openjdk$/, 'eclipse-temurin');
  return {
    kind: 'jre',
    text: `${path}:${major}-jre${alpine ? '-alpine' : ''}`,
    sizeNow,
    sizeThen: alpine ? jre - 30 : jre,
  };
}

/** PHP has no slim variant, and none on Alpine for Apache. */
function alpinePhp(image: ImageReference): LighterVariant | null {
  const [, version, flavour] = /^(\d[\d.]*)(-cli|-fpm|-zts)?$/.exec(image.tag ?? '') ?? [];
  if (version === undefined) return null;
  return {
    kind: 'alpine',
    text: `${image.text.slice(0, image.nameEnd)}:${version}${flavour ?? ''}-alpine`,
    sizeNow: 185,
    sizeThen: 40,
  };
}

function ofDotnet(image: ImageReference): LighterVariant | null {
  if (image.registry !== 'mcr.microsoft.com' || image.path !== 'dotnet/sdk') return null;
  const tag = image.tag ?? '';
  // The patch of an SDK has another number than that of its runtime.
  if (!/^\d+\.\d+(?:-(?:alpine|jammy|noble|bookworm|bullseye)[\w.]*)?$/.test(tag)) return null;
  return {
    kind: 'runtime',
    text: `mcr.microsoft.com/dotnet/aspnet:${tag}`,
    sizeNow: tag.includes('alpine') ? 270 : 310,
    sizeThen: tag.includes('alpine') ? 50 : 90,
  };
}
