/** What is wrong with a duration, and what is meant by it. */
import * as l10n from '@vscode/l10n';
import { durationProblem } from '../syntax/option-values';

export interface DurationFinding {
  readonly message: string;
  readonly meant?: { readonly text: string; readonly isGuess: boolean } | undefined;
}

/** Checks the value of `--interval` and its like; null when it is fine. */
export function checkDuration(value: string): DurationFinding | null {
  const sure = (text: string) => ({ text, isGuess: false });
  switch (durationProblem(value)) {
    case null:
      return null;
    case 'no-unit':
      return /^\d+$/.test(value)
        ? { message: l10n.t('`{0}` has no unit (`{0}s`)', value), meant: sure(`${value}s`) }
        : { message: l10n.t('`{0}` lacks a unit', value) };
    case 'unknown-unit': {
      const meant = inKnownUnits(value);
      const message = l10n.t('`{0}` has a unit that Docker does not know: it takes ms, s, m and h', value);
      return { message, meant: meant === null ? undefined : { text: meant, isGuess: true } };
    }
    case 'too-short':
      return { message: l10n.t('`{0}` is shorter than a millisecond', value) };
    default:
      return { message: l10n.t('`{0}` is no duration, such as `30s` or `1m30s`', value) };
  }
}

/** Units that people write, as Docker has them, and how many of those they are. */
const meantUnits: Readonly<Record<string, readonly [factor: number, unit: string]>> = {
  d: [24, 'h'],
  day: [24, 'h'],
  days: [24, 'h'],
  hr: [1, 'h'],
  hrs: [1, 'h'],
  hour: [1, 'h'],
  hours: [1, 'h'],
  min: [1, 'm'],
  mins: [1, 'm'],
  minute: [1, 'm'],
  minutes: [1, 'm'],
  sec: [1, 's'],
  secs: [1, 's'],
  second: [1, 's'],
  seconds: [1, 's'],
  msec: [1, 'ms'],
};

function inKnownUnits(value: string): string | null {
  let isKnown = true;
  const text = value.replace(/(\d+)([^\d.]+)/g, (_, number: string, written: string) => {
    const unit = written.toLowerCase();
    const [factor, known] = Object.hasOwn(meantUnits, unit) ? (meantUnits[unit] ?? [1, unit]) : [1, unit];
    if (!/^(?:ms|s|m|h)$/.test(known)) isKnown = false;
    return `${Number(number) * factor}${known}`;
  });
  return isKnown && durationProblem(text) === null ? text : null;
}
