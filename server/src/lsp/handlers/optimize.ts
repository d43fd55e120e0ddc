/** layerwise/optimize: the plan that the client shows before anything is changed. */
import type { CancellationToken } from 'vscode-languageserver';
import type { OptimizeResult, OptimizeStep } from '../../../../shared/src/protocol';
import type { Step, SuggestedStep } from '../../analysis/analysis';
import { minimalEdits } from '../../analysis/minimal-edits';
import { describeEffect, optimizeInSlices } from '../../analysis/optimize';
import { buildChoices } from '../choices';
import { readUri } from '../fromLsp';
import { cancelled, contentModified } from '../runSafe';
import type { Session } from '../session';
import { toTextEdits } from '../toLsp';

/** Milliseconds that a plan waits for a history and measurements, by which orders are weighed. */
const knowledgePatience = 2_000;

export async function planOptimization(
  session: Session,
  params: unknown,
  token: CancellationToken,
): Promise<OptimizeResult | null> {
  const document = session.document(readUri(params));
  if (!document) return null;
  const { version } = document;
  const settings = await session.settings(document.uri);
  await session.settled(document.uri);
  // Between slices messages are read: a cancellation, or an edit that makes the work useless.
  const letOthersWork = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    if (token.isCancellationRequested) throw cancelled();
    if (document.version !== version) throw contentModified();
  };
  await session.knowledge.learnWithin(document.uri, knowledgePatience);
  await letOthersWork();
  const before = session.analysis(document, settings);
  const { dockerfile, config, context } = before;
  const slices = optimizeInSlices(dockerfile.text, { config, context, previous: before });
  let slice = slices.next();
  for (; !slice.done; slice = slices.next()) await letOthersWork();
  const plan = slice.value;
  const { choices, originalLines } = buildChoices(dockerfile, plan);
  return {
    version,
    layersBefore: plan.layersBefore,
    layersAfter: plan.layersAfter,
    text: plan.text,
    edits: toTextEdits(dockerfile.lines, minimalEdits(dockerfile.text, plan.text)),
    applied: plan.applied.map((step, index) => ({ ...toStep(step), line: originalLines[index] ?? step.line })),
    suggested: plan.suggested.map(toSuggestion),
    refused: plan.refused.map(({ rule, line, reason }) => ({ rule: rule.id, line, reason })),
    choices: choices.map(({ edits, ...choice }) => ({ ...choice, edits: toTextEdits(dockerfile.lines, edits) })),
  };
}

const toStep = ({ rule, line, title, reason, risk }: Step): OptimizeStep => ({
  rule: rule.id,
  line,
  title,
  reason,
  risk,
  effect: null,
});

const toSuggestion = (step: SuggestedStep): OptimizeStep => ({ ...toStep(step), effect: describeEffect(step.effect) });
