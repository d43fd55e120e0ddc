/** Reads out of a failed build what its Dockerfile expects of the base image or the context, so that it can be made up. */
import { addDirectory, type MadeUp, makeFile, normalizePath } from './plausible-files';
import { type RoughInstruction, readCopy } from './rough-reader';

/** What is added to the recording base for one Dockerfile. */
export interface Additions {
  /** Names under which the recording program is to be found. */
  readonly programs: Set<string>;
  /** Files by path within the image, without a leading slash. */
  readonly files: MadeUp;
  readonly directories: Set<string>;
  readonly users: Set<string>;
  /** What archives and repositories have to hold: `NAME/PATH`, or `*` for any NAME; a slash at the end for directories. */
  readonly wishes: Set<string>;
  /** Wishes that turned out to be in the way. */
  readonly unwanted: Set<string>;
}

/** A Dockerfile being made buildable. */
export interface Attempt {
  readonly instructions: readonly RoughInstruction[];
  readonly context: MadeUp;
  readonly additions: Additions;
}

/** Adds what a build failed for the lack of; false when the failure is of another kind, or the cure did not help. */
export function repair(attempt: Attempt, error: string, log: string): boolean {
  return cures.some(({ pattern, cure }) => {
    const found = [...`${error}\n${log}`.matchAll(pattern)].at(-1);
    return found !== undefined && cure(attempt, (found[1] ?? found[2] ?? '').trim(), found[0]);
  });
}

interface Cure {
  readonly pattern: RegExp;
  /** Gets the first group of the pattern and all of the match. */
  readonly cure: (attempt: Attempt, what: string, all: string) => boolean;
}

