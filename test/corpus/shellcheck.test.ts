/** ShellCheck on every real file: each finding stands in its RUN, and each repair changes the script and nothing else. */
import assert from 'node:assert/strict';
import type { Analysis, ReportedFinding } from '../../server/src/analysis/analysis';
import { analyze } from '../../server/src/analysis/analyze';
import { applyEdits, fixOf } from '../../server/src/analysis/fixes';
import { shellFindings, shellSources } from '../../server/src/analysis/shell-findings';
import { defaultConfig } from '../../server/src/rules/config';
import { editsTouch } from '../../server/src/rules/edits';
import { type Edit, isRefusal } from '../../server/src/rules/rule';
import { instructionAt } from '../../server/src/rules/suppress';
import { runShellcheck } from '../../server/src/shell/node/shellcheck';
import { createReportCache } from '../../server/src/shell/shellcheck';
import { parseDockerfile } from '../../server/src/syntax/parse';
import { corpusFiles } from '../harness/corpus';
import { ensureShellcheck } from '../harness/shellcheck';

const config = { ...defaultConfig, all: true };
const cache = createReportCache(1_000_000);
const analyzeText = (text: string) => analyze(text, { config, context: null, shell: cache });

describe('ShellCheck on the corpus', function () {
  this.timeout(240_000);
  let program: string | undefined;
  before(function () {
    program = ensureShellcheck();
    if (!program) this.skip();
  });

  const askAbout = async (analyses: readonly Analysis[]) => {
    const sources = new Set(analyses.flatMap(({ model }) => shellSources(model)));
    await runShellcheck(
      program ?? '',
      [...sources].filter((source) => !cache.get(source)),
      cache.set,
    );
    return sources.size;
  };
  const findingsOf = ({ model }: Analysis) => shellFindings(model, config, cache);

  it('finds what is in a RUN, on one line, and repairs it there', async () => {
    const files = corpusFiles().map(({ name, text }) => ({ name, analysis: analyzeText(text) }));
    const scripts = await askAbout(files.map(({ analysis }) => analysis));
    const counts = new Map<string, number>();
    let [repairs, refused] = [0, 0];
    for (const { name, analysis } of files)
      for (const finding of findingsOf(analysis)) {
        counts.set(finding.rule.id, (counts.get(finding.rule.id) ?? 0) + 1);
        checkPlace(name, analysis, finding);
        const fix = fixOf(analysis, finding);
        if (fix && isRefusal(fix)) refused++;
        else if (fix) repairs++;
      }
    const rows = [...counts].sort((x, y) => y[1] - x[1]).map(([id, count]) => `${id} ${count}`);
    console.log(`    ${scripts} scripts; ${rows.join(', ')}`);
    console.log(`    ${repairs} repairs, ${refused} refused`);
    assert.ok(refused * 20 <= repairs, 'more than one in twenty is refused');
    // Two repairs at one place take two rounds.
    let left = files;
    const latest = new Map<string, Analysis>();
    for (let round = 0; left.length > 0 && round < 3; round++) {
      left = left.flatMap(({ name, analysis }) => {
        const after = repair(analysis);
        if (after === null) return [];
        checkShape(name, analysis, after);
        return [{ name, analysis: analyzeText(after) }];
      });
      await askAbout(left.map(({ analysis }) => analysis));
      for (const { name, analysis } of left) latest.set(name, analysis);
    }
    assert.deepEqual(
      left.filter(({ analysis }) => repair(analysis) !== null).map(({ name }) => name),
      [],
      'repaired and not done',
    );
    const errorsIn = (analysis: Analysis) => findingsOf(analysis).filter(({ severity }) => severity === 'error').length;
    for (const { name, analysis } of files) {
      const after = latest.get(name);
      if (after) assert.ok(errorsIn(after) <= errorsIn(analysis), `${name}: new errors\n${after.dockerfile.text}`);
    }
  });

  /** The text after all repairs that do not touch each other; null where there is none. */
  const repair = (analysis: Analysis): string | null => {
    const edits: Edit[] = [];
    for (const finding of findingsOf(analysis)) {
      const fix = fixOf(analysis, finding);
      if (!fix || isRefusal(fix)) continue;
      if (fix.edits.every(({ span }) => !edits.some((other) => editsTouch(span, other.span)))) edits.push(...fix.edits);
    }
    return edits.length > 0 ? applyEdits(analysis.dockerfile.text, edits) : null;
  };
});

function checkPlace(name: string, { dockerfile, model }: Analysis, { rule, at }: ReportedFinding): void {
  const { lines, text } = dockerfile;
  const label = `${name}:${lines.lineAt(at.start) + 1} ${rule.id}`;
  assert.ok(at.start < at.end, `${label} is about nothing`);
  assert.equal(lines.lineAt(at.start), lines.lineAt(at.end), `${label} is about several lines`);
  const instruction = instructionAt(dockerfile, at.start);
  const body = instruction?.body.trigger ?? instruction?.body;
  assert.equal(body?.known, 'RUN', `${label} is not in a RUN but at ${JSON.stringify(text.slice(at.start, at.end))}`);
  assert.ok(instruction && model.stepOf(instruction), label);
}

/** Repairs change scripts: all instructions are there afterwards, on the same lines. */
function checkShape(name: string, { dockerfile }: Analysis, after: string): void {
  const shape = (text: string) =>
    parseDockerfile(text).instructions.map(({ keyword, line, endLine }) => `${line}-${endLine} ${keyword}`);
  assert.deepEqual(shape(after), shape(dockerfile.text), `${name}: another shape\n${after}`);
}
