/** Reads hadolint's configuration, for those who come from there: what it ignores and overrides holds under the same names. */
import type { Severity } from '../rules/rule';
import { readLabelSchema } from './parse';
import type { FileSettings, Settings } from './settings';
import { openYaml, type YamlValue } from './yaml';

/** Its severities, and ours for them. */
const severities: Readonly<Record<string, Severity>> = {
  error: 'error',
  warning: 'warning',
  info: 'info',
  style: 'hint',
};

/** Reads the text of a `.hadolint.yaml`. Settings that say how to print, and unknown ones, are passed over. */
export function parseHadolintConfig(text: string): FileSettings {
  const { value, problems } = openYaml(text);
  if (!value) return { settings: {}, overrides: [], problems };
  let settings: Settings = {};
  for (const [key, item] of value.entries()) settings = { ...settings, ...readKey(key.text, item) };
  return { settings, overrides: [], problems };
}

function readKey(key: string, value: YamlValue): Settings {
  if (key === 'ignored') return withStrings('ignore', value);
  if (key === 'trustedRegistries') return withStrings('trustedRegistries', value);
  if (key === 'override') return { severities: readOverride(value) };
  if (key === 'label-schema') return { labelSchema: readLabelSchema(value) };
  if (key === 'strict-labels') {
    const strictLabels = value.boolean();
    return strictLabels === null ? {} : { strictLabels };
  }
  const failOn = key === 'failure-threshold' ? severities[value.text] : undefined;
  return failOn ? { failOn } : {};
}

function readOverride(value: YamlValue): Map<string, Severity> {
  const overrides = new Map<string, Severity>();
  for (const [level, names] of value.entries()) {
    const severity = severities[level.text];
    if (severity) for (const name of names.items()) overrides.set(name.text, severity);
  }
  return overrides;
}

function withStrings(key: 'ignore' | 'trustedRegistries', value: YamlValue): Settings {
  const strings = value.strings();
  return strings === null ? {} : { [key]: strings };
}
