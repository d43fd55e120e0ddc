/** A RUN downloads what it only needs itself, and leaves it in the layer. */
import * as l10n from '@vscode/l10n';
import type { Model, RunStep } from '../../model/model';
import { isWithin, resolvePath } from '../../model/paths';
import { isShipped } from '../../model/shipped';
import { isRunStep } from '../../model/steps';
import { expandIn } from '../../model/variables';
import { directoriesOf } from '../../shell/directories';
import { removals } from '../../shell/removals';
import type { ShellCommand, ShellScript, ShellWord } from '../../shell/script';
import { writesOf } from '../../shell/writes';
import { appendCommand } from '../append-command';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'temporary-file-kept',
  category: 'size',
  severity: 'info',
  keywords: ['RUN'],
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'A `RUN` downloads an archive, a package or an installer and unpacks, installs or runs it, checks a signature by a file, or works in a directory of `mktemp -d`, and does not delete it.',
    why: 'The file stays in the layer for good: a later `RUN rm` only hides it.',
    fix: 'Delete it at the end of the same `RUN`, or do not store it in the first place: `curl -fsSL … | tar -xz`. The quick fix appends the `rm`.',
    ignore: 'When the container needs the file.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#run',
      'https://docs.docker.com/build/building/best-practices/#add-or-copy',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12
        RUN curl -fsSL -o /tmp/tool.tar.gz https://example.org/tool.tar.gz \
            ^^^^ info temporary-file-kept: \`/tmp/tool.tar.gz\` is not needed after \`tar\`, and stays in this layer.
            # the version of today
            && tar -xzf /tmp/tool.tar.gz -C /opt \
            && ln -s /opt/tool/bin/tool /usr/bin/tool
      `,
      good: dockerfile`
        FROM debian:12
        RUN curl -fsSL -o /tmp/tool.tar.gz https://example.org/tool.tar.gz \
            # the version of today
            && tar -xzf /tmp/tool.tar.gz -C /opt \
            && rm /tmp/tool.tar.gz \
            && ln -s /opt/tool/bin/tool /usr/bin/tool
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12
        RUN <<EOF
        set -e
        export GNUPGHOME="$(mktemp -d)"
                            ^^^^^^ info temporary-file-kept: \`$GNUPGHOME\` is a temporary directory, and stays in this layer.
        gpg --batch --keyserver keyserver.example.org --recv-keys 0123
        wget https://example.org/app.deb
        ^^^^ info temporary-file-kept
        dpkg -i app.deb
        EOF
      `,
      good: dockerfile`
        FROM debian:12
        RUN <<EOF
        set -e
        export GNUPGHOME="$(mktemp -d)"
        gpg --batch --keyserver keyserver.example.org --recv-keys 0123
        rm -rf "$GNUPGHOME"
        wget https://example.org/app.deb
        dpkg -i app.deb
        rm app.deb
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12
        RUN curl -fsSL https://example.org/tool.tar.gz | tar -xz -C /opt
        RUN wget https://example.org/a.zip && unzip a.zip && rm -f *.zip
        RUN curl -fsSLo /usr/local/bin/tool https://example.org/tool && chmod +x /usr/local/bin/tool
      `,
      because: 'nothing is stored, it is deleted, or it is what was wanted',
    },
    {
      ok: dockerfile`
        FROM debian:12 AS build
        RUN wget https://example.org/a.tar.gz && tar -xf a.tar.gz
        FROM debian:12
        COPY --from=build /a /a
        RUN --mount=type=tmpfs,target=/tmp curl -o /tmp/b.zip https://example.org/b.zip && unzip /tmp/b.zip
      `,
      because: 'the layers of the first stage are not shipped, and the mount is no part of the image',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown || run.isExec || !isShipped(model, run.stage)) continue;
      for (const script of run.scripts) {
        for (const { command, name, last, isDirectory, at } of temporariesOf(run, script)) {
          if (isDeletedBelow(run, name)) continue;
          yield {
            at: onOneLine(model.dockerfile, run.at(at.span)),
            message: isDirectory
              ? l10n.t('`{0}` is a temporary directory, and stays in this layer.', quotable(name))
              : l10n.t('`{0}` is not needed after `{1}`, and stays in this layer.', quotable(name), last.name ?? ''),
            fix: () => deleteAfter(model, run, script, { command, name, last, isDirectory, at }),
          };
        }
      }
    }
  },
});

