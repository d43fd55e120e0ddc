/** Turns a recorded build or image into measurements of a Dockerfile's instructions, or says why it is none of it. Pure. */
import * as l10n from '@vscode/l10n';
import { instructionText, type Measurement, type Measurements } from '../../model/measurements';
import type { Model, Stage, Step } from '../../model/model';
import { type Aligned, align } from './align';
import { readPlainLog, readRawJsonLog } from './build-log';
import { readHistoryOutput, readInspectOutput } from './image-history';
import {
  type ImageSummary,
  isStepKeyword,
  type RecordedImage,
  type RecordedLayer,
  type RecordedStep,
  type Recording,
} from './recorded';
import { isSame } from './same-text';

export type ImportOutcome =
  | {
      readonly kind: 'imported';
      readonly measurements: Measurements;
      /** Instructions that something was learned of, and how many of them have another text now. */
      readonly matched: number;
      readonly stale: number;
    }
  /** `reason`: localized, for the user. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What a text that somebody wants to import is. */
export function readRecording(text: string): Recording {
  const summary = readInspectOutput(text);
  if (summary) return { kind: 'summary', summary };
  const image = readHistoryOutput(text);
  if (image) return { kind: 'image', image };
  const steps = readRawJsonLog(text) ?? readPlainLog(text);
  if (steps) return { kind: 'log', steps };
  if (/^Step \d+\/\d+ : /m.test(text))
    return {
      kind: 'unreadable',
      reason: l10n.t('This is a log of the legacy builder, which does not tell how long its steps took.'),
    };
  return {
    kind: 'unreadable',
    reason: l10n.t(
      'This is neither a log of `docker build --progress=plain` or `rawjson` nor the output of `docker history --format json` or `docker image inspect`.',
    ),
  };
}

/** Measures a Dockerfile by a recording. `source` names it for the user. */
export function importRecording(model: Model, recording: Recording, source: string): ImportOutcome {
  switch (recording.kind) {
    case 'log':
      return importLog(model, recording.steps, source);
    case 'image':
      return importImage(model, recording.image, source);
    case 'summary':
      return importSummary(model, recording.summary, source);
    case 'unreadable':
      return { kind: 'refused', reason: recording.reason };
  }
}

const refused = (reason: string): ImportOutcome => ({ kind: 'refused', reason });

type Pair<Recorded> = Aligned<Recorded, Step>;

const alignWith = <Recorded extends RecordedStep | RecordedLayer>(
  recorded: readonly Recorded[],
  own: readonly Step[],
  sameStart: boolean,
): Pair<Recorded>[] =>
  align(recorded, own, {
    isSame: (one, step) => isSame(step, one),
    isLike: (one, step) => one.keyword === step.keyword,
    sameStart,
  });

const fileSteps = (stage: Stage): Step[] => stage.steps.filter((step) => isStepKeyword(step.keyword));

function importLog(model: Model, steps: readonly RecordedStep[], source: string): ImportOutcome {
  if (steps.length === 0) return refused(l10n.t('There is no step of a Dockerfile in this log.'));
  const byStage = new Map<Stage, RecordedStep[]>();
  for (const step of steps) {
    const stage = stageOfNames(model, step.names);
    if (!stage) continue;
    const same = byStage.get(stage);
    if (same) same.push(step);
    else byStage.set(stage, [step]);
  }
  const pairs = model.stages.flatMap((stage) => alignWith(inOrder(byStage.get(stage)), fileSteps(stage), true));
  const same = pairs.filter((pair) => pair.isSame).length;
  if (same === 0 || same * 2 < steps.length) return refused(anotherDockerfile(same, steps.length));
  const timed = pairs.filter(({ recorded }) => recorded.seconds !== null);
  if (timed.length === 0)
    return refused(
      l10n.t('Every step in this log was taken from the cache, so nothing was timed. Build with --no-cache.'),
    );
  const note = l10n.t('Times are measured: {0}.', source);
  return imported(timed, ({ seconds }) => ({ seconds, size: null, wasted: null }), { baseSize: null, notes: [note] });
}

const inOrder = (steps: readonly RecordedStep[] = []): RecordedStep[] => [...steps].sort((a, b) => a.number - b.number);

/** The stage that the words before a step's number mean: one of them is its name, or `stage-2` for one without. */
function stageOfNames(model: Model, names: readonly string[]): Stage | null {
  for (const name of [...names].reverse()) {
    const wanted = name.toLowerCase();
    const named = model.stages.filter((stage) => stage.name?.toLowerCase() === wanted);
    const numbered = /^stage-(\d+)$/.exec(wanted);
    const found = named.at(-1) ?? (numbered ? model.stages[Number(numbered[1])] : undefined);
    if (found) return found;
  }
  // A file of one stage without a name; what stands there is a platform or the name of a service.
  return model.stages.length === 1 ? (model.stages[0] ?? null) : null;
}

