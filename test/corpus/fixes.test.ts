/** Fixes on every real file: nothing breaks, nothing comes back, nothing beyond the edits changes. */
import assert from 'node:assert/strict';
import type { Analysis, ReportedFinding } from '../../server/src/analysis/analysis';
import { analyze } from '../../server/src/analysis/analyze';
import { applyEdits, fixAll, fixOf, maximumPasses } from '../../server/src/analysis/fixes';
import { findRule } from '../../server/src/rules/catalogue';
import { defaultConfig } from '../../server/src/rules/config';
import { setRuleErrorHandler } from '../../server/src/rules/engine';
import { isRefusal } from '../../server/src/rules/rule';
import { checkInstruction } from '../../server/src/syntax/instructions';
import { parseDockerfile } from '../../server/src/syntax/parse';
import { corpusFiles, hasRealCorpus, mutate, seededRandom } from '../harness/corpus';

const config = { ...defaultConfig, all: true };
const options = { config, context: null };

/** What BuildKit would refuse in a text, counted. */
function problemCount(text: string): number {
  const file = parseDockerfile(text);
  const inInstructions = file.instructions.map(
    ({ body }) => body.problems.length + (body.problems.length === 0 ? checkInstruction(body).length : 0),
  );
  return file.problems.length + inInstructions.reduce((sum, count) => sum + count, 0);
}

const errorsOf = (analysis: Analysis): string[] =>
  analysis.findings.filter((finding) => finding.severity === 'error').map((finding) => finding.rule.id);

/** Errors in `after` that `before` does not have, counted by rule. */
function newErrors(before: Analysis, after: Analysis): string[] {
  const left = errorsOf(before);
  return errorsOf(after).filter((id) => {
    const index = left.indexOf(id);
    if (index < 0) return true;
    left.splice(index, 1);
    return false;
  });
}

function checkAllTogether(name: string, text: string, suggestions: boolean): boolean {
  const before = analyze(text, options);
  const outcome = fixAll(text, { ...options, suggestions, previous: before });
  const label = `${name} (${suggestions ? 'with suggestions' : 'safe'})`;
  assert.ok(outcome.passes < maximumPasses, `${label}: does not converge`);
  assert.ok(problemCount(outcome.text) <= problemCount(text), `${label}: broken\n${outcome.text}`);
  assert.deepEqual(newErrors(before, outcome.analysis), [], `${label}: new errors\n${outcome.text}`);
  const again = fixAll(outcome.text, { ...options, suggestions });
  assert.equal(again.text, outcome.text, `${label}: a second run changes it again`);
  return outcome.text !== text;
}

/** A rule's findings, what its fixes came to, and why they were refused. */
interface FixFigures {
  findings: number;
  safe: number;
  suggested: number;
  /** Findings of a kind that the rule has no fix for. */
  without: number;
  readonly refused: Map<string, number>;
}

