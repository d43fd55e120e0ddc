/** A group of packages that was made to be deleted again is not. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import { isShipped } from '../../model/shipped';
import { isRunStep } from '../../model/steps';
import { packageCalls } from '../../shell/package-calls';
import type { PackageCall, PackageFlag } from '../../shell/packages';
import type { ShellScript } from '../../shell/script';
import { appendCommand } from '../append-command';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'virtual-packages-kept',
  category: 'size',
  severity: 'warning',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: '`apk add --virtual name` gives a group of packages a name, and no `apk del name` follows in the same `RUN`.',
    why: 'The name is there to delete them together once they have served. Left alone, compilers and headers stay in the image, 150 MB and more. Deleted in a later `RUN`, they are hidden but stay in the layer below.',
    fix: 'Build and delete in the `RUN` that installs: `apk add --no-cache --virtual .build gcc musl-dev && pip install … && apk del .build`. The quick fix deletes the group at the end of the `RUN`. Where a later `RUN` needs it, join the two or build in another stage.',
    ignore:
      'Where the group is a list of what the program needs at run time. Names like `.run-deps` are taken for that and not reported.',
    references: ['https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.13-alpine
        RUN apk add --no-cache --virtual .build-deps \
                               ^^^^^^^^^^^^^^^^^^^^^ warning virtual-packages-kept: The packages of \`.build-deps\` are never deleted: they stay in the image.
              gcc \
              # headers of the C library
              musl-dev \
            && pip install --no-cache-dir uwsgi
        CMD ["uwsgi"]
      `,
      good: dockerfile`
        FROM python:3.13-alpine
        RUN apk add --no-cache --virtual .build-deps \
              gcc \
              # headers of the C library
              musl-dev \
            && pip install --no-cache-dir uwsgi \
            && apk del .build-deps
        CMD ["uwsgi"]
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN <<EOF
        set -e
        apk add --no-cache -t build make gcc
                           ^^^^^^^^ warning virtual-packages-kept
        make -C /src install
        EOF
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN <<EOF
        set -e
        apk add --no-cache -t build make gcc
        make -C /src install
        apk del build
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM ruby:3.4-alpine
        RUN apk add --no-cache --virtual=.gems build-base
                               ^^^^^^^^^^^^^^^ warning virtual-packages-kept: The packages of \`.gems\` are only deleted on line 4: they stay in the layer of this RUN.
        RUN bundle install
        RUN apk del .gems
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache --virtual .build gcc make \
            && make install \
            && apk del --no-network .build
        RUN apk add --no-cache --virtual .run-deps libpq
      `,
      because: 'one group is deleted, the other is for the program',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20 AS build
        RUN apk add --no-cache --virtual .build gcc make
        FROM alpine:3.20
        COPY --from=build /tool /tool
        ARG GROUP
        RUN apk add --no-cache --virtual $GROUP curl && apk del \
            # whatever it is called
            $GROUP
      `,
      because: 'the build stage is not shipped, and the other is deleted by its variable',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown || !isShipped(model, run.stage)) continue;
      for (const script of run.scripts)
        for (const call of packageCalls(script)) {
          const group = groupOf(call);
          if (!group || isForRunning(group.name) || deletes(script, group.name, call.command.start)) continue;
          const later = laterDeletion(run, group.name);
          if (later === 'unknown') continue;
          yield {
            at: onOneLine(model.dockerfile, run.at(spanOf(group.flag))),
            message: later
              ? l10n.t(
                  'The packages of `{0}` are only deleted on line {1}: they stay in the layer of this RUN.',
                  group.name,
                  later.instruction.line + 1,
                )
              : l10n.t('The packages of `{0}` are never deleted: they stay in the image.', group.name),
            fix: (): FixResult => deleteAtEnd(model.dockerfile, run, script, call, group.name, later),
          };
        }
    }
  },
});

interface Group {
  readonly name: string;
  readonly flag: PackageFlag;
}

function groupOf(call: PackageCall): Group | null {
  if (call.manager !== 'apk' || call.action !== 'install') return null;
  const flag = call.flags.find(({ name }) => name === '--virtual' || name === '-t');
  const name = flag?.valueWord?.unquoted ?? flag?.value ?? '';
  return flag && name !== '' && call.packages.length > 0 ? { name, flag } : null;
}

/** What the program goes on to need is named so: `.run-deps`, `.python-rundeps`, `runtime`. */
const isForRunning = (name: string): boolean => /run|persist|perm|prod|keep|require|phpize/i.test(name);

const spanOf = ({ word, valueWord }: PackageFlag) =>
  valueWord && valueWord !== word ? { from: word.span.from, to: valueWord.span.to } : word.span;

/** Whether the group is deleted behind a place of a script, by its name or by something that may be it. */
function deletes(script: ShellScript, name: string, from: number): boolean {
  return packageCalls(script).some(
    (call) =>
      call.manager === 'apk' &&
      call.action === 'remove' &&
      call.command.start > from &&
      call.operands.some((word) => word.unquoted === name || word.value === null),
  );
}

function laterDeletion(run: RunStep, name: string): RunStep | 'unknown' | null {
  for (const step of run.stage.steps.slice(run.index + 1)) {
    if (!isRunStep(step)) continue;
    if (!step.isKnown) return 'unknown';
    if (step.scripts.some((script) => deletes(script, name, -1))) return step;
  }
  return null;
}

/** What compiles, and so needs what the group holds. */
const compiles =
  /^(?:g?make|cmake|gcc|g\+\+|cc|go|cargo|pip[\d.]*|npm|yarn|pnpm|bundle|gem|composer|pecl|docker-php-ext-\w+|poetry|pipenv|uv|python[\d.]*|configure|phpize|mix|rebar3|node-gyp)$/;

function deleteAtEnd(
  file: Parameters<typeof appendCommand>[0],
  run: RunStep,
  script: ShellScript,
  call: PackageCall,
  name: string,
  later: RunStep | null,
): FixResult {
  const line = run.instruction.line + 1;
  if (later)
    return {
      refused: l10n.t('Line {0} deletes them: bring both into one RUN.', later.instruction.line + 1),
    };
  if (!/^[\w.-]+$/.test(name))
    return { refused: l10n.t('The group `{0}` on line {1} is named by a variable.', name, line) };
  const needing = run.stage.steps
    .slice(run.index + 1)
    .find(
      (step) =>
        isRunStep(step) && step.scripts.some(({ commands }) => commands.some((one) => compiles.test(one.name ?? ''))),
    );
  if (needing)
    return {
      refused: l10n.t('Line {0} may still need them: bring both into one RUN.', needing.instruction.line + 1),
    };
  const last = script.commands.filter(({ nesting }) => nesting === 'top').at(-1) ?? call.command;
  const edits = appendCommand(file, run, script, last, `apk del ${name}`);
  if ('refused' in edits) return edits;
  return {
    title: l10n.t('Delete `{0}` at the end of the RUN', name),
    safety: 'suggestion',
    edits,
    risk: l10n.t('Libraries that the program loads may be among them: install those outside the group.'),
  };
}
