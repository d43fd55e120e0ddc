/** The second stage that build-tools-in-final-stage writes: what goes over, what stays, and when it is left to the author. */
import assert from 'node:assert/strict';
import { applyEdits, fixOf } from '../../server/src/analysis/fixes';
import { contextFromFiles } from '../../server/src/context/memory';
import { isRefusal } from '../../server/src/rules/rule';
import { analyzeText, type CheckOptions } from '../harness/checks';

interface Options {
  readonly files?: Readonly<Record<string, string>>;
  readonly builder?: CheckOptions['builder'];
}

/** What the fix makes of a text, or the reason why it makes nothing; null where nothing is found. */
function split(text: string, { files, builder }: Options = {}): string | { refused: string } | null {
  const analysis = analyzeText(text, {
    rule: 'build-tools-in-final-stage',
    ...(files && { context: contextFromFiles(files) }),
    ...(builder && { builder }),
  });
  const [finding] = analysis.findings;
  const fix = finding ? fixOf(analysis, finding) : null;
  if (!fix) return null;
  return isRefusal(fix) ? fix : applyEdits(text, fix.edits);
}

function checkSplit(text: string, expected: string, options?: Options): void {
  assert.equal(split(text, options), expected);
}

function checkRefused(text: string, reason: RegExp, options?: Options): void {
  const result = split(text, options);
  assert.ok(typeof result === 'object' && result !== null, `not refused: ${result}`);
  assert.match(result.refused, reason);
}

const go = (more: string, cmd = 'CMD ["./app"]') => `FROM golang:1.22-bookworm\nWORKDIR /src\n${more}${cmd}\n`;

describe('a second stage', () => {
  it('is named as the first one was, and takes labels, ports and comments along', () => {
    checkSplit(
      `ARG VERSION=1.22
FROM --platform=linux/amd64 golang:\${VERSION}-alpine3.20 AS api

# who to ask
LABEL maintainer=me

ARG PORT=80
ENV PORT=$PORT CGO_ENABLED=0
EXPOSE $PORT
WORKDIR /go/src/api
COPY . .
RUN go build -o api

# start
CMD ["./api"]
`,
      `ARG VERSION=1.22
FROM --platform=linux/amd64 golang:\${VERSION}-alpine3.20 AS build

ARG PORT=80
ENV PORT=$PORT CGO_ENABLED=0
WORKDIR /go/src/api
COPY . .
RUN go build -o api

FROM --platform=linux/amd64 alpine:3.20 AS api
ARG PORT=80
ENV PORT=$PORT CGO_ENABLED=0
WORKDIR /go/src/api
COPY --from=build /go/src/api/api /go/src/api/api
# who to ask
LABEL maintainer=me
EXPOSE $PORT

# start
CMD ["./api"]
`,
    );
  });

  it('keeps the end of lines, the casing and a missing last newline', () => {
    checkSplit(
      'from golang:1.22\r\nworkdir /a\r\ncopy . .\r\nrun CGO_ENABLED=0 go build -o /app .\r\ncmd ["/app"]',
      'from golang:1.22 as build\r\nworkdir /a\r\ncopy . .\r\nrun CGO_ENABLED=0 go build -o /app .\r\n\r\n' +
        'from gcr.io/distroless/static-debian12\r\nworkdir /a\r\ncopy --from=build /app /app\r\ncmd ["/app"]',
    );
  });

  it('is not called like another stage', () => {
    const text =
      'FROM alpine AS build\nRUN true\nFROM golang:1.22\nCOPY --from=build /x /go/x\nRUN go build -o /app .\nCMD ["/app"]\n';
    assert.match(String(split(text)), /^FROM golang:1\.22 AS builder$/m);
  });
});

