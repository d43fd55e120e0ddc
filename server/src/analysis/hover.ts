/** Hover texts: what the thing under the cursor is, what it makes, and what an edit of it costs. Markdown, localized. */
import * as l10n from '@vscode/l10n';
import { cacheKeyParts, invalidatedBy } from '../model/cache';
import { baseLayerFact, type LayerFact, layerFactOf } from '../model/layers';
import type { Model, Stage, Step } from '../model/model';
import { instructionAt } from '../rules/suppress';
import type { Span } from '../syntax/span';
import type { Instruction } from '../syntax/tree';
import type { Analysis, HoverInfo } from './analysis';
import { costSentences } from './cost-texts';
import { costs } from './costs';
import { instructionHelp, referenceUrl } from './instruction-help';
import { imageHover, packageHover, stageNameHover, variableHover } from './word-hover';

/** What is known of the place at an offset; null where there is nothing to say. */
export function hover(analysis: Analysis, offset: number): HoverInfo | null {
  const { model, dockerfile } = analysis;
  const instruction = instructionAt(dockerfile, offset);
  if (!instruction) return null;
  const keyword = instruction.at(instruction.body.keywordSpan);
  if (within(offset, keyword)) return { span: keyword, markdown: instructionMarkdown(analysis, instruction) };
  return (
    variableHover(model, instruction, offset) ??
    stageNameHover(model, instruction, offset) ??
    imageHover(model, instruction, offset) ??
    packageHover(model, instruction, offset) ??
    null
  );
}

const within = (offset: number, span: Span): boolean => offset >= span.start && offset <= span.end;

function instructionMarkdown(analysis: Analysis, instruction: Instruction): string {
  const { model } = analysis;
  const { keyword } = instruction;
  const help = instructionHelp(keyword);
  if (help === null) return l10n.t('`{0}` is not a Dockerfile instruction.', keyword);
  const parts = [`**${keyword}**: ${help}`];
  const step = model.stepOf(instruction);
  const stage = model.stageOf(instruction);
  if (step)
    parts.push(layerMarkdown(model, step), ...costMarkdown(analysis, instruction), ...cacheMarkdown(model, step));
  else if (stage && stage.from === instruction) parts.push(fromMarkdown(model, stage));
  else if (keyword === 'ARG')
    parts.push(
      l10n.t(
        'Above the first FROM it can be used in FROM lines only; a stage that wants it repeats `ARG` with its name.',
      ),
    );
  const rebuilt = rebuildMarkdown(model, instruction);
  if (rebuilt) parts.push(rebuilt);
  parts.push(`[${l10n.t('Dockerfile reference: {0}', keyword)}](${referenceUrl(keyword)})`);
  return parts.join('\n\n');
}

/** Layer or not, on both builders, the configured one first. */
function layerMarkdown(model: Model, step: Step): string {
  const other = model.builder === 'buildkit' ? 'legacy' : 'buildkit';
  const own = layerFactOf(step, model.builder);
  const theirs = layerFactOf(step, other);
  const ownLine = `${layerWord(own)} ${layerNumber(step, own)}${own.why}`.replace(/\s+/g, ' ');
  const name = { buildkit: 'BuildKit', legacy: l10n.t('the legacy builder') };
  const same = own.kind === theirs.kind;
  const otherLine = same
    ? l10n.t('The same on {0}.', name[other])
    : l10n.t('On {0}: {1}', name[other], `${layerWord(theirs)} ${theirs.why}`);
  return `${ownLine}  \n${otherLine}`;
}

function layerWord(fact: LayerFact): string {
  switch (fact.kind) {
    case 'layer':
      return fact.certain
        ? l10n.t('$(layers) **Makes a layer.**')
        : l10n.t('$(layers) **Makes a layer**, in all likelihood.');
    case 'empty':
      return l10n.t('$(layers) **Makes an empty layer.**');
    case 'none':
      return l10n.t('$(circle-slash) **No layer.**');
    case 'depends':
      return l10n.t('$(question) **May make a layer.**');
  }
}

/** `Layer 2 of 4 in this stage.` Layers of the base are not counted: they are not written here. */
function layerNumber(step: Step, fact: LayerFact): string {
  if (fact.kind === 'none') return '';
  const layers = step.stage.steps.filter((other) => other.layer.kind !== 'none');
  const index = layers.indexOf(step);
  if (index < 0) return '';
  return `${l10n.t('It is number {0} of {1} in this stage.', index + 1, layers.length)} `;
}

function cacheMarkdown(model: Model, step: Step): string[] {
  const parts = cacheKeyParts(step, model.builder);
  if (parts.length === 0) return [];
  const list = parts.map((part) => `- ${part}`).join('\n');
  return [`${l10n.t('$(database) **Taken from the cache** while these stay the same:')}\n${list}`];
}

/** Which later lines an edit here builds again. */
function rebuildMarkdown(model: Model, instruction: Instruction): string | null {
  const missed = invalidatedBy(model, instruction);
  if (instruction.keyword === 'ARG' && !model.stageOf(instruction) && missed.length === 0) return null;
  if (missed.length === 0) return l10n.t('$(check) **An edit here rebuilds nothing** below it.');
  const lines = missed.map((later) => `${later.line + 1} (${later.keyword})`);
  const shown = lines.length > 8 ? `${lines.slice(0, 8).join(', ')}, …` : lines.join(', ');
  return missed.length === 1
    ? l10n.t('$(sync) **An edit here rebuilds** line {0}.', shown)
    : l10n.t('$(sync) **An edit here rebuilds {0} steps**: lines {1}.', missed.length, shown);
}

/** What the step takes and what an edit of it costs; nothing where there is nothing to tell. */
function costMarkdown(analysis: Analysis, instruction: Instruction): string[] {
  const cost = costs(analysis).of(instruction);
  const sentences = cost ? costSentences(cost) : [];
  return sentences.length === 0 ? [] : [`${l10n.t('$(watch) **Cost.**')} ${sentences.join(' ')}`];
}

function fromMarkdown(model: Model, stage: Stage): string {
  const total = model.stages.length;
  const name = stage.name === null ? '' : ` (\`${stage.name}\`)`;
  const parts = [l10n.t('Stage {0} of {1}{2}.', stage.index + 1, total, name), baseLayerFact(stage).why];
  if (stage.isFinal) parts.push(l10n.t('It is the last stage: what it holds is the image.'));
  else if (!stage.isNeeded)
    parts.push(
      model.builder === 'buildkit'
        ? l10n.t('The last stage takes nothing from it, so BuildKit skips it.')
        : l10n.t('The last stage takes nothing from it; the legacy builder builds it all the same.'),
    );
  return parts.join(' ');
}
