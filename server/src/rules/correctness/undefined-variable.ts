/** A variable that is surely undefined where it is used, so that Docker puts nothing in its place. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../../model/model';
import { perStep } from '../../model/per-step';
import { expandWord } from '../../syntax/expand';
import { type ExpandedText, expandedTexts } from '../../syntax/expanded-texts';
import { type VariableReference, variableReferences } from '../../syntax/references';
import { onFirstLine } from '../places';
import { defineRule, dockerfile, type Finding } from '../rule';
import { undefinedFix } from '../undefined-fixes';
import { definedVariables, isVisible, type UndefinedReason, whyUndefined } from '../undefined-names';

export default defineRule({
  id: 'undefined-variable',
  category: 'correctness',
  severity: 'warning',
  scope: 'file',
  aliases: ['UndefinedVar'],
  fix: 'suggestion',
  docs: {
    what: 'An instruction uses a variable that is surely not defined there: an `ARG` from above the first `FROM` that the stage does not repeat, one that is set further down or in another stage only, a misspelt name, or any that nothing sets in a stage whose base is known to bring none.',
    why: 'Docker puts nothing in its place and goes on: the path, version or label that comes out is not the one that was meant, and nothing says so.',
    fix: 'Declare it where it is used: `ARG NAME` after the `FROM`, which takes over the value from above the first `FROM`. The quick fix does that, or writes the name that was meant.',
    ignore:
      'Where the base image does bring the variable, or an empty value is what you want; `${NAME:-}` does not silence Docker, an `ARG NAME` does.',
    references: [
      'https://docs.docker.com/reference/build-checks/undefined-var/',
      'https://docs.docker.com/build/building/variables/#scoping',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        ARG VERSION=1.27
        FROM nginx:\${VERSION}
        LABEL version=$VERSION
                      ^^^^^^^^ warning undefined-variable: \`VERSION\` is declared above the first FROM, which this stage does not see: \`$VERSION\` is empty without an ARG here.
      `,
      good: dockerfile`
        ARG VERSION=1.27
        FROM nginx:\${VERSION}
        ARG VERSION
        LABEL version=$VERSION
      `,
    },
    {
      bad: dockerfile`
        FROM node:20-alpine
        ENV PATH=$PAHT:/app/bin
                 ^^^^^ warning undefined-variable: \`PAHT\` is not defined, so \`$PAHT\` is empty; \`PATH\` may be meant.
      `,
      good: dockerfile`
        FROM node:20-alpine
        ENV PATH=$PATH:/app/bin
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.12
        COPY $APP_FOLDER/requirements.txt \
             ^^^^^^^^^^^ warning undefined-variable: \`$APP_FOLDER\` is empty here: \`APP_FOLDER\` is set further down only, on line 5.
             # where they are installed from
             /tmp/
        ENV APP_FOLDER=backend
      `,
      good: dockerfile`
        FROM python:3.12
        ENV APP_FOLDER=backend
        COPY $APP_FOLDER/requirements.txt \
             # where they are installed from
             /tmp/
      `,
    },
    {
      ok: dockerfile`
        FROM python:3.12
        LABEL python=$PYTHON_VERSION
      `,
      because: 'the base image brings variables of its own',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20 AS base
        ARG NAME=web
        FROM base
        LABEL name="$NAME"
        RUN echo $HOSTNAME
      `,
      because: 'the stage takes over what its parent declares, and the variables of a RUN are the shell’s',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        COPY <<'EOF' /usr/local/bin/start
        exec app --home $HOME
        EOF
      `,
      because: 'the marker is quoted, so nothing is expanded in the here-document',
    },
  ],
  *check({ model }) {
    for (const step of model.steps) {
      // Docker expands EXPOSE without a word about variables that it does not know, and of a RUN only its mounts.
      if (step.keyword === 'EXPOSE' || (step.keyword === 'RUN' && step.body.flags.length === 0)) continue;
      if (step.stage.isWindows || !step.body.raw.includes('$')) continue;
      for (const { text, reference } of undefinedIn(step)) {
        const reason = whyUndefined(model, step, text, reference.name);
        if (!reason) continue;
        yield {
          ...onFirstLine(model.dockerfile, step.instruction, text.place(reference.start, reference.end)),
          message: messageOf(reason, text.text.slice(reference.start, reference.end), reference),
          fix: () => undefinedFix(model, step, text, reference, reason),
        } satisfies Finding;
      }
    }
  },
});

const undefinedIn = perStep((step: Step) =>
  expandedTexts(step.body).flatMap((text) => undefinedReferences(step, text).map((reference) => ({ text, reference }))),
);

/** The first reference to each name that nothing in the file defines where the text is expanded. */
function undefinedReferences(step: Step, text: ExpandedText): VariableReference[] {
  if (!text.text.includes('$')) return [];
  const escapeCharacter = text.isHeredoc ? '\\' : step.body.escape;
  const visible = definedVariables(step, text);
  const { unmatched } = expandWord(text.text, (name) => visible(name)?.value ?? undefined, escapeCharacter, {
    ignoreQuotes: text.isHeredoc,
  });
  const found: VariableReference[] = [];
  for (const name of unmatched) {
    if (isVisible(visible, name)) continue;
    const references = variableReferences(text.text, escapeCharacter, { ignoreQuotes: text.isHeredoc });
    const reference = references.find((candidate) => candidate.name === name);
    if (reference) found.push(reference);
  }
  return found;
}

function messageOf(reason: UndefinedReason, written: string, { name, modifier }: VariableReference): string {
  switch (reason.kind) {
    case 'global':
      return l10n.t(
        '`{0}` is declared above the first FROM, which this stage does not see: `{1}` is empty without an ARG here.',
        name,
        written,
      );
    case 'platform':
      return l10n.t('`{0}` is empty here: a stage sees `{1}` only after an ARG of that name.', written, name);
    case 'later':
      return l10n.t('`{0}` is empty here: `{1}` is set further down only, on line {2}.', written, name, reason.line);
    case 'elsewhere':
      return l10n.t('`{0}` is empty here: line {1} sets `{2}` for another stage only.', written, reason.line, name);
    case 'misspelt':
      return l10n.t('`{0}` is not defined, so `{1}` is empty; `{2}` may be meant.', name, written, reason.meant);
    case 'nowhere':
      return modifier === ':-' || modifier === '-'
        ? l10n.t('Nothing in this file or in `{0}` defines `{1}`, so its default always counts.', reason.base, name)
        : l10n.t('Nothing in this file or in `{0}` defines `{1}`, so `{2}` is empty.', reason.base, name, written);
  }
}
