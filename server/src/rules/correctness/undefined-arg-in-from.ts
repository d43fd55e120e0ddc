/** FROM uses an ARG that is not declared above the first FROM. */
import * as l10n from '@vscode/l10n';
import { type GlobalArgs, globalArgsOf } from '../../model/global-args';
import type { Model, Stage } from '../../model/model';
import { parsePlatform } from '../../model/platforms';
import { expandWord } from '../../syntax/expand';
import { type ExpandedText, expandedTexts } from '../../syntax/expanded-texts';
import { type VariableReference, variableReferences } from '../../syntax/references';
import { replace } from '../edits';
import { declareAboveFirstFrom } from '../global-arg-edit';
import { nearestName } from '../nearest-name';
import { onFirstLine } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'undefined-arg-in-from',
  category: 'correctness',
  severity: 'warning',
  scope: 'file',
  aliases: ['UndefinedArgInFrom'],
  fix: 'suggestion',
  docs: {
    what: 'A `FROM` uses an `ARG` that is not declared above the first `FROM`.',
    why: 'Only what is declared up there reaches a `FROM` line, so Docker puts nothing in its place: the build takes another image or tag than the one that was meant, or none at all.',
    fix: 'Declare it above the first `FROM`; an `ARG` in a stage does not count. The quick fix does that, or writes the name that was meant.',
    ignore: 'Where the part is meant to be empty unless somebody edits the file.',
    references: [
      'https://docs.docker.com/reference/build-checks/undefined-arg-in-from/',
      'https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22\${VARIANT} AS build
                    ^^^^^^^^^^ warning undefined-arg-in-from: \`VARIANT\` is not declared above the first FROM, so \`\${VARIANT}\` is empty.
        RUN npm ci
      `,
      good: dockerfile`
        ARG VARIANT
        FROM node:22\${VARIANT} AS build
        RUN npm ci
      `,
    },
    {
      bad: dockerfile`
        # where to build
        FROM --platform=$BULIDPLATFORM golang:1.24
                        ^^^^^^^^^^^^^^ error undefined-arg-in-from: \`BULIDPLATFORM\` is not declared above the first FROM, so \`$BULIDPLATFORM\` is empty and Docker refuses the platform; \`BUILDPLATFORM\` may be meant.
      `,
      good: dockerfile`
        # where to build
        FROM --platform=$BUILDPLATFORM golang:1.24
      `,
    },
    {
      bad: dockerfile`
        # check=skip=StageNameCasing
        # the web server
        FROM alpine:3.20 AS base
        ARG RELEASE=1.28

        FROM nginx:$RELEASE
                   ^^^^^^^^ warning undefined-arg-in-from: \`RELEASE\` is not declared above the first FROM, so \`$RELEASE\` is empty.
      `,
      good: dockerfile`
        # check=skip=StageNameCasing
        ARG RELEASE=1.28
        # the web server
        FROM alpine:3.20 AS base
        ARG RELEASE=1.28

        FROM nginx:$RELEASE
      `,
    },
    {
      ok: dockerfile`
        ARG VERSION=22
        FROM --platform=$BUILDPLATFORM node:$VERSION
      `,
      because: 'one is declared, the other always there',
    },
    {
      ok: dockerfile`
        ARG VARIANT
        FROM node:22\${VARIANT}
      `,
      because: 'declared without a value is declared',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (!stage.from.body.raw.includes('$')) continue;
      for (const text of expandedTexts(stage.from.body)) {
        const globals = globalArgsOf(model);
        for (const reference of undeclared(stage, text, globals)) {
          const written = text.text.slice(reference.start, reference.end);
          const meant = nearestName(reference.name, globals.names);
          const isRefused = isRefusedPlatform(stage, text, globals);
          yield {
            ...onFirstLine(model.dockerfile, stage.from, text.place(reference.start, reference.end)),
            ...(isRefused && { severity: 'error' as const }),
            message: messageOf(reference.name, written, meant, isRefused),
            fix: () => repair(model, stage, text, reference, meant),
          };
        }
      }
    }
  },
});

/** The first reference to each name that is not declared above the first FROM. */
function undeclared(stage: Stage, text: ExpandedText, globals: GlobalArgs): VariableReference[] {
  const { unmatched } = expandWord(text.text, globals.value, stage.from.body.escape);
  const references = variableReferences(text.text, stage.from.body.escape);
  return [...unmatched].flatMap((name) => {
    if (globals.isDeclared(name)) return [];
    return references.find((reference) => reference.name === name) ?? [];
  });
}

/** Nothing can give an undeclared name a value, so a platform that is broken without it is always broken. */
function isRefusedPlatform(stage: Stage, text: ExpandedText, globals: GlobalArgs): boolean {
  const { body } = stage.from;
  if (text.span.from >= body.restSpan.from) return false;
  const { value } = expandWord(text.text, globals.value, body.escape);
  return value !== null && parsePlatform(value) === null;
}

function messageOf(name: string, written: string, meant: string | undefined, isRefused: boolean): string {
  const isEmpty = isRefused
    ? l10n.t(
        '`{0}` is not declared above the first FROM, so `{1}` is empty and Docker refuses the platform',
        name,
        written,
      )
    : l10n.t('`{0}` is not declared above the first FROM, so `{1}` is empty', name, written);
  return meant ? l10n.t('{0}; `{1}` may be meant.', isEmpty, meant) : `${isEmpty}.`;
}

function repair(
  model: Model,
  stage: Stage,
  text: ExpandedText,
  reference: VariableReference,
  meant: string | undefined,
): FixResult {
  const { dockerfile: file, allStages } = model;
  const name = stage.from.at(text.place(reference.nameStart, reference.nameEnd));
  if (meant && file.text.slice(name.start, name.end) === reference.name)
    return { title: l10n.t('Change to `{0}`', meant), safety: 'suggestion', edits: [replace(name, meant)] };
  const declaration = declarationIn(allStages, reference.name);
  const edit = declareAboveFirstFrom(model, [declaration]);
  if (!edit || !/^\w+(?:=|$)/.test(declaration))
    return { refused: l10n.t('`{0}` cannot be declared.', reference.name) };
  return {
    title: l10n.t('Declare it above the first FROM: `{0}`', `ARG ${declaration}`),
    safety: 'suggestion',
    edits: [edit],
  };
}

/** With the value that an ARG of this name has in a stage, if any. */
function declarationIn(stages: readonly Stage[], name: string): string {
  for (const { steps } of stages) {
    for (const { keyword, body } of steps) {
      const pair = keyword === 'ARG' ? body.pairs.find((candidate) => candidate.name === name) : undefined;
      const written = pair && body.raw.slice(pair.span.from, pair.span.to);
      if (written && !/[\r\n$]/.test(written)) return written;
    }
  }
  return name;
}
