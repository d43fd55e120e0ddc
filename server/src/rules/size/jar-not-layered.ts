/** A Spring Boot jar is stored whole at every change, with all its libraries. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { targetPath } from '../../model/dependencies';
import type { CopyStep, Stage, Step } from '../../model/model';
import { normalizePath, resolvePath } from '../../model/paths';
import { rootOf } from '../../model/stages';
import { isCopyStep } from '../../model/steps';
import type { Dockerfile } from '../../syntax/tree';
import { insert, keywordLike, removeInstruction, replace } from '../edits';
import { startWithComments } from '../move';
import { type StartCommand, startCommandOf } from '../multi-stage/start-command';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'jar-not-layered',
  category: 'size',
  severity: 'hint',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'The final image gets one executable jar from `target/` or `build/libs/` and starts it with `java -jar`. Reported where the file or the build context says Spring Boot, or nothing says otherwise.',
    why: 'An executable jar carries all its libraries, 20 to 100 MB, and the few kilobytes of your own classes. It is one layer: a change of one class stores, pushes and pulls everything again.',
    fix: 'Let the jar unpack itself in a stage of its own, `java -Djarmode=tools -jar app.jar extract --layers` (Spring Boot 3.3 and later; before: `-Djarmode=layertools -jar app.jar extract`), and copy the libraries before the classes. The quick fix writes that stage for 3.3 and later: the program goes on to be started by `java -jar`.',
    ignore: 'For jars that are not from Spring Boot, and where images are built seldom.',
    references: [
      'https://docs.spring.io/spring-boot/reference/packaging/container-images/dockerfiles.html',
      'https://docs.spring.io/spring-boot/reference/packaging/container-images/efficient-images.html',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM eclipse-temurin:21-jre
        WORKDIR /app
        # the program
        COPY target/*.jar app.jar
             ^^^^^^^^^^^^ hint jar-not-layered: \`target/*.jar\` is stored whole again at every change, its libraries too: \`-Djarmode=tools\` splits a Spring Boot jar into layers.
        ENTRYPOINT ["java", "-jar", "app.jar"]
      `,
      good: dockerfile`
        FROM eclipse-temurin:21-jre AS layers
        WORKDIR /layers
        COPY target/*.jar app.jar
        RUN java -Djarmode=tools -jar app.jar extract --layers --destination extracted

        FROM eclipse-temurin:21-jre
        WORKDIR /app
        # the program
        COPY --from=layers /layers/extracted/dependencies/ ./
        COPY --from=layers /layers/extracted/spring-boot-loader/ ./
        COPY --from=layers /layers/extracted/snapshot-dependencies/ ./
        COPY --from=layers /layers/extracted/application/ ./
        ENTRYPOINT ["java", "-jar", "app.jar"]
      `,
    },
    {
      bad: dockerfile`
        FROM maven:3.9 AS build
        WORKDIR /src
        COPY . .
        RUN mvn package spring-boot:repackage

        # what is shipped
        FROM eclipse-temurin:21-jre
        COPY --from=build --chown=1000 \
            /src/target/shop.jar \
            ^^^^^^^^^^^^^^^^^^^^ hint jar-not-layered
            /opt/shop/shop.jar
        CMD ["java", "-jar", "/opt/shop/shop.jar"]
      `,
      good: dockerfile`
        FROM maven:3.9 AS build
        WORKDIR /src
        COPY . .
        RUN mvn package spring-boot:repackage

        FROM eclipse-temurin:21-jre AS layers
        WORKDIR /layers
        COPY --from=build \
            /src/target/shop.jar \
            shop.jar
        RUN java -Djarmode=tools -jar shop.jar extract --layers --destination extracted

        # what is shipped
        FROM eclipse-temurin:21-jre
        COPY --from=layers --chown=1000 /layers/extracted/dependencies/ /opt/shop/
        COPY --from=layers --chown=1000 /layers/extracted/spring-boot-loader/ /opt/shop/
        COPY --from=layers --chown=1000 /layers/extracted/snapshot-dependencies/ /opt/shop/
        COPY --from=layers --chown=1000 /layers/extracted/application/ /opt/shop/
        CMD ["java", "-jar", "/opt/shop/shop.jar"]
      `,
    },
    {
      bad: dockerfile`
        FROM eclipse-temurin:21-jre
        ARG JAR_FILE=build/libs/*.jar
        COPY \${JAR_FILE} app.jar
             ^^^^^^^^^^^ hint jar-not-layered
        ENTRYPOINT ["java", "-jar", "/app.jar"]
      `,
      good: dockerfile`
        FROM eclipse-temurin:21-jre AS layers
        WORKDIR /layers
        ARG JAR_FILE=build/libs/*.jar
        COPY \${JAR_FILE} app.jar
        RUN java -Djarmode=tools -jar app.jar extract --layers --destination extracted

        FROM eclipse-temurin:21-jre
        COPY --from=layers /layers/extracted/dependencies/ /
        COPY --from=layers /layers/extracted/spring-boot-loader/ /
        COPY --from=layers /layers/extracted/snapshot-dependencies/ /
        COPY --from=layers /layers/extracted/application/ /
        ENTRYPOINT ["java", "-jar", "/app.jar"]
      `,
    },
    {
      ok: dockerfile`
        FROM eclipse-temurin:21-jre AS layers
        COPY target/app.jar app.jar
        RUN java -Djarmode=layertools -jar app.jar extract
        FROM eclipse-temurin:21-jre
        COPY --from=layers dependencies/ ./
        COPY --from=layers application/ ./
        ENTRYPOINT ["java", "org.springframework.boot.loader.launch.JarLauncher"]
      `,
      because: 'it is split',
    },
    {
      ok: dockerfile`
        FROM eclipse-temurin:21-jre
        COPY target/tool.jar tool.jar
        CMD ["java", "-jar", "tool.jar"]
      `,
      files: { 'pom.xml': '<project><artifactId>tool</artifactId></project>' },
      because: 'the project does not use Spring Boot',
    },
    {
      ok: dockerfile`
        FROM eclipse-temurin:21-jre
        COPY agent.jar /agent.jar
        COPY target/lib/ \
            # one file a library
            /app/lib/
        CMD ["java", "-cp", "/app/lib/*", "com.example.Main"]
      `,
      because: 'the libraries are files of their own',
    },
  ],
  *check({ model, context }) {
    const stage = model.finalStage;
    if (!stage || stage.isWindows) return;
    const start = startCommandOf(stage);
    const jar = start && jarOf(start);
    if (!start || jar === null || jar === undefined) return;
    const copy = stage.steps.filter(isCopyStep).find((one) => isOf(one, jar));
    const [source] = copy?.sources ?? [];
    if (!copy || !source || copy.sources.length !== 1 || !isBuilt(source.value ?? source.text)) return;
    if (!mayBeSpringBoot(model.allStages, context)) return;
    yield {
      at: onOneLine(model.dockerfile, copy.at(source.span)),
      message: l10n.t(
        '`{0}` is stored whole again at every change, its libraries too: `-Djarmode=tools` splits a Spring Boot jar into layers.',
        source.text,
      ),
      fix: () => layered(model.dockerfile, model.allStages, stage, copy, start, jar),
    };
  },
});

/** The path of the jar that `java -jar` starts. */
function jarOf({ program, args, directory }: StartCommand): string | null {
  if (!/^(?:.*\/)?java$/.test(program)) return null;
  const at = args.indexOf('-jar');
  const path = args[at + 1];
  return at < 0 || path === undefined || /[$*]/.test(path) ? null : resolvePath(directory, path);
}

