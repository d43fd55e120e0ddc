/** Node.js: after the build the devDependencies go, and what is left goes over to the same base without build tools. */
import * as l10n from '@vscode/l10n';
import { startDirectory } from '../../model/base-config';
import { ecosystemOf, hasFlag } from '../../model/ecosystems';
import type { RunStep } from '../../model/model';
import { isWithin } from '../../model/paths';
import { isCopyStep, isRunStep } from '../../model/steps';
import type { PackageCall } from '../../shell/packages';
import { insert, keywordLike } from '../edits';
import type { Fix, Refusal } from '../rule';
import { isBuildTool } from './build-tools';
import { neededPackages } from './installed';
import { serveStatically } from './node-static';
import { projectFile } from './project-files';
import { splitStage } from './split';
import { copiesUpTo, feedsBuild, lineOf, type RunCommand, roleOf, type StageShape, stepsUpTo } from './stage-shape';
import type { StartCommand } from './start-command';

/** Splits a stage that builds with npm, yarn or pnpm; null where it does not. */
export function splitNode(shape: StageShape): Fix | Refusal | null {
  const { stage, start, model } = shape;
  const installs = shape.commands.filter(isInstall);
  const [install] = installs;
  const last = shape.commands.filter(isPartOfBuild).at(-1)?.run;
  if (!install?.call || !last) return null;
  if (!start)
    return { refused: l10n.t('CMD or ENTRYPOINT is not one plain command, so what the image needs is not known.') };
  const project = install.directory;
  if (project === null || project === '/')
    return {
      refused: l10n.t(
        'The folder in which `{0}` on line {1} runs is not known, or is the root.',
        install.command.name ?? '',
        lineOf(install.run),
      ),
    };
  if (installs.some(({ directory }) => directory !== project))
    return { refused: l10n.t('Dependencies are installed in several folders.') };
  const repeated = [];
  for (const run of stepsUpTo(stage, last).filter(isRunStep)) {
    const role = roleOf(shape, run, isPartOfBuild);
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
  const user = stepsUpTo(stage, last)
    .filter((step) => step.keyword === 'USER')
    .at(-1);
  if (user && /[$]/.test(user.body.rest))
    return { refused: l10n.t('Who USER on line {0} means is not known.', lineOf(user)) };
  const packages = neededPackages(shape, last, { isStatic: false, isBuildOnly: isForNodeGyp });
  if ('refused' in packages) return packages;
  const folder = staticFolder(start);
  if (folder !== null) return serveStatically(shape, folder, isPartOfBuild);
  if (start.directory === null || !isWithin(start.directory, project))
    return { refused: l10n.t('The image does not start in `{0}`, which is taken over.', project) };
  const prune = pruningOf(shape, start, install.call, installs);
  // Where they cannot go, the build tools at least can.
  if ('refused' in prune && !hasTools(shape)) return prune;
  const copies = copiesUpTo(stage, last);
  const unplaced = copies.find((copy) => copy.destinationPath === null);
  if (unplaced)
    return {
      refused: l10n.t('Where {0} on line {1} puts its files is not known.', unplaced.keyword, lineOf(unplaced)),
    };
  const outside = copies.filter((copy) => !feedsBuild(copy, [project]));
  const keyword = (word: string) => keywordLike(stage.from, word);
  const owner = user && !/^(?:root|0)\b/.test(user.body.rest) ? `--chown=${user.body.rest} ` : '';
  const command = 'refused' in prune ? null : prune.command;
  return splitStage(shape, {
    base: stage.baseText,
    isSameBase: true,
    last,
    repeated: [...repeated.filter((run) => !isBelow(shape, project, run)), ...outside.filter(isCopyStep)],
    packages,
    copies: [`${project} ${project}`],
    ...(owner && { copyFlags: owner }),
    edits:
      command === null
        ? []
        : [insert(last.instruction.span.end, `${model.dockerfile.eol}${keyword('RUN')} ${command}`)],
    ...(command === null
      ? {
          title: l10n.t('Build in a stage of its own, and take the project over without the build tools'),
          risk: l10n.t(
            'Programs that are installed besides the project have to be added to the final stage if it needs them.',
          ),
          saves: l10n.t('100 to 300 MB of compiler and headers'),
        }
      : {
          title: l10n.t('Build in a stage of its own, and take the project over without devDependencies'),
          risk: l10n.t(
            'Packages that are among the devDependencies but needed at run time have to move to the dependencies.',
          ),
          saves: l10n.t('the devDependencies, often more than half of node_modules, and the build tools'),
        }),
  });
}

/** What node-gyp asks for besides a compiler. */
const isForNodeGyp = (name: string): boolean => /^(?:python|python2|python3|py3-setuptools)$/.test(name);

/** Whether a RUN of folders and modes is about the project itself, which is taken over as it is. */
function isBelow(shape: StageShape, project: string, run: RunCommand['run']): boolean {
  const start = startDirectory(run);
  return shape.commands.every(
    ({ run: other, command }) =>
      other !== run ||
      command.name === null ||
      (/^(?:mkdir|chmod|touch)$/.test(command.name) &&
        command.args.every(
          ({ unquoted }) =>
            /^[-0-7+a-z=,]+$/.test(unquoted) ||
            isWithin(unquoted.startsWith('/') ? unquoted : `${start}/${unquoted}`, project),
        )),
  );
}

const isInstall = ({ call }: RunCommand): boolean =>
  call !== null &&
  /^(?:npm|yarn|pnpm)$/.test(call.manager) &&
  call.action === 'install' &&
  call.packages.length === 0 &&
  !call.flags.some(({ name }) => name === '-g' || name === '--global');

/** Programs that are installed for good: the image may need them. */
const isGlobal = (call: PackageCall): boolean =>
  call.packages.length > 0 &&
  (call.subcommand.startsWith('global') || call.flags.some(({ name }) => name === '-g' || name === '--global'));

const isPartOfBuild = ({ call, command }: RunCommand): boolean =>
  (call !== null && /^(?:npm|yarn|pnpm)$/.test(call.manager) && !isGlobal(call)) ||
  call?.packages.some(({ name }) => /^(?:serve|http-server)$/.test(name ?? '')) === true ||
  /^(?:npx|tsc|ng|vite|webpack|rollup|esbuild|next|nest|gulp|grunt|corepack|git|node-gyp)$/.test(command.name ?? '');

/** Whether a call builds the project: `npm run build`, `yarn build:prod`. */
export const isBuildCall = (call: PackageCall): boolean =>
  /^(?:npm|yarn|pnpm)$/.test(call.manager) &&
  call.action === 'run' &&
  /^(?:(?:run|run-script) )?build\b/.test(
    [call.subcommand, ...call.operands.map(({ unquoted }) => unquoted)].join(' '),
  );

/** The command that takes devDependencies out after the build; null where there are none to take out. */
function pruningOf(
  shape: StageShape,
  start: StartCommand,
  install: PackageCall,
  installs: readonly RunCommand[],
): { readonly command: string | null } | Refusal {
  const isBuilt = shape.commands.some(({ call }) => call !== null && isBuildCall(call));
  const isProduction = installs.every(({ call, run }) => call !== null && leavesDevDependencies(call, run));
  if (!isBuilt || isProduction || hasNoDevDependencies(shape)) return { command: null };
  const unusable = startProblem(shape, start);
  if (unusable !== null) return { refused: unusable };
  const command = pruneCommand(shape, install);
  if (command !== null) return { command };
  return { refused: l10n.t('How `{0}` takes devDependencies out again is not known.', install.manager) };
}

/** Whether an install leaves devDependencies out, by an option or by the environment. */
export function leavesDevDependencies(call: PackageCall, run: RunStep): boolean {
  const { production } = ecosystemOf(call.manager);
  if (production?.flags.some((flag) => hasFlag(call, flag))) return true;
  return production?.env.some(({ name, values }) => values.includes(run.before.scope.get(name)?.value ?? '')) === true;
}

const hasTools = (shape: StageShape): boolean =>
  shape.commands.some(
    ({ call }) => call?.action === 'install' && call.packages.some(({ name }) => name !== null && isBuildTool(name)),
  );

function pruneCommand(shape: StageShape, { manager }: PackageCall): string | null {
  switch (manager) {
    case 'npm':
      // What npm says since version 7, which came with Node.js 15.
      return Number(/^\d+/.exec(shape.stage.rootImage?.tag ?? '')?.[0] ?? 99) < 15
        ? 'npm prune --production'
        : 'npm prune --omit=dev';
    case 'pnpm':
      return 'pnpm prune --prod';
    case 'yarn':
      if (projectFile(shape, '.yarnrc.yml') !== undefined) return null;
      return 'yarn install --production --ignore-scripts --prefer-offline';
    default:
      return null;
  }
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifestOf(shape: StageShape): Manifest | null {
  try {
    const parsed: unknown = JSON.parse(projectFile(shape, 'package.json') ?? 'null');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Manifest) : null;
  } catch {
    return null;
  }
}

const hasNoDevDependencies = (shape: StageShape): boolean => {
  const manifest = manifestOf(shape);
  return manifest !== null && Object.keys(manifest.devDependencies ?? {}).length === 0;
};

/** The folder that a file server serves (`serve -s build`), as a path; null where the image starts something else. */
function staticFolder(
  start: StartCommand,
): { readonly path: string; readonly port: number; readonly isApp: boolean } | null {
  const words =
    start.program === 'npx'
      ? start.args.filter((word) => word !== '-y' && word !== '--yes')
      : [start.program, ...start.args];
  const [program = '', ...args] = words;
  const server = /(?:^|\/)(serve|http-server)(?:@[\w.]+)?$/.exec(program)?.[1];
  if (server === undefined || start.directory === null) return null;
  const valued = /^(?:-l|-p|--listen|--port|--cors|-c|--config|-a)$/;
  const operands = args.filter((word, index) => !word.startsWith('-') && !valued.test(args[index - 1] ?? ''));
  const listen = args.findIndex((word) => /^(?:-l|-p|--listen|--port)$/.test(word));
  const given =
    listen >= 0
      ? args[listen + 1]
      : (args.find((word) => /^--(?:listen|port)=/.test(word))?.replace(/^.*=/, '') ??
        (server === 'serve' ? '3000' : '8080'));
  const port = Number(/^(?:tcp:\/\/[\d.]+:)?(\d+)$/.exec(given ?? '')?.[1] ?? Number.NaN);
  if (operands.length !== 1 || Number.isNaN(port)) return null;
  const [folder = ''] = operands;
  if (/[$*]/.test(folder)) return null;
  const path = folder.startsWith('/')
    ? folder
    : `${start.directory === '/' ? '' : start.directory}/${folder.replace(/^\.\//, '')}`;
  return { path: path.replace(/\/$/, ''), port, isApp: args.some((word) => word === '-s' || word === '--single') };
}

/** Programs and the packages that bring them, where the names differ. */
const packagesOfPrograms: Readonly<Record<string, string>> = {
  nest: '@nestjs/cli',
  ng: '@angular/cli',
  'vue-cli-service': '@vue/cli-service',
  tsc: 'typescript',
};

/** Why the image would not start without devDependencies; null where it does. */
function startProblem(shape: StageShape, start: StartCommand): string | null {
  if (start.program === 'node' || start.program === 'dumb-init' || start.program === 'tini') return null;
  if (!/^(?:npm|yarn|pnpm)$/.test(start.program))
    return l10n.t('Whether `{0}`, which the image starts, is among the devDependencies is not known.', start.program);
  const manifest = manifestOf(shape);
  if (!manifest)
    return l10n.t(
      'What `{0}` starts is said in package.json, which is not at hand.',
      [start.program, ...start.args].join(' '),
    );
  const name = start.args.find((word) => word !== 'run' && !word.startsWith('-')) ?? 'start';
  const script = manifest.scripts?.[name];
  if (script === undefined) return l10n.t('package.json has no script `{0}`.', name);
  const words = script.split(/\s+/).filter((word) => !/^\w+=/.test(word) && word !== 'cross-env');
  const program = words[0] ?? '';
  const bringer = packagesOfPrograms[program] ?? program;
  if (manifest.devDependencies && Object.hasOwn(manifest.devDependencies, bringer))
    return l10n.t('The image starts `{0}`, which is among the devDependencies.', program);
  if (program === 'node' || (manifest.dependencies && Object.hasOwn(manifest.dependencies, bringer))) return null;
  return l10n.t('Whether `{0}`, which the image starts, is among the devDependencies is not known.', program);
}
