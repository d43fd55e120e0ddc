/** The final image stands on a full variant of a base image that has a much smaller one. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { asksForCompiler, toolOfFullImage } from '../../model/full-image-tools';
import { type LighterVariant, lighterVariant } from '../../model/image-variants';
import type { Model, Stage, Step } from '../../model/model';
import { rootOf } from '../../model/stages';
import { isRunStep } from '../../model/steps';
import type { PackageManager } from '../../shell/packages';
import { replace } from '../edits';
import { startCommandOf } from '../multi-stage/start-command';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'heavy-base-image',
  category: 'size',
  severity: 'info',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'The final image stands on a full variant of an official image (`python:3.13`, `node:22`, `openjdk:17-jdk`, `mcr.microsoft.com/dotnet/sdk`), and nothing in the Dockerfile needs what only that one has: compilers, headers, git, curl. Stages that are not shipped are not looked at.',
    why: 'The full images of languages are there to build in: 300 to 400 MB to pull, of which a program that runs needs 50 to 100. The rest is pulled at every deployment and scanned, and patched, for nothing.',
    fix: 'Take the slim variant, which is the same distribution without the tools; the JRE instead of the JDK; the runtime instead of the SDK. The quick fix changes the tag. The sizes in the message are approximate: what linux/amd64 downloads, compressed, rounded. Build and try it: packages that have to be compiled need gcc and headers, and a script that is copied may call curl.',
    ignore: 'In images that are there to build or develop in, and where the full image is on every node anyway.',
    references: [
      'https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image',
      'https://hub.docker.com/_/python',
      'https://hub.docker.com/_/eclipse-temurin',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.13
             ^^^^^^^^^^^ info heavy-base-image: \`python:3.13\` is about 370 MB to pull, \`python:3.13-slim\` about 45 MB, and nothing here needs the difference.
        WORKDIR /app
        COPY requirements.txt .
        RUN pip install --no-cache-dir -r requirements.txt
        COPY . .
        CMD ["python", "app.py"]
      `,
      good: dockerfile`
        FROM python:3.13-slim
        WORKDIR /app
        COPY requirements.txt .
        RUN pip install --no-cache-dir -r requirements.txt
        COPY . .
        CMD ["python", "app.py"]
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-bookworm AS base
             ^^^^^^^^^^^^^^^^ info heavy-base-image
        WORKDIR /srv
        FROM base
        RUN <<EOF
        npm ci --omit=dev
        EOF
        CMD ["node", "server.js"]
      `,
      good: dockerfile`
        FROM node:22-bookworm-slim AS base
        WORKDIR /srv
        FROM base
        RUN <<EOF
        npm ci --omit=dev
        EOF
        CMD ["node", "server.js"]
      `,
    },
    {
      bad: dockerfile`
        FROM maven:3.9 AS build
        RUN mvn package
        FROM --platform=linux/amd64 \
            # runs it
            openjdk:17-jdk-slim
            ^^^^^^^^^^^^^^^^^^^ info heavy-base-image: \`openjdk:17-jdk-slim\` is about 210 MB to pull, \`eclipse-temurin:17-jre\` about 95 MB, and nothing here needs the difference.
        COPY --from=build /target/app.jar /app.jar
        ENTRYPOINT ["java", "-jar", "/app.jar"]
      `,
      good: dockerfile`
        FROM maven:3.9 AS build
        RUN mvn package
        FROM --platform=linux/amd64 \
            # runs it
            eclipse-temurin:17-jre
        COPY --from=build /target/app.jar /app.jar
        ENTRYPOINT ["java", "-jar", "/app.jar"]
      `,
    },
    {
      ok: dockerfile`
        FROM python:3.13
        RUN git clone --depth 1 https://example.com/tool.git /tool
        CMD ["python", "/tool/main.py"]
      `,
      because: 'git is not in the slim variant',
    },
    {
      ok: dockerfile`
        FROM python:3.13 AS build
        RUN pip install --prefix=/out flask
        FROM python:3.13-slim
        COPY --from=build /out /usr/local
        CMD ["python", "app.py"]
      `,
      because: 'only the build stage is heavy',
    },
    {
      ok: dockerfile`
        FROM node:22
        COPY package.json .
        RUN npm install
        CMD ["node", "app.js"]
      `,
      files: { 'package.json': '{"dependencies": {"bcrypt": "^5.0.0"}}' },
      because: 'a module has to be compiled',
    },
    {
      ok: dockerfile`
        FROM eclipse-temurin:21
        COPY . .
        RUN javac Main.java \
            # and starts it
            && java Main --check
        CMD ["java", "Main"]
      `,
      because: 'the compiler is used',
    },
  ],
  *check({ model, context }) {
    const final = model.allStages.find(({ isFinal }) => isFinal);
    const root = final && rootOf(final);
    if (!final || !root || root.isWindows || !model.stages.includes(root)) return;
    const lighter = root.image && lighterVariant(root.image);
    if (!lighter || !root.baseSpan || lighter.sizeNow - lighter.sizeThen < smallestGain) return;
    if (!serves(model, final, lighter, context)) return;
    yield {
      at: root.from.at(root.baseSpan),
      message: l10n.t(
        '`{0}` is about {1} MB to pull, `{2}` about {3} MB, and nothing here needs the difference.',
        root.image?.text ?? '',
        lighter.sizeNow,
        lighter.text,
        lighter.sizeThen,
      ),
      fix: () => change(root, lighter),
    };
  },
});

/** MB below which a change of the base is not worth the trouble. */
const smallestGain = 40;

