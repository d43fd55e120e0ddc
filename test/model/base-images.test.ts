/** What is known of base images by their names and tags. */
import assert from 'node:assert/strict';
import { contentsOf } from '../../server/src/model/image-contents';
import { lighterVariant } from '../../server/src/model/image-variants';
import { parseImageReference } from '../../server/src/model/images';
import { isAtLeast, muslWheels, requirementsOf } from '../../server/src/model/python-wheels';

const image = (text: string) => {
  const parsed = parseImageReference(text);
  assert.ok(parsed, text);
  return parsed;
};

describe('what base images hold', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['alpine', 'alpine: apk'],
    ['node:22-alpine3.20', 'alpine: apk'],
    ['nginx:1.27-alpine-slim', 'alpine: apk'],
    ['docker:28-dind', 'alpine: apk'],
    ['python:3.13', 'debian: apt-get apt aptitude'],
    ['docker.io/library/golang:1.24', 'debian: apt-get apt aptitude'],
    ['public.ecr.aws/docker/library/node:22-slim', 'debian: apt-get apt aptitude'],
    ['eclipse-temurin:21-jre', 'ubuntu: apt-get apt aptitude'],
    ['eclipse-temurin:21-jre-ubi9-minimal', 'redhat: microdnf'],
    ['openjdk:8-jdk', 'debian: apt-get apt aptitude'],
    ['openjdk:17-jdk-slim', 'debian: apt-get apt aptitude'],
    ['openjdk:17-jdk', 'redhat: yum dnf microdnf'],
    ['openjdk', 'redhat: yum dnf microdnf'],
    ['openjdk:jre', 'unknown'],
    ['maven:3.9-eclipse-temurin-21', 'ubuntu: apt-get apt aptitude'],
    ['maven:3.8-openjdk-17', 'unknown'],
    ['maven:3-amazoncorretto-21', 'amazon: yum dnf'],
    ['wordpress:cli', 'unknown'],
    ['mysql:8', 'unknown'],
    ['centos:7', 'redhat: yum'],
    ['centos:8', 'redhat: dnf yum'],
    ['rockylinux:9-minimal', 'redhat: microdnf'],
    ['oraclelinux:8-slim', 'redhat: microdnf'],
    ['amazonlinux:2', 'amazon: yum'],
    ['amazonlinux:2023', 'amazon: yum dnf'],
    ['registry.access.redhat.com/ubi9/ubi-minimal:9.5', 'redhat: microdnf'],
    ['redhat/ubi8', 'redhat: dnf yum'],
    ['opensuse/leap:15', 'suse: zypper'],
    ['mcr.microsoft.com/dotnet/sdk:9.0-alpine', 'alpine: apk'],
    ['mcr.microsoft.com/dotnet/aspnet:9.0-noble-chiseled', 'distroless:'],
    ['gcr.io/distroless/static-debian12:nonroot', 'distroless:'],
    ['busybox:musl', 'busybox:'],
    ['example/node:22-alpine', 'unknown'],
    ['registry.example.com/debian:12', 'unknown'],
    ['mcr.microsoft.com/windows/servercore:ltsc2022', 'unknown'],
  ];
  for (const [text, expected] of rows)
    it(text, () => {
      const contents = contentsOf(image(text));
      const shown = contents ? `${contents.distribution}: ${contents.managers.join(' ')}`.trim() : 'unknown';
      assert.equal(shown, expected);
    });
});

describe('lighter variants of base images', () => {
  const rows: readonly (readonly [string, string | null])[] = [
    ['python', 'python:slim'],
    ['python:3.13', 'python:3.13-slim'],
    ['python:3.13-bookworm', 'python:3.13-slim-bookworm'],
    ['docker.io/library/python:3.13', 'docker.io/library/python:3.13-slim'],
    ['python:3.13-slim', null],
    ['python:3.13-alpine', null],
    ['node:22-bookworm', 'node:22-bookworm-slim'],
    ['node:lts', 'node:lts-slim'],
    ['openjdk:17-jdk', 'eclipse-temurin:17-jre'],
    ['openjdk:8-jdk-alpine', 'eclipse-temurin:8-jre-alpine'],
    ['openjdk:16', null],
    ['openjdk:11-jre', null],
    ['eclipse-temurin:21.0.3_9-jdk', 'eclipse-temurin:21-jre'],
    ['eclipse-temurin:21-jre', null],
    ['php:8.4-fpm', 'php:8.4-fpm-alpine'],
    ['php:8.4-apache', null],
    ['mcr.microsoft.com/dotnet/sdk:9.0', 'mcr.microsoft.com/dotnet/aspnet:9.0'],
    ['mcr.microsoft.com/dotnet/sdk:9.0.102', null],
    ['debian:12', null],
    ['example/python:3.13', null],
  ];
  for (const [text, expected] of rows)
    it(text, () => {
      const lighter = lighterVariant(image(text));
      assert.equal(lighter?.text ?? null, expected);
      if (lighter) assert.ok(lighter.sizeThen < lighter.sizeNow, 'it is smaller');
    });
});

describe('wheels for musl', () => {
  it('are known by the normalised name of a package', () => {
    assert.equal(muslWheels('Psycopg2')?.kind, 'none');
    assert.equal(muslWheels('scikit_learn')?.kind, 'since');
    assert.equal(muslWheels('flask'), null);
  });

  it('are there from a release on', () => {
    assert.equal(isAtLeast('1.26.4', '1.25'), true);
    assert.equal(isAtLeast('1.9', '1.25'), false);
    assert.equal(isAtLeast('2.0', '2.0.0'), true);
  });

  it('are looked up for the lines of a requirements file', () => {
    const text = '# tools\nnumpy==1.26.4 ; python_version > "3.8"\n-r more.txt\nuvicorn[standard]>=0.30\r\n\n';
    assert.deepEqual(requirementsOf(text), [
      { name: 'numpy', version: '1.26.4' },
      { name: 'uvicorn', version: null },
    ]);
  });
});
