/** Which instruction makes a layer, for BuildKit and for the legacy builder. Measured on real engines; see docs/architecture.md. */
import * as l10n from '@vscode/l10n';
import { hasWildcards } from '../context/go-paths';
import type { Builder } from '../rules/config';
import { madeDirectories } from './directories';
import type { CopyPath, CopyStep, RunStep, Stage, Step } from './model';
import { resolvePath } from './paths';
import { runEffect } from './run-effect';
import { expandIn } from './variables';

/** `layer`: an entry with content; `empty`: an entry whose tar is empty; `none`: only the config changes; `depends`: what the command does decides. */
export type LayerKind = 'layer' | 'empty' | 'none' | 'depends';

export interface LayerFact {
  readonly kind: LayerKind;
  /** False where it is the likely answer only. */
  readonly certain: boolean;
  /** One sentence, localized. */
  readonly why: string;
}

/** What a step makes in the image under a builder. */
export function layerFactOf(step: Step, builder: Builder): LayerFact {
  switch (step.keyword) {
    case 'COPY':
    case 'ADD':
      return fact(
        'layer',
        // A pattern may match nothing, which BuildKit accepts and stores an empty layer for.
        (step as CopyStep).sources.length === 0 || (step as CopyStep).sources.some(isSurelyThere),
        l10n.t('Every {0} stores what it copies, even an empty file or one that is there already.', step.keyword),
      );
    case 'RUN':
      return runLayer(step as RunStep, builder);
    case 'WORKDIR':
      return workdirLayer(step, builder);
    case 'ONBUILD':
      return fact(
        'none',
        true,
        l10n.t('The trigger runs in the image built FROM this one; here only a note of it is kept.'),
      );
    case 'MAINTAINER':
    case 'ENV':
    case 'ARG':
    case 'LABEL':
    case 'EXPOSE':
    case 'USER':
    case 'VOLUME':
    case 'SHELL':
    case 'STOPSIGNAL':
    case 'HEALTHCHECK':
    case 'ENTRYPOINT':
    case 'CMD':
      return fact('none', true, l10n.t('{0} changes the configuration of the image, not its files.', step.keyword));
    default:
      return fact('none', false, l10n.t('The builder does not know this instruction.'));
  }
}

/** What FROM brings. */
export function baseLayerFact(stage: Stage): LayerFact {
  if (stage.isScratch) return fact('none', true, l10n.t('`scratch` is empty: there is nothing below the first layer.'));
  if (stage.parent)
    return fact(
      'none',
      true,
      l10n.t('The stage goes on from the layers of stage {0}; none is added here.', stage.baseText),
    );
  return fact('layer', true, l10n.t('The layers of the base image are taken over; none is added here.'));
}

const fact = (kind: LayerKind, certain: boolean, why: string): LayerFact => ({ kind, certain, why });

const isSurelyThere = ({ value }: CopyPath): boolean => value !== null && !hasWildcards(value);

/** A RUN or WORKDIR that changes nothing: BuildKit stores an empty layer, the legacy builder none. */
const emptyKind = (builder: Builder): LayerKind => (builder === 'buildkit' ? 'empty' : 'none');

function runLayer(run: RunStep, builder: Builder): LayerFact {
  if (builder === 'legacy' && run.body.heredocs.length > 0)
    return fact('depends', false, l10n.t('The legacy builder does not know here-documents and runs something else.'));
  const effect = runEffect(run);
  if (effect.kind === 'nothing')
    return fact(
      emptyKind(builder),
      true,
      builder === 'buildkit'
        ? l10n.t('The commands change no files; BuildKit still adds an empty layer.')
        : l10n.t('The commands change no files, and the legacy builder adds no layer for that.'),
    );
  if (effect.kind === 'unsure')
    return fact(
      'depends',
      false,
      l10n.t('There is a layer with content if the commands change files; that cannot be told from the text.'),
    );
  return fact('layer', effect.certain, l10n.t('`{0}` changes files, and the layer holds what changed.', effect.by));
}

function workdirLayer(step: Step, builder: Builder): LayerFact {
  const value = expandIn(step.body.rest, step.before.scope, step.body.escape);
  const path = value === null ? null : resolvePath(step.before.workdir, value);
  if (path === '/') return fact('none', true, l10n.t('The root directory is always there.'));
  if (path === null)
    return fact('depends', false, l10n.t('A directory that does not exist yet is created, and that makes a layer.'));
  const made = madeDirectories(step.stage, step.index);
  if (made.has(path))
    return fact(
      emptyKind(builder),
      true,
      builder === 'buildkit'
        ? l10n.t('`{0}` exists already; BuildKit still adds an empty layer.', path)
        : l10n.t('`{0}` exists already, so nothing is added.', path),
    );
  const isNew = rootIsScratch(step.stage) && !mayExist(step);
  return fact('layer', isNew, l10n.t('`{0}` is created, unless the base image has it already.', path));
}

function rootIsScratch(stage: Stage): boolean {
  return stage.parent ? rootIsScratch(stage.parent) : stage.isScratch;
}

/** On scratch only earlier RUN, COPY and ADD can have made a directory without our seeing it. */
function mayExist(step: Step): boolean {
  for (let stage: Stage | null = step.stage; stage; stage = stage.parent)
    if (
      stage.steps.some(
        (other) => /^(?:RUN|COPY|ADD)$/.test(other.keyword) && (stage !== step.stage || other.index < step.index),
      )
    )
      return true;
  return false;
}
