/** Writes docs/corpus.md anew: `node build.mjs --run test/corpus/write-table.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realFiles } from '../harness/corpus';
import { root } from '../harness/paths';
import { corpusPage, measureCorpus } from './table';

const files = realFiles();
if (files.length === 0) process.exitCode = 1;
else {
  const figures = measureCorpus(files);
  writeFileSync(join(root, 'docs/corpus.md'), corpusPage(figures));
  console.log(
    `${figures.files} files, ${figures.median} findings in the middle, ${figures.mean.toFixed(1)} on average`,
  );
}
