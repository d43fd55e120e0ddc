/** Programs that a compiler makes: the final stage takes them over and leaves the compiler behind. */
import * as l10n from '@vscode/l10n';
import type { RunStep, Step } from '../../model/model';
import { isRunStep } from '../../model/steps';
import type { Edit, Fix, Refusal } from '../rule';
import { isFetcher } from './build-tools';
import { type NeededPackages, neededPackages } from './installed';
import { copyOf, readAtRunTime } from './project-files';
import { splitStage } from './split';
import { copiesUpTo, feedsBuild, lineOf, type RunCommand, roleOf, type StageShape, stepsUpTo } from './stage-shape';

export interface CompiledProgram {
  /** Whether a command belongs to the build. */
  readonly isBuild: (command: RunCommand) => boolean;
  /** What the final stage takes from the build: `source destination`, the program's own first. */
  readonly takes: readonly string[];
  readonly isStatic: boolean;
  readonly isSameBase: boolean;
  /** The base of the final stage, given whether something in it asks for a shell or a package manager. */
  readonly base: (needsShell: boolean) => string | Refusal;
  /** Packages of the final stage besides those that the author installs. */
  readonly packages?: readonly string[];
  readonly more?: readonly string[];
  readonly edits?: readonly Edit[];
  readonly buildBase?: string | null;
  /** What is not in the final image: `Go`, `the JDK`. */
  readonly tool: string;
}

/** Writes the two stages; `last` is the last step of the build. */
export function splitCompiled(shape: StageShape, last: Step, program: CompiledProgram): Fix | Refusal {
  const { stage, start } = shape;
  const setup = setupSteps(shape, last, program);
  if ('refused' in setup) return setup;
  const below = stage.steps.slice(last.index + 1).filter(isRunStep);
  const unclear = program.isSameBase
    ? undefined
    : below.find((run) => roleOf(shape, run, () => false).kind === 'unknown');
  if (unclear)
    return {
      refused: l10n.t('RUN on line {0} stands below the build, and what it needs is not known.', lineOf(unclear)),
    };
  const copies = copiesUpTo(stage, last);
  const unplaced = copies.find((copy) => copy.destinationPath === null);
  if (unplaced)
    return {
      refused: l10n.t('Where {0} on line {1} puts its files is not known.', unplaced.keyword, lineOf(unplaced)),
    };
  const folders = shape.commands.flatMap((one) =>
    program.isBuild(one) && one.directory !== null ? [one.directory] : [],
  );
  const packages = packagesOf(shape, last, program);
  if ('refused' in packages) return packages;
  const isBuiltin = (name: string) => /^(?:ca-certificates|tzdata)$/.test(name);
  const needsShell =
    start?.needsShell === true ||
    setup.steps.length > 0 ||
    below.length > 0 ||
    !packages.packages.every(isBuiltin) ||
    program.more !== undefined;
  const base = program.base(needsShell);
  if (typeof base !== 'string') return base;
  const isDistroless = base.startsWith('gcr.io/distroless/');
  const takesCertificates =
    base.startsWith('debian:') && !program.isSameBase && !packages.packages.includes('ca-certificates');
  return splitStage(shape, {
    base,
    isSameBase: program.isSameBase,
    last,
    repeated: [...setup.steps, ...copies.filter((copy) => !feedsBuild(copy, folders))],
    // distroless has both.
    packages: isDistroless ? { packages: [], isLean: true } : packages,
    copies: [
      ...(takesCertificates ? ['/etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/'] : []),
      ...program.takes,
      ...copyOf(readAtRunTime(shape, copies)).filter((paths) => !program.takes.includes(paths)),
    ],
    ...(program.more && { more: program.more }),
    ...(program.edits && { edits: program.edits }),
    ...(program.buildBase && { buildBase: program.buildBase }),
    title: l10n.t('Build in a stage of its own, and take what it makes over to `{0}`', base),
    risk: shape.context
      ? l10n.t(
          'The final image holds the program and what is copied with it, but not {0}; whatever else it reads or starts has to be added.',
          program.tool,
        )
      : l10n.t(
          'The final image holds the program alone, without {0}; templates, configuration and whatever else it reads or starts have to be added.',
          program.tool,
        ),
    saves: l10n.t('hundreds of MB: the compiler, the sources and what was downloaded to build'),
  });
}

/** The RUNs that both stages need; or the first of which nobody can tell. */
function setupSteps(
  shape: StageShape,
  last: Step,
  program: CompiledProgram,
): { readonly steps: readonly RunStep[] } | Refusal {
  const steps: RunStep[] = [];
  for (const run of stepsUpTo(shape.stage, last).filter(isRunStep)) {
    const role = roleOf(shape, run, program.isBuild);
    if (role.kind === 'setup') steps.push(run);
    if (role.kind !== 'unknown') continue;
    const what = role.command?.name ?? role.command?.nameWord?.text ?? 'RUN';
    return {
      refused: l10n.t('Whether the program needs what `{0}` on line {1} does is not known.', what, lineOf(run)),
    };
  }
  return { steps };
}

function packagesOf(shape: StageShape, last: Step, program: CompiledProgram): NeededPackages | Refusal {
  const found = neededPackages(shape, last, { isStatic: program.isStatic, isBuildOnly: isFetcher });
  if ('refused' in found) return found;
  const more = (program.packages ?? []).filter((name) => !found.packages.includes(name));
  return { ...found, packages: [...found.packages, ...more] };
}

/** The last RUN with a command of the build. */
export const lastBuild = (shape: StageShape, isBuild: (command: RunCommand) => boolean): RunStep | null =>
  shape.commands.filter(isBuild).at(-1)?.run ?? null;

/** What is said where nobody knows what the image starts. */
export const unknownStart = (): Refusal => ({
  refused: l10n.t('CMD or ENTRYPOINT is not one plain command, so what the image needs is not known.'),
});

/** What is said where the program that the image starts is none that the build surely makes. */
export const notMade = (program: string, { run, command }: RunCommand): Refusal => ({
  refused: l10n.t(
    'The image starts `{0}`, and that `{1}` on line {2} makes it is not sure.',
    program,
    command.name ?? '',
    lineOf(run),
  ),
});