function isOf(copy: CopyStep, jar: string): boolean {
  const target = targetPath(copy);
  if (target === null) return false;
  const path = normalizePath(target);
  if (path === jar) return true;
  const [source] = copy.sources;
  const name = source?.value?.slice(source.value.lastIndexOf('/') + 1) ?? '';
  return /\.jar$/.test(name) && !name.includes('*') && normalizePath(`${path}/${name}`) === jar;
}

/** Where Maven and Gradle put what they build. */
const isBuilt = (path: string): boolean => /(?:^|\/)(?:target|build\/libs)\/[^/]*\.jar$|\$\{?JAR_FILE\}?/.test(path);

/** What the build context says, else what the file says; where neither says anything, it may be. */
function mayBeSpringBoot(stages: readonly Stage[], context: BuildContext | null): boolean {
  if (
    stages.some((stage) =>
      stage.steps.some((step) => /jarmode|layertools|quarkus|micronaut|shadowJar|assembly:/i.test(step.body.raw)),
    )
  )
    return false;
  if (stages.some((stage) => stage.steps.some((step) => /spring/i.test(step.body.raw)))) return true;
  const manifests = [...(context?.entries.keys() ?? [])].filter((path) =>
    /(?:^|\/)(?:pom\.xml|build\.gradle(?:\.kts)?)$/.test(path),
  );
  const texts = manifests.map((path) => context?.text(path) ?? '');
  return texts.length === 0 || texts.some((text) => /spring-?boot|springframework\.boot/i.test(text));
}

