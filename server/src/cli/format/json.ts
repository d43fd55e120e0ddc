/** `check --format json`: a contract that other tools rely on. */
import type { Analysis, ReportedFinding } from '../../analysis/analysis';
import type { Category, Safety, Severity } from '../../rules/rule';
import { type Place, placeOf } from '../places';
import type { Terminal } from '../terminal';
import { offeredFix, type Reporter } from './report';

interface FindingRow extends Place {
  readonly rule: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly aliases: readonly string[];
  readonly message: string;
  readonly fix: { readonly title: string; readonly safety: Safety } | null;
}

/** An array with a row for every file, one a line, so that it can be read as it comes. */
export function jsonReporter(terminal: Terminal): Reporter {
  let isFirst = true;
  return {
    add({ name, analysis }) {
      const row = { file: name, findings: analysis.findings.map((finding) => findingRow(analysis, finding)) };
      terminal.out(`${isFirst ? '[' : ','}\n${JSON.stringify(row)}`);
      isFirst = false;
    },
    end: () => terminal.out(isFirst ? '[]\n' : '\n]\n'),
  };
}

/** A finding as the contract has it. */
export function findingRow(analysis: Analysis, finding: ReportedFinding): FindingRow {
  const fix = offeredFix(analysis, finding);
  return {
    rule: finding.rule.id,
    category: finding.rule.category,
    severity: finding.severity,
    aliases: finding.aliases,
    message: finding.message,
    ...placeOf(analysis.dockerfile.lines, finding.at),
    fix: fix && { title: fix.title, safety: fix.safety },
  };
}
