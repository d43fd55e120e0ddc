/**
 * The proofs would notice: edits that somebody might take for safe are applied to random Dockerfiles, and each kind of
 * them is found out within a few dozen files.
 */
import { strict as assert } from 'node:assert';
import { recordingBase } from './harness/base-images';
import { provePair } from './harness/proof';
import { type RoughInstruction, readRoughly } from './harness/rough-reader';
import { forEachInParallel, isBad, requireEngine } from './prove';
import { randomContext, sampleDockerfiles } from './random';

/** As many files are tried with each edit, at most. */
const filesTried = 40;

describe('careless edits are found out', () => {
  const edits: readonly (readonly [string, (dockerfile: string) => string])[] = [
    ['RUNs merged with && whatever they do', mergeCarelessly],
    ['RUNs merged with ; between them', (text) => mergeCarelessly(text, '; ')],
    ['instructions swapped with the next', swapInstructions],
    ['mkdir left to WORKDIR', (text) => text.replace(/^RUN mkdir -p \S+\n/gm, '')],
    ['ADD made COPY', (text) => text.replace(/^ADD /gm, 'COPY ')],
    ['exec form made of any CMD', (text) => text.replace(/^(CMD|ENTRYPOINT) (\w[^[\n]*)$/gm, '$1 ["$2"]')],
    ['USER lines dropped', (text) => text.replace(/^USER .*\n/gm, '')],
    [
      'update and install torn apart',
      (text) => text.replace(/apt-get update && apt-get install/g, 'rm -rf /var/lib/apt/lists/* && apt-get install'),
    ],
  ];
  for (const [what, edit] of edits)
    it(what, async function () {
      this.timeout(300_000);
      const engine = await requireEngine(this);
      let found = 0;
      await forEachInParallel(sampleDockerfiles(filesTried, 5), async (before) => {
        const after = edit(before);
        if (found > 0 || after === before) return;
        const pair = { before, after, context: randomContext, base: recordingBase, builders: ['buildkit'] as const };
        if ((await provePair(engine, pair)).some(isBad)) found++;
      });
      assert.ok(found > 0, `none of ${filesTried} files shows that this is wrong`);
    });
});

/** Joins RUN instructions in shell form that follow each other, with no thought of what is in them. */
function mergeCarelessly(dockerfile: string, join = ' && '): string {
  let result = dockerfile;
  for (const [first, second] of neighbours(dockerfile).reverse())
    if (
      [first, second].every(({ keyword, text }) => keyword === 'RUN' && !/^[[-]|<</.test(text) && !text.includes('#'))
    )
      result = `${result.slice(0, first.start)}RUN ${first.text.trim()}${join}${second.text.trim()}${result.slice(second.end)}`;
  return result;
}

function swapInstructions(dockerfile: string): string {
  const pairs = neighbours(dockerfile).filter(
    ([first, second]) => first.keyword !== 'FROM' && second.keyword !== 'FROM',
  );
  const middle = pairs[Math.floor(pairs.length / 2)];
  if (!middle) return dockerfile;
  const [first, second] = middle;
  const part = ({ start, end }: RoughInstruction) => dockerfile.slice(start, end);
  const between = dockerfile.slice(first.end, second.start);
  return dockerfile.slice(0, first.start) + part(second) + between + part(first) + dockerfile.slice(second.end);
}

/** Every two instructions that follow each other, no instruction in two of the pairs. */
function neighbours(dockerfile: string): [RoughInstruction, RoughInstruction][] {
  const all = readRoughly(dockerfile);
  const pairs: [RoughInstruction, RoughInstruction][] = [];
  for (let index = 0; index + 1 < all.length; index++) {
    const [first, second] = [all[index], all[index + 1]];
    if (!first || !second) continue;
    pairs.push([first, second]);
    index++;
  }
  return pairs;
}
