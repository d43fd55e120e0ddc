/** A plan taken apart: everything safe together is the plan, and any part of it leaves a sound file. */
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze } from '../../server/src/analysis/analyze';
import { applyEdits } from '../../server/src/analysis/fixes';
import { optimize } from '../../server/src/analysis/optimize';
import { buildChoices } from '../../server/src/lsp/choices';
import { defaultConfig } from '../../server/src/rules/config';
import { parseDockerfile } from '../../server/src/syntax/parse';
import { fixtures, reportMissing, sharedPath } from '../harness/paths';

const options = { config: defaultConfig, context: null };

const errorsIn = (text: string) =>
  analyze(text, options).findings.filter(({ severity }) => severity === 'error').length;

describe('choices of Optimize', () => {
  const texts: [string, string][] = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|[/\\])(Dockerfile|Containerfile)$/.test(name))
    .map((name) => [name, readFileSync(join(fixtures, name), 'utf8')]);
  const corpus = sharedPath('corpus/dockerfiles');
  if (corpus) {
    const names = readdirSync(corpus).filter((_, index) => index % 10 === 0);
    texts.push(...names.map((name): [string, string] => [name, readFileSync(join(corpus, name), 'utf8')]));
  } else {
    reportMissing('corpus/dockerfiles', 'the choices of Optimize are tried on the sample workspace only');
  }

  it('do not overlap, make the plan together, and are sound one by one', function () {
    this.timeout(120_000);
    let taken = 0;
    for (const [name, text] of texts) {
      const plan = optimize(text, options);
      const { choices, originalLines } = buildChoices(parseDockerfile(text), plan);
      const safe = choices.filter((choice) => choice.safe);
      assert.equal(
        applyEdits(
          text,
          safe.flatMap(({ edits }) => edits),
        ),
        plan.text,
        name,
      );
      assert.equal(originalLines.length, plan.applied.length);
      const edits = choices.flatMap((choice) => choice.edits).sort((a, b) => a.span.start - b.span.start);
      for (const [index, edit] of edits.entries()) {
        const next = edits[index + 1];
        assert.ok(!next || edit.span.end <= next.span.start, `${name}: edits overlap`);
      }
      const before = errorsIn(text);
      for (const choice of choices) {
        assert.ok(choice.label, `${name}: a choice without a label`);
        assert.ok(errorsIn(applyEdits(text, choice.edits)) <= before, `${name}: ${choice.label}`);
        taken++;
      }
    }
    assert.ok(taken > 0);
  });
});
