/**
 * The hardest cases for edits that merge, move or drop instructions: whatever the safe fixes make of them, on either
 * builder, nothing else comes out.
 */
import { hardCases } from './hard-cases';
import { recordingBase } from './harness/base-images';
import { discardImage } from './harness/build';
import { buildWithStandIns, formatProof, type Proof } from './harness/proof';
import { takeOutSyntax } from './harness/syntax-line';
import { proveFixes } from './optimized';
import { countVerdicts, failOn, forEachInParallel, isBad, requireEngine } from './prove';
import { randomContext } from './random';

/** LAYERWISE_CASE tries those alone whose name contains it. */
const wanted = process.env.LAYERWISE_CASE ?? '';

describe('the hardest cases', () => {
  it(`${Object.keys(hardCases).length} of them build to the same image`, async function () {
    this.timeout(600_000);
    const engine = await requireEngine(this);
    const proofs: Proof[] = [];
    const failures: string[] = [];
    const broken: string[] = [];
    const cases = Object.entries(hardCases).filter(([what]) => what.includes(wanted));
    await forEachInParallel(cases, async ([what, instructions]) => {
      const isWhole = /^(# syntax=.*\n)?(ARG .*\n)?FROM /.test(instructions);
      const dockerfile = isWhole ? instructions : `FROM ${recordingBase}\n${instructions}`;
      for (const builder of engine.builders) {
        const options = { builder, context: randomContext, base: recordingBase, toBuildable: takeOutSyntax };
        const proven = await proveFixes(engine, dockerfile, options);
        const bad = proven?.proofs.find(isBad);
        if (proven && bad) failures.push(`${what}, ${proven.rules.join(', ')}: ${formatProof(bad, proven.pair)}`);
        proofs.push(...(proven?.proofs ?? []));
        if (builder !== 'buildkit') continue;
        const build = await buildWithStandIns(engine, takeOutSyntax(dockerfile), options, recordingBase);
        if (build.image === undefined) broken.push(`${what}: ${build.error} ${build.log}`);
        else discardImage(build.image);
      }
    });
    console.log(`    ${countVerdicts(proofs)}`);
    failOn(failures, `${failures.length} build to another image`);
    failOn(broken, 'a case that does not build proves nothing');
  });
});
