/** The package lists that `apt-get update` fetches stay in the layer for good. */
import * as l10n from '@vscode/l10n';
import { aptLists, type ListUse, lastFetch, laterListUse, listReadersIn } from '../../model/apt-lists';
import { callsCleanUpScript, emptiesFolder } from '../../model/clean-up';
import { laterLook } from '../../model/later-looks';
import type { Model, RunStep } from '../../model/model';
import { isShipped } from '../../model/shipped';
import { packageCalls } from '../../shell/package-calls';
import type { PackageCall } from '../../shell/packages';
import type { ShellCommand, ShellScript } from '../../shell/script';
import { appendCommand } from '../append-command';
import { insert } from '../edits';
import { riskOfLook } from '../later-look-risk';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type Edit, type FixResult } from '../rule';

export default defineRule({
  id: 'apt-lists-kept',
  category: 'size',
  severity: 'warning',
  keywords: ['RUN'],
  aliases: ['DL3009', 'S6587'],
  fix: 'safe',
  changes: { what: 'removes /var/lib/apt/lists/*', files: [`${aptLists}/**`] },
  docs: {
    what: 'A `RUN` fetches the package lists of apt and does not delete them again.',
    why: 'The lists are some 20 to 50 MB, they are out of date within days, and nothing in the container needs them. A later `RUN` that deletes them only hides them: the layer keeps its bytes.',
    fix: "Delete them in the same `RUN`, behind the last install: `rm -rf /var/lib/apt/lists/*`. The quick fix does so, in the style of the command. A cache mount on `/var/lib/apt` keeps them out of the image, too. Debian's own images clean up downloaded packages by themselves (`docker-clean`), but never the lists. In a stage that only builds something for another one, the finding is a hint: the lists take space on the builder alone.",
    ignore:
      'Where whoever uses the container, or an image built from this one, installs packages without an update of its own.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#apt-get',
      'https://docs.docker.com/build/cache/optimize/#use-cache-mounts',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            && apt-get install -y --no-install-recommends curl
               ^^^^^^^^^^^^^^^ warning apt-lists-kept: The package lists of \`apt-get update\` stay in this layer: some 20 to 50 MB that nothing needs.
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            && apt-get install -y --no-install-recommends curl \
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN set -eux; \
            apt-get update; \
            # what the tests need
            apt-get install -y --no-install-recommends \
            ^^^^^^^^^^^^^^^ warning apt-lists-kept
              curl \
              git; \
            git --version
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN set -eux; \
            apt-get update; \
            # what the tests need
            apt-get install -y --no-install-recommends \
              curl \
              git; \
            rm -rf /var/lib/apt/lists/*; \
            git --version
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        apt-get update
        apt-get install -y --no-install-recommends curl # for the health check
        ^^^^^^^^^^^^^^^ warning apt-lists-kept
        curl --version
        EOF
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        apt-get update
        apt-get install -y --no-install-recommends curl # for the health check
        rm -rf /var/lib/apt/lists/*
        curl --version
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y curl || exit 1; curl --version
                              ^^^^^^^^^^^^^^^ warning apt-lists-kept
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/* || exit 1; curl --version
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN --mount=type=cache,target=/var/lib/apt,sharing=locked \
            --mount=type=cache,target=/var/cache/apt,sharing=locked \
            apt-get update && apt-get install -y --no-install-recommends curl
      `,
      because: 'a cache mount holds the lists',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        apt-get update
        apt-get install -y --no-install-recommends curl
        rm -rf /var/lib/apt/lists/*
        EOF
      `,
      because: 'the same RUN deletes them',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y curl \
            # lists, caches and logs
            && apt-get dist-clean
      `,
      because: 'dist-clean deletes the lists as well',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      const fetched = run.isKnown ? lastFetch(run) : null;
      if (!fetched || run.hasCacheMount(aptLists)) continue;
      const { script, call } = fetched;
      if (isCleaned(run, script, call.command.start)) continue;
      const install = packageCalls(script).find(
        (one) => one.action === 'install' && one.manager.startsWith('apt') && one.command.start > call.command.start,
      );
      yield {
        at: onOneLine(model.dockerfile, run.at((install ?? call).nameSpan)),
        message: l10n.t(
          'The package lists of `{0}` stay in this layer: some 20 to 50 MB that nothing needs.',
          `${call.manager} ${call.subcommand}`,
        ),
        ...(isShipped(model, run.stage) ? {} : { severity: 'hint' as const }),
        fix: () => cleanUp(model, run, script, call),
      };
    }
  },
});

/** Whether the lists are deleted behind an offset of the script, or in a script that belongs to the same RUN. */
function isCleaned(run: RunStep, script: ShellScript, from: number): boolean {
  return run.scripts.some((one) => {
    const start = one === script ? from : 0;
    return emptiesFolder(one, aptLists, start) || callsCleanUpScript(one, start);
  });
}

function cleanUp(model: Model, run: RunStep, script: ShellScript, fetch: PackageCall): FixResult {
  const last = lastUser(script, fetch.command);
  const isSudo = fetch.command.prefixes.some((prefix) => prefix === 'sudo' || prefix === 'doas');
  const prefix = isSudo ? `${fetch.command.prefixes.find((one) => one === 'sudo' || one === 'doas')} ` : '';
  const edits = appendCommand(model.dockerfile, run, script, last, `${prefix}rm -rf ${aptLists}/*`);
  if ('refused' in edits) return edits;
  const title = l10n.t('Delete the package lists in the same RUN');
  const use = laterListUse(model, run);
  if (use) return withLaterUse(model, run, last === fetch.command, edits, use);
  const look = laterLook(model, run, last, aptLists);
  if (look) return { title, safety: 'suggestion', edits, saves: saves(), risk: riskOfLook(look, aptLists) };
  const { user } = run.before;
  if (!isSudo && user !== null && !/^(?:root|0)(?::|$)/.test(user))
    return {
      title,
      safety: 'suggestion',
      edits,
      saves: saves(),
      risk: l10n.t(
        'The RUN on line {0} runs as `{1}`, who may not be allowed to delete them.',
        run.instruction.line + 1,
        user,
      ),
    };
  return { title, safety: 'safe', edits };
}

/** Where a later step counts on these lists, it has to fetch its own: the author must want that. */
function withLaterUse(
  model: Model,
  run: RunStep,
  isOnlyFetch: boolean,
  edits: readonly Edit[],
  use: ListUse,
): FixResult {
  const line = use.step.instruction.line + 1;
  const name = nameOf(use.command);
  if (isOnlyFetch && use.step.stage === run.stage)
    return {
      refused: l10n.t('`{0}` on line {1} needs these lists; fetch them in the RUN that does.', name, line),
    };
  const title = l10n.t('Delete the package lists in the same RUN');
  const fetching = fetchBefore(model, use);
  const risk = fetching
    ? l10n.t('The RUN on line {0} relies on these lists and fetches its own then.', line)
    : l10n.t('`{0}` on line {1} may rely on these lists and needs an update of its own then.', name, line);
  return { title, safety: 'suggestion', edits: fetching ? [...edits, ...fetching] : edits, saves: saves(), risk };
}

/** What the lists of Debian and of Ubuntu come to. */
const saves = (): string => l10n.t('20 to 50 MB of package lists');

/** The edits that let a later RUN fetch the lists and delete them again; null where that is not certain to work. */
function fetchBefore(model: Model, { step, command }: ListUse): readonly Edit[] | null {
  if (command.nesting !== 'top' || command.quoted || step.keyword !== 'RUN' || step.body.json) return null;
  if (command.connector === '||' || command.connector === '|' || !/^apt(?:-get)?$/.test(command.name ?? ''))
    return null;
  const script = step.scripts.find((one) => one.commands.includes(command));
  if (!script) return null;
  const sudo = command.prefixes.includes('sudo') ? 'sudo ' : '';
  const fetching = insert(step.at(command.span).start, `${sudo}${command.name} update && `);
  if (laterListUse(model, step)) return [fetching];
  const cleaning = appendCommand(
    model.dockerfile,
    step,
    script,
    lastUser(script, command),
    `${sudo}rm -rf ${aptLists}/*`,
  );
  return 'refused' in cleaning ? [fetching] : [fetching, ...cleaning];
}

const nameOf = (command: ShellCommand): string => command.nameWord?.unquoted ?? '';

/** The last command that needs the lists; inside a function it is the last call of that function that counts. */
function lastUser(script: ShellScript, fetch: ShellCommand): ShellCommand {
  const last =
    listReadersIn(script)
      .filter((command) => command.start > fetch.start)
      .at(-1) ?? fetch;
  if (last.nesting !== 'function') return last;
  const names = script.functions.filter((one) => one.start <= last.start && last.end <= one.end).map((one) => one.name);
  return script.commands.filter((command) => command.name !== null && names.includes(command.name)).at(-1) ?? last;
}
