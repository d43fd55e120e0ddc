/** layerwise/import, layerwise/measure, layerwise/forgetMeasurements: what real builds tell of a Dockerfile. */
import * as l10n from '@vscode/l10n';
import type { CancellationToken } from 'vscode-languageserver';
import type { MeasurementResult } from '../../../../shared/src/measurements';
import { type ImportOutcome, importRecording, readRecording } from '../../analysis/import/import';
import type { Recording } from '../../analysis/import/recorded';
import { mergeMeasurements } from '../../model/kept-measurements';
import type { Measurements } from '../../model/measurements';
import type { Model } from '../../model/model';
import { member, readUri } from '../fromLsp';
import { cancelled, invalidParams } from '../runSafe';
import type { Session } from '../session';

/** Measures a Dockerfile by something that was recorded. */
export async function importMeasurements(
  session: Session,
  params: unknown,
  token: CancellationToken,
): Promise<MeasurementResult | null> {
  const uri = readUri(params);
  const [path, text, name] = ['path', 'text', 'name'].map((key) => member(params, key));
  if (typeof path !== 'string' && typeof text !== 'string') throw invalidParams('path or text must be a string');
  const model = await modelOf(session, uri);
  if (!model) return null;
  const { source } = session.knowledge;
  let recording: Recording;
  if (typeof path === 'string') {
    if (!source) return failed(l10n.t('Files cannot be read here; open the log and import its text.'));
    recording = await source.readRecording(path, signalOf(token));
  } else recording = readRecording(String(text));
  const called = typeof name === 'string' ? name : typeof path === 'string' ? nameIn(path) : l10n.t('an imported text');
  return take(session, uri, [importRecording(model, recording, called)], []);
}

/** Builds a Dockerfile to measure it. */
export async function measure(
  session: Session,
  params: unknown,
  token: CancellationToken,
): Promise<MeasurementResult | null> {
  const uri = readUri(params);
  const model = await modelOf(session, uri);
  if (!model) return null;
  const { source, isTrusted } = session.knowledge;
  if (!source || !uri.startsWith('file:'))
    return failed(l10n.t('Only a Dockerfile that is a file on this machine can be built.'));
  if (!isTrusted) return failed(l10n.t('Docker is only run in a workspace that you trust.'));
  const progress = session.progress(member(params, 'workDoneToken'));
  progress.begin(l10n.t('Measuring with Docker'));
  try {
    const record = await source.build(uri, signalOf(token), (message) => progress.report(message));
    const now = l10n.t('built with Docker on {0}', new Date().toLocaleString());
    const outcomes = record.recordings.map((recording) => importRecording(model, recording, now));
    if (record.failure !== null && !outcomes.some(({ kind }) => kind === 'imported'))
      return { ...failed(record.failure), details: record.details };
    return await take(session, uri, outcomes, record.details, record.failure);
  } catch (error) {
    throw token.isCancellationRequested ? cancelled() : error;
  } finally {
    progress.done();
  }
}

/** Drops what was measured. */
export async function forgetMeasurements(session: Session, params: unknown): Promise<MeasurementResult | null> {
  const uri = readUri(params);
  await session.knowledge.setMeasurements(uri, null);
  return { ok: true, message: l10n.t('What was measured of this Dockerfile is forgotten.'), details: [] };
}

const failed = (message: string): MeasurementResult => ({ ok: false, message, details: [] });

async function modelOf(session: Session, uri: string): Promise<Model | null> {
  const document = session.document(uri);
  if (!document) return null;
  const settings = await session.settings(uri);
  // What was kept before has to be known, lest it be replaced by what is new.
  await session.knowledge.learn(uri);
  return session.analysis(document, settings).model;
}

/** Puts what was learned to what is known and says what it was. */
async function take(
  session: Session,
  uri: string,
  outcomes: readonly ImportOutcome[],
  details: readonly string[],
  failure: string | null = null,
): Promise<MeasurementResult> {
  const { knowledge } = session;
  let measurements: Measurements | null = knowledge.known(uri).measurements;
  const more = [...details];
  let [matched, stale] = [0, 0];
  let learned = false;
  for (const outcome of outcomes) {
    if (outcome.kind === 'refused') {
      more.unshift(outcome.reason);
      continue;
    }
    learned = true;
    measurements = mergeMeasurements(measurements, outcome.measurements);
    matched = Math.max(matched, outcome.matched);
    stale = Math.max(stale, outcome.stale);
  }
  if (!learned) return { ok: false, message: more[0] ?? l10n.t('Nothing was recorded.'), details: more.slice(1) };
  await knowledge.setMeasurements(uri, measurements);
  return { ok: true, message: [summary(matched, stale), failure ?? ''].join(' ').trim(), details: more };
}

function summary(matched: number, stale: number): string {
  if (matched === 0) return l10n.t('The image belongs to this Dockerfile.');
  const first =
    matched === 1 ? l10n.t('1 instruction was measured.') : l10n.t('{0} instructions were measured.', matched);
  if (stale === 0) return first;
  return `${first} ${
    stale === 1
      ? l10n.t('1 of them has another text now and is marked as stale.')
      : l10n.t('{0} of them have another text now and are marked as stale.', stale)
  }`;
}

const nameIn = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
