/** What the commands about files share: opening them with their configuration and context, and counting what went wrong. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Analysis, ReportedFinding } from '../analysis/analysis';
import { analyze } from '../analysis/analyze';
import { ruleNames } from '../config/names';
import { type ConfigFile, type EffectiveConfig, openConfigs } from '../config/node/files';
import { unknownRule } from '../config/parse';
import { isForeignName, type Settings } from '../config/settings';
import type { BuildContext } from '../context/context';
import { type ContextCache, openContext } from '../context/node/listing';
import type { Severity } from '../rules/rule';
import type { Options } from './arguments';
import { findInputs, type Input, readSource, readStdin, type Source } from './inputs';
import { missingShellcheck, openAdviser, type ShellAdviser } from './shellcheck';
import { type Terminal, visible } from './terminal';

/** One run of a command. */
export interface Session {
  readonly options: Options;
  readonly terminal: Terminal;
  /** The files that the paths stand for. */
  find(paths: readonly string[]): readonly Input[];
  /** Opens a file; null, and said on stderr, where it cannot be read. */
  open(input: Input): Promise<OpenFile | null>;
  /** Opens files one after the other; those that cannot be read are left out, and said on stderr. */
  openAll(inputs: readonly Input[]): AsyncIterable<OpenFile>;
  /** Analyses another text of the same file, with its context read anew. */
  reanalyze(file: OpenFile, text: string): Promise<Analysis>;
  /** ShellCheck, where the user wants it asked. */
  readonly adviser: ShellAdviser | null;
  /** Says on stderr what went wrong with something; the exit status will be 2. */
  fail(what: string, error: unknown): void;
  /** What went wrong so far, for reports that have a place for it. */
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly what: string;
  readonly message: string;
}

/** A file that was read. */
export interface OpenFile {
  /** As the user named it; what `--stdin-filename` says for standard input. */
  readonly name: string;
  /** Null for standard input, which cannot be written back. */
  readonly path: string | null;
  readonly source: Source;
  readonly effective: EffectiveConfig;
  readonly context: BuildContext | null;
  /** The folder of the build context; null where there is none. */
  readonly contextFolder: string | null;
  readonly analysis: Analysis;
}

/** Bad usage that only shows when the command starts: a line for stderr and exit status 2. */
export class UsageError extends Error {}

/** Files whose scripts are asked about together. */
const filesAtOnce = 40;

