/** Java: Maven or Gradle make a jar, and a JRE is enough to run it. */
import * as l10n from '@vscode/l10n';
import { normalizePath } from '../../model/paths';
import type { Fix, Refusal } from '../rule';
import { lastBuild, splitCompiled, unknownStart } from './compiled';
import type { RunCommand, StageShape } from './stage-shape';
import type { StartCommand } from './start-command';

/** Splits a stage that builds with Maven or Gradle; null where it does not. */
export function splitJava(shape: StageShape): Fix | Refusal | null {
  const { start } = shape;
  const isBuild = ({ call, command }: RunCommand) =>
    call?.manager === 'maven' ||
    call?.manager === 'gradle' ||
    /^(?:mvnw|gradlew|git|javac|jar)$/.test(command.name ?? '');
  const builds = shape.commands.filter(
    ({ call }) => (call?.manager === 'maven' || call?.manager === 'gradle') && call.action === 'build',
  );
  const last = lastBuild(shape, isBuild);
  if (builds.length === 0 || !last) return null;
  if (!start) return unknownStart();
  const runtime = runtimeOf(shape);
  if (runtime === null)
    return {
      refused: l10n.t(
        'Which Java `{0}` brings is not in its tag, so no JRE can be named that fits.',
        shape.stage.baseText,
      ),
    };
  if (start.program !== 'java')
    return { refused: l10n.t('The image starts `{0}`; only `java -jar` says which file is needed.', start.program) };
  const jar = jarOf(start);
  if (jar === null)
    return { refused: l10n.t('Which jar the image starts is not plain from `{0}`.', start.args.join(' ')) };
  return splitCompiled(shape, last, {
    isBuild,
    takes: [jar],
    isStatic: true,
    isSameBase: false,
    base: () => runtime,
    tool: l10n.t('the JDK'),
  });
}

/** What to copy: the jar, or Quarkus' folder with its jar; a pattern goes into its folder. */
function jarOf({ args, directory }: StartCommand): string | null {
  const index = args.indexOf('-jar');
  const jar = index < 0 ? undefined : args[index + 1];
  if (jar === undefined || /[$`]/.test(jar) || (directory === null && !jar.startsWith('/'))) return null;
  const path = normalizePath(jar.startsWith('/') ? jar : `${directory}/${jar}`);
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  if (folder.endsWith('/quarkus-app')) return `${folder} ${folder}`;
  return /[*?[]/.test(path) ? `${path} ${folder}/` : `${path} ${path}`;
}

const versions = new Set(['8', '11', '17', '21']);

/** The JRE that goes with the JDK of a stage's base. */
function runtimeOf({ stage }: StageShape): string | null {
  const { rootImage, baseText } = stage;
  if (!rootImage?.isOfficial || baseText.includes('$')) return null;
  const tag = rootImage.tag ?? '';
  const found = /^(?:openjdk|eclipse-temurin|amazoncorretto)$/.test(rootImage.name)
    ? /^(\d+)/.exec(tag)?.[1]
    : /(?:openjdk|temurin|jdk|corretto|sapmachine|zulu|liberica)-?(\d+)/.exec(tag)?.[1];
  if (found === undefined || !versions.has(found)) return null;
  return `eclipse-temurin:${found}-jre${/alpine/.test(tag) ? '-alpine' : ''}`;
}
