/** A text parsed after an edit yields the same tree as the text parsed from nothing, and keeps what did not change. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDockerfile } from '../../server/src/syntax/parse';
import type { Dockerfile, InstructionBody } from '../../server/src/syntax/tree';
import { fixtures } from '../harness/paths';
import { dumpTree } from './dump';
import { checkReparse } from './invariants';
import { mutate, seededRandom } from './mutations';

const fixtureTexts: readonly string[] = readFileSync(join(fixtures, 'syntax/parse.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).dockerfile);

/** Every fixture in one file, but those that swallow what follows. */
const longText = fixtureTexts.filter((text) => !text.includes('<<') && !text.includes('escape=')).join('\n');

function bodies(dockerfile: Dockerfile): InstructionBody[] {
  return dockerfile.instructions.map(({ body }) => body);
}

describe('parse after an edit', () => {
  it('gives back the same tree for the same text', () => {
    const tree = parseDockerfile('FROM a\n');
    assert.equal(parseDockerfile('FROM a\n', tree), tree);
  });

  it('keeps every body but the edited one', () => {
    const before = parseDockerfile(longText);
    const edited = Math.floor(before.instructions.length / 2);
    const at = before.instructions[edited]?.span.start ?? 0;
    const after = parseDockerfile(`${longText.slice(0, at)}RUN new\n${longText.slice(at)}`, before);
    const kept = bodies(after).filter((body) => bodies(before).includes(body));
    assert.equal(kept.length, before.instructions.length);
    assert.equal(after.instructions.length, before.instructions.length + 1);
  });

  it('keeps bodies when lines are swapped', () => {
    const before = parseDockerfile('FROM a\nRUN x\nRUN y\nRUN z\n');
    const after = parseDockerfile('FROM a\nRUN z\nRUN y\nRUN x\n', before);
    const [from, x, y, z] = bodies(before);
    assert.deepEqual(
      bodies(after).map((body) => [from, x, y, z].indexOf(body)),
      [0, 3, 2, 1],
    );
  });

  it('gives equal instructions bodies of their own', () => {
    const before = parseDockerfile('FROM a\nRUN x\n');
    const after = parseDockerfile('FROM a\nRUN x\nRUN x\nRUN x\n', before);
    assert.equal(new Set(bodies(after)).size, 4);
  });

  it('keeps nothing when the escape character changes', () => {
    const before = parseDockerfile('FROM a\nRUN b \\\n c\n');
    const after = parseDockerfile('# escape=`\nFROM a\nRUN b \\\n c\n', before);
    assert.deepEqual(dumpTree(after), dumpTree(parseDockerfile('# escape=`\nFROM a\nRUN b \\\n c\n')));
  });

  it('shifts what stands behind the edit', () => {
    const before = parseDockerfile('FROM a\n# c\nRUN b\n');
    const after = parseDockerfile('FROM a\n\n\n# c\nRUN b\n', before);
    assert.equal(after.instructions[1]?.line, 4);
    assert.equal(after.comments[0]?.line, 3);
    assert.equal(before.instructions[1]?.line, 2);
    assert.deepEqual(after.instructions[1]?.precedingComments, after.comments);
  });

  it('sees an edit that swallows or sets free what follows', () => {
    const steps = ['FROM a\nRUN b\nCMD c\n', 'FROM a\nRUN b <<E\nCMD c\n', 'FROM a\nRUN b <<E\nE\nCMD c\n'];
    steps.push('FROM a\nRUN b \\\nE\nCMD c\n', 'FROM a\n\\\nE\nCMD c\n', 'FROM a\nCMD c\n', '', 'FROM a', 'FROM a\n');
    let tree = parseDockerfile('');
    for (const text of steps) {
      tree = parseDockerfile(text, tree);
      assert.deepEqual(dumpTree(tree), dumpTree(parseDockerfile(text)));
    }
  });

  it('takes a fraction of a millisecond in a thousand lines', () => {
    const text = `${longText}\n`.repeat(Math.ceil(1000 / longText.split('\n').length));
    const at = text.indexOf('\nRUN', text.length / 2);
    let tree = parseDockerfile(text);
    const times: number[] = [];
    for (let count = 0; count < 301; count++) {
      const next = count % 2 === 0 ? `${text.slice(0, at)} x${text.slice(at)}` : text;
      const started = performance.now();
      tree = parseDockerfile(next, tree);
      times.push(performance.now() - started);
    }
    const median = times.sort((one, other) => one - other)[150] ?? assert.fail();
    assert.ok(tree.lines.lineCount >= 1000);
    assert.ok(median < 0.6, `${median} ms`);
  });

  it('equals parsing from nothing after thousands of random edits', () => {
    const random = seededRandom(20_240_611);
    let edits = 0;
    for (const start of [...fixtureTexts, longText, longText.replaceAll('\n', '\r\n')]) {
      let tree = parseDockerfile(start);
      for (let step = 0; step < 25; step++, edits++) {
        // Some edits take back what the one before did, as typing does.
        const text = random(4) === 0 ? start : mutate(tree.text, fixtureTexts, random).slice(0, 6000);
        const next = parseDockerfile(text, tree);
        checkReparse(tree, next);
        tree = next;
      }
    }
    assert.ok(edits > 3000);
  });
});
