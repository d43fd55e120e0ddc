/** The content that a COPY takes, as part of its cache key: files of the build context, or what a stage has at a path. */
import { hasWildcards } from '../context/go-paths';
import { isIncluded, matchSource } from '../context/sources';
import type { Instruction } from '../syntax/tree';
import type { CacheInputs, KeyPart, Keyring, StepKey } from './cache-inputs';
import { mayWrite } from './changed-content';
import type { CopyStep, RunStep, Stage, Step } from './model';
import { isWithin, normalizePath, pathsMeet } from './paths';

/** What a source of COPY, ADD or a bind mount finds in the build context. */
export function contentOfSource(source: string, inputs: CacheInputs, keyring: Keyring): StepKey {
  const { context } = inputs;
  if (!context) return keyring.key(['context', source]);
  const match = matchSource(context, source);
  const parts: KeyPart[] = ['files'];
  for (const found of match.matched) {
    // The name of what is copied is in the key of the step; those that a pattern finds are part of the content.
    if (match.isPattern) parts.push(found.replace(/^.*\//s, ''));
    parts.push(...treeParts(found, inputs));
  }
  return keyring.key(parts);
}

function treeParts(path: string, inputs: CacheInputs): string[] {
  const { context } = inputs;
  if (!context) return [];
  const identity = (entry: string) => inputs.fileIdentity(entry) ?? String(context.entries.get(entry)?.size ?? 0);
  const parts = path === '' ? [] : [identity(path)];
  const prefix = path === '' ? '' : `${path}/`;
  const below = [...context.entries.keys()].filter((entry) => entry.startsWith(prefix) && entry !== path);
  for (const entry of below.sort())
    if (isIncluded(context, entry)) parts.push(entry.slice(prefix.length), identity(entry));
  return parts;
}

interface StageContent {
  readonly inputs: CacheInputs;
  readonly keyring: Keyring;
  readonly keys: ReadonlyMap<Instruction, StepKey>;
  /** The key of what the stage starts from. */
  readonly base: StepKey;
}

/**
 * What a stage has at a path in the end, told from its last step upwards. What a command may have written there is as old as
 * the command's own key: when that is new, the content may still be what it was.
 */
export function contentOfStage(stage: Stage, path: string, content: StageContent): StepKey {
  const { keyring, keys } = content;
  const wanted = normalizePath(`/${path}`);
  const pieces: Piece[] = [];
  if (hasWildcards(wanted)) return wholeStage(stage, content);
  for (const step of [...stage.steps].reverse()) {
    const key = keys.get(step.instruction);
    if (step.keyword === 'RUN') {
      if (!key || !mayWrite(step as RunStep, wanted)) continue;
      return keyOf(pieces, keyring.unsure(key), keyring);
    }
    if (step.keyword === 'WORKDIR') {
      const made = step.stage.steps[step.index + 1]?.before.workdir ?? step.body.rest;
      const target = normalizePath(`/${made}`);
      if (key && isWithin(target, wanted)) pieces.push({ target, content: keyring.key(['WORKDIR']) });
      continue;
    }
    if (step.keyword !== 'COPY' && step.keyword !== 'ADD') continue;
    const taken = takenFrom(step as CopyStep, wanted, content);
    if (taken === 'nothing') continue;
    if (taken === null) return key ? keyOf(pieces, keyring.unsure(key), keyring) : wholeStage(stage, content);
    pieces.push(taken);
    if (taken.isAll) return keyOf(pieces, null, keyring);
  }
  return keyOf(pieces, keyring.unsure(content.base), keyring);
}

/** What a step put at a path. */
interface Piece {
  readonly target: string;
  readonly content: StepKey;
}

/** Pieces, the latest first, on top of something. Where they lie apart their order does not matter, nor does a repetition. */
function keyOf(pieces: readonly Piece[], below: StepKey | null, keyring: Keyring): StepKey {
  const apart = pieces.filter(
    (piece, index) =>
      !pieces
        .slice(0, index)
        .some(({ target, content }) => target === piece.target && content.full === piece.content.full),
  );
  const meet = apart.some((piece, index) =>
    apart.slice(index + 1).some(({ target }) => pathsMeet(piece.target, target)),
  );
  const inOrder = meet ? apart : [...apart].sort((a, b) => (a.target < b.target ? -1 : 1));
  const key = keyring.key(inOrder.flatMap(({ target, content }) => [target, content]));
  return keyring.key(['stage', meet ? keyring.unsure(key) : key, ...(below ? [below] : [])]);
}

function wholeStage(stage: Stage, { keyring, keys, base }: StageContent): StepKey {
  const last = [...stage.steps].reverse().find((step: Step) => keys.has(step.instruction));
  return keyring.unsure((last && keys.get(last.instruction)) ?? base);
}

/** What a COPY from the context puts at a path; null where that cannot be told. */
function takenFrom(
  copy: CopyStep,
  wanted: string,
  { inputs, keyring }: StageContent,
): 'nothing' | null | (Piece & { readonly isAll: boolean }) {
  const { destinationPath } = copy;
  if (destinationPath === null) return null;
  const destination = normalizePath(destinationPath);
  if (!pathsMeet(destination, wanted)) return 'nothing';
  const isPlain =
    copy.keyword === 'COPY' &&
    copy.fromText === null &&
    copy.body.flags.length === 0 &&
    copy.body.heredocs.length === 0;
  const source = copy.sources[0]?.value;
  const { context } = inputs;
  if (!isPlain || !context || copy.sources.length !== 1 || source == null || hasWildcards(source)) return null;
  const path = matchSource(context, source).path;
  const entry = path === '' ? { type: 'directory' } : context.entries.get(path);
  if (!entry || entry.type === 'link') return null;
  // A file goes to `destination`, or into it where that is a folder; a folder's content goes into it.
  const isFile = entry.type === 'file';
  if (isFile && !destinationPath.endsWith('/') && wanted !== destination) return null;
  const target =
    isFile && destinationPath.endsWith('/')
      ? normalizePath(`${destination}/${path.replace(/^.*\//s, '')}`)
      : destination;
  if (!pathsMeet(target, wanted)) return 'nothing';
  if (target === wanted) return { target, content: contentOfSource(source, inputs, keyring), isAll: isFile };
  if (wanted.startsWith(target === '/' ? '/' : `${target}/`)) {
    const inner = wanted.slice(target === '/' ? 1 : target.length + 1);
    const below = path === '' ? inner : `${path}/${inner}`;
    const found = context.entries.get(below);
    if (!found || !isIncluded(context, below)) return 'nothing';
    return { target: wanted, content: contentOfSource(below, inputs, keyring), isAll: found.type === 'file' };
  }
  return { target, content: contentOfSource(source, inputs, keyring), isAll: false };
}
