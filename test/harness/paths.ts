/** Where things lie: in the checkout, and beside it. Test bundles are written two folders deep, as out/test/unit.js. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout. */
export const root = resolve(__dirname, '../..');

/** The fixtures the project wrote itself. */
export const fixtures = join(root, 'test/fixtures');

/** The workspace that `npm start` opens and that the suites in the editor work on a copy of. */
export const editorWorkspace = join(fixtures, 'sample');

/** Where suites leave pictures of the editor. */
export const screenshots = join(root, 'out/screenshots');

/** The packed extension that the suites in the editor install; they pack it themselves. */
export const testedVsix = join(root, 'out/layerwise.vsix');

/**
 * A folder or file of the material that is never part of a clone, or undefined where it is not there.
 * It lies in the folder that LAYERWISE_SHARED names, or in `shared` beside the checkout.
 */
export function sharedPath(name: string): string | undefined {
  const path = join(process.env.LAYERWISE_SHARED ?? resolve(root, '../shared'), name);
  return existsSync(path) ? path : undefined;
}

/** Says in one loud line that shared material is missing and which proofs are therefore not made here. */
export function reportMissing(name: string, consequence: string): void {
  console.error(`!!! ${name} is not here (set LAYERWISE_SHARED): ${consequence} !!!`);
}