/** Starts a command. Throws UsageError where an option names what is not there. */
export function openSession(options: Options, terminal: Terminal): Session {
  const failures: Failure[] = [];
  const contexts: ContextCache = new Map();
  const fail = (what: string, error: unknown) => {
    const failure = { what, message: messageOf(error) };
    failures.push(failure);
    terminal.err(`${terminal.paintErr('red', visible(`${what}: ${failure.message}`))}\n`);
  };
  const adviser = options.shellcheck ? openAdviser((error) => fail('shellcheck', error)) : null;
  if (options.shellcheck && !adviser) throw new UsageError(missingShellcheck());
  const shell = adviser?.reports ?? null;
  checkNames(options);
  const { context } = options;
  if (context !== null && !statSync(context, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(l10n.t('`--context {0}` is no folder', context));
  const configs = openConfigurations(options, (file) => tellProblems(file, terminal, failures));

  const place = (input: Input) => (input.path === null ? options.stdinFilename : input.path);
  const folderOf = (path: string | null) => context ?? (path === null ? null : dirname(path));
  const contextOf = (path: string | null) => {
    const folder = folderOf(path);
    return folder === null ? null : openContext(folder, path, contexts);
  };
  const read = async (input: Input): Promise<OpenFile | null> => {
    const path = place(input);
    try {
      const source = input.path === null ? await readStdin() : readSource(input.path);
      const effective = configs(path);
      const buildContext = contextOf(path);
      const analysis = analyze(source.text, { config: effective.config, context: buildContext, shell });
      const name = input.path === null ? (options.stdinFilename ?? input.name) : input.name;
      return {
        name,
        path: input.path,
        source,
        effective,
        context: buildContext,
        contextFolder: folderOf(path),
        analysis,
      };
    } catch (error) {
      fail(input.name, error);
      return null;
    }
  };
  return {
    options,
    terminal,
    failures,
    fail,
    adviser,
    find: (paths) =>
      findInputs(paths, fail, (folder) =>
        terminal.err(`${visible(l10n.t('{0}: there is no Dockerfile in this folder', folder))}\n`),
      ),
    async open(input) {
      const file = await read(input);
      if (file) await adviser?.consult([file.analysis]);
      return file;
    },
    async *openAll(inputs) {
      // One process of ShellCheck is for many files; without it each file is reported as soon as it is read.
      const step = adviser ? filesAtOnce : 1;
      for (let at = 0; at < inputs.length; at += step) {
        const files: OpenFile[] = [];
        for (const input of inputs.slice(at, at + step)) {
          const file = await read(input);
          if (file) files.push(file);
        }
        await adviser?.consult(files.map(({ analysis }) => analysis));
        yield* files;
      }
    },
    async reanalyze(file, text) {
      contexts.clear();
      const path = file.path ?? options.stdinFilename;
      const analysis = analyze(text, { config: file.effective.config, context: contextOf(path), shell });
      await adviser?.consult([analysis]);
      return analysis;
    },
  };
}

/** Whether a finding is at a severity or above it. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return ranks.indexOf(severity) <= ranks.indexOf(least);
}

/** Severities, the worst first. */
export const ranks: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/** Whether findings make the command fail. */
export function failsFor(findings: readonly ReportedFinding[], effective: EffectiveConfig): boolean {
  return findings.some((finding) => isAtLeast(finding.severity, effective.failOn));
}

/** The exit status: something that could not be done outweighs findings. */
export function statusOf(session: Session, hasFindings: boolean): number {
  if (session.failures.length > 0) return 2;
  return hasFindings ? 1 : 0;
}

/** The version in package.json, which lies beside the folder that this bundle lies in. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string };
  return version;
}

/** What an error says, without the noise of Node.js around it. */
export function messageOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return l10n.t('there is no such file');
    case 'EACCES':
    case 'EPERM':
      return l10n.t('permission denied');
    case 'EISDIR':
      return l10n.t('this is a folder');
    case 'ELOOP':
      return l10n.t('a link that leads to itself');
    default:
      return message ?? String(error);
  }
}

function openConfigurations(options: Options, onFile: (file: ConfigFile) => void): ReturnType<typeof openConfigs> {
  const settings: Settings = {
    ignore: options.ignore,
    ...(options.builder && { builder: options.builder }),
    ...(options.select && { select: options.select }),
    ...(options.all && { all: true }),
    ...(options.failOn && { failOn: options.failOn }),
  };
  const file = options.config ?? undefined;
  try {
    return openConfigs({ file, settings, names: ruleNames, onFile });
  } catch (error) {
    throw new UsageError(`${options.config}: ${messageOf(error)}`);
  }
}

/** A misspelt rule would silently switch nothing off, or everything. */
function checkNames(options: Options): void {
  for (const name of [...(options.select ?? []), ...options.ignore])
    if (!isForeignName(name) && ruleNames.idsOf(name).length === 0) throw new UsageError(unknownRule(name, ruleNames));
}

/** Says what is wrong in a configuration file, once. An error makes the command fail: it would not do what it was told. */
function tellProblems(file: ConfigFile, terminal: Terminal, failures: Failure[]): void {
  const path = displayPath(file.path);
  for (const { line, character, severity, message } of file.problems) {
    const what = `${path}:${line + 1}:${character + 1}`;
    const word = severity === 'error' ? l10n.t('error') : l10n.t('warning');
    if (severity === 'error') failures.push({ what, message });
    terminal.err(
      `${terminal.paintErr(severity === 'error' ? 'red' : 'yellow', visible(`${what}: ${word}: ${message}`))}\n`,
    );
  }
}

/** A path as the user would write it: relative where it lies below the working folder. */
function displayPath(path: string): string {
  const here = `${resolve('.')}/`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}
