/** The costs of an analysed Dockerfile, computed once, and the sentences that say what they rest on. */
import * as l10n from '@vscode/l10n';
import { buildCosts } from '../model/build-costs';
import type { CostModel } from '../model/cost';
import type { Analysis } from './analysis';

const known = new WeakMap<Analysis, CostModel>();

/** What the steps of a Dockerfile cost, from the history and the measurements that came with its analysis, else from defaults. */
export function costs(analysis: Analysis): CostModel {
  const existing = known.get(analysis);
  if (existing) return existing;
  const { model, context, history, measurements } = analysis;
  const built = buildCosts(model, context, { history, measurements });
  known.set(analysis, built);
  return built;
}

/** Localized sentences: what the numbers rest on, and what is missing or stale. */
export function costBasis(analysis: Analysis): string[] {
  const { history, measurements, model } = analysis;
  const basis: string[] = [];
  if (history?.commits.length) basis.push(...history.notes);
  else
    basis.push(
      ...(history?.notes ?? []),
      l10n.t('How often files change is assumed by their kind: there is no history to learn from.'),
    );
  if (measurements?.steps.length) basis.push(...measurements.notes);
  else basis.push(l10n.t('Times are assumed by the kind of command: no build was measured.'));
  const all = costs(analysis);
  const stale = model.steps.filter(({ instruction }) => all.of(instruction)?.isStale).length;
  if (stale > 0)
    basis.push(
      stale === 1
        ? l10n.t('1 measurement is of an earlier text of its instruction.')
        : l10n.t('{0} measurements are of an earlier text of their instructions.', stale),
    );
  return basis;
}
