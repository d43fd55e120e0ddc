/**
 * What the model says each instruction leaves in an image, held against the history and the layers of built ones: where it is
 * certain it must be right, on either builder.
 */
import { strict as assert } from 'node:assert';
import { analyze } from '../../server/src/analysis/analyze';
import type { LayerFact } from '../../server/src/model/layers';
import type { Model, Stage } from '../../server/src/model/model';
import { defaultConfig } from '../../server/src/rules/config';
import type { Instruction } from '../../server/src/syntax/tree';
import { corpusFiles, seededRandom } from '../harness/corpus';
import { cacheCases, cacheContext } from './cache-cases';
import { plainBase, recordingBase } from './harness/base-images';
import { discardImage } from './harness/build';
import { removeImage } from './harness/daemon';
import type { Builder, Engine } from './harness/engine';
import { type Image, readImage } from './harness/image';
import { buildWithStandIns } from './harness/proof';
import { makeBuildable } from './harness/realify';
import type { NewFiles } from './harness/tar-write';
import { failOn, forEachInParallel, requireEngine } from './prove';
import { randomContext, sampleDockerfiles } from './random';

interface Candidate {
  readonly name: string;
  readonly dockerfile: string;
  readonly context: NewFiles;
  readonly base: string;
}

interface Tally {
  built: number;
  certain: number;
  depends: number;
  readonly wrong: string[];
}

const isFull = !!process.env.LAYERWISE_FULL;
/** Random files and real ones, beside those of the cache predictions. */
const randomFiles = isFull ? 400 : 60;
const realFiles = isFull ? 400 : 40;

describe('layer predictions', () => {
  it('hold for the images of at least 80 Dockerfiles', async function () {
    this.timeout(3_600_000);
    const engine = await requireEngine(this);
    const tally: Tally = { built: 0, certain: 0, depends: 0, wrong: [] };
    await forEachInParallel(await candidates(engine), async (candidate) => {
      for (const builder of engine.builders) await compare(engine, candidate, builder, tally);
      if (candidate.base.startsWith('localhost/real-')) await removeImage(engine.daemon, candidate.base);
    });
    const { built, certain, depends, wrong } = tally;
    console.log(`    ${built} images; of their instructions ${certain} were certain, ${depends} said to depend`);
    failOn(wrong, `${wrong.length} of ${certain} certain answers are wrong`);
    assert.ok(built >= 160, `only ${built} images could be built`);
  });
});

async function candidates(engine: Engine): Promise<Candidate[]> {
  const own = cacheCases.map((dockerfile, index) => ({
    name: `cache case ${index}`,
    dockerfile,
    context: cacheContext,
    base: plainBase,
  }));
  const made = sampleDockerfiles(randomFiles, 41).map((dockerfile, index) => ({
    name: `random file ${index}`,
    dockerfile,
    context: randomContext,
    base: recordingBase,
  }));
  const random = seededRandom(5);
  const chosen = [...corpusFiles()].filter((file) => file.text.length < 2500).sort(() => random() - 0.5);
  const real: Candidate[] = [];
  for (const file of chosen.slice(0, realFiles)) {
    const made = await makeBuildable(engine, file.text);
    if ('reason' in made) continue;
    const { base, context } = made;
    real.push({ name: file.name, dockerfile: made.toBuildable(made.text), context, base });
  }
  return [...own, ...made, ...real];
}

async function compare(engine: Engine, candidate: Candidate, builder: Builder, tally: Tally): Promise<void> {
  const { name, dockerfile, context, base } = candidate;
  const build = await buildWithStandIns(engine, dockerfile, { builder, context }, base);
  if (build.image === undefined) return;
  const image = await readImage(engine, build.image);
  discardImage(build.image);
  tally.built++;
  const { model } = analyze(dockerfile, { config: { ...defaultConfig, builder }, context: null });
  const expected = chainOf(model).filter(([{ keyword }]) => builder === 'legacy' || keyword !== 'ONBUILD');
  const entries = entriesOf(image).slice(-expected.length || image.history.length);
  if (entries.length !== expected.length) {
    tally.wrong.push(
      `${name}, ${builder}: ${expected.length} instructions, ${entries.length} in the history\n${dockerfile}`,
    );
    return;
  }
  for (const [index, [instruction, fact]] of expected.entries()) {
    const entry = entries[index];
    if (!entry) continue;
    if (!mentions(entry.createdBy, instruction)) {
      tally.wrong.push(`${name}, ${builder}: line ${instruction.line + 1} met ${entry.createdBy}\n${dockerfile}`);
      return;
    }
    if (!fact.certain || fact.kind === 'depends') {
      tally.depends++;
      continue;
    }
    tally.certain++;
    if (fact.kind !== entry.kind)
      tally.wrong.push(
        `${name}, ${builder}: said ${fact.kind}, is ${entry.kind}: line ${instruction.line + 1} ${instruction.body.raw}\n${dockerfile}`,
      );
  }
}

/** The instructions that make up the final image, stages that it is built FROM first. */
function chainOf(model: Model): [Instruction, LayerFact][] {
  const chain: Stage[] = [];
  for (let stage = model.finalStage; stage; stage = stage.parent) chain.unshift(stage);
  return chain.flatMap((stage) => stage.steps.map((step): [Instruction, LayerFact] => [step.instruction, step.layer]));
}

/** The history with what each entry has in the archive. */
function entriesOf(image: Image): { createdBy: string; kind: 'layer' | 'empty' | 'none' }[] {
  let next = 0;
  return image.history.map(({ createdBy, layer }) => {
    if (!layer) return { createdBy, kind: 'none' };
    const stored = image.layers[next++];
    return { createdBy, kind: stored?.empty ? 'empty' : 'layer' };
  });
}

/** Whether a line of the history is about an instruction: it has the keyword, or is the command of a RUN. */
function mentions(createdBy: string, { keyword }: Instruction): boolean {
  return keyword === 'RUN' ? !/#\(nop\) /.test(createdBy) : createdBy.includes(keyword);
}
