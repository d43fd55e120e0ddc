/** Docker is the judge: of checks that real files hardly set off, and of what it refuses when files are spoilt. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { analyze } from '../../server/src/analysis/analyze';
import { defaultConfig } from '../../server/src/rules/config';
import { isBuildKitName } from '../../server/src/rules/suppress';
import { corpusFiles, mutate, seededRandom } from '../harness/corpus';
import { reportMissing, sharedPath } from '../harness/paths';
import { compareRefusals, formatDifference } from '../harness/refusals';
import { type Check, checkDockerfiles } from './harness/check';
import type { Engine } from './harness/engine';
import { judgeCases } from './judge-cases';
import { requireEngine } from './prove';

const isFull = Boolean(process.env.LAYERWISE_FULL);
/** Spoilt files to ask about; a thousand take half a minute. */
const spoiltFiles = isFull ? 6000 : 2000;
/** The share of files on which we have to agree about refusals. */
const agreement = 0.99;

describe('Docker as the judge', function () {
  this.timeout(900_000);

  for (const [check, dockerfiles] of Object.entries(judgeCases))
    it(`${check}: ${dockerfiles.length} files`, async function () {
      assert.ok(dockerfiles.length >= 15, 'too few');
      const checks = await ask(await requireCheck(this), dockerfiles);
      for (const [index, text] of dockerfiles.entries()) {
        const theirs = (checks[index]?.warnings ?? []).map(([name, line]) => `${line} ${name}`);
        assert.deepEqual(ourRows(text), theirs.sort(), text);
      }
      judgeRefusals(dockerfiles, checks, 1);
    });

  it(`${spoiltFiles} spoilt files: refused by both or by none`, async function () {
    const engine = await requireCheck(this);
    const random = seededRandom(7);
    const files = corpusFiles().filter(({ text }) => text.length < 20_000);
    const texts: string[] = [];
    while (texts.length < spoiltFiles) {
      const file = files[Math.floor(random() * files.length)];
      // Half a character, which a cut may leave, is no text that could be stored.
      if (file) texts.push(Buffer.from(mutate(file.text, random)).toString());
    }
    judgeRefusals(texts, await ask(engine, texts), agreement);
  });

  it('the cases of another validator', async function () {
    const path = sharedPath('peers/rcjsuen_utils_validate.jsonl');
    if (!isFull || !path) {
      if (!path) reportMissing('peers/rcjsuen_utils_validate.jsonl', 'Docker is not asked about syntax cases');
      return this.skip();
    }
    const engine = await requireCheck(this);
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    const texts = lines.map((line) => (JSON.parse(line) as { dockerfile: string }).dockerfile);
    judgeRefusals(texts, await ask(engine, texts), agreement);
  });
});

/** An engine that has `docker build --check`. */
async function requireCheck(test: Mocha.Context): Promise<Engine> {
  const engine = await requireEngine(test);
  if (engine.description.includes('trixie')) test.skip();
  return engine;
}

/** Asks about files. One that makes Docker's own program fail takes those of its batch with it: they are asked again in halves. */
async function ask(engine: Engine, texts: readonly string[]): Promise<Check[]> {
  const checks = await checkDockerfiles(engine, texts);
  const open = texts.map((_, index) => index).filter((index) => checks[index]?.error === 'no verdict');
  if (open.length === 0 || texts.length === 1) return checks;
  const half = Math.ceil(open.length / 2);
  for (const part of [open.slice(0, half), open.slice(half)]) {
    if (part.length === 0) continue;
    const again = await ask(
      engine,
      part.map((index) => texts[index] ?? ''),
    );
    for (const [position, index] of part.entries())
      checks[index] = again[position] ?? { warnings: [], error: 'no verdict' };
  }
  return checks;
}

function ourRows(text: string): string[] {
  const { findings, dockerfile } = analyze(text, { config: defaultConfig, context: null });
  const rows = findings.flatMap(({ aliases, at }) =>
    aliases.filter(isBuildKitName).map((name) => `${dockerfile.lines.lineAt(at.start) + 1} ${name}`),
  );
  return rows.sort();
}

function judgeRefusals(texts: readonly string[], checks: readonly Check[], wanted: number): void {
  const cases = texts.map((text, index) => ({ ...checks[index], name: `file ${index + 1}`, text }));
  const { compared, differences } = compareRefusals(cases);
  const share = 1 - differences.length / Math.max(1, compared);
  if (compared > 100)
    console.log(`    ${compared} compared, ${differences.length} differ: agreement ${(100 * share).toFixed(2)} %`);
  const report = differences.map((difference) => {
    const text = texts[Number(difference.name.slice(5)) - 1] ?? '';
    return `${formatDifference(difference)}${text.length < 300 ? `\n${text}` : ''}`;
  });
  if (compared > 100)
    for (const line of report.slice(0, 30)) console.log(`      ${line.replaceAll('\n', '\n        ')}`);
  assert.ok(share >= wanted, report.join('\n'));
}
