/** What Docker's own check says of real files after our fixes: it refuses none that it took before. */
import { strict as assert } from 'node:assert';
import type { Analysis } from '../../server/src/analysis/analysis';
import { analyze } from '../../server/src/analysis/analyze';
import { applyEdits, fixAll, fixOf } from '../../server/src/analysis/fixes';
import { defaultConfig } from '../../server/src/rules/config';
import { isRefusal } from '../../server/src/rules/rule';
import { type CorpusFile, corpusFiles, seededRandom } from '../harness/corpus';
import { type Check, checkDockerfiles } from './harness/check';
import type { Engine } from './harness/engine';
import { requireEngine } from './prove';

const options = { config: { ...defaultConfig, all: true }, context: null };

/** Single fixes that Docker is asked about. */
const sample = 300;

describe('docker build --check after fixes', function () {
  this.timeout(900_000);
  const files = corpusFiles();
  let before: readonly Check[] = [];

  asking('asks about the files as they are', async (engine) => {
    before = await checkDockerfiles(
      engine,
      files.map(({ text }) => text),
    );
  });

  for (const suggestions of [false, true]) {
    asking(suggestions ? 'all fixes, suggestions too' : 'all safe fixes', async (engine) => {
      const fixed = files.map(({ text }) => fixAll(text, { ...options, suggestions }).text);
      const changed = files.map((_, index) => index).filter((index) => fixed[index] !== files[index]?.text);
      const checks = await checkDockerfiles(
        engine,
        changed.map((index) => fixed[index] ?? ''),
      );
      const broken = changed.flatMap((index, position) => complaint(files[index], before[index], checks[position]));
      const after = files.map((_, index) => checks[changed.indexOf(index)] ?? before[index]);
      console.log(
        `    ${changed.length} of ${files.length} files changed; Docker's warnings ${countOf(before)} before, ${countOf(after)} after; broken ${broken.length}`,
      );
      assert.deepEqual(broken, []);
    });
  }

  asking(`${sample} single fixes`, async (engine) => {
    const random = seededRandom(5);
    const tried: { readonly index: number; readonly text: string }[] = [];
    for (let count = 0; tried.length < sample && count < 100 * sample; count++) {
      const index = Math.floor(random() * files.length);
      const text = files[index]?.text ?? '';
      const fixed = oneFix(analyze(text, options), random);
      if (fixed !== null) tried.push({ index, text: fixed });
    }
    const checks = await checkDockerfiles(
      engine,
      tried.map(({ text }) => text),
    );
    assert.deepEqual(
      tried.flatMap(({ index }, position) => complaint(files[index], before[index], checks[position])),
      [],
    );
  });
});

/** The text after one of its fixes, safe or a suggestion, taken at random; null where there is none. */
function oneFix(analysis: Analysis, random: () => number): string | null {
  const finding = analysis.findings[Math.floor(random() * analysis.findings.length)];
  const fix = finding ? fixOf(analysis, finding) : null;
  if (!fix || isRefusal(fix) || fix.edits.length === 0) return null;
  return applyEdits(analysis.dockerfile.text, fix.edits);
}

function complaint(file: CorpusFile | undefined, before: Check | undefined, after: Check | undefined): string[] {
  if (!after?.error || before?.error) return [];
  return [`${file?.name}: ${after.error}`];
}

const countOf = (checks: readonly (Check | undefined)[]): number =>
  checks.reduce((sum, check) => sum + (check?.warnings.length ?? 0), 0);

/** A test that asks the engine; an engine without --check is skipped, loudly, where it is started. */
function asking(name: string, ask: (engine: Engine) => Promise<void>): void {
  it(name, async function () {
    const engine = await requireEngine(this);
    if (engine.description.includes('trixie')) this.skip();
    await ask(engine);
  });
}
