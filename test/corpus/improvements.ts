/**
 * What an author improved between two versions of a Dockerfile, told by comparing the two: by kind, and without asking any
 * rule. Only the parser is trusted; commands and packages are read from the text in the plainest way that does.
 */
import { parseDockerfile } from '../../server/src/syntax/parse';
import type { Instruction } from '../../server/src/syntax/tree';

/** A file as the comparisons want it. */
export interface Outline {
  readonly text: string;
  readonly instructions: readonly Instruction[];
  /** The commands of each RUN, ONBUILD RUN included, blanks made one. */
  readonly runs: readonly (readonly string[])[];
  readonly bases: readonly string[];
  /** All packages of all installs, with how often each is named. */
  readonly packages: ReadonlyMap<string, number>;
  readonly isWindows: boolean;
}

/** A kind of improvement: whether it was made from one version to the other. */
export interface Improvement {
  readonly kind: string;
  readonly isMade: (before: Outline, after: Outline) => boolean;
}

/** Reads a text; null where it is no Dockerfile that a builder would start to build. */
export function outline(text: string): Outline | null {
  const file = parseDockerfile(text);
  const isBroken =
    file.problems.length > 0 || file.instructions.some(({ body }) => !body.known || body.problems.length > 0);
  const bases = file.instructions
    .filter(({ keyword }) => keyword === 'FROM')
    .map(({ body }) => body.words[0]?.text ?? '');
  if (isBroken || bases.length === 0 || text.includes('{{')) return null;
  const runs = file.instructions.flatMap(({ body }) => {
    const run = body.trigger ?? body;
    return run.keyword === 'RUN'
      ? [commandsOf([run.rest, ...run.heredocs.map(({ content }) => content)].join('\n'))]
      : [];
  });
  const packages = new Map<string, number>();
  for (const name of runs.flat().flatMap(packagesOf)) packages.set(name, (packages.get(name) ?? 0) + 1);
  const isWindows =
    bases.some((base) => /nanoserver|servercore|windows|-nano/i.test(base)) || /powershell|C:\\/.test(text);
  return { text, instructions: file.instructions, runs, bases, packages, isWindows };
}

const commandsOf = (script: string): string[] =>
  script
    .split(/&&|\|\||[;\n]/)
    .map((command) => command.replace(/\s+/g, ' ').trim())
    .filter((command) => command !== '');

const installPattern =
  /\b(?:apt-get|apt|apk|yum|dnf|tdnf|microdnf|zypper)\b(?: -\S+| [a-z]+=\S+)* (?:install|add)\b(.*)$/;

const isSystemInstall = (command: string) => installPattern.test(command);

function packagesOf(command: string): string[] {
  const rest = installPattern.exec(command)?.[1] ?? '';
  return rest.split(' ').filter((word) => word !== '' && !word.startsWith('-') && !word.startsWith('.'));
}

const isUpdate = (command: string) => /\b(?:apt-get|apt|apk)\b(?: -\S+)* update\b/.test(command);

const countIn = (of: Outline, pattern: RegExp): number => of.text.match(new RegExp(pattern, 'gm'))?.length ?? 0;
const grows = (pattern: RegExp) => (before: Outline, after: Outline) =>
  countIn(after, pattern) > countIn(before, pattern);
const countRuns = (of: Outline, test: (run: readonly string[]) => boolean) => of.runs.filter(test).length;
const count = (of: Outline, keyword: string) => of.instructions.filter((one) => one.keyword === keyword).length;

/** An install that was without something has it now, some of its packages being the same. */
function installsGain(program: RegExp, gain: RegExp, scope: 'command' | 'run') {
  const installs = (of: Outline, has: boolean) =>
    of.runs.flatMap((run) =>
      run
        .filter((command) => program.test(command) && gain.test(scope === 'run' ? run.join('\n') : command) === has)
        .map((command) => operandsOf(command)),
    );
  return (before: Outline, after: Outline) => {
    const without = installs(before, false);
    const left = installs(after, false).flat();
    return installs(after, true).some((now) =>
      without.some((old) => old.some((word) => now.includes(word) && !left.includes(word))),
    );
  };
}

/** What is installed; the command itself where it takes that from a manifest. */
function operandsOf(command: string): string[] {
  const words = command
    .replace(/^.*?\b(?:install|add)\b/, '')
    .split(/[\s;\\]+/)
    .filter((word) => word !== '' && !word.startsWith('-'));
  return words.length > 0 && !/^[&>]/.test(words[0] ?? '') ? words : ['the project'];
}

/** A RUN that has commands of several former RUNs. */
function mergesRuns(before: Outline, after: Outline): boolean {
  const origin = new Map<string, number>();
  const repeated = new Set<string>();
  before.runs.forEach((run, index) => {
    for (const command of run.map(plainCommand))
      if (origin.has(command) && origin.get(command) !== index) repeated.add(command);
      else origin.set(command, index);
  });
  return after.runs.some((run) => {
    const commands = run.map(plainCommand).filter((command) => !repeated.has(command));
    const origins = commands.map((command) => origin.get(command));
    return new Set(origins.filter((index) => index !== undefined)).size > 1;
  });
}

