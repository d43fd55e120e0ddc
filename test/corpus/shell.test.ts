/** Shell text of real Dockerfiles: how much of it is understood, and whether places are right. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { buildModel } from '../../server/src/model/build';
import { groupingNeeded, removals, stateLeaks, writesOf } from '../../server/src/shell/effects';
import { shiftedMap } from '../../server/src/shell/maps';
import { packageCalls } from '../../server/src/shell/package-calls';
import { parseScript } from '../../server/src/shell/parse';
import type { ShellScript } from '../../server/src/shell/script';
import { parseDockerfile } from '../../server/src/syntax/parse';
import { corpusFiles, mutate, seededRandom } from '../harness/corpus';

/** Calls everything that looks at a script. */
function lookAt(script: ShellScript): void {
  packageCalls(script);
  removals(script);
  writesOf(script);
  stateLeaks(script);
  groupingNeeded(script);
}

describe('shell text of real Dockerfiles', function () {
  this.timeout(60_000);

  it('is understood in at least 95 % of the RUNs outside Windows stages', () => {
    let runs = 0;
    const unknown: string[] = [];
    for (const { name, text } of corpusFiles()) {
      for (const step of buildModel(parseDockerfile(text), 'buildkit').runs) {
        if (step.stage.isWindows) continue;
        runs++;
        if (step.scripts.some((script) => !script.known)) unknown.push(`${name}:${step.instruction.line + 1}`);
      }
    }
    const share = (100 * unknown.length) / Math.max(1, runs);
    console.log(`      ${runs} RUNs, nothing known of ${unknown.length} (${share.toFixed(2)} %)`);
    for (const place of unknown) console.log(`        ${place}`);
    assert.ok(share <= 5);
  });

  it('has its plain words where they stand', () => {
    let words = 0;
    for (const { name, text } of corpusFiles()) {
      for (const step of buildModel(parseDockerfile(text), 'buildkit').steps) {
        for (const script of step.scripts) {
          lookAt(script);
          for (const command of script.commands) {
            for (const word of [command.nameWord, ...command.args]) {
              if (!word?.plain) continue;
              words++;
              const { start, end } = step.at(word.span);
              const written = text.slice(start, end);
              // A continuation in the middle of a word is part of its place.
              if (written !== word.text)
                assert.equal(written.replace(/[\\`][ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*/g, ''), word.text, name);
            }
          }
        }
      }
    }
    assert.ok(words > 0);
  });

  it('has words of the value that a real shell gives them', function () {
    const hasShell = process.platform !== 'win32' && spawnSync('sh', ['-c', ':']).status === 0;
    if (!hasShell) return this.skip();
    const values = new Map<string, string>();
    for (const { text } of corpusFiles()) {
      for (const { stage, scripts } of buildModel(parseDockerfile(text), 'buildkit').runs) {
        if (stage.isWindows) continue;
        for (const { form, commands } of scripts) {
          if (form === 'exec') continue;
          for (const { args } of commands) {
            for (const word of args) {
              // `$'…'` is a word of bash only.
              if (word.value !== null && !word.text.includes("$'")) values.set(word.text, word.value);
            }
          }
        }
      }
    }
    const input = `printf '%s\\0' ${[...values.keys()].join(' ')}`;
    const { stdout } = spawnSync('sh', ['-s'], { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const given = stdout.split('\0');
    [...values].forEach(([text, value], index) => {
      assert.equal(given[index], value, text);
    });
    console.log(`      ${values.size} different words`);
  });

  it('never makes anything throw, however spoilt', () => {
    const random = seededRandom(20);
    const scripts = corpusFiles().flatMap(({ text }) =>
      parseDockerfile(text)
        .instructions.filter(({ keyword }) => keyword === 'RUN')
        .map(({ body }) => body.rest),
    );
    for (let count = 0; count < 5000; count++) {
      const chosen = scripts[Math.floor(random() * scripts.length)] ?? '';
      const text = mutate(mutate(chosen.replace(/ {2,}/g, '\n'), random), random);
      const dialect = count % 2 === 0 ? 'posix' : 'bash';
      lookAt(parseScript(count % 3 === 0 ? text.replace(/\n/g, ' ') : text, shiftedMap(0), dialect));
    }
  });
});
