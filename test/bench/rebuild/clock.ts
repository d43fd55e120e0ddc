/** Rebuilds by the clock: one line of a project's source is edited, and the build is timed with the Dockerfile before and after Optimize. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { optimize } from '../../../server/src/analysis/optimize';
import { contextFromFiles } from '../../../server/src/context/memory';
import { defaultConfig } from '../../../server/src/rules/config';
import { dockerfile } from '../../../server/src/rules/rule';
import { buildImage } from '../../engine/harness/build';
import type { Engine } from '../../engine/harness/engine';
import { writeTar } from '../../engine/harness/tar-write';
import { toolchainImage } from '../../engine/harness/toolchain-images';
import { madeHistory } from './history';

export interface Timing {
  readonly name: string;
  /** Seconds of a rebuild. */
  readonly before: number;
  readonly after: number;
}

interface TimedProject {
  readonly name: string;
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, string>>;
  /** The file that is edited. */
  readonly source: string;
}

/** Edits of each; the fastest rebuild counts, for what disturbs one only ever makes it slower. */
const rounds = 3;

/** Times the projects one after the other, both Dockerfiles of each in turns. */
export async function timeRebuilds(engine: Engine): Promise<Timing[]> {
  const timings: Timing[] = [];
  for (const project of [await nodeProject(engine), await cProject(engine), await stagesProject(engine)]) {
    const { name, files, source } = project;
    const history = madeHistory([{ share: 1, paths: [source] }], 1);
    const optimized = optimize(project.dockerfile, {
      config: defaultConfig,
      context: contextFromFiles(files),
      history,
    }).text;
    const texts = [project.dockerfile, optimized];
    for (const text of texts) await build(engine, text, files);
    const best = texts.map(() => Number.POSITIVE_INFINITY);
    for (let round = 1; round <= rounds; round++) {
      for (const [index, text] of texts.entries()) {
        const line = (files[source] ?? '').replace('hello', `hello ${round} of ${index}`);
        const edited = { ...files, [source]: line };
        best[index] = Math.min(best[index] ?? 0, await build(engine, text, edited));
      }
    }
    const [before = 0, after = 0] = best;
    timings.push({ name, before, after });
  }
  return timings;
}

/** Seconds that a build takes. */
async function build(engine: Engine, text: string, files: Readonly<Record<string, string>>): Promise<number> {
  const started = performance.now();
  const built = await buildImage(engine, text, { context: files });
  if (built.image === undefined) throw new Error(`${built.error}\n${built.log}\n${text}`);
  return (performance.now() - started) / 1000;
}

/** A service with 40 packages that come out of npm's own cache. */
async function nodeProject(engine: Engine): Promise<TimedProject> {
  const node = await toolchainImage(engine, 'node');
  const names = Array.from({ length: 40 }, (_, index) => `package-${index}`);
  const archives = new Map(names.map((name) => [name, packageArchive(name)]));
  const cached = await buildImage(
    engine,
    `FROM ${node}\nCOPY packages /packages\nRUN npm cache add /packages/*.tgz && rm -r /packages\n`,
    {
      context: Object.fromEntries([...archives].map(([name, content]) => [`packages/${name}.tgz`, { content }])),
      name: 'localhost/layerwise-cached-node',
    },
  );
  if (cached.image === undefined) throw new Error(`${cached.error}\n${cached.log}`);
  const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  const locked = [...archives].map(([name, content]) => [
    `node_modules/${name}`,
    {
      version: '1.0.0',
      resolved: `https://registry.npmjs.org/${name}/-/${name}-1.0.0.tgz`,
      integrity: `sha512-${createHash('sha512').update(content).digest('base64')}`,
    },
  ]);
  const about = { name: 'service', version: '1.0.0' };
  const lock = {
    ...about,
    lockfileVersion: 3,
    packages: { '': { ...about, dependencies }, ...Object.fromEntries(locked) },
  };
  return {
    name: 'node service, packages from a local cache',
    source: 'src/main.js',
    files: {
      'package.json': JSON.stringify({ ...about, dependencies }),
      'package-lock.json': JSON.stringify(lock),
      'src/main.js': "console.log('hello');\n",
    },
    dockerfile: dockerfile`
      FROM ${cached.image}
      WORKDIR /app
      COPY . .
      RUN npm ci
      CMD ["node", "src/main.js"]
    `,
  };
}

function packageArchive(name: string): Buffer {
  const body = `exports.name = '${name}';\n${'// filler\n'.repeat(2_000)}`;
  const about = JSON.stringify({ name, version: '1.0.0', main: 'index.js' });
  return gzipSync(writeTar({ 'package/package.json': about, 'package/index.js': body }));
}

const program = `#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n`;
const makefile = 'tool: src/tool.c\n\tgcc -O1 -o tool src/tool.c\n';

/** A C program whose compiler is installed after the source was copied. */
async function cProject(engine: Engine): Promise<TimedProject> {
  return {
    name: 'C tool with make',
    source: 'src/tool.c',
    files: { Makefile: makefile, 'src/tool.c': program },
    dockerfile: dockerfile`
      FROM ${await toolchainImage(engine, 'debian')}
      WORKDIR /build
      COPY . /build
      RUN apt-get update && apt-get install -y --no-install-recommends gcc make && rm -rf /var/lib/apt/lists/*
      RUN make
      CMD ["/build/tool"]
    `,
  };
}

/** The same in two stages; the last one installs something after it took the program. */
async function stagesProject(engine: Engine): Promise<TimedProject> {
  const image = await toolchainImage(engine, 'debian');
  return {
    name: 'several stages',
    source: 'src/tool.c',
    files: { Makefile: makefile, 'src/tool.c': program },
    dockerfile: dockerfile`
      FROM ${image} AS build
      RUN apt-get update && apt-get install -y --no-install-recommends gcc make && rm -rf /var/lib/apt/lists/*
      WORKDIR /build
      COPY . .
      RUN make
      FROM ${image}
      COPY --from=build /build/tool /srv/tool
      RUN apt-get update && apt-get install -y --no-install-recommends gcc && rm -rf /var/lib/apt/lists/*
      CMD ["/srv/tool"]
    `,
  };
}
