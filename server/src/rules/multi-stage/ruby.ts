/** Ruby: gems with their compiled parts go over to the same base without the compiler. */
import * as l10n from '@vscode/l10n';
import { isCopyStep, isRunStep } from '../../model/steps';
import type { Fix, Refusal } from '../rule';
import { neededPackages } from './installed';
import { splitStage } from './split';
import { lineOf, type RunCommand, roleOf, type StageShape, stepsUpTo } from './stage-shape';

/** Where the official images keep gems. */
const gems = '/usr/local/bundle';

/** Splits a stage that compiles what gem or bundler installs; null where it does not. */
export function splitRuby(shape: StageShape): Fix | Refusal | null {
  const { stage } = shape;
  const installs = shape.commands.filter(
    ({ call }) => (call?.manager === 'gem' || call?.manager === 'bundle') && call.action === 'install',
  );
  const last = installs.at(-1)?.run;
  if (!last || shape.family === null) return null;
  if (stage.rootImage?.name !== 'ruby' || !stage.rootImage.isOfficial)
    return { refused: l10n.t('Where `{0}` keeps its gems is not known.', stage.baseText) };
  if (!/(?:^|-)(?:slim|alpine)/.test(stage.rootImage.tag ?? ''))
    return {
      refused: l10n.t('`{0}` has a compiler of its own: one of its slim tags as base comes first.', stage.baseText),
    };
  const odd = shape.commands.find(isElsewhere);
  const scope = last.before.scope;
  if (odd || ['BUNDLE_PATH', 'GEM_HOME', 'BUNDLE_DEPLOYMENT'].some((name) => scope.get(name)))
    return { refused: l10n.t('Gems do not go where `{0}` puts them by itself.', stage.baseText) };
  const setup = [];
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
    if (role.kind === 'setup') setup.push(run);
  }
  const user = stepsUpTo(stage, last).find((step) => step.keyword === 'USER');
  if (user)
    return {
      refused: l10n.t('USER on line {0} stands above the install, which then is not for everybody.', lineOf(user)),
    };
  const packages = neededPackages(shape, last, { isStatic: false });
  if ('refused' in packages) return packages;
  return splitStage(shape, {
    base: stage.baseText,
    isSameBase: true,
    last,
    repeated: [...setup, ...stepsUpTo(stage, last).filter(isCopyStep)],
    packages,
    copies: [`${gems} ${gems}`],
    title: l10n.t('Install in a stage of its own, and take the gems over without the compiler'),
    risk: l10n.t('Libraries that gems load must be among those that the final stage installs.'),
    saves: l10n.t('100 to 300 MB of compiler and headers'),
  });
}

const isBuild = ({ call, command }: RunCommand): boolean =>
  call?.manager === 'gem' || call?.manager === 'bundle' || command.name === 'git' || command.name === 'make';

/** Bundler is told to keep gems with the project. */
const isElsewhere = ({ call }: RunCommand): boolean =>
  (call?.manager === 'bundle' || call?.manager === 'gem') &&
  (call.flags.some(({ name }) => /^(?:--path|--deployment|-i|--install-dir|--user-install|-n|--bindir)$/.test(name)) ||
    (/^config/.test(call.subcommand) && call.operands.some(({ unquoted }) => /path|deployment/.test(unquoted))));