interface Temporary {
  readonly command: ShellCommand;
  /** As it is written: a path, or `$X`. */
  readonly name: string;
  /** The last command that uses it. */
  readonly last: ShellCommand;
  readonly isDirectory: boolean;
  readonly at: ShellWord;
}

function temporariesOf(run: RunStep, script: ShellScript): Temporary[] {
  const found: Temporary[] = [];
  for (const { command, text, kind, path } of writesOf(script)) {
    if ((command.name !== 'curl' && command.name !== 'wget') || kind === 'directory' || !command.nameWord) continue;
    const base = text.slice(text.lastIndexOf('/') + 1);
    if (base === '' || /^[$*]+$/.test(base) || isMounted(run, path)) continue;
    const users = usersOf(script, command, base);
    const last = users.at(-1);
    if (!last || !users.some((user) => consumes(user, base)) || users.some((user) => keeps(user))) continue;
    if (deletes(script, command, text)) continue;
    found.push({ command, name: text, last, isDirectory: false, at: command.nameWord });
  }
  for (const command of script.commands) {
    if (command.name !== 'mktemp' || !command.args.some((arg) => /^-\w*d|^--directory$/.test(arg.text))) continue;
    const variable = assignedTo(script, command);
    if (variable === null || !command.nameWord || isMounted(run, '/tmp')) continue;
    const users = script.commands.filter(
      (one) => one.start > command.end && mentions(script, one, `\\$\\{?${variable}\\b`),
    );
    // GnuPG finds its directory by itself.
    const gpgs =
      variable === 'GNUPGHOME' ? script.commands.filter((one) => one.name === 'gpg' && one.start > command.end) : [];
    const last = [...users, ...gpgs].sort((a, b) => a.start - b.start).at(-1);
    const isDone = users.some((user) => /^(?:rm|mv|trap|find|command)$/.test(user.name ?? 'command'));
    if (!last || isDone || new RegExp(`trap[^\\n]*${variable}`).test(script.text)) continue;
    found.push({ command, name: `$${variable}`, last, isDirectory: true, at: command.nameWord });
  }
  return found;
}

/** The variable that a substitution is assigned to: `X=$(mktemp -d)`. */
function assignedTo(script: ShellScript, command: ShellCommand): string | null {
  if (command.nesting !== 'substitution') return null;
  return /(?:^|[\s;&])(\w+)=["']?(?:\$\(|`)\s*$/.exec(script.text.slice(0, command.start))?.[1] ?? null;
}

const mentions = (script: ShellScript, command: ShellCommand, pattern: string): boolean =>
  new RegExp(pattern).test(script.text.slice(command.start, command.end));

/** Commands behind the download that name the file, by its own name or by a pattern. */
function usersOf(script: ShellScript, download: ShellCommand, base: string): ShellCommand[] {
  return script.commands.filter(
    (command) =>
      command.start > download.end &&
      [...command.args, ...(command.nameWord ? [command.nameWord] : [])].some((arg) => names(arg, base)),
  );
}

function names(arg: ShellWord, base: string): boolean {
  const last = arg.unquoted.slice(arg.unquoted.lastIndexOf('/') + 1);
  if (last === base || arg.unquoted.endsWith(`=${base}`)) return true;
  if (arg.kind !== 'glob' || !last.includes('*') || last === '*') return false;
  const pattern = last
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${pattern}$`).test(base);
}

/** What uses a file up: unpacking, installing, running, checking by it. */
function consumes({ name, args, nameWord }: ShellCommand, base: string): boolean {
  const texts = args.map((arg) => arg.unquoted);
  switch (name) {
    case 'tar':
    case 'bsdtar':
      return /^-?\w*x/.test(texts[0] ?? '') || texts.some((text) => /^-\w*x|^--extract$/.test(text));
    case 'unzip':
    case '7z':
      return !texts.some((text) => /^-[lt]$/.test(text));
    case 'dpkg':
    case 'rpm':
      return texts.some((text) => /^(?:-i|--install|-[a-zA-Z]*[iU][a-zA-Z]*)$/.test(text));
    case 'apt-get':
    case 'apt':
    case 'yum':
    case 'dnf':
    case 'microdnf':
    case 'zypper':
    case 'gdebi':
      return /\.(?:deb|rpm)$/.test(base);
    case 'sh':
    case 'bash':
    case 'python':
    case 'python3':
    case 'perl':
      return /\.(?:sh|run|bin|py|pl|bash)$/i.test(base) || /install|setup/i.test(base);
    case 'gpg':
      return /\.(?:asc|sig|gpg|key)$/.test(base) && texts.some((text) => /^--(?:verify|import|dearmor)$/.test(text));
    case 'apt-key':
      return texts.includes('add');
    default:
      return nameWord?.unquoted.endsWith(`/${base}`) === true && /\.(?:sh|run|bin)$|install|setup/i.test(base);
  }
}

/** What takes the file elsewhere, or uses it further on. */
function keeps({ name, args }: ShellCommand): boolean {
  if (name === 'mv' || name === 'cp' || name === 'install' || name === 'ln' || name === 'gunzip' || name === 'unxz')
    return true;
  if (name === 'gzip' || name === 'xz') return true;
  return (name === 'tar' || name === 'bsdtar') && args.some((arg) => arg.text === '--remove-files');
}

/** Whether the script deletes it, or may: by name, by a pattern, with its folder, or by what is not known. */
function deletes(script: ShellScript, download: ShellCommand, text: string): boolean {
  const base = text.slice(text.lastIndexOf('/') + 1);
  const folder = text.includes('/') ? text.slice(0, text.lastIndexOf('/')) : '';
  return removals(script).some((removal) => {
    if (removal.command.start < download.start) return false;
    const word = removal.text.replace(/\/+$/, '');
    const last = word.slice(word.lastIndexOf('/') + 1);
    if (last === base || (removal.word && names(removal.word, base)) || /[{$`]/.test(word)) return true;
    if (/^[*.]+$/.test(last)) return true;
    const inFolder = directoryText(script, download);
    return (
      removal.recursive &&
      [folder, inFolder].some(
        (one) => one !== '' && isWithin(`/${one}`.replace(/^\/+/, '/'), `/${word}`.replace(/^\/+/, '/')),
      )
    );
  });
}

