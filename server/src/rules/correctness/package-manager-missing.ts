/** A package manager is called that the base image does not have. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { mayBeBrought } from '../../model/brought-programs';
import { ecosystemOf } from '../../model/ecosystems';
import { baseContents, type ImageContents } from '../../model/image-contents';
import type { RunStep } from '../../model/model';
import { rootOf } from '../../model/stages';
import { packageCalls } from '../../shell/package-calls';
import type { PackageCall } from '../../shell/packages';
import type { ShellCommand, ShellScript } from '../../shell/script';
import { otherManager } from '../other-manager';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'package-manager-missing',
  category: 'correctness',
  severity: 'error',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: "A `RUN` calls a package manager that the base image does not have: apt on Alpine, apk on Debian, apt in `openjdk:17` (Oracle Linux), yum in a `-minimal` image, any of them in `busybox`, `scratch` or a distroless image. Only reported where the image's name and tag tell for certain.",
    why: 'The build ends there: `/bin/sh: apt-get: not found`. It often comes with a change of the base image, from `node:22` to `node:22-alpine`.',
    fix: 'Use the package manager of the base, or a base that has yours. The quick fix writes the command for the package manager that is there; packages may be called differently, so look over the names. Images without any package manager get their files by `COPY --from=…` from a stage that has one.',
    ignore: 'Where the program gets into the image in a way that the Dockerfile does not show.',
    references: [
      'https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper',
      'https://github.com/GoogleContainerTools/distroless',
      'https://docs.docker.com/build/building/multi-stage/',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM node:22-alpine
        RUN apt-get update \
            ^^^^^^^ error package-manager-missing: \`apt-get\` is not in \`node:22-alpine\`, whose package manager is \`apk\`: the build ends here.
            # to compile native modules
            && apt-get install -y --no-install-recommends \
              python3 \
              build-essential \
            && rm -rf /var/lib/apt/lists/*
      `,
      good: dockerfile`
        FROM node:22-alpine
        RUN apk update \
            # to compile native modules
            && apk add --no-cache \
              python3 \
              build-base \
            && rm -rf /var/lib/apt/lists/*
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim AS base
        FROM base
        RUN apk add --no-cache --update curl bash
            ^^^ error package-manager-missing: \`apk\` is not in \`debian:12-slim\`, whose package manager is \`apt-get\`: the build ends here.
      `,
      good: dockerfile`
        FROM debian:12-slim AS base
        FROM base
        RUN apt-get update && apt-get install -y --no-install-recommends curl bash
      `,
    },
    {
      bad: dockerfile`
        FROM openjdk:17-jdk
        RUN <<EOF
        apt-get update
        ^^^^^^^ error package-manager-missing: \`apt-get\` is not in \`openjdk:17-jdk\`, which stands on another distribution…
        apt-get install -y curl
        EOF
        FROM rockylinux:9-minimal
        RUN dnf install -y tar && dnf clean all
            ^^^ error package-manager-missing
      `,
      good: dockerfile`
        FROM openjdk:17-jdk
        RUN <<EOF
        apt-get update
        apt-get install -y curl
        EOF
        FROM rockylinux:9-minimal
        RUN microdnf install -y tar && microdnf clean all
      `,
    },
    {
      bad: dockerfile`
        FROM gcr.io/distroless/nodejs22-debian12
        RUN npm ci
            ^^^ error package-manager-missing: \`npm\` is not in \`gcr.io/distroless/nodejs22-debian12\`, which has no package manager at all: the build ends here.
      `,
    },
    {
      ok: dockerfile`
        FROM node:22-alpine
        RUN apk add --no-cache curl
        FROM node:22
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        FROM amazonlinux:2023
        RUN yum install -y tar && yum clean all
        FROM registry.example.com/base:1
        RUN apk add curl
      `,
      because: 'each has it, or is an image that nobody knows',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN if command -v apk; then apk add --no-cache curl; else apt-get update; fi
        RUN apk --version || true
        RUN which dnf && dnf install -y curl || echo none
      `,
      because: 'it is asked first whether it is there, or the failure does not matter',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y dnf && dnf install -y tar
        FROM rockylinux:9-minimal
        RUN microdnf install -y dnf \
            # the large one
            && microdnf clean all
        RUN dnf install -y tar
        FROM scratch
        ADD alpine-minirootfs.tar.gz /
        RUN apk add --no-cache curl
      `,
      because: 'it is installed first, or comes with an archive',
    },
    {
      ok: dockerfile`
        ARG BASE=alpine:3.20
        FROM \${BASE}
        RUN apt-get update
      `,
      because: 'the base is a choice of whoever builds',
    },
  ],
  *check({ model, context }) {
    for (const stage of model.stages) {
      const contents = baseContents(stage);
      if (!contents) continue;
      for (const run of model.runs) {
        if (run.stage !== stage || !run.isKnown || run.calls().length === 0) continue;
        const missing = missingCall(run, contents, context);
        if (!missing) continue;
        const { call, script, program } = missing;
        const { nameWord } = call.command;
        if (!nameWord) continue;
        yield {
          at: onOneLine(model.dockerfile, run.at(nameWord.span)),
          message: messageOf(program, rootOf(stage).baseText, contents),
          fix: () => otherManager(run, script, contents, missingCalls(script, contents)),
        };
      }
    }
  },
});

function messageOf(program: string, base: string, contents: ImageContents): string {
  const [manager, ...others] = contents.managers;
  if (manager === undefined)
    return l10n.t('`{0}` is not in `{1}`, which has no package manager at all: the build ends here.', program, base);
  if (others.length > 0 && manager !== 'apt-get')
    return l10n.t(
      '`{0}` is not in `{1}`, which stands on another distribution ({2}): the build ends here.',
      program,
      base,
      contents.managers.join(', '),
    );
  return l10n.t('`{0}` is not in `{1}`, whose package manager is `{2}`: the build ends here.', program, base, manager);
}

/** Whether a program of this name surely is no part of the image. */
function isMissing({ manager, command }: PackageCall, { managers, distribution }: ImageContents): boolean {
  if (managers.includes(manager)) return false;
  // Some images with dnf have its small sister too.
  if (manager === 'microdnf' && managers.includes('dnf')) return false;
  // Commands of the same name that others have: `apt` is a Java tool, a wrapper brings its own program.
  if (command.nameWord?.unquoted.includes('/') && !/^\/(?:usr\/)?s?bin\//.test(command.nameWord.unquoted)) return false;
  const isSystem = ecosystemOf(manager).kind === 'system';
  return isSystem || /^(?:busybox|distroless|empty)$/.test(distribution);
}

const missingCalls = (script: ShellScript, contents: ImageContents): readonly PackageCall[] =>
  packageCalls(script).filter((call) => isMissing(call, contents));

interface MissingCall {
  readonly call: PackageCall;
  readonly script: ShellScript;
  readonly program: string;
}

function missingCall(run: RunStep, contents: ImageContents, context: BuildContext | null): MissingCall | null {
  for (const script of run.scripts)
    for (const call of missingCalls(script, contents)) {
      const program = call.command.name;
      // `npx yarn` and the like start another program than the manager.
      if (program === null || !(program === call.manager || program.startsWith(call.manager.slice(0, 3)))) continue;
      if (!surelyRuns(script, call.command) || isProvided(script, call.command, program)) continue;
      if (mayBeBrought(run, program === 'apt' ? ['apt', 'apt-get'] : [program], context)) continue;
      return { call, script, program };
    }
  return null;
}

/** Whether it runs in any case, and the RUN fails where it does. */
function surelyRuns(script: ShellScript, { nesting, connector, statement, start }: ShellCommand): boolean {
  if (nesting !== 'top' && nesting !== 'group') return false;
  if (connector === '||') return false;
  const list = script.statements[statement];
  return list !== undefined && !list.operators.includes('||') && list.terminator !== '&' && !isGuarded(script, start);
}

/** Whether something before it asks what is there, or goes on where a command fails. */
const isGuarded = (script: ShellScript, start: number): boolean =>
  script.commands.some(
    (one) => one.start < start && /^(?:which|type|command|hash|test|\[|\[\[|exit|trap)$/.test(one.name ?? ''),
  ) || /\bcommand -v\b|\bwhich\b/.test(script.text.slice(0, start));

/** Whether a command of the same script before it brings the program. */
function isProvided(script: ShellScript, command: ShellCommand, program: string): boolean {
  if (script.functions.some(({ name }) => name === program)) return true;
  return script.commands.some(
    (one) =>
      one.start < command.start &&
      (one.args.some(({ unquoted }) => unquoted.split('/').at(-1)?.includes(program)) ||
        /^(?:sh|bash|source|\.|eval|chroot|unshare|tar)$/.test(one.name ?? '')) &&
      one.name !== command.name,
  );
}
