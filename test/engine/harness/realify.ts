/**
 * Makes a real Dockerfile buildable without its project, its base images and a network: its base images become the
 * recording base with what this file expects of them added, and its context is made up. What it says stays untouched, but
 * for the references to images, so that an edited version of it can be treated in the same way and compared.
 */
import { prepareBaseImages, recordingBase } from './base-images';
import { findBasePrograms } from './base-programs';
import { type Build, buildImage, discardImage } from './build';
import { accountFiles } from './busybox-base';
import type { Engine } from './engine';
import { addSource, newContext } from './plausible-files';
import { recordedPrograms } from './recorded-programs';
import { type Additions, type Attempt, repair } from './repair';
import { expandRoughly, type RoughInstruction, readCopy, readRoughly, readValues } from './rough-reader';
import { takeOutSyntax } from './syntax-line';
import { type NewFile, type NewFiles, writeTar } from './tar-write';

export interface Buildable {
  /** The Dockerfile, without the few RUN instructions, if any, for which nothing could be made up. */
  readonly text: string;
  readonly leftOut: number;
  /** The given text, or an edited version of it, with references to images that the engine has. */
  readonly toBuildable: (dockerfile: string) => string;
  readonly context: NewFiles;
  /** The image that its base images became; to be removed when it is not needed any more. */
  readonly base: string;
}

/** Why a Dockerfile cannot be built. */
export interface Unbuildable {
  readonly reason: string;
}

/** Builds made before a file is given up; most need fewer than four. */
const patience = 14;
/** RUN instructions that may be left out of a file, and one more for so many that it has. */
const mayLeaveOut = 3;
const oneMorePer = 8;
/** Milliseconds that one build of it may take. */
const timeout = 20_000;

let attempts = 0;

/** Finds out what a Dockerfile expects by building it until it builds. `files` are in its context in any case. */
export async function makeBuildable(
  engine: Engine,
  dockerfile: string,
  files: NewFiles = {},
): Promise<Buildable | Unbuildable> {
  await prepareBaseImages(engine);
  const instructions = readRoughly(dockerfile);
  const additions: Additions = {
    programs: await findPrograms(engine, dockerfile, instructions),
    files: new Map(),
    directories: new Set(),
    users: new Set(),
    wishes: new Set(),
    unwanted: new Set(),
  };
  // Named files are the whole context: a rule that was told of them must not meet others.
  const made = Object.keys(files).length > 0 ? [] : newContext();
  const attempt: Attempt = { instructions, context: new Map([...made, ...toEntries(files)]), additions };
  if (!makeUpSources(attempt)) return { reason: 'copies what cannot be made up' };
  const base = `localhost/real-${process.pid}:${++attempts}`;
  const toBuildable = (text: string) => replaceImages(text, base);
  let text = dockerfile;
  let leftOut = 0;
  for (let tries = 0; tries < patience + leftOut * 4; tries++) {
    const context = Object.fromEntries([...attempt.context].sort(([a], [b]) => (a < b ? -1 : 1)));
    const build =
      (await buildBase(engine, base, additions)) ?? (await buildImage(engine, toBuildable(text), { context, timeout }));
    if (build.image !== undefined) {
      discardImage(build.image);
      return { text, leftOut, toBuildable, context, base };
    }
    if (repair(attempt, build.error, build.log)) continue;
    const shorter =
      leftOut < mayLeaveOut + instructions.length / oneMorePer ? leaveOutFailed(text, build.error) : undefined;
    if (shorter === undefined) {
      discardImage(base);
      return { reason: `${build.error}\n${build.log}`.trim() };
    }
    text = shorter;
    leftOut++;
  }
  discardImage(base);
  return { reason: 'expects too much' };
}

/** Makes the base image of a file; undefined when that went well. */
async function buildBase(engine: Engine, name: string, additions: Additions): Promise<Build | undefined> {
  const context = { 'additions.tar': { content: writeTar(formatAdditions(additions)) } };
  const build = await buildImage(engine, `FROM ${recordingBase}\nADD additions.tar /\n`, { name, context });
  return build.image === undefined ? build : undefined;
}

