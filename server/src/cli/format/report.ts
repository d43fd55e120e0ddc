/** How findings are reported: one reporter for each format. */
import type { Analysis, ReportedFinding } from '../../analysis/analysis';
import { fixOf } from '../../analysis/fixes';
import { type Fix, isRefusal } from '../../rules/rule';

/** Takes the files one by one and writes as it goes, or all at the end. */
export interface Reporter {
  add(file: CheckedFile): void;
  end(): void;
}

/** A file and what was found in it. */
export interface CheckedFile {
  readonly name: string;
  readonly path: string | null;
  readonly analysis: Analysis;
}

/** The fix of a finding; null where there is none or it is refused. */
export function offeredFix(analysis: Analysis, finding: ReportedFinding): Fix | null {
  const fix = fixOf(analysis, finding);
  return fix === null || isRefusal(fix) ? null : fix;
}
