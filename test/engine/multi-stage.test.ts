/**
 * The second stage that build-tools-in-final-stage writes, built and run: with real compilers, it prints what the first one
 * prints, and what built it is gone.
 */
import assert from 'node:assert/strict';
import { analyze } from '../../server/src/analysis/analyze';
import { applyEdits, fixOf } from '../../server/src/analysis/fixes';
import { contextFromFiles } from '../../server/src/context/memory';
import { defaultConfig } from '../../server/src/rules/config';
import { isRefusal } from '../../server/src/rules/rule';
import { buildImage, discardImage } from './harness/build';
import { askContainer, runImage } from './harness/containers';
import { type Engine, getEngine } from './harness/engine';
import { type Image, readImage } from './harness/image';
import { isDebian } from './harness/packages';
import { removeToolchains, type Toolchain, toolchainImage } from './harness/toolchain-images';
import { requireEngine } from './prove';

interface Case {
  readonly what: string;
  /** Names of images and what they stand for. */
  readonly images: Readonly<Record<string, Toolchain>>;
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, string>>;
  readonly prints: string;
  /** Asked of the running container; without it the container ends by itself. */
  readonly asks?: readonly string[];
  /** A server of the first image that is no part of the proof: only the second one is run. */
  readonly onlyAfter?: boolean;
  /** Paths that are in the first image and must not be in the second. */
  readonly leaves: readonly string[];
}

const goFiles = {
  'go.mod': 'module example.com/hello\n\ngo 1.19\n\nrequire example.com/greet v1.0.0\n',
  'vendor/modules.txt': '# example.com/greet v1.0.0\n## explicit; go 1.19\nexample.com/greet\n',
  'vendor/example.com/greet/greet.go': 'package greet\n\nfunc To(name string) string { return "Hello, " + name }\n',
};

const nodeFiles = {
  'package.json': JSON.stringify({
    name: 'app',
    version: '1.0.0',
    scripts: { build: 'bundle', start: 'node dist/main.js' },
    dependencies: { greet: 'file:packages/greet' },
    devDependencies: { bundle: 'file:packages/bundle' },
  }),
  'packages/greet/package.json': '{"name": "greet", "version": "1.0.0", "main": "greet.js"}',
  'packages/greet/greet.js': 'module.exports = (name) => `Hello, ${name}`;\n',
  'packages/bundle/package.json': '{"name": "bundle", "version": "1.0.0", "bin": "bundle.js"}',
  'packages/bundle/bundle.js': `#!/usr/bin/env node
const fs = require('fs');
fs.mkdirSync('dist', { recursive: true });
fs.copyFileSync('src/main.js', 'dist/main.js');
fs.writeFileSync('dist/index.html', 'The page\\n');
`,
  'src/main.js': "console.log(require('greet')('Node'));\n",
};

const cases: readonly Case[] = [
  {
    what: 'Go without cgo, on distroless',
    images: { 'golang:1.19': 'go', 'gcr.io/distroless/static-debian12': 'distroless' },
    dockerfile: `FROM golang:1.19
ENV GOFLAGS=-mod=vendor
EXPOSE 8080
WORKDIR /src
COPY go.mod ./
COPY . .
# the program
RUN go build -o /usr/local/bin/hello .
CMD ["hello"]
`,
    files: {
      ...goFiles,
      'main.go':
        'package main\n\nimport (\n\t"fmt"\n\n\t"example.com/greet"\n)\n\nfunc main() { fmt.Println(greet.To("Go")) }\n',
    },
    prints: 'Hello, Go\n',
    leaves: ['/usr/lib/go', '/src/main.go', '/bin/sh'],
  },
  {
    what: 'Go with files that it reads, a user and a shell',
    images: { 'golang:1.19-alpine3.20': 'go', 'alpine:3.20': 'alpine' },
    dockerfile: `FROM golang:1.19-alpine3.20 AS app
RUN adduser -D app
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build
USER app
ENV NAME=templates
CMD ./hello "$NAME"
`,
    files: {
      ...goFiles,
      'templates/greeting.txt': 'Hello from a file\n',
      'main.go': `package main

import (
	"fmt"
	"os"
)

func main() {
	text, err := os.ReadFile(os.Args[1] + "/greeting.txt")
	if err != nil {
		panic(err)
	}
	fmt.Print(string(text), os.Getuid() != 0, "\\n")
}
`,
    },
    prints: 'Hello from a file\ntrue\n',
    leaves: ['/usr/lib/go', '/src/main.go'],
  },
  {
    what: 'C with gcc and make',
    images: { 'debian:12-slim': 'debian' },
    dockerfile: `FROM debian:12-slim
LABEL name=tool
RUN apt-get update \\
    && apt-get install -y --no-install-recommends \\
      ca-certificates \\
      gcc \\
      libc6-dev \\
      make \\
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make CC=gcc
ENTRYPOINT ["./tool"]
CMD ["C"]
`,
    files: {
      Makefile: 'tool: main.o greet.o\n\t$(CC) -o $@ $^ -lm\n',
      'greet.h': 'void greet(const char *name, double number);\n',
      'greet.c':
        '#include <math.h>\n#include <stdio.h>\n#include "greet.h"\nvoid greet(const char *name, double number) { printf("Hello, %s %.0f\\n", name, sqrt(number)); }\n',
      'main.c': '#include "greet.h"\nint main(int count, char **words) { greet(words[1], 47.0 + count); return 0; }\n',
    },
    prints: 'Hello, C 7\n',
    leaves: ['/usr/bin/gcc', '/usr/bin/make', '/usr/include/stdio.h', '/src/main.c'],
  },
  {
    what: 'C with make install',
    images: { 'debian:12-slim': 'debian' },
    dockerfile: `FROM debian:12-slim
RUN apt-get update && apt-get install -y gcc make && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN cd /src && make && make install && tool
CMD ["tool"]
`,
    files: {
      Makefile:
        'tool: tool.c\n\tgcc -o tool tool.c\ninstall: tool\n\tmkdir -p /usr/local/bin\n\tcp tool /usr/local/bin/\n',
      'tool.c': '#include <stdio.h>\nint main(void) { puts("Installed"); return 0; }\n',
    },
    prints: 'Installed\n',
    leaves: ['/usr/bin/gcc', '/src/tool.c'],
  },
  {
    what: 'Node.js with devDependencies',
    images: { 'node:20-alpine': 'node' },
    dockerfile: `FROM node:20-alpine
WORKDIR /app
COPY package.json ./
COPY packages ./packages
RUN npm install
COPY . .
RUN npm run build
USER node
CMD ["npm", "start", "--silent"]
`,
    files: nodeFiles,
    prints: 'Hello, Node\n',
    leaves: ['/app/node_modules/bundle', '/app/node_modules/.bin/bundle'],
  },
  {
    what: 'Node.js that builds static files, served by nginx',
    images: { 'node:20-alpine': 'node', 'nginxinc/nginx-unprivileged:1.28-alpine': 'nginx' },
    dockerfile: `FROM node:20-alpine
WORKDIR /app
COPY . .
RUN npm install && npm run build
EXPOSE 3000
CMD ["npx", "serve", "-s", "dist", "-l", "3000"]
`,
    files: nodeFiles,
    prints: 'The page\n',
    asks: ['wget', '-qO-', 'http://127.0.0.1:3000/some/route'],
    onlyAfter: true,
    leaves: ['/usr/local/bin/node', '/app/node_modules'],
  },
];

