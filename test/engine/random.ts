/**
 * Random Dockerfiles that mostly build and that are full of what rules look for: RUNs in a row, state that must not leak
 * when they are merged, packages, copies, dead instructions, several stages.
 */
import fc from 'fast-check';
import { type NewFiles, writeTar } from './harness/tar-write';
import { command, directories, files, leak, packageCommand, script } from './random-commands';
import { findingGroup } from './random-findings';

/** The context that all of them copy from. */
export const randomContext: NewFiles = {
  'one.txt': '1\n',
  'two.sh': { content: '#!/bin/sh\necho 2\n', mode: 0o755 },
  'dir/a': 'a\n',
  'dir/b/c': 'c\n',
  'empty/': {},
  'package.json': '{ "name": "random" }\n',
  'package-lock.json': '{}\n',
  'requirements.txt': 'flask\n',
  'src/main.js': 'main\n',
  'src/lib/util.js': 'util\n',
  'archive.tar': { content: writeTar({ 'in-archive/': {}, 'in-archive/f': 'f\n' }) },
  'plain.tar.gz': 'no archive\n',
};

/** The images that they are built FROM. */
export const bases = [
  'debian:12-slim',
  'alpine:3.20',
  'node:20-slim',
  'python:3.12',
  'localhost/recording',
  'localhost/recording',
];
const directory = fc.constantFrom(...directories);
const file = fc.constantFrom(...files);

const run = fc
  .tuple(script, fc.nat({ max: 19 }), fc.constantFrom('    ', '  ', '\t', ''))
  .map(([pieces, form, indent]) => formatRun(pieces, form, indent));

/** A RUN in one of the forms that people write. */
function formatRun(pieces: readonly (readonly [string, string])[], form: number, indent: string): string {
  const joined = pieces.map(([text, join], index) => (index < pieces.length - 1 ? `${text} ${join} ` : text)).join('');
  const broken = (comment: string) =>
    pieces
      .map(([text, join], index) =>
        index < pieces.length - 1
          ? join === ';'
            ? `${text}; \\\n${comment}${indent}`
            : `${text} \\\n${comment}${indent}&& `
          : text,
      )
      .join('');
  if (form < 8) return `RUN ${joined}`;
  if (form < 13) return `RUN ${broken('')}`;
  if (form < 15) return `RUN ${broken(`${indent}# why\n`)}`;
  if (form === 15) return `RUN <<EOF\n${pieces.map(([text]) => text).join('\n')}\nEOF`;
  if (form === 16) return `RUN <<'END'\nset -e\n${pieces.map(([text]) => text).join('\n')}\nEND`;
  if (form === 17) return `RUN ${JSON.stringify(['/bin/sh', '-c', joined])}`;
  if (form === 18) return `RUN --mount=type=cache,target=/cached ${joined}`;
  return `run ${joined}  `;
}

