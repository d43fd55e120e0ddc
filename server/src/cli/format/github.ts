/** `check --format github`: workflow commands, which GitHub Actions turns into annotations of the change. */
import type { Severity } from '../../rules/rule';
import { placeOf } from '../places';
import type { Terminal } from '../terminal';
import type { Reporter } from './report';

const levels: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  hint: 'notice',
};

export function githubReporter(terminal: Terminal): Reporter {
  return {
    add({ name, analysis }) {
      for (const finding of analysis.findings) {
        const { line, column, endLine, endColumn } = placeOf(analysis.dockerfile.lines, finding.at);
        // Columns are only understood within one line.
        const columns = line === endLine ? [`col=${column}`, `endColumn=${endColumn}`] : [];
        const properties = [
          `file=${property(name.replaceAll('\\', '/'))}`,
          `line=${line}`,
          `endLine=${endLine}`,
          ...columns,
          `title=${property(finding.rule.id)}`,
        ];
        terminal.out(`::${levels[finding.severity]} ${properties.join(',')}::${data(finding.message)}\n`);
      }
    },
    end() {},
  };
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
