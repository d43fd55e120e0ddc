/** What a FROM line can see: the ARGs above the first FROM and the platform ARGs, with their values by default. */
import { type Environment, expandWord } from '../syntax/expand';
import type { ArgDefinition, Model } from './model';

/** The ARGs above the first FROM, as a build without any `--build-arg` on an ordinary machine sees them. */
export interface GlobalArgs {
  readonly value: Environment;
  /** Declared above the first FROM, with or without a value, or a platform ARG. */
  isDeclared(name: string): boolean;
  readonly names: readonly string[];
  /** False where one of the defaults cannot be expanded: Docker gives up there. */
  readonly isSound: boolean;
}

const known = new WeakMap<readonly ArgDefinition[], GlobalArgs>();

/** The global ARGs of a file. Computed once. */
export function globalArgsOf(model: Model): GlobalArgs {
  const cached = known.get(model.globalArgs);
  if (cached) return cached;
  const values = new Map(Object.entries(platformDefaults));
  const names = new Set(values.keys());
  let isSound = true;
  for (const { instruction, pair } of model.globalArgs) {
    names.add(pair.name);
    if (pair.value === null) continue;
    const { value } = expandWord(pair.value, (name) => values.get(name), instruction.body.escape);
    if (value === null) isSound = false;
    else values.set(pair.name, value);
  }
  const globals: GlobalArgs = {
    value: (name) => values.get(name),
    isDeclared: (name) => names.has(name),
    names: [...names],
    isSound,
  };
  known.set(model.globalArgs, globals);
  return globals;
}

/** As on the machine that most people build on; only their form matters. */
const platformDefaults: Readonly<Record<string, string>> = {
  BUILDPLATFORM: 'linux/amd64',
  BUILDOS: 'linux',
  BUILDOSVERSION: '',
  BUILDARCH: 'amd64',
  BUILDVARIANT: '',
  TARGETPLATFORM: 'linux/amd64',
  TARGETOS: 'linux',
  TARGETOSVERSION: '',
  TARGETARCH: 'amd64',
  TARGETVARIANT: '',
  TARGETSTAGE: 'default',
};
