/** Chooses who writes the second stage, by what builds in the first. */
import * as l10n from '@vscode/l10n';
import { checkInstruction } from '../../syntax/instructions';
import type { Fix, Refusal } from '../rule';
import { splitGo } from './go';
import { splitJava } from './java';
import { splitNative } from './native';
import { splitNode } from './node';
import { splitPython } from './python';
import { splitRuby } from './ruby';
import { splitRust } from './rust';
import type { StageShape } from './stage-shape';

/** The stage in two, one that builds and one that runs; or why that cannot be written. */
export function planSplit(shape: StageShape): Fix | Refusal {
  const { stage } = shape;
  const broken = [stage.from, ...stage.steps.map(({ instruction }) => instruction)].find(
    ({ body }) => body.problems.length > 0 || checkInstruction(body).length > 0,
  );
  if (broken) return { refused: l10n.t('Docker refuses line {0}; that comes first.', broken.line + 1) };
  if (stage.parent)
    return {
      refused: l10n.t('The stage is built on stage {0}, and what of that it needs is not known.', stage.baseText),
    };
  for (const split of [splitGo, splitRust, splitJava, splitNode, splitPython, splitRuby, splitNative]) {
    const result = split(shape);
    if (result) return result;
  }
  return { refused: l10n.t('What the image needs of all that is built in it is not known.') };
}