const cures: readonly Cure[] = [
  { pattern: /can't create directory '([^']+)': File exists/g, cure: takeWishBack },
  // A COPY whose source is neither in the context nor in the stage
  { pattern: /"([^"]+)": not found/g, cure: addCopied },
  { pattern: /lstat (?:\/\S+?\/)?(\S+): no such file or directory/g, cure: addCopied },
  // Users
  { pattern: /unable to find (?:user|group) ([^:\s]+)/g, cure: addUser },
  { pattern: /can't find [ug]id for (?:user|group) ([^:\s]+)/g, cure: addUser },
  { pattern: /unknown (?:user\/group|user|group) '?([\w.-]+)/g, cure: addUser },
  { pattern: /(?:user|group) '?([\w.-]+)'? does not exist/g, cure: addUser },
  { pattern: /invalid user index: -1/g, cure: addChownUsers },
  // Programs
  { pattern: /: ([^\s:]+): command not found/g, cure: addProgram },
  { pattern: /: ([^\s:]+): not found/g, cure: addProgram },
  { pattern: /env: can't execute '([^']+)'/g, cure: addProgram },
  { pattern: /exec: "([^"]+)": (?:executable file not found|stat)/g, cure: addProgram },
  { pattern: /xargs: ([^\s:]+): No such file/g, cure: addProgram },
  // Directories
  { pattern: /cd: (?:can't cd to )?([^\s:]+)(?:: No such file or directory)/g, cure: addMissingDirectory },
  { pattern: /can't (?:create|open) '?([^\s':]+)'?: (?:nonexistent directory|No such file)/g, cure: addFileOrParent },
  { pattern: /line \d+: ([^\s:]+): No such file or directory/g, cure: addProgramOrParent },
  { pattern: /ln: (?:failed to create symbolic link )?'?([^\s':]+)'?: No such file or directory/g, cure: addParent },
  // Files
  { pattern: /can't (?:stat|rename|open|remove|change \w+ of) '?([^\s':]+)'?: No such file/g, cure: addFile },
  {
    pattern:
      /(?:cat|sed|grep|chmod|chown|chgrp|mv|cp|rm|tar|find|head|tail|touch|stat|ls|awk): '?([^\s':]+)'?: No such file or directory/g,
    cure: addFile,
  },
  { pattern: /Unsupported file (\S+) given/g, cure: addFile },
  { pattern: /no such file or directory, open '([^']+)'/g, cure: addFile },
  { pattern: /Could not open requirements file: (\S+)/g, cure: addFile },
  { pattern: /ENOENT (\S+)/g, cure: addMissingDirectory },
];

function addCopied(attempt: Attempt, path: string): boolean {
  const name = normalizePath(path);
  if (name === '' || name.startsWith('..')) return false;
  const copies = attempt.instructions.filter(({ keyword }) => keyword === 'COPY' || keyword === 'ADD').map(readCopy);
  const ends = (source: string) => normalizePath(source) === name || name.endsWith(normalizePath(source));
  const wanted = copies.filter((copy) => copy?.sources.some(ends));
  const fromStage = wanted.some((copy) => copy?.from !== undefined);
  const fromContext = wanted.some((copy) => copy?.from === undefined);
  let added = false;
  if (fromStage || wanted.length === 0) added = addPath(attempt.additions.files, name) || added;
  if (fromContext || wanted.length === 0) added = addPath(attempt.context, name) || added;
  return added;
}

/** A file, or a directory where the name has no ending and does not stand in a folder of programs. */
function addPath(files: MadeUp, path: string): boolean {
  if (files.has(path) || files.has(`${path}/Makefile`)) return false;
  if (/\.[A-Za-z0-9]{1,10}$|(^|\/)s?bin\/[^/]+$|(^|\/)release\/[^/]+$/.test(path))
    files.set(path, makeFile(path, false));
  else addDirectory(files, path);
  return true;
}

function addUser({ additions }: Attempt, user: string): boolean {
  return addNew(additions.users, user.replace(/[^\w.-].*/, ''));
}

function addChownUsers(attempt: Attempt): boolean {
  let added = false;
  for (const { text } of attempt.instructions)
    for (const [, names = ''] of text.matchAll(/--chown=(\S+)/g))
      for (const name of names.split(':')) if (/^[a-z_][\w.-]*$/.test(name)) added = addUser(attempt, name) || added;
  return added;
}

function addProgram(attempt: Attempt, name: string): boolean {
  if (!name.includes('/')) return /^[\w.+-]+$/.test(name) && addNew(attempt.additions.programs, name);
  return addFile(attempt, name);
}

function addProgramOrParent(attempt: Attempt, path: string, all: string): boolean {
  return addProgram(attempt, path) || addParent(attempt, path) || addMissingDirectory(attempt, path, all);
}

function addFileOrParent(attempt: Attempt, path: string): boolean {
  return addParent(attempt, path) || addFile(attempt, path);
}

function addFile(attempt: Attempt, path: string): boolean {
  if (/[*?$]/.test(path)) return false;
  const isWished = wish(attempt, path);
  const places = placesOf(attempt, path).filter((place) => place !== '' && !attempt.additions.files.has(place));
  for (const place of places) attempt.additions.files.set(place, makeFile(place, false));
  return places.length > 0 || isWished;
}

function addMissingDirectory(attempt: Attempt, path: string, _all: string): boolean {
  if (/[*?$]/.test(path)) return false;
  let added = wish(attempt, `${path}/`);
  for (const place of placesOf(attempt, path)) added = addNew(attempt.additions.directories, place) || added;
  return added;
}

function addParent(attempt: Attempt, path: string): boolean {
  const parent = path.slice(0, path.lastIndexOf('/'));
  return parent !== '' && addMissingDirectory(attempt, parent, '');
}

/** A relative path may be meant to lie in whatever was unpacked or cloned before. */
function wish({ additions }: Attempt, path: string): boolean {
  const name = normalizePath(path);
  if (path.startsWith('/') || name === '' || name.startsWith('..')) return false;
  const end = path.endsWith('/') ? '/' : '';
  const wishes = [`*/${name}${end}`, ...(name.includes('/') ? [`${name}${end}`] : [])];
  const added = wishes.filter((one) => !additions.unwanted.has(one) && addNew(additions.wishes, one));
  return added.length > 0;
}

/** A file that makes a directory itself must not find it made. */
function takeWishBack({ additions: { wishes, unwanted } }: Attempt, path: string): boolean {
  const inTheWay = [...wishes].filter((one) => one.endsWith(`/${normalizePath(path)}/`));
  for (const one of inTheWay) {
    wishes.delete(one);
    unwanted.add(one);
  }
  return inTheWay.length > 0;
}

/** Where in the image a path may be meant to be: below each working directory when it is relative. */
function placesOf({ instructions }: Attempt, path: string): string[] {
  if (path.startsWith('/')) return [normalizePath(path)];
  const workdirs = new Set(['']);
  for (const { keyword, text } of instructions)
    if (keyword === 'WORKDIR' && !text.includes('$')) workdirs.add(normalizePath(text.replace(/["']/g, '')));
  return [...workdirs].map((workdir) => normalizePath(`${workdir}/${path}`)).filter((place) => !place.startsWith('..'));
}

function addNew(set: Set<string>, value: string): boolean {
  if (value === '' || set.has(value)) return false;
  set.add(value);
  return true;
}
