/** Build tools of the JVM. */
import { blank, command, type Ecosystem } from './pattern';

export const buildEcosystems: readonly Ecosystem[] = [
  {
    ...blank,
    manager: 'maven',
    kind: 'build',
    manifests: ['pom.xml'],
    configuration: ['.mvn/', 'mvnw', 'settings.xml'],
    installs: [
      {
        ...command('mvn dependency:go-offline', [
          'dependency:go-offline',
          'dependency:resolve',
          'dependency:resolve-plugins',
          'dependency:copy-dependencies',
        ]),
        anyGoal: true,
      },
    ],
    fetchCommand: 'mvn -B dependency:go-offline',
    caches: ['~/.m2/repository', '~/.m2'],
    cacheMounts: [{ target: '/root/.m2', sharing: 'shared' }],
    assumeYes: ['-B', '--batch-mode'],
  },
  {
    ...blank,
    manager: 'gradle',
    kind: 'build',
    manifests: ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts', 'gradle.properties'],
    lockfiles: ['gradle.lockfile', 'buildscript-gradle.lockfile'],
    configuration: ['gradle/', 'gradlew', 'buildSrc/', 'init.gradle'],
    installs: [
      {
        ...command('gradle dependencies', [
          'dependencies',
          'resolveDependencies',
          'downloadDependencies',
          'resolveAll',
          'resolveAllDependencies',
          'cacheDependencies',
        ]),
        anyGoal: true,
      },
    ],
    fetchCommand: 'gradle --no-daemon dependencies',
    caches: ['~/.gradle/caches', '~/.gradle', '/home/gradle/.gradle'],
    cacheMounts: [{ target: '/root/.gradle', sharing: 'locked' }],
  },
  {
    ...blank,
    manager: 'sbt',
    kind: 'build',
    manifests: ['build.sbt', 'project/plugins.sbt', 'project/build.properties', 'project/Dependencies.scala'],
    lockfiles: ['build.sbt.lock'],
    configuration: ['project/', '.sbtopts', '.jvmopts'],
    installs: [{ ...command('sbt update', ['update']), anyGoal: true }],
    fetchCommand: 'sbt update',
    caches: ['~/.cache/coursier', '~/.ivy2/cache', '~/.ivy2', '~/.sbt'],
    cacheMounts: [
      { target: '/root/.cache/coursier', sharing: 'shared' },
      { target: '/root/.ivy2', sharing: 'shared' },
      { target: '/root/.sbt', sharing: 'shared' },
    ],
  },
];