function importImage(model: Model, image: RecordedImage, source: string): ImportOutcome {
  if (model.stages.length === 0) return refused(l10n.t('There is no stage in this file.'));
  let best: Pair<RecordedLayer>[] = [];
  let wanted = 0;
  // Any stage may have been the target; the last one is the likeliest.
  for (const stage of [...model.stages].reverse()) {
    const own = chainOf(stage).flatMap(fileSteps);
    const pairs = alignWith(image.layers, own, false);
    if (sameIn(pairs) > sameIn(best) || wanted === 0) {
      best = pairs;
      wanted = own.length;
    }
  }
  const same = sameIn(best);
  if (wanted === 0)
    return refused(l10n.t('The Dockerfile has no RUN, COPY, ADD or WORKDIR that could have made a layer.'));
  if (same === 0 || same * 2 < wanted) return refused(anotherImage(same, wanted));
  const first = best[0]?.recorded;
  const below = first ? image.layers.slice(0, image.layers.indexOf(first)) : [];
  const baseSize = below.reduce((sum, layer) => sum + (layer.size ?? 0), 0);
  const sizes = best.filter(({ recorded }) => recorded.size !== null);
  const notes = [l10n.t('Sizes are measured: {0}.', source)];
  return imported(sizes, ({ size, wasted }) => ({ seconds: null, size, wasted }), { baseSize, notes });
}

const sameIn = (pairs: readonly { readonly isSame: boolean }[]): number => pairs.filter((pair) => pair.isSame).length;

/** A stage and those it is built FROM, the lowest first. */
function chainOf(stage: Stage): Stage[] {
  const chain: Stage[] = [];
  for (let at: Stage | null = stage; at && !chain.includes(at); at = at.parent) chain.unshift(at);
  return chain;
}

/** An inspection tells of the whole image only: its size, where its configuration fits the Dockerfile. */
function importSummary(model: Model, summary: ImageSummary, source: string): ImportOutcome {
  const stage = model.finalStage;
  if (!stage) return refused(l10n.t('There is no stage in this file.'));
  if (summary.size === null) return refused(l10n.t('This inspection does not tell the size of the image.'));
  const steps = chainOf(stage).flatMap((one) => one.steps);
  const last = (keyword: string) => steps.filter((step) => step.keyword === keyword).at(-1) ?? null;
  const differs = (own: string | null | undefined, theirs: string | null) =>
    own !== null && own !== undefined && !own.includes('$') && own !== theirs;
  const command = last('CMD');
  const strings = command?.body.json?.map((word) => word.text) ?? null;
  const isOther =
    (strings !== null && strings.join('\0') !== summary.command?.join('\0')) ||
    differs(last('USER')?.body.rest, summary.user) ||
    (last('WORKDIR')?.body.rest.startsWith('/') && differs(last('WORKDIR')?.body.rest, summary.workdir));
  if (isOther)
    return refused(
      l10n.t('This is an image of another Dockerfile, or of another version of it: its CMD, USER or WORKDIR differs.'),
    );
  const note = l10n.t('The whole image has {0}: {1}.', formatBytes(summary.size), source);
  return { kind: 'imported', measurements: { steps: [], baseSize: null, notes: [note] }, matched: 0, stale: 0 };
}

/** Bytes as people read them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

function toMeasurement<Recorded extends RecordedStep | RecordedLayer>(
  { recorded, own, isSame: same }: Pair<Recorded>,
  numbers: Pick<Measurement, 'seconds' | 'size' | 'wasted'>,
): Measurement {
  const { keyword } = own;
  // A text that differs is kept as it was, so that the measurement is known to be of it.
  const text = same ? instructionText(own.instruction) : `${keyword} ${recorded.text}`.replace(/\s+/g, ' ');
  return { stage: own.stage.index, keyword, text, ...numbers };
}

function imported<Recorded extends RecordedStep | RecordedLayer>(
  pairs: readonly Pair<Recorded>[],
  numbersOf: (recorded: Recorded) => Pick<Measurement, 'seconds' | 'size' | 'wasted'>,
  rest: Pick<Measurements, 'baseSize' | 'notes'>,
): ImportOutcome {
  const steps = pairs.map((pair) => toMeasurement(pair, numbersOf(pair.recorded)));
  const measurements = { steps, ...rest };
  return { kind: 'imported', measurements, matched: steps.length, stale: steps.length - sameIn(pairs) };
}

const anotherDockerfile = (same: number, all: number): string =>
  l10n.t(
    'This is a log of another Dockerfile, or of a very different version of it: {0} of its {1} steps are in this file.',
    same,
    all,
  );

const anotherImage = (same: number, all: number): string =>
  l10n.t(
    'This is an image of another Dockerfile, or of a very different version of it: {0} of the {1} instructions that make layers are in its history.',
    same,
    all,
  );
