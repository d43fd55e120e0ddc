/** Reads `.layerwise.yaml`. Pure: what is wrong is listed with its place, and the rest still holds. */
import * as l10n from '@vscode/l10n';
import { nearestName } from '../rules/catalogue';
import type { Builder, LabelType } from '../rules/config';
import type { Severity } from '../rules/rule';
import { type FileSettings, isForeignName, type Override, type RuleNames, type Settings } from './settings';
import { openYaml, type YamlValue } from './yaml';

const builders: readonly Builder[] = ['buildkit', 'legacy'];
const severities: readonly Severity[] = ['error', 'warning', 'info', 'hint'];
export const labelTypes: readonly LabelType[] = ['text', 'url', 'rfc3339', 'semver', 'hash', 'spdx', 'email'];

/** Reads the text of a `.layerwise.yaml`. */
export function parseConfig(text: string, names: RuleNames): FileSettings {
  const { value, problems } = openYaml(text);
  if (!value) return { settings: {}, overrides: [], problems };
  const overrides: Override[] = [];
  const settings = readSettings(value, names, (key, item) => {
    if (key !== 'overrides') return false;
    for (const one of item.items()) {
      const override = readOverride(one, names);
      if (override) overrides.push(override);
    }
    return true;
  });
  return { settings, overrides, problems };
}

function readOverride(value: YamlValue, names: RuleNames): Override | null {
  let files: readonly string[] | null = null;
  const settings = readSettings(value, names, (key, item) => {
    if (key !== 'files') return false;
    files = item.strings();
    return true;
  });
  if (files === null && value.isMap()) value.error(l10n.t('an override needs `files`, the paths it is about'));
  return files === null ? null : { files, settings };
}

/** Reads a mapping's settings; `extra` may take a key for itself. */
function readSettings(value: YamlValue, names: RuleNames, extra: (key: string, item: YamlValue) => boolean): Settings {
  const settings: { -readonly [Key in keyof Settings]: Settings[Key] } = {};
  for (const [key, item] of value.entries()) {
    // A place for what several keys share, as in Compose files.
    if (key.text.startsWith('x-') || extra(key.text, item)) continue;
    const read = readers[key.text as keyof typeof readers];
    if (Object.hasOwn(readers, key.text)) Object.assign(settings, read(item, names));
    else {
      const near = nearestName(key.text, [...Object.keys(readers), 'overrides', 'files']);
      key.error(
        near
          ? l10n.t('there is no setting `{0}`; did you mean `{1}`?', key.text, near)
          : l10n.t('there is no setting `{0}`', key.text),
      );
    }
  }
  return settings;
}

/** By key: what a value means. A value that is wrong sets nothing. */
const readers = {
  builder: (value: YamlValue): Settings => optional('builder', value.oneOf(builders)),
  severity: (value: YamlValue, names: RuleNames): Settings => {
    const map = new Map<string, Severity | 'off'>();
    for (const [key, item] of value.entries()) {
      checkName(key, names);
      const severity = item.text === 'false' ? 'off' : item.oneOf([...severities, 'off' as const]);
      if (severity !== null) map.set(key.text, severity);
    }
    return { severities: map };
  },
  select: (value: YamlValue, names: RuleNames): Settings => optional('select', readNames(value, names)),
  ignore: (value: YamlValue, names: RuleNames): Settings => optional('ignore', readNames(value, names)),
  all: (value: YamlValue): Settings => optional('all', value.boolean()),
  trustedRegistries: (value: YamlValue): Settings => optional('trustedRegistries', value.strings()),
  labelSchema: (value: YamlValue): Settings => ({ labelSchema: readLabelSchema(value) }),
  strictLabels: (value: YamlValue): Settings => optional('strictLabels', value.boolean()),
  failOn: (value: YamlValue): Settings => optional('failOn', value.oneOf(severities)),
};

/** The keys that settings may have. */
export const settingKeys: readonly string[] = Object.keys(readers);

/** Reads a mapping of label names to the types of their values. */
export function readLabelSchema(value: YamlValue): Map<string, LabelType> {
  const schema = new Map<string, LabelType>();
  for (const [key, item] of value.entries()) {
    const type = item.oneOf(labelTypes);
    if (type !== null) schema.set(key.text, type);
  }
  return schema;
}

/** Reads a list of rule names and warns of those that nothing bears. */
export function readNames(value: YamlValue, names: RuleNames): readonly string[] | null {
  const listed = value.strings();
  if (listed !== null) for (const item of value.items()) checkName(item, names);
  return listed;
}

function checkName(value: YamlValue, names: RuleNames): void {
  const name = value.text;
  if (name === '' || isForeignName(name) || names.idsOf(name).length > 0) return;
  value.warn(unknownRule(name, names));
}

/** The sentence about a rule name that nothing bears. */
export function unknownRule(name: string, names: RuleNames): string {
  // The neighbour of another tool's number is about something else altogether.
  const near = isForeignName(name) ? undefined : names.nearest(name);
  return near
    ? l10n.t('there is no rule `{0}`; did you mean `{1}`?', name, near)
    : l10n.t('there is no rule `{0}`', name);
}

function optional<Key extends keyof Settings>(key: Key, value: NonNullable<Settings[Key]> | null): Settings {
  return value === null ? {} : { [key]: value };
}
