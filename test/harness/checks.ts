/** The only helpers that call the API for rule tests: annotated text in, assertion errors out. */
import assert from 'node:assert/strict';
import type { Analysis } from '../../server/src/analysis/analysis';
import { analyze } from '../../server/src/analysis/analyze';
import { fixAll } from '../../server/src/analysis/fixes';
import type { BuildContext } from '../../server/src/context/context';
import { type Builder, type Config, defaultConfig } from '../../server/src/rules/config';
import { setRuleErrorHandler } from '../../server/src/rules/engine';
import { parseFixture } from '../../server/src/rules/fixture';

// A rule that throws is silent for users and must be loud here.
setRuleErrorHandler((rule, error) => {
  throw new Error(`${rule.id} threw: ${error instanceof Error ? error.stack : String(error)}`);
});

export interface CheckOptions {
  readonly rule?: string;
  readonly context?: BuildContext | null;
  readonly builder?: Builder;
  readonly config?: Partial<Config>;
}

const configOf = (options: CheckOptions): Config => ({
  ...defaultConfig,
  builder: options.builder ?? 'buildkit',
  select: options.rule === undefined ? null : [options.rule],
  ...options.config,
});

/** Analyses a text with the options of a check. */
export function analyzeText(text: string, options: CheckOptions = {}): Analysis {
  return analyze(text, { config: configOf(options), context: options.context ?? null });
}

/** Renders findings as annotation lines below the lines they are about. */
export function annotate(analysis: Analysis): string {
  const lines = analysis.dockerfile.text.split('\n');
  const below = new Map<number, string[]>();
  for (const finding of analysis.findings) {
    const start = analysis.dockerfile.lines.positionAt(finding.at.start);
    const end = analysis.dockerfile.lines.positionAt(finding.at.end);
    const width = end.line === start.line ? Math.max(1, end.character - start.character) : 1000;
    const marker = `${' '.repeat(start.character)}${'^'.repeat(width)} ${finding.severity} ${finding.rule.id}: ${finding.message}`;
    below.set(start.line, [...(below.get(start.line) ?? []), marker]);
  }
  return lines.flatMap((line, index) => [line, ...(below.get(index) ?? [])]).join('\n');
}

/** The findings of an annotated text must be exactly its annotations. A message may be left out, or end in `…`. */
export function checkDiagnostics(source: string, options: CheckOptions = {}): void {
  const fixture = parseFixture(source);
  const actual = annotate(analyzeText(fixture.text, options));
  const expectedLines = source.split('\n');
  const actualLines = actual.split('\n');
  const same =
    expectedLines.length === actualLines.length &&
    expectedLines.every((line, index) => matches(line, actualLines[index] ?? ''));
  if (!same) assert.equal(actual, source);
}

function matches(expected: string, actual: string): boolean {
  if (expected === actual) return true;
  if (!/^[ \t]*\^+ /.test(expected)) return false;
  if (expected.endsWith('…')) return actual.startsWith(expected.slice(0, -1));
  return !/^[ \t]*\^+ \w+ [a-z0-9-]+: /.test(expected) && actual.startsWith(`${expected}: `);
}

/** Fixing the text (suggestions included) must yield `good`, and once more must change nothing. */
export function checkFix(bad: string, good: string, options: CheckOptions = {}): void {
  const rules = options.rule === undefined ? {} : { rules: new Set([options.rule]) };
  const run = (text: string) =>
    fixAll(text, { config: configOf(options), context: options.context ?? null, suggestions: true, ...rules });
  const once = run(parseFixture(bad).text).text;
  assert.equal(once, parseFixture(good).text);
  assert.equal(run(once).text, once, 'fixing the fixed text changes it');
}
