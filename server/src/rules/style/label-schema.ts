/** Labels as somebody wants them: there, spelt right, and of the right type. */
import * as l10n from '@vscode/l10n';
import type { Stage, Step } from '../../model/model';
import { expandIn } from '../../model/variables';
import type { Pair } from '../../syntax/tree';
import type { Config, LabelType } from '../config';
import { isOfType } from '../label-values';
import { nearestName } from '../nearest-name';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type Finding } from '../rule';

/** What the OCI defines for images, and what the values have to be. */
const ociTypes: ReadonlyMap<string, LabelType | null> = new Map([
  ['created', 'rfc3339'],
  ['authors', 'text'],
  ['url', 'url'],
  ['documentation', 'url'],
  ['source', 'url'],
  ['version', 'text'],
  ['revision', 'text'],
  ['vendor', 'text'],
  ['licenses', 'spdx'],
  ['ref.name', 'text'],
  ['title', 'text'],
  ['description', 'text'],
  ['base.digest', 'text'],
  ['base.name', 'text'],
]);
const ociPrefix = 'org.opencontainers.image.';

/** hadolint's numbers for a value that is not of a type. */
const aliasOfType: Readonly<Record<LabelType, string>> = {
  text: 'DL3051',
  url: 'DL3052',
  rfc3339: 'DL3053',
  spdx: 'DL3054',
  hash: 'DL3055',
  semver: 'DL3056',
  email: 'DL3058',
};

export default defineRule({
  id: 'label-schema',
  category: 'style',
  severity: 'off',
  aliases: [
    'DL3048',
    'DL3049',
    'DL3050',
    'DL3051',
    'DL3052',
    'DL3053',
    'DL3054',
    'DL3055',
    'DL3056',
    'DL3058',
    'S7028',
  ],
  fix: 'none',
  isAskedFor: ({ labelSchema }) => labelSchema.size > 0,
  docs: {
    what: 'A label is missing, misspelt, or its value is not of the type that the configuration asks for (`labelSchema`). Keys of the OCI (`org.opencontainers.image.…`) and the form of keys are checked without a configuration.',
    why: 'Registries, scanners and your own scripts look labels up by their exact names. A misspelt one is not there, and a date that cannot be read is worse than none.',
    fix: 'Write the label as the schema has it. In `.layerwise.yaml`, `labelSchema` lists the labels with the types of their values (`text`, `url`, `semver`, `hash`, `rfc3339`, `spdx`, `email`), and `strictLabels: true` allows no others; `label-schema` and `strict-labels` of `.hadolint.yaml` are read as well.',
    ignore: 'For labels that a tool of yours wants under a name that Docker advises against.',
    references: [
      'https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations',
      'https://github.com/opencontainers/image-spec/blob/main/annotations.md',
      'https://spdx.org/licenses/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM alpine:3.22
             ^^^^^^^^^^^ info label-schema: The label \`version\` is missing: the schema asks for it.
        LABEL maintaner="ada@example.com" \
              ^^^^^^^^^ info label-schema: There is no label \`maintaner\` in the schema; did you mean \`maintainer\`?
              # when it was built
              org.opencontainers.image.created="yesterday" \
                                               ^^^^^^^^^^^ info label-schema: \`org.opencontainers.image.created\` is \`yesterday\`, which is no time as RFC 3339 has it.
              org.opencontainers.image.license=MIT
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info label-schema: The OCI defines no label \`org.opencontainers.image.license\`; did you mean \`org.opencontainers.image.licenses\`?
      `,
      config: {
        labelSchema: new Map([
          ['maintainer', 'email'],
          ['version', 'semver'],
        ]),
      },
    },
    {
      bad: dockerfile`
        FROM alpine:3.22
        LABEL Build_Date=today
              ^^^^^^^^^^ info label-schema: \`Build_Date\` is no good key for a label: lower-case letters, digits, dots and hyphens, each dot and hyphen between two others.
        LABEL io.docker.x=1 version=v1.0 extra=1
              ^^^^^^^^^^^ info label-schema: \`io.docker.x\` is in a namespace that Docker keeps for itself.
                                    ^^^^ info label-schema: \`version\` is \`v1.0\`, which is no semantic version.
                                         ^^^^^ info label-schema: The schema has no label \`extra\`, and no others are allowed.
      `,
      config: { labelSchema: new Map([['version', 'semver']]), strictLabels: true },
    },
    {
      ok: dockerfile`
        FROM alpine:3.22 AS base
        ARG COMMIT
        LABEL "version"="1.2.3-rc.1+5" home=https://example.com/a?b
        FROM base
        LABEL commit=$COMMIT built="2026-01-31T12:00:00Z" license="(MIT OR Apache-2.0)" mail="Ada <ada@example.com>"
      `,
      because: 'all are there, some in the stage below, and what a variable holds is not known',
      config: {
        labelSchema: new Map([
          ['version', 'semver'],
          ['home', 'url'],
          ['commit', 'hash'],
          ['built', 'rfc3339'],
          ['license', 'spdx'],
          ['mail', 'email'],
        ]),
        strictLabels: true,
      },
    },
    {
      ok: dockerfile`
        FROM alpine:3.22
        LABEL org.opencontainers.image.title="App" com.example.team="a b" maintainer=""
      `,
      because: 'without a schema any label may be there or not',
    },
  ],
  *check({ model, config }) {
    for (const stage of model.stages) {
      for (const step of stage.steps) {
        if (step.keyword !== 'LABEL') continue;
        for (const pair of step.body.pairs) {
          const finding = labelFinding(step, pair, config);
          if (finding) yield { ...finding, at: onOneLine(model.dockerfile, finding.at) };
        }
      }
      if (stage.isFinal) yield* missingLabels(stage, config);
    }
  },
});