/** A command whatever its options and the order of its words. */
const plainCommand = (command: string) =>
  command
    .split(' ')
    .filter((word) => !word.startsWith('-') && word !== '\\')
    .sort()
    .join(' ');

function joinsUpdate(before: Outline, after: Outline): boolean {
  const isAlone = (run: readonly string[]) => run.some(isUpdate) && !run.some(isSystemInstall);
  const isStale = (run: readonly string[]) =>
    run.some((command) => /apt/.test(command) && isSystemInstall(command)) && !run.some(isUpdate);
  const fewerStale = countRuns(after, isStale) < countRuns(before, isStale) && keepsPackages(before, after);
  return (countRuns(after, isAlone) < countRuns(before, isAlone) || fewerStale) && countRuns(after, hasUpdate) > 0;
}

const hasUpdate = (run: readonly string[]) => run.some(isUpdate);

const keepsPackages = (before: Outline, after: Outline) =>
  [...before.packages.keys()].filter((name) => !after.packages.has(name)).length <= before.packages.size / 4;

function sortsPackages(before: Outline, after: Outline): boolean {
  const listsOf = (of: Outline) =>
    of.runs
      .flat()
      .filter(isSystemInstall)
      .map((command) => packagesOf(command).join(' '))
      .filter((list) => list.includes(' '));
  const sorted = (list: string) => list.split(' ').sort().join(' ');
  const old = listsOf(before);
  return listsOf(after).some(
    (list) => list === sorted(list) && !old.includes(list) && old.some((other) => sorted(other) === list),
  );
}

const sizes = [/scratch/, /busybox/, /distroless/, /alpine/, /nanoserver/, /slim|-jre|-curl/];
const sizeRank = (base: string) => {
  const rank = sizes.findIndex((size) => size.test(base));
  return rank < 0 ? (/^(?:debian|ubuntu)\b/.test(base) ? 6 : /^buildpack-deps/.test(base) ? 8 : 7) : rank;
};

const slimsBase = (before: Outline, after: Outline) =>
  sizeRank(after.bases.at(-1) ?? '') < sizeRank(before.bases.at(-1) ?? '');

const pinOf = (base: string) => (/@sha256:/.test(base) ? 2 : /:(?!latest$)[^/]+$/.test(base) ? 1 : 0);
const nameOf = (base: string) => base.replace(/@.*$/, '').replace(/:[^/]*$/, '');
const pinsBase = (before: Outline, after: Outline) =>
  after.bases.some((base) =>
    before.bases.some((old) => nameOf(old) === nameOf(base) && pinOf(base) > pinOf(old) && !after.bases.includes(old)),
  ) || countIn(after, /@sha256:/) > countIn(before, /@sha256:/);

/** Commands of what was the final stage have gone to an earlier one, from which files are copied. */
function splitsStages(before: Outline, after: Outline): boolean {
  if (after.bases.length <= before.bases.length || !/^(?:COPY|ADD)\b.*--from=/im.test(after.text)) return false;
  const old = new Set(finalCommands(before));
  const now = new Set(finalCommands(after));
  const all = new Set(after.runs.flat());
  return [...old].some((command) => !now.has(command) && all.has(command));
}

function finalCommands(of: Outline): readonly string[] {
  const last = of.instructions.map(({ keyword }) => keyword).lastIndexOf('FROM');
  return of.instructions.slice(last).flatMap(({ keyword, body }) => (keyword === 'RUN' ? commandsOf(body.rest) : []));
}

/** The same instructions in another order, but for a few. */
function reorders(before: Outline, after: Outline): boolean {
  const textsOf = (of: Outline) => {
    const texts = of.instructions
      .filter(({ keyword }) => /^(?:RUN|COPY|ADD|ENV|ARG|LABEL|WORKDIR|USER)$/.test(keyword))
      .map(({ body }) => body.joined.replace(/\s+/g, ' ').trim());
    return texts.filter((text) => texts.indexOf(text) === texts.lastIndexOf(text));
  };
  const old = textsOf(before);
  const kept = textsOf(after)
    .map((text) => old.indexOf(text))
    .filter((index) => index >= 0);
  if (kept.length < 2 || kept.length < old.length / 2) return false;
  return kept.some((index, position) => position > 0 && index < (kept[position - 1] ?? 0));
}

/** A COPY of manifests with a COPY of everything below it, where there was none such. */
function copiesManifestsFirst(before: Outline, after: Outline): boolean {
  const has = (of: Outline) => {
    const copies = of.instructions.filter(({ keyword }) => keyword === 'COPY' || keyword === 'ADD');
    const manifest = copies.findIndex(({ body }) =>
      /package[^/ ]*\.json|package\*|requirements\S*\.txt|go\.mod|Cargo\.toml|pom\.xml|Gemfile|Pipfile|pyproject|\.csproj|composer/.test(
        body.rest,
      ),
    );
    return manifest >= 0 && copies.slice(manifest + 1).some(({ body }) => /^\.\/? /.test(body.rest));
  };
  return has(after) && !has(before);
}

