/** Python: what pip compiles goes into a virtual environment, and that goes over to the same base without the compiler. */
import * as l10n from '@vscode/l10n';
import { isCopyStep, isRunStep } from '../../model/steps';
import { insert, keywordLike } from '../edits';
import type { Fix, Refusal } from '../rule';
import { neededPackages } from './installed';
import { splitStage, topLine } from './split';
import { lineOf, type RunCommand, roleOf, type StageShape, stepsUpTo } from './stage-shape';

const environment = '/opt/venv';

/** Splits a stage that compiles what pip installs; null where it does not. */
export function splitPython(shape: StageShape): Fix | Refusal | null {
  const { stage, model } = shape;
  const installs = shape.commands.filter(({ call }) => call?.manager === 'pip' && call.action === 'install');
  const [first] = installs;
  const last = installs.at(-1)?.run;
  if (!first || !last || shape.family === null) return null;
  if (stage.rootImage?.name !== 'python' || !stage.rootImage.isOfficial)
    return { refused: l10n.t('Where `{0}` keeps its Python packages is not known.', stage.baseText) };
  if (!/(?:^|-)(?:slim|alpine)/.test(stage.rootImage.tag ?? ''))
    return {
      refused: l10n.t('`{0}` has a compiler of its own: one of its slim tags as base comes first.', stage.baseText),
    };
  if (/^2\b/.test(stage.rootImage.tag ?? ''))
    return { refused: l10n.t('Python 2 has no virtual environments of its own.') };
  const odd = installs.find(isElsewhere);
  if (odd)
    return {
      refused: l10n.t('`pip` on line {0} does not install into the place where it does by itself.', lineOf(odd.run)),
    };
  const repeated = [];
  for (const run of stepsUpTo(stage, last).filter(isRunStep)) {
    const role = roleOf(shape, run, isBuild);
    if (role.kind === 'unknown')
      return {
        refused: l10n.t(
          'Whether the program needs what `{0}` on line {1} does is not known.',
          role.command?.name ?? 'RUN',
          lineOf(run),
        ),
      };
    if (role.kind === 'setup') repeated.push(run);
  }
  const user = stepsUpTo(stage, last).find((step) => step.keyword === 'USER');
  if (user)
    return {
      refused: l10n.t('USER on line {0} stands above the install, which then is not for everybody.', lineOf(user)),
    };
  const packages = neededPackages(shape, last, { isStatic: false });
  if ('refused' in packages) return packages;
  const manifests = stepsUpTo(stage, last).filter(isCopyStep).filter(isManifests);
  const copies = stepsUpTo(stage, last)
    .filter(isCopyStep)
    .filter((copy) => !manifests.includes(copy));
  const { eol } = model.dockerfile;
  const keyword = (word: string) => keywordLike(stage.from, word);
  const path = `${keyword('ENV')} PATH="${environment}/bin:$PATH"`;
  const top = model.dockerfile.lines.lineStart(topLine(shape, first.run.instruction));
  return splitStage(shape, {
    base: stage.baseText,
    isSameBase: true,
    last,
    repeated: [...repeated, ...copies],
    packages,
    copies: [`${environment} ${environment}`],
    more: [path],
    edits: [insert(top, [`${keyword('RUN')} python -m venv ${environment}`, path, ''].join(eol))],
    title: l10n.t('Install in a stage of its own, and take the packages over without the compiler'),
    risk: l10n.t(
      "Packages go to `{0}` instead of the system's Python, and libraries that they load must be among those installed below.",
      environment,
    ),
    saves: l10n.t('100 to 300 MB of compiler and headers'),
  });
}

const isBuild = ({ call, command }: RunCommand): boolean =>
  call?.manager === 'pip' || /^(?:gcc|make|git|rustup)$/.test(command.name ?? '');

/** Options that send packages elsewhere, and a pip that is not the one on the search path. */
function isElsewhere({ call, command }: RunCommand): boolean {
  if (
    command.nameWord?.value?.startsWith('/') ||
    command.prefixes.includes('sudo') ||
    (command.nesting !== 'top' && command.nesting !== 'group')
  )
    return true;
  return call?.flags.some(({ name }) => /^(?:--user|--target|-t|--prefix|--root)$/.test(name)) === true;
}

/** A COPY of nothing but what pip reads. */
const isManifests = ({ sources }: { readonly sources: readonly { readonly text: string }[] }): boolean =>
  sources.every(({ text }) =>
    /(?:^|\/)(?:(?:requirements|constraints)[^/]*\.(?:txt|in)|requirements\/?)$/.test(text.replace(/"/g, '')),
  );
