/** layerwise/layersView: what the layers view and the rebuild marks draw, on request also of the Dockerfile after Optimize. */
import type { CancellationToken } from 'vscode-languageserver';
import type { LayersView } from '../../../../shared/src/layers-view';
import type { Analysis } from '../../analysis/analysis';
import { costBasis, costs } from '../../analysis/costs';
import { buildLayersView, lineAfter } from '../../analysis/layers-view';
import { optimizeInSlices } from '../../analysis/optimize';
import { member, readUri } from '../fromLsp';
import { cancelled, contentModified, invalidParams } from '../runSafe';
import type { Session } from '../session';

/** A Dockerfile after Optimize, kept for as long as the analysis it was made from: a moving cursor does not plan anew. */
const optimizedOf = new WeakMap<Analysis, Analysis | null>();

/** Milliseconds that the view waits for a history and measurements; later it is told that there are some. */
const knowledgePatience = 150;

export async function layersView(
  session: Session,
  params: unknown,
  token: CancellationToken,
): Promise<LayersView | null> {
  const document = session.document(readUri(params));
  const line = readLine(member(params, 'line'));
  if (!document) return null;
  const { version } = document;
  const settings = await session.settings(document.uri);
  await session.settled(document.uri);
  // What was typed meanwhile is read first: nothing here may hold it up.
  const letOthersWork = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    if (token.isCancellationRequested) throw cancelled();
    if (document.version !== version) throw contentModified();
  };
  // A history is read by git: only for somebody who asked for costs.
  const wantsCosts = member(params, 'costs') !== false;
  if (wantsCosts) await session.knowledge.learnWithin(document.uri, knowledgePatience);
  await letOthersWork();
  if (!settings.enable) return null;
  const analysis = session.analysis(document, settings);
  if (analysis.model.stages.length === 0) return null;
  if (wantsCosts) await computeCosts(analysis, letOthersWork);
  const view = wantsCosts
    ? describe(analysis, version, line)
    : buildLayersView(analysis, { version, line, costs: null, basis: [] });
  if (member(params, 'optimized') !== true) return view;
  const after = await optimizedAnalysis(analysis, letOthersWork);
  if (!after) return view;
  if (wantsCosts) await computeCosts(after, letOthersWork);
  return { ...view, optimized: describe(after, version, line === null ? null : lineAfter(analysis, after, line)) };
}

/** Milliseconds of work at a time. */
const slice = 8;

/** Works out what each step costs, a slice at a time: in a file of a thousand steps that is half a second in all. */
async function computeCosts(analysis: Analysis, letOthersWork: () => Promise<void>): Promise<void> {
  const all = costs(analysis);
  await letOthersWork();
  let since = performance.now();
  for (const { instruction } of analysis.model.steps) {
    all.of(instruction);
    if (performance.now() - since < slice) continue;
    await letOthersWork();
    since = performance.now();
  }
}

const describe = (analysis: Analysis, version: number, line: number | null): LayersView =>
  buildLayersView(analysis, { version, line, costs: costs(analysis), basis: costBasis(analysis) });

/** The analysis of the text with all safe fixes; null where there are none. */
async function optimizedAnalysis(before: Analysis, letOthersWork: () => Promise<void>): Promise<Analysis | null> {
  const known = optimizedOf.get(before);
  if (known !== undefined) return known;
  const { dockerfile, config, context } = before;
  const slices = optimizeInSlices(dockerfile.text, { config, context, previous: before });
  let slice = slices.next();
  for (; !slice.done; slice = slices.next()) await letOthersWork();
  const { text, after } = slice.value;
  const result = text === dockerfile.text ? null : after;
  optimizedOf.set(before, result);
  return result;
}

function readLine(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw invalidParams('line must be a line number or null');
}
