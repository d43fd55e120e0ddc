/** A package manager that asks whether to go on: nobody answers in a build. */
import * as l10n from '@vscode/l10n';
import type { RunStep, Step } from '../../model/model';
import { packageCalls } from '../../shell/package-calls';
import type { PackageCall, PackageFlag, PackageManager } from '../../shell/packages';
import type { ShellCommand, ShellScript, ShellWord } from '../../shell/script';
import { failsTheRun } from '../failing-command';
import { insertOption } from '../insert-option';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

/** What keeps a manager from asking. Options with a pattern for their names; `config` is what a configuration file says. */
interface Manner {
  readonly option: string;
  readonly assumes: RegExp;
  readonly config?: RegExp;
  /** Where such a file lies. */
  readonly place?: RegExp;
  /** The name of this finding in other tools, for installs. */
  readonly alias?: string;
}

const apt: Manner = {
  option: '-y',
  // With the other ones apt asks nothing either: it simulates, prints, or gives up.
  assumes:
    /^(?:-y|--yes|--assume-yes|--force-yes|--assume-no|--trivial-only|--print-uris|-s|--simulate|--dry-run|--just-print|--no-act|--recon)$/,
  config: /assume-yes/i,
  place: /\/etc\/apt(?:\/apt\.conf[^\s"]*)?\/?(?:["\]\s]|$)/,
};
const rpm: Manner = {
  option: '-y',
  assumes: /^(?:-y|--assumeyes|--assumeno)$/,
  config: /assumeyes|defaultyes/i,
  place: /\/etc\/(?:yum\.conf|yum|dnf|dnf\/dnf\.conf)\/?(?:["\]\s]|$)/,
};
const zypper: Manner = {
  option: '-y',
  assumes: /^(?:-y|-n|--non-interactive|--no-confirm|--non-interactive-include-reboot-patches|-D|--dry-run)$/,
  alias: 'DL3034',
};

const manners: ReadonlyMap<PackageManager, Manner> = new Map<PackageManager, Manner>([
  ['apt-get', { ...apt, alias: 'DL3014' }],
  ['apt', apt],
  ['aptitude', apt],
  ['yum', { ...rpm, alias: 'DL3030' }],
  ['dnf', { ...rpm, alias: 'DL3038' }],
  ['microdnf', { ...rpm, alias: 'DL3038' }],
  ['tdnf', rpm],
  ['zypper', zypper],
  ['pacman', { option: '--noconfirm', assumes: /^(?:--noconfirm|-p|--print)$/ }],
]);

const managers: readonly PackageManager[] = [...manners.keys()];

export default defineRule({
  id: 'missing-assume-yes',
  category: 'correctness',
  severity: 'warning',
  keywords: ['RUN'],
  aliases: ['DL3014', 'DL3030', 'DL3034', 'DL3038'],
  fix: 'safe',
  docs: {
    what: '`apt-get`, `yum`, `dnf`, `microdnf`, `zypper` or `pacman` installs, upgrades or removes packages without `-y` (pacman: `--noconfirm`).',
    why: 'The package manager asks whether to go on. Nobody answers during a build, and it gives up. With few packages it may not ask today and do so tomorrow, when one of them has a new dependency. `DEBIAN_FRONTEND=noninteractive` does not answer this question.',
    fix: 'Add `-y`. The quick fix does. It is only a suggestion where the script goes on when the command fails.',
    ignore: 'Where the configuration of the base image answers already.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#apt-get',
      'https://manpages.debian.org/stable/apt/apt-get.8.en.html',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            && apt-get install --no-install-recommends \
               ^^^^^^^^^^^^^^^ warning missing-assume-yes: \`apt-get install\` asks before it goes on, and in a build nobody answers.
              # for the health check
              curl \
            && rm -rf /var/lib/apt/lists/*
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            && apt-get install -y --no-install-recommends \
              # for the health check
              curl \
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM fedora:41
        RUN <<EOF
        set -e
        dnf -q install httpd
        ^^^^^^^^^^^^^^ warning missing-assume-yes
        dnf clean all
        EOF
      `,
      good: dockerfile`
        FROM fedora:41
        RUN <<EOF
        set -e
        dnf -q install -y httpd
        dnf clean all
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM archlinux:latest
        RUN ["pacman", "-Syu", "git"]
              ^^^^^^^^^^^^^^ warning missing-assume-yes
      `,
      good: dockerfile`
        FROM archlinux:latest
        RUN ["pacman", "-Syu", "--noconfirm", "git"]
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get -qq install curl && yes | apt-get install git \
            && apt-get remove curl --assume-yes
      `,
      because: 'each of them has its answer: two levels of quiet, a pipe, or the option, wherever it stands',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN echo 'APT::Get::Assume-Yes "true";' > /etc/apt/apt.conf.d/90-yes
        RUN apt-get update && apt-get install curl
      `,
      because: 'apt is configured so',
    },
    {
      ok: dockerfile`
        FROM opensuse/leap:15.6
        RUN zypper --non-interactive install git && zypper refresh
      `,
      because: 'zypper has an option for all of its commands, and refresh asks nothing',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown || run.calls(managers).length === 0) continue;
      for (const script of run.scripts) {
        for (const call of packageCalls(script)) {
          const manner = manners.get(call.manager);
          if (!manner || !isAsking(call) || hasAnswer(run, script, call, manner)) continue;
          if (isConfigured(run, manner)) continue;
          const name = `${call.manager} ${call.subcommand}`;
          const isNamed = manner.alias !== undefined && (call.action === 'install' || call.manager === 'zypper');
          yield {
            at: onOneLine(model.dockerfile, run.at(call.nameSpan)),
            message: l10n.t('`{0}` asks before it goes on, and in a build nobody answers.', name),
            aliases: isNamed ? [manner.alias] : [],
            // Where nothing is left over, it asks nothing.
            ...(/^auto-?(?:remove|purge)$/.test(call.subcommand) ? { severity: 'info' as const } : {}),
            fix: () => addOption(run, script, call, manner.option),
          };
        }
      }
    }
  },
});

/** Whether the call changes what is installed, and so asks. */
function isAsking({ action, manager, subcommand, operands, flags, opaque }: PackageCall): boolean {
  if (action === 'upgrade' || action === 'remove') return true;
  if (action === 'configure') return /^(?:module |copr enable)/.test(subcommand);
  if (action !== 'install') return false;
  // `yum install` alone only complains; `apt-get install -f` repairs what dpkg has left.
  return (
    operands.length > 0 ||
    opaque ||
    manager === 'pacman' ||
    flags.some(({ name }) => /^(?:-f|--fix-broken)$/.test(name))
  );
}

function hasAnswer(run: RunStep, script: ShellScript, call: PackageCall, manner: Manner): boolean {
  const { flags, manager, command } = call;
  // Behind `zypper install`, `-n` says that names are meant.
  const counts = (flag: PackageFlag) => flag.name !== '-n' || flag.word.span.from < call.nameSpan.to;
  if (flags.some((flag) => manner.assumes.test(flag.name) && counts(flag))) return true;
  if (
    flags.some(({ value, valueWord }) => /assume-?yes/i.test(value ?? '') || /assume-?yes/i.test(valueWord?.text ?? ''))
  )
    return true;
  if ((manager === 'apt-get' || manager === 'apt') && levelOfQuiet(call) >= 2) return true;
  if (command.redirects.some(({ operator }) => operator.startsWith('<'))) return true;
  return isFed(script, command) || (call.opaque && mayHideAnswer(run, script, call));
}

/** `-qq` is two, `-q=2` and `--quiet=2` too. */
function levelOfQuiet({ flags }: PackageCall): number {
  return flags
    .filter(({ name }) => name === '-q' || name === '--quiet')
    .reduce((level, { value }) => (value !== null && /^\d+$/.test(value) ? Number(value) : level + 1), 0);
}

/** Whether something is piped into the command, or into what it stands in. */
function isFed(script: ShellScript, command: ShellCommand): boolean {
  if (command.name === 'xargs') return false;
  if (command.connector === '|') return true;
  const statement = script.statements[command.statement];
  const pipeline = statement?.pipelines.find((one) => one.start <= command.start && command.end <= one.end);
  if (!pipeline || pipeline.kinds.length === 1) return false;
  return !pipeline.commands.includes(command);
}

/** Whether a word whose text is not known may be the option: `apt-get $OPTIONS install curl`. */
function mayHideAnswer(run: RunStep, script: ShellScript, call: PackageCall): boolean {
  const hidden = call.command.args.filter((word) => word.kind === 'expansion' && /^["']?[$`]/.test(word.text));
  return hidden.some((word) => !isListOfPackages(run, script, word, call));
}

function isListOfPackages(run: RunStep, script: ShellScript, word: ShellWord, call: PackageCall): boolean {
  if (!call.operands.includes(word)) return false;
  // What a file lists, or a program finds out, are names.
  if (/^["']?(?:\$\(|`)/.test(word.text)) return true;
  const names = [...word.text.matchAll(/\$\{?(\w+)/g)].map((match) => match[1] ?? '');
  return names.every((name) => {
    if (/opt|flag|arg|param|yes/i.test(name) || !/^[A-Za-z_]/.test(name)) return false;
    if (script.assigns.has(name)) return !assignsOption(script, name, word.start);
    const value = run.before.scope.get(name)?.value;
    if (value !== null && value !== undefined) return !/(?:^|\s)-/.test(value);
    return /pack|pkg|dep|tool|lib|version|ver$/i.test(name);
  });
}

/** Whether the script gives a variable something that looks like an option before a place. */
function assignsOption({ text }: ShellScript, name: string, end: number): boolean {
  const commands = text.slice(0, end).split(/&&|[;|\n]/);
  return commands.some((command) => command.includes(name) && /[\s"'=]-[a-z-]/.test(command));
}

/** Whether an earlier step, or this one, configures the manager to assume the answer, or brings a configuration that may. */
function isConfigured(run: RunStep, { config, place }: Manner): boolean {
  if (!config || !place) return false;
  const configures = ({ body, keyword }: Step): boolean => {
    if (keyword === 'COPY' || keyword === 'ADD') return config.test(body.raw) || place.test(body.joined.trimEnd());
    return keyword === 'RUN' && config.test(body.raw.replace(/--assume-?(?:yes|no)/g, ''));
  };
  for (let stage: RunStep['stage'] | null = run.stage; stage; stage = stage.parent) {
    const steps = stage === run.stage ? stage.steps.slice(0, run.index + 1) : stage.steps;
    if (steps.some(configures)) return true;
  }
  return false;
}

function addOption(run: RunStep, script: ShellScript, call: PackageCall, option: string): FixResult {
  const knowsOption =
    call.manager !== 'zypper' || /^(?:install|in|remove|rm|update|up|dist-upgrade|dup|patch)$/.test(call.subcommand);
  const title = l10n.t('Add `{0}`', knowsOption ? option : '--non-interactive');
  const edits = knowsOption
    ? [insertOption(run, script, call.nameSpan, option)]
    : [insertOption(run, script, call.command.nameWord?.span ?? call.nameSpan, '--non-interactive')];
  if (failsTheRun(run, script, call.command)) return { title, safety: 'safe', edits };
  return {
    title,
    safety: 'suggestion',
    edits,
    risk: l10n.t('Until now the build may go on without these packages, because a failure here does not end it.'),
  };
}
