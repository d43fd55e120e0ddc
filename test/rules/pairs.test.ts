/** Safe fixes on files that are harder than the examples of their rules; the engine suite builds the same ones. */
import assert from 'node:assert/strict';
import { fixAll } from '../../server/src/analysis/fixes';
import { contextFromFiles } from '../../server/src/context/memory';
import { defaultConfig } from '../../server/src/rules/config';
import { readPairs } from '../harness/pairs';

describe('pairs of safe fixes', () => {
  for (const { rule, name, before, after, files, builder = 'buildkit' } of readPairs())
    it(`${rule}: ${name}`, () => {
      const options = {
        config: { ...defaultConfig, builder, select: [rule] },
        context: files ? contextFromFiles(files) : null,
        rules: new Set([rule]),
      };
      const once = fixAll(before, options).text;
      assert.equal(once, after);
      assert.equal(fixAll(once, options).text, once, 'fixing the fixed text changes it');
      const crlf = (text: string) => text.replace(/\n/g, '\r\n');
      assert.equal(fixAll(crlf(before), options).text, crlf(after));
    });
});
