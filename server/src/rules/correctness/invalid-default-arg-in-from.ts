/** With the defaults of its ARGs, a FROM names no image. */
import * as l10n from '@vscode/l10n';
import { globalArgsOf } from '../../model/global-args';
import { parseImageReference } from '../../model/images';
import type { Model, Stage } from '../../model/model';
import { findStage } from '../../model/stages';
import { expandWord } from '../../syntax/expand';
import { type VariableReference, variableReferences } from '../../syntax/references';
import { replace } from '../edits';
import { declareAboveFirstFrom } from '../global-arg-edit';
import { officialTag } from '../official-tags';
import { onFirstLine, quotable } from '../places';
import { defineRule, dockerfile, type Edit, type FixResult } from '../rule';

export default defineRule({
  id: 'invalid-default-arg-in-from',
  category: 'correctness',
  severity: 'warning',
  scope: 'file',
  aliases: ['InvalidDefaultArgInFrom'],
  fix: 'suggestion',
  docs: {
    what: 'The image of a `FROM` is empty or no valid reference when the build is called without any `--build-arg`: an `ARG` in it has no default, or one that does not fit. Where no `ARG` is involved, the reference is invalid however the build is called, and that is an error.',
    why: 'A plain `docker build` fails, and so do tools that read the file: editors, scanners, update bots.',
    fix: 'Give the `ARG` a default that makes a valid reference, in its declaration or as `${NAME:-default}`. The quick fix does that.',
    ignore: 'Where the build must not go on unless somebody says which image to take.',
    references: ['https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/'],
  },
  examples: [
    {
      bad: dockerfile`
        ARG TAG
        FROM busybox:\${TAG}
             ^^^^^^^^^^^^^^ warning invalid-default-arg-in-from: Without \`--build-arg TAG=…\` this is \`busybox:\`, which is no valid image reference.
      `,
      good: dockerfile`
        ARG TAG=1.37
        FROM busybox:\${TAG}
      `,
    },
    {
      bad: dockerfile`
        # what to build on
        ARG BASE
        FROM $BASE AS build
             ^^^^^ warning invalid-default-arg-in-from: Without \`--build-arg BASE=…\` the image is empty.
      `,
      good: dockerfile`
        # what to build on
        ARG BASE=scratch
        FROM $BASE AS build
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20 AS builder
        FROM Builder
             ^^^^^^^ error invalid-default-arg-in-from: \`Builder\` is no valid image reference, so Docker refuses it.
      `,
      good: dockerfile`
        FROM alpine:3.20 AS builder
        FROM builder
      `,
    },
    {
      ok: dockerfile`
        ARG TAG
        ARG VARIANT
        FROM alpine:\${TAG:-3.20} AS base
        FROM busybox:stable\${VARIANT}
      `,
      because: 'a default stands in the FROM, or the reference is valid without a value',
    },
    {
      ok: dockerfile`
        FROM localhost:5000/team/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      `,
      because: 'registry, port and digest are parts of a reference',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const { from, baseSpan, baseText } = stage;
      if (!baseSpan) continue;
      // Most were read already. The name of a stage counts only in lower case here.
      if (stage.image || stage.isScratch || isSimple.test(baseText)) continue;
      const globals = globalArgsOf(model);
      const { value } = expandWord(baseText, globals.value, from.body.escape);
      if (value === null || !globals.isSound || parseImageReference(value)) continue;
      // A template of another program: Docker stops at its lines before it looks at any image.
      if (model.dockerfile.instructions.some(({ body }) => body.known === null)) return;
      const references = variableReferences(baseText, from.body.escape);
      const culprits = references.filter(({ name }) => !globals.value(name));
      yield {
        ...onFirstLine(model.dockerfile, from, baseSpan),
        ...(references.length === 0 && { severity: 'error' as const }),
        message: messageOf(
          value,
          (culprits.length > 0 ? culprits : references).map(({ name }) => name),
        ),
        fix: () => repair(model, stage, value, references),
      };
    }
  },
});

/** What is surely a reference, as the names of most stages are. */
const isSimple = /^[a-z0-9]{1,60}(?:-[a-z0-9]{1,60})?$/;

function messageOf(value: string, names: readonly string[]): string {
  if (names.length === 0) return l10n.t('`{0}` is no valid image reference, so Docker refuses it.', quotable(value));
  const options = [...new Set(names)].map((name) => `--build-arg ${name}=…`).join(' ');
  return value === ''
    ? l10n.t('Without `{0}` the image is empty.', options)
    : l10n.t('Without `{0}` this is `{1}`, which is no valid image reference.', options, quotable(value));
}

function repair(model: Model, stage: Stage, value: string, references: readonly VariableReference[]): FixResult {
  const { baseText, baseSpan, from } = stage;
  if (references.length === 0 && baseSpan) {
    const lower = value.toLowerCase();
    if (lower !== value && (parseImageReference(lower) || findStage(model.allStages, lower)))
      return {
        title: l10n.t('Write `{0}`', lower),
        safety: 'suggestion',
        edits: [replace(from.at(baseSpan), lower)],
      };
    return { refused: l10n.t('Which image `{0}` means cannot be told.', quotable(value)) };
  }
  const edits = chosenDefaults(model, stage, references);
  if (!edits) return { refused: l10n.t('Which image `{0}` means cannot be told.', quotable(baseText)) };
  return {
    title: l10n.t('Give the ARG a default'),
    safety: 'suggestion',
    edits,
    risk: l10n.t('The default only makes the reference valid: put the image there that is meant.'),
  };
}

/** A default for each ARG without a value, by where it stands in the reference; null where no valid reference comes out. */
function chosenDefaults(model: Model, stage: Stage, references: readonly VariableReference[]): Edit[] | null {
  const { baseText, from } = stage;
  const globals = globalArgsOf(model);
  const chosen = new Map<string, string>();
  for (const { name, start, end } of references) {
    if (globals.value(name)) continue;
    const text = defaultAt(baseText.slice(0, start), baseText.slice(end), name);
    chosen.set(name, text);
  }
  const { value } = expandWord(baseText, (name) => chosen.get(name) ?? globals.value(name), from.body.escape);
  if (chosen.size === 0 || value === null || !parseImageReference(value)) return null;
  const edits: Edit[] = [];
  const undeclared: string[] = [];
  for (const [name, text] of chosen) {
    const declaration = model.globalArgs.filter(({ pair }) => pair.name === name).at(-1);
    if (!declaration) undeclared.push(`${name}=${text}`);
    else {
      const { instruction, pair } = declaration;
      const { start, end } = instruction.at(pair.span);
      edits.push(replace({ start, end }, `${name}=${text}`));
    }
  }
  const added = undeclared.length > 0 ? declareAboveFirstFrom(model, undeclared) : null;
  return added ? [...edits, added] : edits;
}

/** What could stand between two parts of a reference. */
function defaultAt(before: string, after: string, name: string): string {
  if (/:[^/]*$/.test(before)) {
    const image = parseImageReference(before.slice(0, before.lastIndexOf(':')));
    return (image && officialTag(image)) ?? 'latest';
  }
  if (before === '' && after === '') return 'scratch';
  if (before === '' && after.startsWith('/')) return 'docker.io';
  return name.toLowerCase().replaceAll('_', '-');
}
