/** How a check is to be done: what the user configured, resolved from settings, files and flags. */
import type { Severity } from './rule';

export type Builder = 'buildkit' | 'legacy';

export interface Config {
  readonly builder: Builder;
  /** Severity by rule id; 'off' switches a rule off, a severity switches one on that is off by default. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  /** Only these rules, by id or alias; null for all. A selected rule runs even when it is off by default. */
  readonly select: readonly string[] | null;
  /** Never these, by id or alias. */
  readonly ignore: readonly string[];
  /** Rules that are off by default too, at severity info. */
  readonly all: boolean;
  /** Registries images may come from (untrusted-registry); empty: any. */
  readonly trustedRegistries: readonly string[];
  /** Labels that images must or may have (label-schema), by key. */
  readonly labelSchema: ReadonlyMap<string, LabelType>;
  /** Labels outside the schema are findings. */
  readonly strictLabels: boolean;
  /** Digests by image reference, where somebody had them asked for (image-without-digest). */
  readonly digests?: ReadonlyMap<string, string>;
}

export type LabelType = 'text' | 'url' | 'rfc3339' | 'semver' | 'hash' | 'spdx' | 'email';

export const defaultConfig: Config = {
  builder: 'buildkit',
  severities: new Map(),
  select: null,
  ignore: [],
  all: false,
  trustedRegistries: [],
  labelSchema: new Map(),
  strictLabels: false,
};
