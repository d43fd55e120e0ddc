/** layerwise/layers: the layers of the image, for the status bar and the list behind it. */
import type { LayerInstruction, LayersResult } from '../../../../shared/src/protocol';
import { imageLayerCount } from '../../model/layer-count';
import type { Stage, Step } from '../../model/model';
import { readUri } from '../fromLsp';
import type { Session } from '../session';

export async function listLayers(session: Session, params: unknown): Promise<LayersResult | null> {
  const document = session.document(readUri(params));
  if (!document) return null;
  const settings = await session.settings(document.uri);
  if (!settings.enable) return null;
  const { version } = document;
  const { model } = session.analysis(document, settings);
  const stage = model.finalStage;
  if (!stage) return null;
  const chain = chainOf(stage);
  return {
    version,
    builder: model.builder,
    count: imageLayerCount(model),
    stage: stage.name,
    stages: model.stages.length,
    base: chain[0]?.baseText || null,
    instructions: numbered(chain.flatMap(({ steps }) => steps)),
  };
}

/** The stages that an image is made of, the lowest first. */
function chainOf(stage: Stage): Stage[] {
  const chain: Stage[] = [];
  for (let at: Stage | null = stage; at && !chain.includes(at); at = at.parent) chain.unshift(at);
  return chain;
}

function numbered(steps: readonly Step[]): LayerInstruction[] {
  let last = 0;
  return steps.map(({ instruction, layer }) => ({
    line: instruction.line,
    text: instruction.body.joined.replace(/\s+/g, ' ').trim().slice(0, 200),
    layer: layer.kind,
    number: layer.kind === 'none' ? null : ++last,
    why: layer.why,
  }));
}