const directoryText = (script: ShellScript, command: ShellCommand): string => directoriesOf(script).get(command) ?? '';

/** Whether a path lies in a mount of the RUN, and so outside the image. */
function isMounted(run: RunStep, path: string | null): boolean {
  return run.mounts.some(({ target }) => {
    const mount = target === null ? null : expandIn(target, run.before.scope, run.body.escape);
    const where = mount === null ? null : resolvePath(run.before.workdir, mount);
    if (where === null || path === null) return true;
    const absolute = resolvePath(run.before.workdir, path);
    return absolute === null || isWithin(absolute, where);
  });
}

/** A later RUN that deletes it has a finding of its own. */
function isDeletedBelow(run: RunStep, name: string): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return run.stage.steps
    .slice(run.index + 1)
    .some(
      (step) =>
        isRunStep(step) &&
        step.scripts.some((script) =>
          removals(script).some(({ word }) => word !== null && (names(word, base) || word.unquoted === '/tmp/*')),
        ),
    );
}

function deleteAfter(
  model: Model,
  run: RunStep,
  script: ShellScript,
  { command, name, last, isDirectory }: Temporary,
): FixResult {
  const line = run.instruction.line + 1;
  if (last.nesting !== 'top' || last.quoted)
    return { refused: l10n.t('Where in the RUN on line {0} `{1}` is used last is not certain.', line, quotable(name)) };
  const directories = directoriesOf(script);
  const isRelative = !/^[/$~]/.test(name);
  if (isRelative && directories.get(command) !== directories.get(last))
    return {
      refused: l10n.t('`{0}` was downloaded to another directory than `{1}` runs in.', quotable(name), last.name ?? ''),
    };
  const isPlain = /^[\w./~+:@%,=-]+$/.test(name);
  const word = isPlain ? name : `"${name}"`;
  if (script.form === 'json' || /["`\\]/.test(name))
    return { refused: l10n.t('Where in the RUN on line {0} `{1}` is used last is not certain.', line, quotable(name)) };
  const edits = appendCommand(model.dockerfile, run, script, last, `${isDirectory ? 'rm -rf' : 'rm'} ${word}`);
  if ('refused' in edits) return edits;
  return {
    title: l10n.t('Delete `{0}` in the same RUN', quotable(name)),
    safety: 'suggestion',
    edits,
    risk: l10n.t('Nothing further down may need it.'),
  };
}
