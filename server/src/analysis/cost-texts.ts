/** What a step costs, in sentences: measured or assumed is always said, and what is hardly anything is not. */
import * as l10n from '@vscode/l10n';
import { formatBytes, formatSeconds, formatShare } from '../../../shared/src/amounts';
import type { Amount, StepCost } from '../model/cost';

/** Seconds below which an assumed time is not worth a sentence. */
const worthSaying = 0.5;

/** Sentences on time, size, how often the step runs, and what an edit of it costs; those that say something. */
export function costSentences(cost: StepCost): string[] {
  const { seconds, rebuilds, size, wasted, editCost } = cost;
  const sentences: string[] = [];
  if (seconds.source === 'measured')
    sentences.push(l10n.t('The step takes {0}, as measured.', formatSeconds(seconds.value)));
  else if (seconds.value >= worthSaying)
    sentences.push(l10n.t('The step takes about {0}, which is assumed.', formatSeconds(seconds.value)));
  if (isKnown(seconds) && rebuilds.value > 0)
    sentences.push(
      rebuilds.source === 'measured'
        ? l10n.t('By the history it runs in {0} of the rebuilds.', formatShare(rebuilds.value))
        : l10n.t('It is assumed to run in {0} of the rebuilds.', formatShare(rebuilds.value)),
    );
  if (editCost.value >= seconds.value + worthSaying)
    sentences.push(
      editCost.source === 'measured'
        ? l10n.t('An edit of it costs {0}, with all that is built again.', formatSeconds(editCost.value))
        : l10n.t('An edit of it costs about {0}, with all that is built again.', formatSeconds(editCost.value)),
    );
  if (size)
    sentences.push(
      wasted
        ? l10n.t('Its layer has {0}, of which later layers hide {1}.', formatBytes(size.value), formatBytes(wasted))
        : l10n.t('Its layer has {0}.', formatBytes(size.value)),
    );
  if (cost.isStale) sentences.push(l10n.t('It was measured before its last change.'));
  return sentences;
}

const isKnown = ({ value, source }: Amount): boolean => source === 'measured' || value >= worthSaying;

/**
 * What stands at the end of a line: the layer's number, then numbers as short as can be, for editors cut long hints off (VS
 * Code after 43 characters). `↻` is how often the step is rebuilt, `✎` what an edit costs. Null for nothing to show.
 */
export function shortCost(layer: number | null, cost: StepCost | null, mode: 'short' | 'full'): string | null {
  const parts: string[] = [];
  if (layer !== null) parts.push(l10n.t('layer {0}', layer));
  if (cost) {
    const { size, seconds, rebuilds, editCost } = cost;
    if (size && layer !== null) parts.push(formatBytes(size.value));
    const isShown = mode === 'full' ? isKnown(seconds) : seconds.source === 'measured' && layer !== null;
    // `0 s` behind every other line tells nobody anything.
    if (isShown && seconds.value >= 0.05) parts.push(shortTime(seconds));
    if (mode === 'full') {
      if (isKnown(seconds) && rebuilds.value > 0) parts.push(`↻ ${formatShare(rebuilds.value)}`);
      if (editCost.value >= seconds.value + worthSaying) parts.push(`✎ ${shortTime(editCost)}`);
    }
  }
  return parts.length === 0 ? null : parts.join(' · ');
}

/** A minute and more as `1.2 min`. */
function shortTime({ value, source }: Amount): string {
  const tenths = Math.round(value / 6) / 10;
  const time = value >= 59.5 && value < 3570 ? `${tenths} min` : formatSeconds(value);
  return source === 'measured' ? time : `≈${time}`;
}