/** The text of a name or a value as it comes to be in the image; null where a variable is not known. */
const textOf = (step: Step, written: string): string | null =>
  expandIn(written, step.before.scope, step.instruction.body.escape);

function labelFinding(step: Step, pair: Pair, config: Config): Finding | null {
  const key = textOf(step, pair.name);
  if (key === null || key === '') return null;
  const at = step.at(pair.nameSpan);
  const { labelSchema, strictLabels } = config;
  const known = labelSchema.get(key) ?? (key.startsWith(ociPrefix) ? ociTypes.get(key.slice(ociPrefix.length)) : null);
  if (known) return valueFinding(step, pair, key, known);
  const misspelt = misspeltFinding(step, pair, key, config);
  if (misspelt) return misspelt;
  if (/^(?:com\.docker|io\.docker|org\.dockerproject)\./.test(key))
    return { at, message: l10n.t('`{0}` is in a namespace that Docker keeps for itself.', key), aliases: ['DL3048'] };
  if (!/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(key))
    return {
      at,
      message: l10n.t(
        '`{0}` is no good key for a label: lower-case letters, digits, dots and hyphens, each dot and hyphen between two others.',
        key,
      ),
      aliases: ['DL3048'],
    };
  if (!strictLabels) return null;
  return {
    at,
    message: l10n.t('The schema has no label `{0}`, and no others are allowed.', key),
    aliases: ['DL3050'],
  };
}

function valueFinding(step: Step, pair: Pair, key: string, type: LabelType): Finding | null {
  const value = pair.value === null ? '' : textOf(step, pair.value);
  if (value === null || isOfType(value, type)) return null;
  const at = step.at(pair.valueSpan && value !== '' ? pair.valueSpan : pair.nameSpan);
  if (value.trim() === '') return { at, message: l10n.t('The label `{0}` is empty.', key), aliases: ['DL3051'] };
  return { at, message: wrongValue(key, value, type), aliases: [aliasOfType[type]] };
}

function wrongValue(key: string, value: string, type: LabelType): string {
  const shown = value.length > 60 ? `${value.slice(0, 59)}…` : value;
  switch (type) {
    case 'text':
      return l10n.t('The label `{0}` is empty.', key);
    case 'url':
      return l10n.t('`{0}` is `{1}`, which is no URL.', key, shown);
    case 'rfc3339':
      return l10n.t('`{0}` is `{1}`, which is no time as RFC 3339 has it.', key, shown);
    case 'spdx':
      return l10n.t('`{0}` is `{1}`, which is no license that SPDX knows.', key, shown);
    case 'hash':
      return l10n.t('`{0}` is `{1}`, which is no Git hash.', key, shown);
    case 'semver':
      return l10n.t('`{0}` is `{1}`, which is no semantic version.', key, shown);
    case 'email':
      return l10n.t('`{0}` is `{1}`, which is no email address.', key, shown);
  }
}

function misspeltFinding(step: Step, pair: Pair, key: string, config: Config): Finding | null {
  const { labelSchema, strictLabels } = config;
  const isOci = /^org\.open-?containers?\b/i.test(key);
  const near = isOci
    ? nearestOci(key)
    : nearestName(
        key,
        [...labelSchema.keys()].filter((name) => Math.abs(name.length - key.length) <= 2 && name.length > 3),
      );
  if (near === undefined || near === key) return null;
  const at = step.at(pair.nameSpan);
  const message = isOci
    ? l10n.t('The OCI defines no label `{0}`; did you mean `{1}`?', key, near)
    : l10n.t('There is no label `{0}` in the schema; did you mean `{1}`?', key, near);
  return {
    at,
    message,
    aliases: strictLabels && !isOci ? ['DL3050'] : [],
  };
}

/** The prefix is long: what matters is the part behind it. */
function nearestOci(key: string): string | undefined {
  const name = key.replace(/^org\.open-?containers?\.(?:images?\.)?/i, '');
  const near = ociTypes.has(name.toLowerCase()) ? name.toLowerCase() : nearestName(name, ociTypes.keys());
  return near === undefined ? undefined : ociPrefix + near;
}

/** What the schema asks for and neither the final stage nor one that it is built on sets. */
function* missingLabels(stage: Stage, { labelSchema }: Config): Iterable<Finding> {
  if (labelSchema.size === 0) return;
  const present = new Set<string>();
  const pairs: { readonly step: Step; readonly pair: Pair }[] = [];
  for (let at: Stage | null = stage; at; at = at.parent)
    for (const step of at.steps)
      if (step.keyword === 'LABEL') pairs.push(...step.body.pairs.map((pair) => ({ step, pair })));
  for (const { step, pair } of pairs) {
    const key = textOf(step, pair.name);
    // Any label may hide behind a variable.
    if (key === null) return;
    present.add(key);
    for (const name of labelSchema.keys())
      if (nearestName(key, [name]) === name && !labelSchema.has(key)) present.add(name);
  }
  for (const name of labelSchema.keys()) {
    if (present.has(name)) continue;
    yield {
      at: stage.from.at(stage.baseSpan ?? stage.from.body.keywordSpan),
      message: l10n.t('The label `{0}` is missing: the schema asks for it.', name),
      aliases: ['DL3049', 'S7028'],
    };
  }
}