describe('a second stage for Go', () => {
  it('takes what the program may read, as far as the context tells', () => {
    const files = {
      'go.mod': 'module example.com/team/app/v2\n',
      'main.go': '',
      'README.md': '',
      'config.yml': '',
      'docker-compose.yml': '',
      'templates/a.html': '',
      'internal/x.go': '',
    };
    const text = go('COPY . .\nRUN CGO_ENABLED=0 go build\n');
    assert.match(
      String(split(text, { files })),
      /\/src\/app \/src\/app\nCOPY --from=build \/src\/config\.yml \/src\/config\.yml\nCOPY --from=build \/src\/templates \/src\/templates\nCMD/,
    );
  });

  it('knows what a module is called', () => {
    const files = { 'go.mod': 'module example.com/other\n' };
    checkRefused(go('COPY . .\nRUN go build\n'), /starts `\.\/app`, and that `go` on line 4 makes it is not sure/, {
      files,
    });
    assert.equal(typeof split(go('COPY . .\nRUN go build\n', 'CMD ["./other"]'), { files }), 'string');
  });

  it('has the libraries of what cgo was built against', () => {
    const text = go('RUN apt-get update && apt-get install -y gcc libsqlite3-dev\nCOPY . .\nRUN go build -o app .\n');
    const result = String(split(text));
    assert.match(
      result,
      /\nFROM debian:bookworm-slim\nRUN apt-get update \\\n {4}&& apt-get install -y libsqlite3-0 \\\n/,
    );
    assert.match(result, /RUN go build/);
    checkRefused(text.replace('-bookworm', ''), /which release of Debian `golang:1\.22` has is not in its tag/);
    checkRefused(text.replace('libsqlite3-dev', 'libwhatever-dev'), /`libwhatever-dev` on line 3 brings a library/);
  });

  it('repeats users and what lands elsewhere', () => {
    const result = String(
      split(
        go(
          'RUN useradd -u 1000 app\nCOPY app.yml /etc/app/\nCOPY . .\nRUN CGO_ENABLED=0 go build -o app .\nUSER app\n',
        ),
      ),
    );
    assert.match(
      result,
      /FROM debian:bookworm-slim\nWORKDIR \/src\nRUN useradd -u 1000 app\nCOPY --from=build .*certificates.*\nCOPY --from=build \/src\/app \/src\/app\nCOPY app\.yml \/etc\/app\/\nUSER app/,
    );
  });

  it('is left to the author where something is not clear', () => {
    checkRefused(
      go('COPY . .\nRUN ./scripts/generate.sh && go build -o app .\n'),
      /needs what `generate\.sh` on line 4 does/,
    );
    checkRefused(go('COPY . .\nRUN make app\nRUN go build -o other .\n'), /starts `\.\/app`/);
    checkRefused(go('SHELL ["/bin/bash", "-c"]\nCOPY . .\nRUN CGO_ENABLED=0 go build -o app .\n'), /SHELL on line 3/);
    checkRefused(go('ENV P=$GOROOT/x\nCOPY . .\nRUN CGO_ENABLED=0 go build -o app .\n'), /ENV on line 3 uses `GOROOT`/);
    checkRefused(
      go('COPY . .\nRUN CGO_ENABLED=0 go build -o app .\n', 'HEALTHCHECK CMD curl localhost\nCMD ["./app"]'),
      /HEALTHCHECK on line 5/,
    );
  });
});

describe('a second stage for C', () => {
  it('installs again what is no build tool', () => {
    const text =
      'FROM alpine:3.20\nRUN apk add --no-cache g++ make libffi-dev jq\nWORKDIR /s\nCOPY . .\nRUN make\nCMD ["./x"]\n';
    assert.match(
      String(split(text)),
      /\nFROM alpine:3\.20\nRUN apk add --no-cache jq libffi libstdc\+\+\nWORKDIR \/s\nCOPY --from=build \/s\/x \/s\/x\nCMD/,
    );
  });

  it('goes by the prefix of an installation', () => {
    const text = (prefix: string) =>
      `FROM debian:12\nRUN apt-get update && apt-get install -y gcc make\nCOPY . /s\nRUN cd /s && ./configure --prefix=${prefix} && make && make install\nCMD ["${prefix}/bin/x"]\n`;
    assert.match(String(split(text('/opt/x'))), /COPY --from=build \/opt\/x \/opt\/x\nRUN ldconfig\nCMD/);
    checkRefused(text('/usr'), /starts `\/usr\/bin\/x`/);
  });
});

