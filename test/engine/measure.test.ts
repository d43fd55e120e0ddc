/** Measuring with a real Docker: every step is timed, every layer has its size, and nothing is left behind. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toImage } from '../../server/src/analysis/import/image-history';
import { importRecording, readRecording } from '../../server/src/analysis/import/import';
import { buildAndRecord } from '../../server/src/context/node/docker';
import { mergeMeasurements } from '../../server/src/model/kept-measurements';
import { analyzeText } from '../harness/checks';
import type { Engine } from './harness/engine';
import { requireEngine } from './prove';

const dockerfile = `FROM localhost/base AS build
COPY big /srv/big
RUN sleep 0.4 && head -c 200000 /dev/zero > /srv/made
FROM localhost/base
COPY --from=build /srv /srv
RUN rm /srv/big && echo x > /srv/new
`;

describe('measuring with Docker', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'layerwise-measure-'));
    mkdirSync(join(folder, 'context'));
    writeFileSync(join(folder, 'context/big'), 'b'.repeat(100_000));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const record = (engine: Engine, text: string, more: { signal?: AbortSignal; messages?: string[] } = {}) => {
    const path = join(folder, 'Dockerfile');
    writeFileSync(path, text);
    return buildAndRecord({
      dockerfile: path,
      context: join(folder, 'context'),
      env: { ...engine.env },
      program: programOf(engine),
      // The engine of the tests has no bridge to give a build.
      options: ['--network=none'],
      signal: more.signal,
      onProgress: (message) => more.messages?.push(message),
    });
  };
  const images = (engine: Engine): string[] =>
    execFileSync(programOf(engine), ['image', 'ls', '-aq', '--no-trunc'], {
      env: { ...process.env, ...engine.env },
      encoding: 'utf8',
    }).split('\n');

  it('times each step and reads the size of each layer', async function () {
    const engine = await requireEngine(this);
    const before = images(engine);
    const messages: string[] = [];
    const output = await record(engine, dockerfile, { messages });
    assert.equal(output.failure, null);
    const { model } = analyzeText(dockerfile);
    const times = importRecording(model, readRecording(output.log), 'log');
    assert.ok(times.kind === 'imported', JSON.stringify(times));
    assert.ok(output.image?.kind === 'image');
    const sizes = importRecording(model, { kind: 'image', image: toImage(output.image.entries) }, 'image');
    assert.ok(sizes.kind === 'imported', JSON.stringify(sizes));
    const { steps } = mergeMeasurements(times.measurements, sizes.measurements);
    assert.equal(steps.length, 4);
    const sleep = steps.find(({ text }) => text.includes('sleep'));
    assert.ok((sleep?.seconds ?? 0) >= 0.4 && (sleep?.seconds ?? 9) < 5, String(sleep?.seconds));
    const copy = steps.find(({ text }) => text.startsWith('COPY --from'));
    assert.deepEqual([copy?.size, copy?.wasted], [300_000, 100_000]);
    assert.ok(messages.length > 0);
    assert.ok(
      output.disk.some((line) => /Build Cache/.test(line)),
      output.disk.join(),
    );
    // What other tests left may go meanwhile; nothing new may stay.
    assert.deepEqual(
      images(engine).filter((id) => !before.includes(id)),
      [],
      'the image is removed again',
    );
  });

  it('tells why a build failed', async function () {
    const engine = await requireEngine(this);
    const output = await record(engine, 'FROM localhost/base\nRUN exit 3\n');
    assert.match(output.failure ?? '', /build failed: .*exit code: 3/);
    assert.equal(output.image, null);
  });

  it('can be stopped', async function () {
    const engine = await requireEngine(this);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 700);
    await assert.rejects(record(engine, 'FROM localhost/base\nRUN sleep 60\n', { signal: controller.signal }));
  });

  it('says what is missing where there is no Docker', async function () {
    const engine = await requireEngine(this);
    writeFileSync(join(folder, 'Dockerfile'), dockerfile);
    const request = { dockerfile: join(folder, 'Dockerfile'), context: folder, onProgress() {} };
    const missing = await buildAndRecord({ ...request, program: 'no-such-docker' });
    assert.match(missing.failure ?? '', /Docker was not found/);
    const env = { ...engine.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    const silent = await buildAndRecord({ ...request, program: programOf(engine), env });
    assert.match(silent.failure ?? '', /does not answer/);
  });
});

/** The docker of a private engine is not on the path of this process. */
function programOf(engine: Engine): string {
  const path = engine.env.PATH;
  return path === undefined
    ? 'docker'
    : execFileSync('sh', ['-c', 'command -v docker'], { env: { ...process.env, PATH: path }, encoding: 'utf8' }).trim();
}
