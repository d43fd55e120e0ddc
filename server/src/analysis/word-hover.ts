/** Hovers on words inside instructions: images, stage names, variables, package-manager calls. */
import * as l10n from '@vscode/l10n';
import type { Model, Stage, Step } from '../model/model';
import { isCopyStep, isRunStep } from '../model/steps';
import { platformArgs, predefinedScope, type Scope, type Variable } from '../model/variables';
import { variableReferences } from '../syntax/references';
import type { LocalSpan, Span } from '../syntax/span';
import type { Instruction } from '../syntax/tree';
import type { HoverInfo } from './analysis';
import { cleanUpOf, describeManager } from './package-help';

const covers = (span: Span, offset: number): boolean => offset >= span.start && offset <= span.end;

/** A variable where it is used or defined. */
export function variableHover(model: Model, instruction: Instruction, offset: number): HoverInfo | null {
  const { body } = instruction;
  for (const pair of body.pairs) {
    if (instruction.keyword === 'LABEL') break;
    const span = instruction.at(pair.nameSpan);
    if (covers(span, offset)) return { span, markdown: definitionMarkdown(model, instruction, pair.name, pair.value) };
  }
  for (const { name, span } of referencesIn(instruction)) {
    const place = instruction.at(span);
    if (covers(place, offset)) return { span: place, markdown: referenceMarkdown(model, instruction, name) };
  }
  return null;
}

function referencesIn(instruction: Instruction): { readonly name: string; readonly span: LocalSpan }[] {
  const { body } = instruction;
  const found = variableReferences(body.joined, body.escape).map((reference) => ({
    name: reference.name,
    span: body.map.span(reference.start, reference.end),
  }));
  for (const heredoc of body.heredocs) {
    if (!heredoc.expand && instruction.keyword !== 'RUN') continue;
    for (const reference of variableReferences(heredoc.content, '\\', { ignoreQuotes: true })) {
      const from = heredoc.contentSpan.from + reference.start;
      found.push({ name: reference.name, span: { from, to: heredoc.contentSpan.from + reference.end } });
    }
  }
  return found;
}

function definitionMarkdown(model: Model, instruction: Instruction, name: string, value: string | null): string {
  const code = `\`${name}\``;
  if (instruction.keyword === 'ENV')
    return l10n.t(
      '{0} is an environment variable of the later steps of this stage and of the container. RUN steps below are rebuilt when its value changes.',
      code,
    );
  if (!model.stageOf(instruction))
    return l10n.t('{0} is a build argument for the FROM lines. A stage that wants it repeats `ARG {1}`.', code, name);
  const base = l10n.t(
    '{0} is a build argument of this stage, set with `--build-arg {1}=…`. RUN steps below see it in their environment and are rebuilt when its value changes.',
    code,
    name,
  );
  return value === null ? `${base} ${l10n.t('It has no default here.')}` : base;
}

function referenceMarkdown(model: Model, instruction: Instruction, name: string): string {
  const scope = scopeOf(model, instruction);
  const variable = scope.get(name);
  const code = `\`${name}\``;
  if (variable) return describeVariable(variable);
  if (platformArgs.has(name))
    return l10n.t('{0} is given by BuildKit, but only to a stage that says `ARG {1}`.', code, name);
  if (model.globalArgs.some(({ pair }) => pair.name === name) && instruction.keyword !== 'FROM')
    return l10n.t(
      '{0} is an ARG above the first FROM. This stage sees it after a line `ARG {1}`; without one it is empty here.',
      code,
      name,
    );
  if (instruction.keyword === 'RUN' || instruction.keyword === 'CMD' || instruction.keyword === 'ENTRYPOINT')
    return l10n.t('{0} is left to the shell: the script itself or the base image may set it.', code);
  return l10n.t('{0} is not defined in this file; the base image may set it, otherwise it is empty.', code);
}

function describeVariable(variable: Variable): string {
  const code = `\`${variable.name}\``;
  const where = variable.definedBy ? l10n.t('line {0}', variable.definedBy.line + 1) : l10n.t('BuildKit');
  const kind = variable.kind === 'env' ? 'ENV' : 'ARG';
  if (variable.kind === 'predefined') return l10n.t('{0} is a platform argument that BuildKit gives.', code);
  if (variable.value === null) return l10n.t('{0}: {1} of {2}, value not known before the build.', code, kind, where);
  const value = `\`${variable.value.replace(/`/g, "'") || ' '}\``;
  return variable.kind === 'env'
    ? l10n.t('{0} is {1} here: {2} of {3}.', code, value, kind, where)
    : l10n.t('{0} is {1} here unless `--build-arg` says otherwise: {2} of {3}.', code, value, kind, where);
}

/** What an instruction sees; FROM and the ARGs above it see the global ones. */
function scopeOf(model: Model, instruction: Instruction): Scope {
  const step = model.stepOf(instruction);
  if (step) return step.before.scope;
  const globals = new Map<string, Variable>();
  for (const { instruction: arg, pair } of model.globalArgs)
    if (arg.index < instruction.index)
      globals.set(pair.name, { name: pair.name, value: pair.value, kind: 'arg', definedBy: arg });
  return {
    get: (name) => globals.get(name) ?? predefinedScope.get(name),
    all: () => globals.values(),
  };
}

