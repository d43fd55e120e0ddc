/** How often the model cannot tell from a RUN's text whether it makes a layer with content. */
import assert from 'node:assert/strict';
import { analyzeText } from '../harness/checks';
import { corpusFiles, hasRealCorpus } from '../harness/corpus';

/** The share of RUNs of which it may say that it depends. */
const mayDepend = 0.15;

describe('layers of real Dockerfiles', () => {
  it(`depends on what commands do for at most ${mayDepend * 100} % of the RUNs`, () => {
    let runs = 0;
    let depends = 0;
    for (const { text } of corpusFiles())
      for (const { layer } of analyzeText(text).model.runs) {
        runs++;
        if (layer.kind === 'depends') depends++;
      }
    console.log(`    ${depends} of ${runs} RUNs: ${((100 * depends) / runs).toFixed(1)} %`);
    if (hasRealCorpus()) assert.ok(depends <= runs * mayDepend);
  });
});