/** Puts what the file copies into the context; false when something cannot be made up. */
function makeUpSources({ instructions, context }: Attempt): boolean {
  const values = readValues(instructions);
  for (const instruction of instructions) {
    if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') continue;
    const copy = readCopy(instruction);
    if (!copy || copy.from !== undefined) continue;
    for (const source of copy.sources)
      if (!addSource(context, expandRoughly(source, values), copy.destination, instruction.keyword === 'ADD'))
        return false;
  }
  return true;
}

/** The file without the RUN that failed; undefined when it cannot be told which, or when little would remain. */
function leaveOutFailed(dockerfile: string, error: string): string | undefined {
  const failed = /^process "(?:\S+ )+?-[a-z]*c (.{8,}?)(?:(?<=.{60})|" did not complete)/s.exec(error)?.[1];
  if (failed === undefined) return undefined;
  const bare = (text: string) => text.replace(/\\[nt"\\]|[\s"\\]/g, '');
  const instructions = readRoughly(dockerfile);
  const run = instructions.find(({ keyword, text }) => keyword === 'RUN' && bare(text).includes(bare(failed)));
  if (!run || instructions.length < 4) return undefined;
  return dockerfile.slice(0, run.start) + dockerfile.slice(run.end + 1);
}

function toEntries(files: NewFiles): [string, NewFile][] {
  return Object.entries(files).map(([path, file]) => [path, typeof file === 'string' ? { content: file } : file]);
}

/** Replaces every reference to an image that is no stage of the file, takes out a fixed --platform and the syntax line. */
function replaceImages(dockerfile: string, base: string): string {
  const stages = new Set<string>();
  let result = '';
  let at = 0;
  for (const { keyword, start, end } of readRoughly(dockerfile)) {
    result += dockerfile.slice(at, start);
    let text = dockerfile.slice(start, end);
    at = end;
    if (keyword === 'FROM') {
      text = text.replace(/--platform=(?!\$\{?(?:TARGET|BUILD)PLATFORM)\S+\s+/i, '');
      const [, head = '', reference = '', , name = ''] =
        /^(\s*FROM(?:\s|\\\r?\n)+(?:--\S+\s+)*)(\S+)(\s+AS\s+(\S+))?/i.exec(text) ?? [];
      const isImage = !/^scratch$/i.test(reference) && !stages.has(reference.toLowerCase());
      if (isImage) text = `${head}${base}${text.slice(head.length + reference.length)}`;
      if (name) stages.add(name.toLowerCase());
    } else
      text = text.replace(/((?:--|,)from=)([^\s,\\]+)/g, (all, flag, reference: string) =>
        /^\d+$/.test(reference) || stages.has(reference.toLowerCase()) || keyword === 'ENV' ? all : `${flag}${base}`,
      );
    result += text;
  }
  return takeOutSyntax(result + dockerfile.slice(at));
}

/** The first words of commands that neither busybox nor the recording base provides. */
async function findPrograms(
  engine: Engine,
  dockerfile: string,
  instructions: readonly RoughInstruction[],
): Promise<Set<string>> {
  const { applets } = await findBasePrograms(engine);
  const known = new Set([...applets, ...recordedPrograms, ...shellWords]);
  const programs = new Set<string>();
  for (const { keyword, text } of instructions) {
    if (keyword !== 'RUN' && keyword !== 'ONBUILD') continue;
    // A file that puts the program in its place itself would find it taken.
    for (const [, word = ''] of text.matchAll(
      /(?:^|[;&|(]|\b(?:then|do|else|sudo|exec|xargs)\b)\s*([A-Za-z][\w.+-]*)(?=[\s;&|)]|$)/g,
    ))
      if (!known.has(word) && !dockerfile.includes(`/usr/bin/${word}`)) programs.add(word);
  }
  return programs;
}

/** What the shell itself understands. */
const shellWords =
  'if then else elif fi for while until do done case esac function in time coproc select alias bg bind break builtin caller cd command compgen complete continue declare dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait RUN'.split(
    ' ',
  );

function formatAdditions({ programs, files, directories, users, wishes }: Additions): NewFiles {
  const all: Record<string, NewFile | string> = {};
  for (const name of programs) all[`usr/bin/${name}`] = { link: '/usr/lib/recorder/record' };
  for (const path of directories) all[`${path}/`] = {};
  for (const [path, file] of files) all[path] = file;
  all['usr/lib/recorder/wishes'] = [...wishes].map((wish) => `${wish}\n`).join('');
  return { ...all, ...accountFiles([...users]) };
}