describe('a second stage for Node.js', () => {
  const text = 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD ["npm", "start"]\n';
  const manifest = (start: string, dev: string) =>
    JSON.stringify({ scripts: { start }, dependencies: { next: '1' }, devDependencies: { [dev]: '1' } });

  it('asks package.json what is started', () => {
    const good = split(text, { files: { 'package.json': manifest('NODE_ENV=production next start', 'typescript') } });
    assert.match(
      String(good),
      /RUN npm run build\nRUN npm prune --omit=dev\n\nFROM node:20\nWORKDIR \/app\nCOPY --from=build \/app \/app\nCMD/,
    );
    checkRefused(text, /package\.json, which is not at hand/);
    checkRefused(text, /starts `nest`, which is among the devDependencies/, {
      files: { 'package.json': manifest('nest start', '@nestjs/cli') },
    });
  });

  it('prunes as the package manager does it', () => {
    const with_ = (manager: string, image = 'node:20') =>
      String(
        split(
          `FROM ${image}\nWORKDIR /app\nCOPY . .\nRUN ${manager} install && ${manager} run build\nUSER node\nCMD ["node", "dist/a.js"]\n`,
        ),
      );
    assert.match(with_('pnpm'), /\nRUN pnpm prune --prod\n/);
    assert.match(with_('yarn'), /\nRUN yarn install --production /);
    assert.match(with_('npm', 'node:14-slim'), /\nRUN npm prune --production\n/);
  });

  it('gives files to the user who built them', () => {
    const result = split(
      'FROM node:20\nUSER node\nWORKDIR /home/node/app\nCOPY --chown=node . .\nRUN npm ci\nRUN npm run build\nCMD ["node", "dist"]\n',
    );
    assert.match(
      String(result),
      /FROM node:20\nUSER node\nWORKDIR \/home\/node\/app\nCOPY --from=build --chown=node \/home\/node\/app \/home\/node\/app\n/,
    );
  });

  it('serves static files with nginx, where the builder knows here-documents', () => {
    const served =
      'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npx", "http-server", "dist", "-p", "80"]\n';
    assert.match(
      String(split(served)),
      /FROM nginx:[\d.]+-alpine\nCOPY <<'EOF' \/etc\/nginx\/conf\.d\/default\.conf\nserver \{\n {4}listen 80;[\s\S]*=404;[\s\S]*EOF\nCOPY --from=build \/app\/dist \/usr\/share\/nginx\/html\n$/,
    );
    assert.ok(!String(split(served.replace(/(WORKDIR .*\n)([\s\S]*)(CMD .*\n)/, '$1$3$2'))).includes('CMD'));
    checkRefused(served, /legacy builder/, { builder: 'legacy' });
  });

  it('is not asked for where the image is there to develop', () => {
    assert.equal(split(text.replace('"start"', '"run", "dev"')), null);
    assert.equal(split(text.replace('RUN npm run build', 'RUN npm run build && npm prune --production')), null);
    assert.equal(split(text.replace('npm ci', 'npm ci --omit=dev')), null);
  });
});

describe('a second stage for Python, Ruby, Java and Rust', () => {
  it('leaves pip alone where it installs elsewhere, or as somebody', () => {
    const text = (more: string) =>
      `FROM python:3.12-slim\nRUN apt-get update && apt-get install -y gcc\n${more}CMD ["python", "a.py"]\n`;
    checkRefused(text('RUN pip install --user x\n'), /does not install into the place/);
    checkRefused(text('USER 1000\nRUN pip install x\n'), /USER on line 3/);
    checkRefused(text('RUN pip install x\n').replace('-slim', ''), /has a compiler of its own/);
    assert.equal(typeof split(text('RUN python -m pip install x\n')), 'string');
  });

  it('takes gems over', () => {
    const text =
      'FROM ruby:3.3-alpine\nRUN apk add --no-cache build-base postgresql-dev tzdata\nWORKDIR /app\nCOPY Gemfile* ./\nRUN bundle install\nCOPY . .\nCMD ["rails", "s"]\n';
    assert.match(
      String(split(text)),
      /FROM ruby:3\.3-alpine\nRUN apk add --no-cache libpq tzdata\nWORKDIR \/app\nCOPY --from=build \/usr\/local\/bundle \/usr\/local\/bundle\nCOPY Gemfile\* \.\/\nCOPY \. \.\nCMD/,
    );
  });

  it('runs a jar on the JRE of the same version', () => {
    const text = (image: string, jar: string) =>
      `FROM ${image}\nWORKDIR /app\nCOPY . .\nRUN mvn -B package\nENTRYPOINT ["java", "-Xmx1g", "-jar", "${jar}"]\n`;
    assert.match(
      String(split(text('maven:3-eclipse-temurin-21-alpine', 'target/a.jar'))),
      /FROM eclipse-temurin:21-jre-alpine\nWORKDIR \/app\nCOPY --from=build \/app\/target\/a\.jar \/app\/target\/a\.jar\n/,
    );
    checkRefused(text('maven:3', 'target/a.jar'), /Which Java `maven:3` brings/);
  });

  it('names the release of Debian in both stages for Rust', () => {
    const text = 'FROM rust:1.80\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/a"]\n';
    const lock = (name: string) => ({ files: { 'Cargo.lock': `[[package]]\nname = "${name}"\n` } });
    assert.match(String(split(text)), /^FROM rust:1\.80-bookworm AS build\n[\s\S]*\nFROM debian:bookworm-slim\n/);
    assert.match(String(split(text, lock('openssl-sys'))), /apt-get install -y --no-install-recommends libssl3 /);
    checkRefused(text, /crate `alsa-sys`/, lock('alsa-sys'));
    checkRefused(text.replace('--release', ''), /starts `\.\/target\/release\/a`/);
  });
});
