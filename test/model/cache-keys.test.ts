/** The two views of the cache agree: what an edit of an instruction is said to rebuild, and the keys before and after it. */
import assert from 'node:assert/strict';
import type { Analysis } from '../../server/src/analysis/analysis';
import { contextFromFiles } from '../../server/src/context/memory';
import { invalidatedBy } from '../../server/src/model/cache';
import {
  type CacheInputs,
  type CacheOutcome,
  createKeyring,
  noBuiltKeys,
  outcomeOf,
  rememberKeys,
} from '../../server/src/model/cache-inputs';
import { cacheKeys } from '../../server/src/model/cache-keys';
import type { Builder } from '../../server/src/rules/config';
import { cacheCases, cacheContext } from '../engine/cache-cases';
import { editsOf } from '../engine/cache-edits';
import { analyzeText } from '../harness/checks';

const files = Object.fromEntries(
  Object.entries(cacheContext).map(([path, file]) => [path, typeof file === 'string' ? file : String(file.content)]),
);
// Without a name of its own in the context: an edit of the Dockerfile is no edit of a copied file here.
const context = contextFromFiles(files, 'elsewhere/Dockerfile');
const inputs: CacheInputs = { context, fileIdentity: () => undefined };

/** What becomes of each step, by line, when the second text is built after the first. */
function outcomes(before: Analysis, after: Analysis): Map<number, CacheOutcome> {
  const [keyring, built] = [createKeyring(), noBuiltKeys()];
  rememberKeys(built, cacheKeys(before.model, inputs, keyring).values());
  const keys = cacheKeys(after.model, inputs, keyring);
  return new Map([...keys].map(([instruction, key]) => [instruction.line, outcomeOf(key, built)]));
}

describe('cache keys', () => {
  for (const builder of ['buildkit', 'legacy'] as Builder[])
    it(`change for what an edit is said to rebuild on ${builder}`, () => {
      let compared = 0;
      for (const text of cacheCases) {
        // The legacy builder knows neither mounts nor here-documents.
        if (builder === 'legacy' && /<<|--mount/.test(text)) continue;
        const before = analyzeText(text, { builder, context });
        for (const edit of editsOf({ what: '', dockerfile: text, context: cacheContext })) {
          const line = Number(/^meaning, line (\d+)$/.exec(edit.what)?.[1]) - 1;
          const edited = before.dockerfile.instructions.find((instruction) => instruction.line === line);
          if (!edited) continue;
          const after = analyzeText(edit.dockerfile, { builder, context });
          const said = new Set(invalidatedBy(before.model, edited).map((instruction) => instruction.line));
          for (const [at, outcome] of outcomes(before, after)) {
            if (at <= edited.endLine && at >= edited.line) continue;
            compared++;
            const place = `${edit.what}: line ${at + 1} ${outcome}\n${edit.dockerfile}`;
            if (outcome === 'miss') assert.ok(said.has(at), place);
            else if (outcome === 'hit') assert.ok(!said.has(at), place);
          }
        }
      }
      assert.ok(compared > 500);
    });
});
