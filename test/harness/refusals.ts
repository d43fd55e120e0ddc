/** Comparing what Docker refuses with the errors that we report. */
import { analyze } from '../../server/src/analysis/analyze';
import { defaultConfig } from '../../server/src/rules/config';

export interface RefusalCase {
  readonly name: string;
  readonly text: string;
  /** Why Docker refuses it; left out where it accepts. */
  readonly error?: string;
  /** The line that it names, from 1. */
  readonly errorLine?: number;
}

export interface RefusalDifference {
  readonly name: string;
  readonly kind: 'missed' | 'other line' | 'accepted by Docker';
  readonly docker: string;
  readonly ours: string;
}

export interface RefusalComparison {
  /** How many cases were compared: those not counted are left out. */
  readonly compared: number;
  readonly differences: readonly RefusalDifference[];
}

/** The image could not be looked up: that says nothing about the file. */
const unresolved = /failed to resolve source metadata|too many images|no verdict|pull access denied|dial tcp/;
/** The image's name is empty or invalid with the defaults of the ARGs: a warning on that line is enough. */
const withoutImage = /base name \(.*\) should not be blank|failed to parse stage name/;

/** Compares case by case. */
export function compareRefusals(cases: readonly RefusalCase[]): RefusalComparison {
  const counted = cases.filter(({ error }) => error === undefined || !unresolved.test(error));
  const differences = counted.flatMap((one) => compare(one) ?? []);
  return { compared: counted.length, differences };
}

function compare({ name, text, error, errorLine }: RefusalCase): RefusalDifference | null {
  const { findings, dockerfile } = analyze(text, { config: defaultConfig, context: null });
  const lineOf = ({ at }: (typeof findings)[number]) => dockerfile.lines.lineAt(at.start) + 1;
  const isEnough = error !== undefined && withoutImage.test(error);
  const errors = findings.filter(({ severity }) => severity === 'error' || (isEnough && severity === 'warning'));
  const ours = errors.map((finding) => `${lineOf(finding)} ${finding.rule.id}`).join(', ');
  if (error === undefined) {
    const isWrong = errors.some(({ rule }) => rule.category === 'syntax');
    return isWrong ? { name, kind: 'accepted by Docker', docker: '', ours } : null;
  }
  const docker = errorLine === undefined ? error : `line ${errorLine}: ${error}`;
  if (errors.length === 0) return { name, kind: 'missed', docker, ours };
  if (errorLine !== undefined && !errors.some((finding) => lineOf(finding) === errorLine))
    return { name, kind: 'other line', docker, ours };
  return null;
}

/** A difference in one line. */
export function formatDifference({ name, kind, docker, ours }: RefusalDifference): string {
  return [`${kind}: ${name}`, docker && `Docker: ${docker}`, ours && `ours: ${ours}`].filter(Boolean).join('; ');
}