/** Whether the lighter variant does for every stage that would stand on it. */
function serves(model: Model, final: Stage, lighter: LighterVariant, context: BuildContext | null): boolean {
  const root = rootOf(final);
  const stages = model.allStages.filter((stage) => rootOf(stage) === root && stage.isNeeded);
  const runs = stages.flatMap(({ steps }) => steps).filter(isRunStep);
  if (runs.some((run) => !run.isKnown || runsScript(run))) return false;
  const start = startCommandOf(final);
  if (lighter.kind === 'jre' || lighter.kind === 'runtime') {
    // What a script starts is not known.
    if (!start || !/^(?:.*\/)?(?:java|dotnet)$/.test(start.program)) return false;
    if (stages.some(({ steps }) => steps.some(usesJdk))) return false;
    const managers = runs.flatMap((run) => run.calls().map(({ manager }) => manager));
    return !managers.some((manager) => isOfAnotherSystem(manager, lighter));
  }
  if (isToWorkIn(start?.program ?? null, final)) return false;
  if (lighter.kind === 'alpine')
    return runs.every((run) => run.calls().every(({ manager }) => manager === 'composer') && !usesDebian(run));
  if (context && manifests.some((path) => asksForCompiler(context.text(path) ?? ''))) return false;
  // A file that does nothing yet says nothing of what it needs.
  const does = stages.some(({ steps }) =>
    steps.some(({ keyword }) => /^(?:RUN|COPY|ADD|CMD|ENTRYPOINT)$/.test(keyword)),
  );
  return does && toolOfFullImage(stages) === null;
}

const manifests = ['requirements.txt', 'package.json', 'Pipfile', 'pyproject.toml'];

/** A script of the project, or a shell that is fed by a download, may call anything. */
const runsScript = (step: Step): boolean =>
  step.scripts.some(({ commands }) =>
    commands.some(
      ({ name, nameWord, args }) =>
        /^(?:sh|bash|source|\.|eval)$/.test(name ?? '') ||
        (name === null && nameWord !== null) ||
        (/\.sh$|^\.\.?\//.test(nameWord?.unquoted ?? '') && args !== undefined),
    ),
  );

const usesJdk = (step: Step): boolean =>
  step.scripts.some(({ commands }) =>
    commands.some(
      ({ name, args }) =>
        /^(?:javac|jar|jlink|jdeps|jshell|jpackage|jcmd|jps|jmap|jstack|jstat|jdb|mvn|mvnw|gradle|gradlew|sbt|ant|native-image|lein|scala)$/.test(
          name ?? '',
        ) ||
        (name === 'dotnet' && !/\.dll$/.test(args[0]?.unquoted ?? '')),
    ),
  );

/** The JRE stands on Ubuntu, or on Alpine where the JDK does. */
function isOfAnotherSystem(manager: PackageManager, { text }: LighterVariant): boolean {
  if (manager === 'apk') return !text.includes('alpine');
  if (/^apt/.test(manager)) return text.includes('alpine');
  return /^(?:yum|dnf|microdnf|zypper)$/.test(manager);
}

/** What only Debian has: options of its useradd and adduser, of GNU tools. */
const usesDebian = (run: Step): boolean =>
  run.scripts.some(({ commands }) =>
    commands.some(({ name }) =>
      /^(?:useradd|groupadd|usermod|adduser|addgroup|a2enmod|docker-php-ext-\w+|pecl|phpize|bash|curl|git|make|gcc)$/.test(
        name ?? '',
      ),
    ),
  );

/** An image that is there to work in: it starts a shell, a notebook, a test. */
const isToWorkIn = (program: string | null, final: Stage): boolean =>
  /^(?:.*\/)?(?:ba|z|da|a)?sh$|^(?:tail|sleep|jupyter\S*|pytest|tox|make)$/.test(program ?? '') ||
  /dev|test|ci\b|build/.test(final.name ?? '');

function change(root: Stage, lighter: LighterVariant): FixResult {
  const line = root.from.line + 1;
  const { image, baseText, baseSpan } = root;
  if (!image || !baseSpan) return { refused: l10n.t('The base image on line {0} is not written there.', line) };
  if (baseText !== image.text)
    return { refused: l10n.t('The base image on line {0} is put together from variables.', line) };
  return {
    title: l10n.t('Use `{0}`', lighter.text),
    safety: 'suggestion',
    edits: [replace(root.from.at(baseSpan), lighter.text)],
    saves: l10n.t('about {0} MB', lighter.sizeNow - lighter.sizeThen),
    risk:
      lighter.kind === 'slim'
        ? l10n.t('It has no compiler, git or curl: what the program or its scripts call has to be installed.')
        : lighter.kind === 'alpine'
          ? l10n.t('Alpine has another C library and other package names.')
          : l10n.t('It has no compiler and no tools to look into a running program.'),
  };
}
