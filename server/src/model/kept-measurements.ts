/** Measurements as they are kept between sessions: one JSON text per Dockerfile. Pure. */
import type { Measurement, Measurements } from './measurements';

/** Changes when what is kept has another shape; older texts are given up then. */
const format = 1;

/** The text to keep. */
export function writeMeasurements(measurements: Measurements): string {
  return `${JSON.stringify({ format, ...measurements }, null, 1)}\n`;
}

/** Reads a kept text; null where it is none, or one of another version. */
export function readMeasurements(text: string): Measurements | null {
  const value = parse(text);
  if (value?.format !== format || !Array.isArray(value.steps)) return null;
  const steps = value.steps.filter(isMeasurement);
  const notes = Array.isArray(value.notes) ? value.notes.filter((note) => typeof note === 'string') : [];
  return { steps, baseSize: isAmount(value.baseSize) ? value.baseSize : null, notes };
}

/** What was known, with what is newer: times and sizes come from different sources, and a newer number replaces an older one. */
export function mergeMeasurements(older: Measurements | null, newer: Measurements): Measurements {
  if (!older) return newer;
  const keyOf = ({ stage, text }: Measurement, count: number) => `${stage} ${count} ${text}`;
  const keyed = (steps: readonly Measurement[]) => {
    const counts = new Map<string, number>();
    return steps.map((step) => {
      const plain = keyOf(step, 0);
      const count = counts.get(plain) ?? 0;
      counts.set(plain, count + 1);
      return [keyOf(step, count), step] as const;
    });
  };
  const known = new Map(keyed(older.steps));
  const steps = keyed(newer.steps).map(([key, step]): Measurement => {
    const before = known.get(key);
    known.delete(key);
    return before
      ? {
          ...step,
          seconds: step.seconds ?? before.seconds,
          size: step.size ?? before.size,
          wasted: step.wasted ?? before.wasted,
        }
      : step;
  });
  // An older text at the same place says nothing any more once the newer one was measured in the same way.
  const isTimed = newer.steps.some((step) => step.seconds !== null);
  const left = [...known.values()].filter((step) => (step.seconds !== null) !== isTimed || !hasStage(newer, step));
  const notes = [...older.notes.filter((note) => !newer.notes.includes(note)).slice(-3), ...newer.notes];
  return { steps: inOrder(older, newer, [...steps, ...left]), baseSize: newer.baseSize ?? older.baseSize, notes };
}

const hasStage = ({ steps }: Measurements, { stage }: Measurement): boolean =>
  steps.some((step) => step.stage === stage);

/** Stage by stage; within one as the source with more of its steps has them. */
function inOrder(older: Measurements, newer: Measurements, steps: readonly Measurement[]): Measurement[] {
  const places = new Map<string, number>();
  const sources = older.steps.length > newer.steps.length ? [older, newer] : [newer, older];
  for (const source of sources)
    for (const step of source.steps) {
      const key = `${step.stage} ${step.text}`;
      if (!places.has(key)) places.set(key, places.size);
    }
  const placeOf = (step: Measurement) => places.get(`${step.stage} ${step.text}`) ?? 0;
  return [...steps].sort((a, b) => a.stage - b.stage || placeOf(a) - placeOf(b));
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isAmountOrNull = (value: unknown): boolean => value === null || isAmount(value);

function isMeasurement(value: unknown): value is Measurement {
  if (typeof value !== 'object' || value === null) return false;
  const { stage, keyword, text, seconds, size, wasted } = value as Record<string, unknown>;
  return (
    isAmount(stage) &&
    typeof keyword === 'string' &&
    typeof text === 'string' &&
    [seconds, size, wasted].every(isAmountOrNull)
  );
}
