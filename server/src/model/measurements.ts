/** What was measured in real builds, as kept per workspace, and which instruction each measurement is of. Pure. */
import type { Instruction } from '../syntax/tree';
import type { Model } from './model';

/** One instruction as it was when it was measured. */
export interface Measurement {
  /** Stage number, from 0. */
  readonly stage: number;
  readonly keyword: string;
  /** The instruction on one line, as `instructionText` gives it. */
  readonly text: string;
  /** Time of the step; null where only sizes were read. */
  readonly seconds: number | null;
  /** Bytes of its layer; null where only times were read. */
  readonly size: number | null;
  /** Bytes of its layer that later ones delete or replace; null where no archive was read. */
  readonly wasted: number | null;
}

/** All of one Dockerfile, in its order. */
export interface Measurements {
  readonly steps: readonly Measurement[];
  /** Bytes of the layers of the base image; null where they are not known. */
  readonly baseSize: number | null;
  /** Localized sentences: where the numbers are from. */
  readonly notes: readonly string[];
}

/** What is known of one instruction from measurements; of several where it was merged of them. */
export interface Measured {
  readonly seconds: number | null;
  readonly size: number | null;
  readonly wasted: number | null;
  /** The instruction's text is not the one that was measured. */
  readonly isStale: boolean;
}

/** An instruction's text on one line, by which it is recognised; blanks and continuations make no difference. */
export function instructionText(instruction: Instruction): string {
  const { body, keyword } = instruction;
  const heredocs = body.heredocs.map((heredoc) => `\n${heredoc.content}`).join('');
  const joined = body.joined.replace(/\s+/g, ' ').trim();
  return `${keyword}${joined.slice(keyword.length)}${heredocs}`;
}

interface Entry {
  readonly instruction: Instruction;
  readonly stage: number;
  readonly text: string;
}

/** Finds the measurement of each instruction: by its text, else by its place between those found by their text. */
export function matchMeasurements(model: Model, measurements: Measurements | null): ReadonlyMap<Instruction, Measured> {
  const found = new Map<Instruction, Measured>();
  if (!measurements || measurements.steps.length === 0) return found;
  const entries: Entry[] = model.steps.map(({ instruction, stage }) => ({
    instruction,
    stage: stage.index,
    text: instructionText(instruction),
  }));
  const open = new Set(measurements.steps);
  const byText = takeByText(entries, open);
  for (const [entry, measurement] of byText) found.set(entry.instruction, toMeasured([measurement], false));
  const left = entries.filter((entry) => !found.has(entry.instruction));
  for (const entry of left) {
    const parts = mergedParts(entry, open);
    if (parts.length === 0) continue;
    for (const part of parts) open.delete(part);
    found.set(entry.instruction, toMeasured(parts, true));
  }
  for (const [entry, measurement] of takeByPlace(entries, byText, measurements.steps, open, found))
    found.set(entry.instruction, toMeasured([measurement], true));
  return found;
}

/** Same text: in the same stage first, then anywhere, for instructions move. */
function takeByText(entries: readonly Entry[], open: Set<Measurement>): Map<Entry, Measurement> {
  const taken = new Map<Entry, Measurement>();
  const take = (sameStage: boolean) => {
    const byText = new Map<string, Measurement[]>();
    for (const measurement of open) {
      const key = sameStage ? `${measurement.stage} ${measurement.text}` : measurement.text;
      const same = byText.get(key);
      if (same) same.push(measurement);
      else byText.set(key, [measurement]);
    }
    for (const entry of entries) {
      if (taken.has(entry)) continue;
      const measurement = byText.get(sameStage ? `${entry.stage} ${entry.text}` : entry.text)?.shift();
      if (!measurement) continue;
      taken.set(entry, measurement);
      open.delete(measurement);
    }
  };
  take(true);
  take(false);
  return taken;
}

/** RUNs of old that stand in a RUN whole: it was merged of them, or an option was added. */
function mergedParts({ text, instruction }: Entry, open: ReadonlySet<Measurement>): Measurement[] {
  if (instruction.keyword !== 'RUN') return [];
  return [...open].filter((measurement) => {
    const command = measurement.text.replace(/^RUN (?:--\S+ )*/, '');
    return measurement.keyword === 'RUN' && command.length >= 4 && text.includes(command);
  });
}

/** What is left between two that were found, on both sides, is the same in its order where the keywords are the same. */
function takeByPlace(
  entries: readonly Entry[],
  byText: ReadonlyMap<Entry, Measurement>,
  steps: readonly Measurement[],
  open: Set<Measurement>,
  found: ReadonlyMap<Instruction, Measured>,
): Map<Entry, Measurement> {
  const taken = new Map<Entry, Measurement>();
  let next = 0;
  for (const entry of entries) {
    const anchor = byText.get(entry);
    if (anchor) {
      next = Math.max(next, steps.indexOf(anchor) + 1);
      continue;
    }
    if (found.has(entry.instruction)) continue;
    for (let index = next; index < steps.length; index++) {
      const candidate = steps[index];
      if (!candidate || !open.has(candidate)) break;
      if (candidate.stage !== entry.stage || candidate.keyword !== entry.instruction.keyword) continue;
      taken.set(entry, candidate);
      open.delete(candidate);
      next = index + 1;
      break;
    }
  }
  return taken;
}

function toMeasured(parts: readonly Measurement[], isStale: boolean): Measured {
  return { seconds: sum(parts, 'seconds'), size: sum(parts, 'size'), wasted: sum(parts, 'wasted'), isStale };
}

function sum(parts: readonly Measurement[], key: 'seconds' | 'size' | 'wasted'): number | null {
  let total: number | null = null;
  for (const part of parts) if (part[key] !== null) total = (total ?? 0) + (part[key] ?? 0);
  return total;
}
