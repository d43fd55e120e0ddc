/** `layerwise check`: reports what is wrong. */
import { githubReporter } from './format/github';
import { jsonReporter } from './format/json';
import type { Reporter } from './format/report';
import { sarifReporter } from './format/sarif';
import { textReporter } from './format/text';
import { failsFor, type Session, statusOf } from './session';

/** Checks files and returns the exit status. */
export async function check(session: Session, paths: readonly string[]): Promise<number> {
  const reporter = reporterOf(session);
  let hasFindings = false;
  for await (const file of session.openAll(session.find(paths))) {
    reporter.add(file);
    hasFindings ||= failsFor(file.analysis.findings, file.effective);
  }
  reporter.end();
  return statusOf(session, hasFindings);
}

function reporterOf(session: Session): Reporter {
  switch (session.options.format) {
    case 'json':
      return jsonReporter(session.terminal);
    case 'sarif':
      return sarifReporter(session);
    case 'github':
      return githubReporter(session.terminal);
    case 'text':
      return textReporter(session.terminal);
  }
}
