/** An archive is copied into the image and unpacked by a RUN: it stays in the layer of the COPY. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { startDirectory } from '../../model/base-config';
import { absoluteIn } from '../../model/copied-paths';
import type { CopyPath, CopyStep, Model, RunStep } from '../../model/model';
import { isWithin, normalizePath, resolvePath } from '../../model/paths';
import { isShipped } from '../../model/shipped';
import { isCopyStep, isRunStep } from '../../model/steps';
import { directoriesOf, pathOf } from '../../shell/directories';
import { removals } from '../../shell/removals';
import type { ShellCommand, ShellScript } from '../../shell/script';
import { keywordLike, removeInstruction, replace } from '../edits';
import { onOneLine, quotable } from '../places';
import { removeCommand } from '../remove-command';
import { defineRule, dockerfile, type Edit, type FixResult } from '../rule';

export default defineRule({
  id: 'archive-kept',
  category: 'size',
  severity: 'warning',
  aliases: ['DL3010', 'S7026'],
  fix: 'suggestion',
  docs: {
    what: 'A `COPY` or `ADD` brings an archive, and a later `RUN` of the stage unpacks it.',
    why: 'The archive stays in the layer of the `COPY`, beside what was unpacked, and no later `rm` makes that layer smaller.',
    fix: 'Let Docker unpack it: `ADD app.tar.gz /srv/` does so for a tar archive of the build context, `ADD --unpack=true https://…` for one from the network. Or fetch and unpack in one `RUN`: `curl … | tar -x`; or mount it: `RUN --mount=type=bind,source=app.zip,target=/tmp/app.zip unzip …`. The quick fix makes an `ADD` of it where the command is a plain `tar -x`.',
    ignore: 'When the container itself needs the archive.',
    references: [
      'https://docs.docker.com/reference/dockerfile/#add',
      'https://docs.docker.com/build/building/best-practices/#add-or-copy',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12
        COPY app.tar.gz /tmp/
             ^^^^^^^^^^ warning archive-kept: \`app.tar.gz\` stays in this layer beside what \`tar\` on line 3 unpacks from it.
        RUN tar -xzf /tmp/app.tar.gz -C /srv
        CMD ["/srv/app"]
      `,
      good: dockerfile`
        FROM debian:12
        ADD app.tar.gz /srv/
        CMD ["/srv/app"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        WORKDIR /opt
        add https://example.org/jdk-21.tar.xz jdk.tar.xz
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning archive-kept
        RUN mkdir /data \
            # the whole of it
            && tar xJf jdk.tar.xz \
            && ln -s /opt/jdk-21/bin/java /usr/bin/java
      `,
      good: dockerfile`
        FROM debian:12
        WORKDIR /opt
        add --unpack=true https://example.org/jdk-21.tar.xz /opt/
        RUN mkdir /data \
            # the whole of it
            && ln -s /opt/jdk-21/bin/java /usr/bin/java
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        COPY dist/site.zip /tmp/site.zip
             ^^^^^^^^^^^^^ warning archive-kept
        RUN <<EOF
        unzip /tmp/site.zip -d /srv
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        ADD app.tar.gz /srv/
        COPY data.tar.gz /srv/
        RUN tar -tzf /srv/data.tar.gz && tar -xzf /srv/app/inner.tar.gz
      `,
      because: 'ADD unpacks it itself, and the other one is only listed',
    },
    {
      ok: dockerfile`
        FROM debian:12 AS unpack
        COPY app.tar.gz /tmp/
        RUN tar -xzf /tmp/app.tar.gz -C /srv
        FROM debian:12
        COPY --from=unpack /srv /srv
        RUN --mount=type=bind,source=b.tar.gz,target=/b.tar.gz tar -xzf /b.tar.gz
      `,
      because: 'the first stage is not part of the image, and a mount leaves nothing behind',
    },
  ],
  *check({ model, context }) {
    for (const copy of model.copies) {
      if (copy.stage.isWindows || !isShipped(model, copy.stage)) continue;
      for (const archive of archivesOf(copy, context)) {
        const unpacking = unpackingOf(copy, archive);
        if (!unpacking) continue;
        const { run, command } = unpacking;
        yield {
          at: onOneLine(model.dockerfile, copy.at(archive.source.span)),
          message: l10n.t(
            '`{0}` stays in this layer beside what `{1}` on line {2} unpacks from it.',
            quotable(archive.source.text),
            command.name ?? '',
            model.dockerfile.lines.lineAt(run.at(command.span).start) + 1,
          ),
          aliases: /^\w+:\/\//.test(archive.source.text) ? ['S7026'] : ['DL3010', 'S7026'],
          related: [{ at: onOneLine(model.dockerfile, run.at(command.span)), message: l10n.t('It is unpacked here.') }],
          fix: () => letDockerUnpack(model, copy, archive, unpacking),
        };
      }
    }
  },
});

interface Archive {
  readonly source: CopyPath;
  readonly path: string;
  readonly isTar: boolean;
  readonly isRemote: boolean;
}

const tarEnding = /\.(?:tar|tar\.(?:gz|xz|bz2|zst|lzma)|tgz|tbz2?|txz|tzst)$/i;
const otherEnding = /\.(?:zip|7z|rar|war)$/i;

/** The archives that a COPY or ADD leaves as they are. */
function archivesOf(copy: CopyStep, context: BuildContext | null): Archive[] {
  const written = copy.destination?.value ?? null;
  const destination = written === null ? null : absoluteIn(copy, written);
  if (written === null || destination === null || copy.body.flags.some(({ name }) => name === 'unpack')) return [];
  const isFolder = /(?:^|\/)\.{0,2}$/.test(written) || copy.sources.length > 1;
  return copy.sources.flatMap((source) => {
    const value = source.value ?? source.text;
    const isRemote = /^(?:https?|ftp):\/\//.test(value);
    const name = (isRemote ? value.replace(/[?#].*$/, '') : value).split('/').at(-1) ?? '';
    const isTar = tarEnding.test(name) || (isRemote && tarEnding.test(destination));
    if (!(isTar || otherEnding.test(name)) || /[*?[]/.test(name)) return [];
    // ADD unpacks a local one by itself.
    if (copy.keyword === 'ADD' && !isRemote && isTar && copy.fromText === null) return [];
    if (context?.entries.get(value.replace(/^(?:\.?\/)+/, ''))?.type === 'directory') return [];
    return [{ source, path: isFolder ? normalizePath(`${destination}/${name}`) : destination, isTar, isRemote }];
  });
}

interface Unpacking {
  readonly run: RunStep;
  readonly script: ShellScript;
  readonly command: ShellCommand;
}

/** The first command that unpacks the archive; null where a later RUN deletes it, which is a finding of its own. */
function unpackingOf(copy: CopyStep, { path }: Archive): Unpacking | null {
  let found: Unpacking | null = null;
  for (const step of copy.stage.steps.slice(copy.index + 1)) {
    if (isCopyStep(step) || !isRunStep(step)) continue;
    for (const script of step.scripts) {
      for (const removal of removals(script)) {
        const gone = removal.path === null ? null : absoluteIn(step, removal.path.replace(/\/?\*.*$/, ''));
        if (gone !== null && isWithin(path, gone)) return null;
      }
      const command: ShellCommand | undefined = found
        ? undefined
        : script.commands.find((one) => unpacks(one, script, step, path));
      if (command) found = { run: step, script, command };
    }
  }
  return found;
}

function unpacks(command: ShellCommand, script: ShellScript, run: RunStep, path: string): boolean {
  if (!isUnpacker(command)) return false;
  const directory = directoriesOf(script).get(command) ?? null;
  return command.args.some((arg) => {
    const written = pathOf(arg, directory);
    if (written === null) return false;
    const absolute = absoluteIn(run, written);
    if (absolute === null || !/[*?]/.test(absolute)) return absolute === path;
    const pattern = absolute
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '[^/]*')
      .replace(/\?/g, '[^/]');
    return new RegExp(`^${pattern}$`).test(path);
  });
}

function isUnpacker({ name, args }: ShellCommand): boolean {
  if (name === 'unzip' || name === 'unrar' || name === '7z') return !args.some((arg) => /^-[lptvzZ]+$/.test(arg.text));
  if (name !== 'tar' && name !== 'bsdtar') return false;
  return (
    /^[a-zA-Z]*x[a-zA-Z]*$/.test(args[0]?.text ?? '') ||
    args.some((arg) => /^-[a-zA-Z]*x[a-zA-Z]*$|^--(?:extract|get)$/.test(arg.text))
  );
}

function letDockerUnpack(
  model: Model,
  copy: CopyStep,
  archive: Archive,
  { run, script, command }: Unpacking,
): FixResult {
  const line = run.instruction.line + 1;
  const folder = archive.isTar ? plainFolder(run, script, command) : null;
  if (!archive.isTar)
    return {
      refused: l10n.t(
        'ADD does not unpack `{0}`; mount it for the RUN on line {1} instead.',
        archive.source.text,
        line,
      ),
    };
  if (folder === null)
    return {
      refused: l10n.t(
        '`{0}` on line {1} does more than ADD can.',
        quotable(script.text.slice(command.start, command.end)),
        line,
      ),
    };
  if (copy.fromText !== null || copy.sources.length > 1)
    return {
      refused: l10n.t('The {0} on line {1} brings more than this archive.', copy.keyword, copy.instruction.line + 1),
    };
  if (archive.isRemote && model.builder === 'legacy')
    return { refused: l10n.t('The legacy builder does not know `{0}`.', '--unpack') };
  const isOnly = run.scripts.length === 1 && script.commands.length === 1 && run.mounts.length === 0;
  const removal = isOnly
    ? removeInstruction(model.dockerfile, run.instruction)
    : removeCommand(model.dockerfile, run, script, command);
  if (removal === null) return { refused: l10n.t('`{0}` on line {1} cannot be taken out.', command.name ?? '', line) };
  const { destination } = copy;
  const edits: Edit[] = [removal];
  const keyword = keywordLike(copy.instruction, 'ADD');
  const flag = archive.isRemote ? ' --unpack=true' : '';
  if (copy.keyword !== 'ADD' || flag !== '') edits.push(replace(copy.at(copy.body.keywordSpan), `${keyword}${flag}`));
  if (destination) edits.push(replace(copy.at(destination.span), folder));
  return {
    title: l10n.t('Let ADD unpack it into `{0}`', folder),
    safety: 'suggestion',
    edits,
    claims: [{ start: copy.instruction.span.start, end: run.instruction.span.end }],
    risk: l10n.t(
      'The archive itself is then not in the image, and ADD gives the files the owners and modes of the archive.',
    ),
  };
}

/** Where a plain `tar -x` unpacks to, with a slash at its end; null where it has other options, or members to choose. */
function plainFolder(run: RunStep, script: ShellScript, command: ShellCommand): string | null {
  const { args, name, redirects, nesting } = command;
  if (name !== 'tar' || redirects.length > 0 || nesting !== 'top') return null;
  const directory = directoriesOf(script).get(command) ?? null;
  let target: string | null =
    directory === null ? null : resolvePath(startDirectory(run), directory === '' ? '.' : directory);
  let operands = 0;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index];
    if (!arg || arg.value === null) return null;
    const text = arg.value;
    const option = /^--directory(?:=(.*))?$/.exec(text);
    if (text === '-C' || option) {
      const folder = option?.[1] ?? args[++index]?.value ?? null;
      target = folder === null ? null : resolvePath(target, folder);
    } else if (/^--(?:extract|get|gzip|xz|bzip2|verbose)$/.test(text)) continue;
    else if (/^--file(?:=|$)/.test(text)) operands += text.includes('=') ? 1 : 0;
    else if (/^-?[xzjJvfa]+$/.test(text) && (text.startsWith('-') || index === 0)) continue;
    else if (text.startsWith('-')) return null;
    else operands++;
  }
  // In an unknown working directory both mean the same by a dot.
  if (operands === 1 && target === null && directory === '' && !args.some((arg) => /^-C|^--directory/.test(arg.text)))
    return './';
  if (operands !== 1 || target === null) return null;
  return target === '/' ? '/' : `${target}/`;
}
