/** What each instruction makes and what an edit of it rebuilds: the JSON of `layers --json`. */
import { invalidatedBy } from '../model/cache';
import { baseLayerFact, type LayerFact } from '../model/layers';
import type { Stage } from '../model/model';
import type { Instruction } from '../syntax/tree';
import type { Analysis } from './analysis';

export interface LayersReport {
  readonly builder: 'buildkit' | 'legacy';
  readonly stages: readonly StageReport[];
}

export interface StageReport {
  readonly index: number;
  readonly name: string | null;
  readonly base: string;
  readonly instructions: readonly InstructionReport[];
}

export interface InstructionReport {
  /** 1-based. */
  readonly line: number;
  readonly endLine: number;
  readonly keyword: string;
  readonly layer: LayerFact['kind'];
  readonly certain: boolean;
  readonly why: string;
  /** 1-based lines of the later steps that miss the cache when this instruction is edited. */
  readonly invalidates: readonly number[];
}

/** Describes every instruction of every stage. */
export function layersReport(analysis: Analysis): LayersReport {
  const { model } = analysis;
  const report = (instruction: Instruction, fact: LayerFact): InstructionReport => ({
    line: instruction.line + 1,
    endLine: instruction.endLine + 1,
    keyword: instruction.keyword,
    layer: fact.kind,
    certain: fact.certain,
    why: fact.why,
    invalidates: invalidatedBy(model, instruction).map((later) => later.line + 1),
  });
  const describe = (stage: Stage): StageReport => ({
    index: stage.index,
    name: stage.name,
    base: stage.baseName ?? stage.baseText,
    instructions: [
      report(stage.from, baseLayerFact(stage)),
      ...stage.steps.map((step) => report(step.instruction, step.layer)),
    ],
  });
  return { builder: model.builder, stages: model.stages.map(describe) };
}
