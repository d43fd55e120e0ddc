/** The JSON schema of `.layerwise.yaml`, for completion and checks in editors; made from the rules, so that it cannot be stale. */
import type { Rule } from '../rules/rule';
import { labelTypes } from './parse';

/** Builds the schema. Names of other tools are allowed wherever a rule is named, but only rules are proposed. */
export function configSchema(rules: readonly Rule[]): object {
  const names = [...rules.map((rule) => rule.id), ...new Set(rules.flatMap((rule) => rule.aliases))];
  const ruleName = { anyOf: [{ enum: names }, { type: 'string', pattern: '^(?:DL|SC|S)[0-9]+$' }] };
  const ruleNames = { anyOf: [{ type: 'array', items: ruleReference }, ruleReference] };
  const strings = { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }] };
  const severity = { enum: ['error', 'warning', 'info', 'hint', 'off'] };
  const settings = {
    builder: { description: 'The builder to judge for.', enum: ['buildkit', 'legacy'], default: 'buildkit' },
    severity: {
      description: 'How serious findings of a rule are; `off` switches the rule off.',
      type: 'object',
      properties: Object.fromEntries(rules.map((rule) => [rule.id, { ...severity, description: rule.docs.what }])),
      additionalProperties: severity,
    },
    select: { description: 'Only these rules.', ...ruleNames },
    ignore: { description: 'Never these rules.', ...ruleNames },
    all: { description: 'Rules that are off by default too.', type: 'boolean', default: false },
    trustedRegistries: { description: 'Registries that images may come from.', ...strings },
    labelSchema: {
      description: 'Labels that images should have, and the type of their values.',
      type: 'object',
      additionalProperties: { enum: labelTypes },
    },
    strictLabels: { description: 'Labels outside the schema are findings.', type: 'boolean', default: false },
    failOn: {
      description: 'The least severity with which the command fails.',
      enum: ['error', 'warning', 'info', 'hint'],
      default: 'warning',
    },
  };
  // Overrides have the same settings as the file: they stand there once.
  const references = Object.fromEntries(Object.keys(settings).map((key) => [key, { $ref: `#/properties/${key}` }]));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Layerwise',
    type: 'object',
    definitions: { ruleName },
    properties: {
      ...settings,
      overrides: {
        description: 'Settings for some files only.',
        type: 'array',
        items: {
          type: 'object',
          required: ['files'],
          properties: {
            files: {
              description: 'Globs relative to this file; one without a slash is about names in any folder.',
              ...strings,
            },
            ...references,
          },
          patternProperties: { '^x-': {} },
          additionalProperties: false,
        },
      },
    },
    patternProperties: { '^x-': {} },
    additionalProperties: false,
  };
}

const ruleReference = { $ref: '#/definitions/ruleName' };