describe('fixes on the corpus', function () {
  this.timeout(300_000);

  before(() =>
    setRuleErrorHandler((rule, error) => {
      throw new Error(`${rule.id}: ${error instanceof Error ? error.stack : String(error)}`);
    }),
  );

  it('safe ones together break nothing, are stable and converge', () => {
    let changed = 0;
    for (const { name, text } of corpusFiles()) if (checkAllTogether(name, text, false)) changed++;
    console.log(`    ${changed} of ${corpusFiles().length} files changed by safe fixes`);
  });

  it('suggestions too', () => {
    let changed = 0;
    for (const { name, text } of corpusFiles()) if (checkAllTogether(name, text, true)) changed++;
    console.log(`    ${changed} of ${corpusFiles().length} files changed by safe fixes and suggestions`);
  });

  it('every one alone parses, mends its finding, and makes no error', () => {
    const figures = new Map<string, FixFigures>();
    for (const { name, text } of corpusFiles()) {
      const analysis = analyze(text, options);
      for (const finding of analysis.findings) checkAlone(name, analysis, finding, figures);
    }
    printFigures(figures);
    if (hasRealCorpus()) checkRefusals(figures);
  });

  it('the end of lines, a byte-order mark and a missing last newline survive', () => {
    for (const { name, text } of corpusFiles()) {
      const plain = text
        .replace(/\r\n?/g, '\n')
        .replace(/^\uFEFF/, '')
        .replace(/\n*$/, '\n');
      const fixed = fixAll(plain, options).text;
      assert.ok(!fixed.includes('\r'), name);
      assert.equal(
        fixAll(plain.replace(/\n/g, '\r\n'), options).text,
        fixed.replace(/\n/g, '\r\n'),
        `${name} with CRLF`,
      );
      assert.equal(fixAll(`\uFEFF${plain}`, options).text, `\uFEFF${fixed}`, `${name} with a byte-order mark`);
      assert.equal(fixAll(plain.slice(0, -1), options).text, fixed.slice(0, -1), `${name} without a last newline`);
    }
  });

  it('5,000 spoilt files: never throws, never makes a parsable file unparsable', () => {
    const random = seededRandom(3);
    const files = corpusFiles();
    for (let count = 0; count < 5000; count++) {
      const file = files[Math.floor(random() * files.length)];
      if (!file || file.text.length > 20_000) continue;
      const text = mutate(mutate(file.text, random), random);
      const before = problemCount(text);
      const outcome = fixAll(text, { ...options, suggestions: count % 2 === 1 });
      assert.ok(
        problemCount(outcome.text) <= before,
        `${file.name}, mutation ${count}:\n${text}\n-----\n${outcome.text}`,
      );
    }
  });
});

function checkAlone(
  name: string,
  analysis: Analysis,
  finding: ReportedFinding,
  figures: Map<string, FixFigures>,
): void {
  const { rule } = finding;
  if (rule.fix === 'none') return;
  const figure = figures.get(rule.id) ?? { findings: 0, safe: 0, suggested: 0, without: 0, refused: new Map() };
  figures.set(rule.id, figure);
  figure.findings++;
  if (!finding.fix) figure.without++;
  const fix = fixOf(analysis, finding);
  if (!fix || isRefusal(fix)) {
    const reason = fix?.refused.replace(/\d+/g, 'N').replace(/`[^`]*`/g, '`…`') ?? 'no fix';
    figure.refused.set(reason, (figure.refused.get(reason) ?? 0) + 1);
    return;
  }
  if (fix.safety === 'safe') figure.safe++;
  else figure.suggested++;
  if (fix.edits.length === 0) return;
  const { text, lines } = analysis.dockerfile;
  const label = `${name}:${lines.lineAt(finding.at.start) + 1} ${rule.id}`;
  const result = applyEdits(text, fix.edits);
  assert.notEqual(result, text, `${label}: changes nothing`);
  assert.ok(problemCount(result) <= problemCount(text), `${label}: broken\n${result}`);
  const after = analyze(result, { ...options, previous: analysis });
  assert.deepEqual(newErrors(analysis, after), [], `${label}: new errors\n${result}`);
  const count = (of: Analysis) => of.findings.filter((other) => other.rule === rule).length;
  assert.ok(count(after) < count(analysis), `${label}: the finding is still there\n${result}`);
}

function printFigures(figures: ReadonlyMap<string, FixFigures>): void {
  console.log('    rule: findings, safe, suggested, refused with reasons');
  for (const [id, figure] of [...figures].sort()) {
    const reasons = [...figure.refused].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `${count}x ${reason}`);
    console.log(
      `    ${id}: ${figure.findings}, ${figure.safe}, ${figure.suggested}${reasons.length ? `, ${reasons.join('; ')}` : ''}`,
    );
  }
}

/** A safe fix that is refused in more than 30 % of the findings that it is for is not done. */
function checkRefusals(figures: ReadonlyMap<string, FixFigures>): void {
  for (const [id, figure] of figures) {
    if (findRule(id)?.fix !== 'safe') continue;
    const fixable = figure.findings - figure.without;
    const refused = fixable - figure.safe - figure.suggested;
    assert.ok(refused <= fixable * 0.3, `${id}: ${refused} of ${fixable} refused`);
  }
}