/** Instructions that belong together because a rule looks for both. */
const pattern = fc.oneof(
  { weight: 4, arbitrary: leak.map(([one, two]) => `RUN ${one}\nRUN ${two}`) },
  { weight: 2, arbitrary: fc.tuple(leak, command).map(([[one, two], three]) => `RUN ${three} && ${one}\nRUN ${two}`) },
  {
    weight: 2,
    arbitrary: fc.tuple(leak, command).map(([[one, two], three]) => `RUN ${three}\nRUN ${one}\nRUN ${two}`),
  },
  { weight: 1, arbitrary: leak.map(([one, two]) => `RUN ${one}; ${two}\nRUN ${two}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('ADD archive.tar /unpacked', 'ADD archive.tar dir /several/', 'ADD plain.tar.gz /plain'),
  },
  fc.tuple(command, command).map(([one, two]) => `RUN ${one}\nRUN ${two}`),
  fc.tuple(command, command, command).map(([one, two, three]) => `RUN ${one}\nRUN ${two}\nRUN ${three}`),
  fc.tuple(command, command).map(([one, two]) => `RUN ${one}\n\n# another topic\nRUN ${two}`),
  directory.map((path) => `RUN mkdir -p ${path}\nWORKDIR ${path}`),
  directory.map((path) => `WORKDIR ${path}\nRUN mkdir -p ${path}`),
  directory.map((path) => `RUN mkdir -p ${path} && cd ${path} && touch made`),
  file.map((path) => `RUN mkdir -p ${path.slice(0, path.lastIndexOf('/')) || '/'} && echo 1 > ${path}\nRUN rm ${path}`),
  packageCommand.map((text) => `RUN ${text}`),
  fc.constantFrom(
    'RUN apt-get update\nRUN apt-get install -y vim curl',
    'RUN apt-get update\nRUN apt-get install -y --no-install-recommends \\\n    zlib1g-dev \\\n    curl \\\n    curl',
    'RUN apk update\nRUN apk add jq git',
    'RUN yum makecache\nRUN yum install -y jq git',
    'RUN apt-get update && apt-get install -y git\nRUN apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*',
    'COPY requirements.txt /\nRUN pip install -r /requirements.txt\nRUN rm -rf /root/.cache',
    'WORKDIR /app\nCOPY . .\nRUN npm install',
    'WORKDIR /app\nCOPY . .\nRUN npm ci && npm run build',
    'WORKDIR /app\nCOPY src src\nCOPY package.json package-lock.json ./\nRUN npm ci',
    'COPY one.txt /a/\nCOPY one.txt /a/',
    'COPY dir /d\nRUN chown -R 1000:1000 /d',
    'COPY two.sh /\nRUN chmod 700 /two.sh',
    'ADD archive.tar /unpacked\nADD plain.tar.gz /plain/',
    'ADD one.txt /added/\nADD dir /added',
    'CMD ["one"]\nCMD ["two"]',
    'ENTRYPOINT two.sh\nENTRYPOINT ["two.sh"]',
    'HEALTHCHECK CMD true\nHEALTHCHECK NONE',
    'USER nobody\nRUN touch /tmp/mine\nUSER root',
    'USER 1000\nWORKDIR /home/made',
    'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN false | true || touch /piped\nSHELL ["/bin/sh", "-c"]',
    'ARG A=arg\nRUN echo $A > /arg\nENV A=env\nRUN echo $A > /env',
    'ARG VERSION=1\nRUN make\nRUN echo $VERSION > /version',
    'VOLUME /data\nRUN mkdir -p /data && touch /data/lost',
    'RUN true\nRUN :\nRUN echo hello',
    'ONBUILD RUN touch /later',
    'ONBUILD COPY . /src',
  ),
);

const instruction = fc.oneof(
  { weight: 6, arbitrary: run },
  { weight: 7, arbitrary: pattern },
  { weight: 7, arbitrary: findingGroup },
  { weight: 2, arbitrary: directory.map((path) => `WORKDIR ${path}`) },
  { weight: 1, arbitrary: fc.constantFrom('WORKDIR sub', 'WORKDIR /', 'WORKDIR "/with space"') },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('COPY', 'COPY', 'ADD', 'copy'),
        fc.constantFrom('one.txt', 'dir', 'src', '.', 'one.txt dir/a', 'empty'),
        directory,
      )
      .map(([keyword, source, path]) => `${keyword} ${source} ${path}/`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'COPY --chown=1000:1000 dir /owned',
      'COPY ["one.txt", "/with space/"]',
      'COPY one.* /glob/',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('COPY <<EOF /inline\nRUN not really\nEOF', 'COPY --chmod=600 one.txt /private'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'ENV A=1',
      'ENV A=1 B="2 3"',
      'ENV A one two',
      'ENV A $B-x',
      'ENV PATH=/opt/bin:$PATH',
      "ENV B='$A'",
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('ARG A', 'ARG A=2', 'ARG B=3', 'ARG RANDOM_NAME=x') },
  { weight: 1, arbitrary: fc.constantFrom('LABEL a=b', 'LABEL a b c', 'LABEL "a b"="c d" e=f', 'LABEL a=$A') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'MAINTAINER Jo Do <jo@example.org>',
      'MAINTAINER "x" $A',
      'EXPOSE 80/TCP 443',
      'STOPSIGNAL SIGINT',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('USER root', 'USER nobody', 'USER 1000:1000', 'VOLUME /data', 'VOLUME ["/a", "/b"]'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'CMD node main.js',
      'CMD ["node", "main.js"]',
      'CMD echo $A',
      'CMD cd /a && ls',
      'CMD []',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'ENTRYPOINT nginx -g daemon',
      'ENTRYPOINT ["a"]',
      'ENTRYPOINT exec a',
      'ENTRYPOINT a "b c"',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'HEALTHCHECK --interval=5s CMD true',
      'SHELL ["/bin/bash", "-c"]',
      'SHELL ["/bin/sh", "-ec"]',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('# a comment', '', '  # indented comment', '#'.repeat(20)) },
);

const stage = fc.array(instruction, { minLength: 2, maxLength: 9 });

/** A whole file: one to three stages, the later ones built on or copying from the earlier. */
export const dockerfile: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.tuple(stage, fc.constantFrom(...bases), fc.nat({ max: 9 })), { minLength: 1, maxLength: 3 }),
    fc.nat({ max: 39 }),
  )
  .map(([stages, style]) => {
    const parts = stages.map(([instructions, base, how], index) => {
      const name = `stage${index}`;
      const parent = index > 0 && how < 4 ? `stage${index - 1}` : base;
      const from = `${how === 9 ? 'from' : 'FROM'} ${parent} ${how === 8 ? 'as' : how === 9 ? 'as' : 'AS'} ${how === 7 ? name.replace('s', 'S') : name}`;
      const copied = index > 0 && how % 2 === 0 ? [`COPY --from=stage${index - 1} /etc/passwd /from-stage`] : [];
      return [from, ...instructions, ...copied].join('\n');
    });
    const all = `${style === 1 ? 'ARG A=global\n' : ''}${parts.join(style % 2 ? '\n\n' : '\n')}\n`;
    if (style === 2)
      return all
        .replaceAll('\n', '\r\n')
        .replace(/<<(EOF|'END')[\s\S]*?\r\n(EOF|END)\r\n/g, '<<EOF\r\ntrue\r\nEOF\r\n');
    if (style === 3) return `# escape=\`\n${all.replaceAll(' \\\n', ' `\n')}`;
    if (style === 4) return all.trimEnd();
    // With it, rules may use what only new builders know.
    if (style >= 30) return `# syntax=docker/dockerfile:1\n${all}`;
    return all;
  });

/** So many of them, always the same for a seed. */
export function sampleDockerfiles(count: number, seed: number): string[] {
  return fc.sample(dockerfile, { numRuns: count, seed });
}
