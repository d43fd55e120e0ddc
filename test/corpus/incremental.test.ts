/** Looking at a file stage by stage, and keeping what an edit leaves alone, must find what a fresh look at the whole finds. */
import assert from 'node:assert/strict';
import type { Analysis } from '../../server/src/analysis/analysis';
import { analyze } from '../../server/src/analysis/analyze';
import { fixOf } from '../../server/src/analysis/fixes';
import { instructionModel, splitModel } from '../../server/src/model/parts';
import { defaultConfig } from '../../server/src/rules/config';
import { rules } from '../../server/src/rules/registry.generated';
import type { Finding } from '../../server/src/rules/rule';
import { corpusFiles, mutate, seededRandom } from '../harness/corpus';

const options = { config: { ...defaultConfig, all: true }, context: null };

const place = ({ at, message }: Finding): string => `${at.start}-${at.end} ${message}`;

/** Findings with their fixes, as texts to compare. */
function describeFindings(analysis: Analysis, withFixes: boolean): string[] {
  return analysis.findings.map((finding) => {
    const related = (finding.related ?? []).map(({ at, message }) => `${at.start} ${message}`);
    const fix = withFixes ? JSON.stringify(fixOf(analysis, finding)) : '';
    return `${finding.rule.id} ${place(finding)} ${related.join()} ${fix}`;
  });
}

describe('incremental analysis', function () {
  this.timeout(240_000);

  it('rules asked piece by piece find what they find in the whole file', () => {
    for (const { name, text } of corpusFiles()) {
      const { model } = analyze(text, options);
      const stages = splitModel(model).map((part) => part.model);
      const instructions = model.instructions.map((instruction) => instructionModel(model, instruction));
      for (const rule of rules) {
        if (rule.scope === 'file') continue;
        const ask = (of: typeof model) => [...rule.check({ model: of, config: options.config, context: null })];
        const whole = ask(model).map(place).sort();
        const pieces = rule.scope === 'instruction' ? instructions : stages;
        const split = pieces.flatMap(ask).map(place).sort();
        assert.deepEqual(split, whole, `${rule.id} in ${name}: its findings depend on more than its scope`);
      }
    }
  });

  it('edited files are analysed as if they were new', () => {
    const random = seededRandom(11);
    const files = corpusFiles().filter((file) => file.text.length < 6000);
    const fromLines = files.flatMap((file) => file.text.match(/^(?:FROM|ENV|ARG|USER|SHELL|WORKDIR) .*$/gm) ?? []);
    for (let round = 0; round < 300; round++) {
      const file = files[Math.floor(random() * files.length)];
      const other = files[Math.floor(random() * files.length)];
      if (!file || !other) continue;
      let text = `${file.text}\n${other.text}`;
      let analysis = analyze(text, options);
      for (let edit = 0; edit < 8; edit++) {
        text = mutate(text, random);
        // State that is set far above changes what holds below.
        if (edit % 2 === 1) text = insertLine(text, fromLines[Math.floor(random() * fromLines.length)] ?? '', random);
        if (edit === 6) text = `# layerwise ignore-file=consecutive-runs\n${text}`;
        const next = analyze(text, { ...options, previous: analysis });
        // Not every version is looked at, as when somebody types fast.
        if (edit % 3 !== 1) {
          const withFixes = edit > 4;
          const label: string = `${file.name} + ${other.name}, edit ${edit}\n${text}`;
          assert.deepEqual(
            describeFindings(next, withFixes),
            describeFindings(analyze(text, options), withFixes),
            label,
          );
        }
        analysis = next;
      }
    }
  });
});

/** Puts a line in front of a random one. */
function insertLine(text: string, line: string, random: () => number): string {
  const lines = text.split('\n');
  lines.splice(Math.floor(random() * lines.length), 0, line);
  return lines.join('\n');
}
