/** Command lines of the build tools of the JVM: their operands are goals and tasks. */
import type { Grammar } from './grammar';

export const maven: Grammar = {
  manager: 'maven',
  valued:
    '-f --file -s --settings -gs --global-settings -P --activate-profiles -pl --projects -rf --resume-from -T --threads -t --toolchains -l --log-file -b --builder -D --define -gt',
  bundles: false,
  actions: {
    download: [
      'dependency:go-offline',
      'dependency:resolve',
      'dependency:resolve-plugins',
      'dependency:get',
      'dependency:copy-dependencies',
      'dependency:tree',
      'dependency:copy',
      'dependency:list',
      'de.qaware.maven:go-offline-maven-plugin:resolve-dependencies',
      'dependency:sources',
      'dependency:purge-local-repository',
    ],
    clean: ['clean', 'pre-clean', 'post-clean'],
    run: ['spring-boot:run', 'exec:java', 'jetty:run', 'quarkus:dev', 'tomcat7:run', 'exec:exec', 'flyway:migrate'],
    other: [
      'versions:set',
      'help:evaluate',
      'help:effective-pom',
      'archetype:generate',
      'wrapper:wrapper',
      'enforcer:enforce',
    ],
  },
  bare: 'other',
  unknown: 'build',
  operands: 'plain',
  goals: true,
  glued: 'DPT',
};

export const gradle: Grammar = {
  manager: 'gradle',
  valued:
    '-p --project-dir -g --gradle-user-home -b --build-file -c --settings-file -I --init-script -x --exclude-task --max-workers --console --warning-mode --include-build -P --project-prop -D --system-prop --priority --project-cache-dir --configuration-cache-problems --configuration --write-verification-metadata -F --dependency-verification -M',
  bundles: false,
  actions: {
    download: [
      'dependencies',
      'resolveDependencies',
      'downloadDependencies',
      'resolveAll',
      'buildEnvironment',
      'androidDependencies',
      'resolveAllDependencies',
      'cacheDependencies',
    ],
    clean: ['clean', 'cleanBuildCache'],
    run: ['run', 'bootRun', 'quarkusDev'],
    other: ['wrapper', 'tasks', 'projects', 'properties', 'help', 'init', 'dependencyUpdates'],
  },
  bare: 'other',
  unknown: 'build',
  operands: 'plain',
  goals: true,
  glued: 'DP',
};

export const sbt: Grammar = {
  manager: 'sbt',
  valued:
    '-mem -jvm-debug --mem -sbt-version --sbt-version -java-home --java-home -sbt-dir --sbt-dir -sbt-boot --sbt-boot -ivy --ivy -scala-version',
  bundles: false,
  actions: {
    download: ['update', 'updateClassifiers', 'fetch', 'reload', 'evicted', 'dependencyTree', 'coursierFetch'],
    clean: ['clean', 'cleanFiles'],
    run: ['run', 'runMain', 'console', '~run'],
    other: ['sbtVersion', 'version', 'about', 'exit', 'help', 'projects', 'name'],
  },
  bare: 'other',
  unknown: 'build',
  operands: 'plain',
  goals: true,
};
