/** `ENV A=1 B=$A`: all values of one ENV are computed before any of them is set. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../../model/model';
import { variableReferences } from '../../syntax/references';
import type { Pair } from '../../syntax/tree';
import { keywordLike, replace } from '../edits';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'self-reference-in-env',
  category: 'correctness',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['ENV'],
  aliases: ['DL3044'],
  fix: 'suggestion',
  docs: {
    what: 'An `ENV` sets a variable and uses it in another one that stands behind it in the same instruction.',
    why: 'Docker computes all values of an `ENV` with what holds before it. The second variable gets the old value of the first, which is mostly nothing.',
    fix: 'Use two instructions. The quick fix splits the `ENV` in front of the variable that uses the other; an `ENV` makes no layer, so this costs nothing.',
    ignore: 'Where the old value is what you want; written in front of the new one it is clearer.',
    references: ['https://docs.docker.com/reference/dockerfile/#environment-replacement'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.12
        ENV APP=/srv/app BIN=$APP/bin
                             ^^^^ warning self-reference-in-env: \`BIN\` gets the value that \`APP\` had before this ENV, not \`/srv/app\`.
      `,
      good: dockerfile`
        FROM python:3.12
        ENV APP=/srv/app
        ENV BIN=$APP/bin
      `,
    },
    {
      bad: dockerfile`
        FROM golang:1.24
        # where things are
        ENV ROOT=/srv \
            # the programs
            PATH="\${ROOT}/bin:$PATH" \
                  ^^^^^^^ warning self-reference-in-env: \`PATH\` gets the value that \`ROOT\` had before this ENV, not \`/srv\`.
            GOFLAGS=-mod=mod
      `,
      good: dockerfile`
        FROM golang:1.24
        # where things are
        ENV ROOT=/srv
            # the programs
        ENV PATH="\${ROOT}/bin:$PATH" \
            GOFLAGS=-mod=mod
      `,
    },
    {
      ok: dockerfile`
        FROM python:3.12
        ENV PATH=/srv/bin:$PATH
        ENV OLD_PATH=$PATH PATH=/opt/bin:$PATH
      `,
      because: 'a variable may add to itself, and what stands in front of the new value means the old one',
    },
    {
      ok: dockerfile`
        FROM python:3.12
        ENV APP=/srv/app PRICE=\$APP
        ARG A=1 B=$A
      `,
      because: 'an escaped dollar is no variable, and an ARG sees those in front of it',
    },
  ],
  *check({ model }) {
    for (const step of model.steps) {
      if (step.keyword !== 'ENV') continue;
      const { pairs } = step.body;
      if (pairs.length < 2 || !step.body.joined.includes('$')) continue;
      for (const [index, pair] of pairs.entries()) {
        const earlier = pairs.slice(0, index);
        const use = firstUse(step, pair, earlier);
        if (!use) continue;
        yield {
          at: onOneLine(model.dockerfile, use.at),
          message: l10n.t(
            '`{0}` gets the value that `{1}` had before this ENV, not `{2}`.',
            pair.name,
            use.of.name,
            quotable(use.of.value ?? ''),
          ),
          fix: () => split(step, earlier.at(-1), pair, model.dockerfile.eol),
        };
      }
    }
  },
});

/** Where a pair uses one that stands in front of it; one that it sets itself it may add to. */
function firstUse(step: Step, pair: Pair, earlier: readonly Pair[]) {
  const { value, valueSpan } = pair;
  if (!value?.includes('$') || !valueSpan || earlier.length === 0) return null;
  for (const { name, start, end } of variableReferences(value, step.body.escape)) {
    const of = earlier.find((other) => other.name === name);
    if (!of || name === pair.name) continue;
    const isWritten = step.body.raw.slice(valueSpan.from, valueSpan.to) === value;
    const local = isWritten ? { from: valueSpan.from + start, to: valueSpan.from + end } : valueSpan;
    return { of, at: step.at(local) };
  }
  return null;
}

/** Ends the ENV before a pair and begins another one with it; comment lines in between stay where they are. */
function split(step: Step, before: Pair | undefined, pair: Pair, eol: string): FixResult {
  if (!before) return { refused: l10n.t('Nothing stands before it.') };
  const { body, instruction } = step;
  const gap = body.raw.slice(before.span.to, pair.span.from);
  const lines = gap.split(/\r?\n/);
  const comments = lines.slice(1, -1).filter((line) => line.trim().startsWith('#'));
  const first = body.raw.slice(0, body.keywordSpan.to);
  const keyword = keywordLike(instruction, first);
  return {
    title: l10n.t('Split the ENV in front of `{0}`', pair.name),
    safety: 'suggestion',
    edits: [
      replace(
        { start: step.at(before.span).end, end: step.at(pair.span).start },
        [eol, ...comments.map((comment) => comment + eol), `${keyword} `].join(''),
      ),
    ],
    claims: [instruction.span],
    risk: l10n.t('`{0}` then gets the new value.', pair.name),
  };
}