function layered(
  file: Dockerfile,
  stages: readonly Stage[],
  stage: Stage,
  copy: CopyStep,
  start: StartCommand,
  jar: string,
): FixResult {
  const line = copy.instruction.line + 1;
  const base = rootOf(stage);
  if (stage.parent || stage.baseText === '' || base !== stage)
    return { refused: l10n.t('The stage on line {0} stands on another one.', stage.from.line + 1) };
  if (copy.body.json || copy.keyword !== 'COPY') return { refused: l10n.t('Line {0} is no plain COPY.', line) };
  if (stages.some(({ name }) => name?.toLowerCase() === 'layers'))
    return { refused: l10n.t('A stage is called `{0}` already.', 'layers') };
  if (laterUse(stage, copy, start, jar)) return { refused: l10n.t('A step behind line {0} uses the jar.', line) };
  const { destination, sources } = copy;
  const [source] = sources;
  if (!destination || !source || source.value === null)
    return { refused: l10n.t('What line {0} copies is in a variable.', line) };
  const argument = argumentIn(stage, copy, source.text);
  if (source.text.includes('$') && !argument)
    return { refused: l10n.t('What line {0} copies is in a variable.', line) };
  const jarName = jar.slice(jar.lastIndexOf('/') + 1);
  const keyword = (word: string) => keywordLike(copy.instruction, word);
  const at = (from: number, to: number) => file.text.slice(copy.at({ from, to }).start, copy.at({ from, to }).end);
  const { body, instruction } = copy;
  // The new stage copies as the old one did, without owner and mode: only the destination is another one.
  const kept = body.flags.filter(({ name }) => name === 'chown' || name === 'chmod');
  const fetching = body.flags.filter((flag) => !kept.includes(flag) && flag.name !== 'link');
  const flags = fetching.map(({ span }) => ` ${at(span.from, span.to)}`).join('');
  const behindFlags = body.flags.length > 0 ? Math.max(...body.flags.map(({ span }) => span.to)) : body.keywordSpan.to;
  const gap = at(behindFlags, source.span.from);
  const between = at(source.span.to, destination.span.from);
  if (/#/.test(gap + between)) return { refused: l10n.t('A comment stands in the COPY on line {0}.', line) };
  const eol = file.eol;
  const platform = stage.platform === null ? '' : ` --platform=${stage.platform}`;
  const extraction = [
    `${keyword('FROM')}${platform} ${stage.baseText} ${keyword('AS')} layers`,
    `${keyword('WORKDIR')} /layers`,
    ...(argument ? [argument.instruction.body.raw] : []),
    `${keyword('COPY')}${flags}${gap}${at(source.span.from, source.span.to)}${between}${jarName}`,
    `${keyword('RUN')} java -Djarmode=tools -jar ${jarName} extract --layers --destination extracted`,
    '',
    '',
  ].join(eol);
  const written = destination.text;
  // Without a WORKDIR the folder is named: whoever adds one later would move the program away from its start command.
  const folder = !copy.before.workdirSet
    ? jar.slice(0, jar.lastIndexOf('/') + 1)
    : written.endsWith('/')
      ? written
      : written.includes('/')
        ? written.slice(0, written.lastIndexOf('/') + 1)
        : './';
  const more = kept.map(({ span }) => ` ${at(span.from, span.to)}`).join('');
  const copies = ['dependencies', 'spring-boot-loader', 'snapshot-dependencies', 'application']
    .map((name) => `${keyword('COPY')} --from=layers${more} /layers/extracted/${name}/ ${folder}`)
    .join(eol);
  return {
    title: l10n.t('Unpack the jar in a stage of its own and copy its layers'),
    safety: 'suggestion',
    edits: [
      insert(startWithComments(stage.from), extraction),
      replace(instruction.span, copies),
      ...(argument ? [removeInstruction(file, argument.instruction)] : []),
    ],
    claims: [stage.from.span, instruction.span, start.step.instruction.span],
    risk: l10n.t('Needs Spring Boot 3.3 or later; before, it is `-Djarmode=layertools` and another way to start.'),
  };
}

/** The ARG of the stage that alone names the source, and nothing else uses: it goes along. */
function argumentIn(stage: Stage, copy: CopyStep, text: string): Step | null {
  const name = /^\$\{?(\w+)\}?$/.exec(text)?.[1];
  const step = stage.steps.find(
    (one) => one.keyword === 'ARG' && one.index < copy.index && one.body.pairs[0]?.name === name,
  );
  if (name === undefined || !step || step.body.pairs.length !== 1 || step.body.pairs[0]?.value === null) return null;
  const isUsed = stage.steps.some((one) => one !== step && one !== copy && one.body.raw.includes(name));
  return isUsed ? null : step;
}

/** Whether anything but the start command names the jar. */
function laterUse(stage: Stage, copy: CopyStep, start: StartCommand, jar: string): boolean {
  const name = jar.slice(jar.lastIndexOf('/') + 1);
  return stage.steps.some(
    (step: Step) => step !== copy && step !== start.step && step.index > copy.index && step.body.raw.includes(name),
  );
}