function replacesAdd(before: Outline, after: Outline): boolean {
  const copies = new Set(after.instructions.filter(({ keyword }) => keyword === 'COPY').map(({ body }) => body.rest));
  return before.instructions.some(({ keyword, body }) => keyword === 'ADD' && copies.has(body.rest));
}

/** Fewer COPY or ADD, none of their sources lost. */
function mergesCopies(before: Outline, after: Outline): boolean {
  const sources = (of: Outline) =>
    of.instructions
      .filter(({ keyword }) => keyword === 'COPY' || keyword === 'ADD')
      .flatMap(({ body }) => body.words.slice(0, -1).map(({ text }) => text.replace(/^https?:/, '')));
  const now = new Set(sources(after));
  const number = (of: Outline) => count(of, 'COPY') + count(of, 'ADD');
  const kept = sources(before).filter((source) => now.has(source)).length;
  return number(after) < number(before) && kept > 1 && kept >= sources(before).length * 0.9;
}

function usesExecForm(before: Outline, after: Outline): boolean {
  const shellForms = (of: Outline) =>
    of.instructions.filter(({ keyword, body }) => /^(?:CMD|ENTRYPOINT)$/.test(keyword) && body.json === null).length;
  return shellForms(after) < shellForms(before) && count(after, 'CMD') >= count(before, 'CMD');
}

/** A download by RUN in place of ADD. */
const downloadsInRun = (before: Outline, after: Outline) =>
  countIn(after, /^ADD https?:/) < countIn(before, /^ADD https?:/) && grows(/\b(?:curl|wget) /)(before, after);

const removalPattern = /^(?:rm|rmdir) /;
const wordsOf = (command: string) => command.split(/[ "']+/).filter((word) => !word.startsWith('-'));

/** A file that a RUN downloads, clones or makes is now deleted in it, and was left by it before. */
function deletesOwnFiles(before: Outline, after: Outline): boolean {
  const removed = (run: readonly string[]) =>
    run.filter((command) => removalPattern.test(command)).flatMap((command) => wordsOf(command).slice(1));
  return after.runs.some((run) =>
    removed(run).some((target) => {
      if (/\.cache|\/var\/(?:cache|lib\/apt)/.test(target)) return false;
      const makers = run.filter((command) => /^(?:curl|wget|git clone|tar|mkdir)\b/.test(command));
      const maker = makers.find((command) => wordsOf(command).some((word) => word.endsWith(target)));
      const old = maker === undefined ? undefined : before.runs.find((other) => other.includes(maker));
      return old !== undefined && !removed(old).includes(target);
    }),
  );
}

/** Every kind that is looked for, and why an author does it is in the name. */
export const improvements: readonly Improvement[] = [
  { kind: 'RUNs merged', isMade: mergesRuns },
  { kind: 'update and install in one RUN', isMade: joinsUpdate },
  {
    kind: 'package lists removed',
    isMade: installsGain(/\bapt(?:-get)?\b.* install\b/, /rm -\w+ .*\/var\/lib\/apt\/lists/, 'run'),
  },
  {
    kind: '--no-install-recommends',
    isMade: installsGain(/\bapt(?:-get)?\b.* install\b/, /--no-install-recommends/, 'command'),
  },
  { kind: 'apk --no-cache', isMade: installsGain(/\bapk\b.* add\b/, /--no-cache/, 'command') },
  { kind: 'pip --no-cache-dir', isMade: installsGain(/\bpip[\d.]* install\b/, /--no-cache-dir/, 'command') },
  {
    kind: 'npm cache removed',
    isMade: installsGain(/\bnpm (?:install|ci|i)\b/, /npm cache clean|npm-cache|\.npm\b/, 'run'),
  },
  {
    kind: 'other caches removed',
    isMade: grows(/rm -\w+ [^&;\n]*(?:\.cache\b|\/var\/cache\/(?!apk))|(?:yum|dnf|tdnf) clean all/),
  },
  { kind: 'own files deleted', isMade: deletesOwnFiles },
  { kind: 'packages sorted', isMade: sortsPackages },
  { kind: 'smaller base image', isMade: slimsBase },
  { kind: 'base image pinned', isMade: pinsBase },
  { kind: 'several stages', isMade: splitsStages },
  { kind: 'instructions reordered', isMade: reorders },
  { kind: 'manifests copied first', isMade: copiesManifestsFirst },
  { kind: 'ADD → COPY', isMade: replacesAdd },
  { kind: 'COPYs or ADDs merged', isMade: mergesCopies },
  { kind: 'download in RUN, not ADD', isMade: downloadsInRun },
  { kind: 'exec form', isMade: usesExecForm },
  { kind: 'cache mount', isMade: grows(/type=cache/) },
  { kind: 'pipefail', isMade: grows(/pipefail/) },
  { kind: 'user', isMade: (a, b) => count(a, 'USER') === 0 && count(b, 'USER') > 0 },
];
