/** Real Dockerfiles, whole, mutilated and edited, are parsed without an exception, fast, and as other parsers cut them. */
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDirectives } from '../../server/src/syntax/directives';
import { parseDockerfile } from '../../server/src/syntax/parse';
import { proposeInstructions } from '../../server/src/syntax/propose';
import type { Dockerfile } from '../../server/src/syntax/tree';
import { reportMissing, sharedPath } from '../harness/paths';
import { problemCodes } from '../syntax/dump';
import { checkReparse, checkTree } from '../syntax/invariants';
import { mutate, seededRandom } from '../syntax/mutations';

const folder = sharedPath('corpus/dockerfiles');
const names = folder ? readdirSync(folder).sort() : [];
const texts = names.map((name) => readFileSync(join(folder ?? '', name), 'utf8'));

if (!folder) reportMissing('corpus/dockerfiles', 'real Dockerfiles are not parsed');

/** Asks for everything that is read from the text on demand. */
function readAll(tree: Dockerfile): void {
  for (const { body, precedingComments } of tree.instructions) {
    const { words, json, pairs, flags, heredocs, problems, trigger } = body;
    assert.ok([words, json ?? [], pairs, flags, heredocs, problems, precedingComments].every(Array.isArray));
    assert.ok(trigger === null || trigger.words.length >= 0);
  }
}

(folder ? describe : describe.skip)('parse, the corpus', function () {
  this.timeout(120_000);

  it('parses every file, everything asked for, in less than 5 s', () => {
    // Processor time: the machine may have other things to do.
    const started = process.cpuUsage();
    for (const text of texts) {
      const tree = parseDockerfile(text);
      assert.deepEqual(problemCodes(tree), []);
      for (const { body } of tree.instructions)
        assert.ok(body.words.length + body.pairs.length + body.flags.length >= 0);
    }
    assert.ok(process.cpuUsage(started).user < 5_000_000);
  });

  it('holds what holds for every tree', () => {
    for (const text of texts) checkTree(parseDockerfile(text));
  });

  it('survives 20,000 mutations, each parsed as an edit of the text before', () => {
    const random = seededRandom(1_472);
    let tree = parseDockerfile('');
    for (let count = 0; count < 20_000; count++) {
      // A chain of a few edits of one file, then another file.
      const before = count % 5 === 0 ? (texts[random(texts.length)] ?? '') : tree.text;
      const after = parseDockerfile(mutate(before, texts, random), tree);
      readAll(after);
      if (count % 5 === 2) checkTree(after);
      if (count % 5 === 4) checkReparse(tree, after);
      tree = after;
    }
  });

  it('cuts every file where dockerfile-ast does', () => {
    let instructions = 0;
    texts.forEach((text, index) => {
      const block = parseDirectives(text);
      const proposals = proposeInstructions(text, block.end, text.length, block.escape);
      const cuts = parseDockerfile(text).instructions.map(({ span }) => [span.start, span.end]);
      assert.deepEqual(cuts, [...proposals], names[index]);
      instructions += cuts.length;
    });
    assert.ok(instructions > 16_000);
  });
});