describe('a second stage that leaves the build tools behind', function () {
  this.timeout(180_000);

  before(() => {
    if (!isDebian()) console.error('!!! Not on Debian: no multi-stage version is built and run !!!');
  });

  for (const one of cases)
    it(`${one.what}: is built, and prints the same`, async function () {
      const engine = await requireEngine(this);
      // Without apt there are no toolchains to make images of.
      if (!isDebian()) this.skip();
      const after = splitOf(one);
      const first = await build(engine, one.dockerfile, one);
      const second = await build(engine, after, one);
      const [old, now] = [await readImage(engine, first), await readImage(engine, second)];
      for (const path of one.leaves) {
        assert.ok(old.files.has(path), `${path} is not in the first image`);
        assert.ok(!now.files.has(path), `${path} is in the second image\n${after}`);
      }
      checkConfig(old, now, one);
      if (!one.onlyAfter) assert.equal(await run(engine, first, one), one.prints, one.dockerfile);
      assert.equal(await run(engine, second, one), one.prints, after);
      for (const image of [first, second]) discardImage(image);
    });

  after(async function () {
    this.timeout(60_000);
    const engine = await getEngine();
    if (engine && !engine.isPrivate) await removeToolchains(engine);
  });
});

/** The Dockerfile with the fix of the rule, which must have one. */
function splitOf({ dockerfile, files, what }: Case): string {
  const config = { ...defaultConfig, select: ['build-tools-in-final-stage'] };
  const analysis = analyze(dockerfile, { config, context: contextFromFiles(files) });
  const [finding] = analysis.findings;
  assert.ok(finding, `${what}: nothing is found`);
  const fix = fixOf(analysis, finding);
  assert.ok(fix && !isRefusal(fix), `${what}: ${JSON.stringify(fix)}`);
  return applyEdits(dockerfile, fix.edits);
}

/** Builds with the images that the file's references stand for. */
async function build(engine: Engine, dockerfile: string, { files, images }: Case): Promise<string> {
  const context = Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path, { content, mode: content.startsWith('#!') ? 0o755 : 0o644 }]),
  );
  let text = dockerfile;
  for (const [reference, toolchain] of Object.entries(images))
    text = text.replaceAll(`FROM ${reference}`, `FROM ${await toolchainImage(engine, toolchain)}`);
  const built = await buildImage(engine, text, { context });
  if (built.image === undefined) throw new Error(`${built.error}\n${built.log}\n${dockerfile}`);
  return built.image;
}

const run = (engine: Engine, image: string, { asks }: Case): Promise<string> =>
  asks ? askContainer(engine, image, asks) : runImage(engine, image);

/** What the image starts, and what is said of it, is the same. */
function checkConfig(old: Image, now: Image, { onlyAfter }: Case): void {
  const keys = [
    'ExposedPorts',
    'Labels',
    ...(onlyAfter ? [] : (['Cmd', 'Entrypoint', 'User', 'WorkingDir'] as const)),
  ] as const;
  for (const key of keys) assert.deepEqual(now.config[key], old.config[key], key);
}