/** A stage's name where it is defined or used. */
export function stageNameHover(model: Model, instruction: Instruction, offset: number): HoverInfo | null {
  for (const stage of model.stages) {
    if (stage.from === instruction && stage.nameSpan) {
      const span = instruction.at(stage.nameSpan);
      if (covers(span, offset)) return { span, markdown: stageMarkdown(model, stage) };
    }
    for (const use of stage.uses) {
      if (use.instruction !== instruction) continue;
      const span = instruction.at(use.span);
      if (covers(span, offset)) return { span, markdown: stageMarkdown(model, use.stage) };
    }
  }
  return null;
}

function stageMarkdown(model: Model, stage: Stage): string {
  const users = model.stages.flatMap((other) => other.uses.filter((use) => use.stage === stage));
  const lines = users.map((use) => `${use.instruction.line + 1} (${use.instruction.keyword})`).join(', ');
  const title = l10n.t(
    'Stage `{0}` on `{1}`, lines {2} to {3}.',
    stage.name ?? String(stage.index),
    stage.baseText,
    stage.from.line + 1,
    lastLine(stage) + 1,
  );
  const layers = stage.steps.filter((step) => step.layer.kind !== 'none').length;
  return [
    title,
    l10n.t('It adds {0} layers of its own.', layers),
    lines
      ? l10n.t('Used by lines {0}.', lines)
      : stage.isFinal
        ? l10n.t('It is the image.')
        : l10n.t('Nothing uses it.'),
  ].join(' ');
}

const lastLine = (stage: Stage): number => (stage.steps.at(-1)?.instruction ?? stage.from).endLine;

/** The image behind FROM or COPY --from. */
export function imageHover(model: Model, instruction: Instruction, offset: number): HoverInfo | null {
  const stage = model.stages.find((candidate) => candidate.from === instruction);
  if (!stage?.baseSpan) return null;
  const span = instruction.at(stage.baseSpan);
  if (!covers(span, offset)) return null;
  if (stage.isScratch)
    return {
      span,
      markdown: l10n.t(
        '`scratch` is no image but the empty file system: no shell, no C library, no certificates. It suits static binaries.',
      ),
    };
  if (stage.parent) return { span, markdown: stageMarkdown(model, stage.parent) };
  const { image } = stage;
  if (!image)
    return {
      span,
      markdown:
        stage.baseName === null
          ? l10n.t('The image is known when the build arguments are.')
          : l10n.t('`{0}` is not a valid image reference.', stage.baseName),
    };
  const parts = [`\`${image.text}\``];
  parts.push(
    image.isOfficial
      ? l10n.t('Official image `{0}` on Docker Hub.', image.name)
      : l10n.t('Image `{0}` from `{1}`.', image.path, image.registry),
  );
  if (image.digest) parts.push(l10n.t('The digest fixes its content: every build gets the same bytes.'));
  else if (image.tag === null || image.tag === 'latest')
    parts.push(
      l10n.t(
        'Without a tag that names a version every build may get another image; a rebuild of everything follows when it moves.',
      ),
    );
  else
    parts.push(
      l10n.t('The tag `{0}` can be moved by whoever publishes the image; a digest (`@sha256:…`) cannot.', image.tag),
    );
  const variant = variantNote(image.name, image.tag ?? '');
  if (variant) parts.push(variant);
  return { span, markdown: parts.join('\n\n') };
}

function variantNote(name: string, tag: string): string | null {
  if (name === 'alpine' || /(?:^|-)alpine/.test(tag))
    return l10n.t(
      'Alpine: small, with busybox and musl. Binaries built for glibc (most Python wheels among them) do not run on it.',
    );
  if (/(?:^|-)slim/.test(tag))
    return l10n.t('Slim: Debian without compilers and most tools; glibc, so prebuilt binaries work.');
  if (/distroless/.test(name) || /distroless/.test(tag)) return l10n.t('Distroless: no shell and no package manager.');
  if (name === 'busybox')
    return l10n.t('busybox: one program with the usual commands; tags tell the C library (glibc, uclibc, musl).');
  return null;
}

/** A package-manager call in a RUN. */
export function packageHover(model: Model, instruction: Instruction, offset: number): HoverInfo | null {
  const step: Step | null = model.stepOf(instruction);
  if (!step || !isRunStep(step)) return step && isCopyStep(step) ? null : null;
  for (const call of step.calls()) {
    const span = instruction.at(call.nameSpan);
    if (!covers(span, offset)) continue;
    const names = call.packages.flatMap((operand) => (operand.name === null ? [] : [operand.name]));
    const parts = [describeManager(call)];
    if (call.action === 'install' && names.length > 0)
      parts.push(
        l10n.t(
          'Installs {0}.',
          names
            .slice(0, 12)
            .map((name) => `\`${name}\``)
            .join(', ') + (names.length > 12 ? ', …' : ''),
        ),
      );
    const cleanUp = cleanUpOf(call);
    if (cleanUp) parts.push(cleanUp);
    return { span, markdown: parts.join('\n\n') };
  }
  return null;
}
