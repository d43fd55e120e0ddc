/** layerwise/optimize: the plan that the client shows before anything is changed. */
import type { CancellationToken } from 'vscode-languageserver';
import type { OptimizeResult, OptimizeStep } from '../../../../shared/src/protocol';
import type { Step } from '../../analysis/analysis';
import { minimalEdits } from '../../analysis/minimal-edits';
import { optimize } from '../../analysis/optimize';
import { buildChoices } from '../choices';
import { readUri } from '../fromLsp';
import { cancelled, contentModified } from '../runSafe';
import type { Session } from '../session';
import { toTextEdits } from '../toLsp';

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
  // A cancellation that is already on its way must be heard before the work begins: nothing is read during it.
  await new Promise((resolve) => setTimeout(resolve, 0));
  if (token.isCancellationRequested) throw cancelled();
  if (document.version !== version) throw contentModified();
  const before = session.analysis(document, settings);
  const { dockerfile, config, context } = before;
  const plan = optimize(dockerfile.text, {
    config,
    context,
    previous: before,
    isCancelled: () => token.isCancellationRequested,
  });
  const { choices, originalLines } = buildChoices(dockerfile, plan);
  return {
    version,
    layersBefore: plan.layersBefore,
    layersAfter: plan.layersAfter,
    text: plan.text,
    edits: toTextEdits(dockerfile.lines, minimalEdits(dockerfile.text, plan.text)),
    applied: plan.applied.map((step, index) => ({ ...toStep(step), line: originalLines[index] ?? step.line })),
    suggested: plan.suggested.map(toStep),
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
});
