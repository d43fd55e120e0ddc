/** Logs and images that a real engine made (test/fixtures/builds), and archives made here, as measurements. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readSize } from '../../server/src/analysis/import/image-history';
import { type ImportOutcome, importRecording, readRecording } from '../../server/src/analysis/import/import';
import { hiddenBytes } from '../../server/src/context/layer-files';
import { readFileToImport } from '../../server/src/lsp/node/knowledgeSource';
import { mergeMeasurements, readMeasurements, writeMeasurements } from '../../server/src/model/kept-measurements';
import type { Measurements } from '../../server/src/model/measurements';
import { writeTar } from '../engine/harness/tar-write';
import { analyzeText } from '../harness/checks';
import { root } from '../harness/paths';

const fixture = (name: string): string => readFileSync(join(root, 'test/fixtures/builds', name), 'utf8');
const dockerfile = fixture('Dockerfile');
const read = (name: string, text = dockerfile): ImportOutcome =>
  importRecording(analyzeText(text).model, readRecording(fixture(name)), name);

function measured(outcome: ImportOutcome): Measurements {
  if (outcome.kind === 'refused') assert.fail(outcome.reason);
  return outcome.measurements;
}

const reasonOf = (outcome: ImportOutcome): string => (outcome.kind === 'refused' ? outcome.reason : 'imported');

/** Stage, instruction and one number of each. */
const rows = ({ steps }: Measurements, key: 'seconds' | 'size' | 'wasted') =>
  steps.map((step) => [step.stage, step.text.slice(0, 16).trim(), step[key]]);

describe('import of build logs', () => {
  it('takes the times of a plain log', () => {
    assert.deepEqual(rows(measured(read('plain.log')), 'seconds'), [
      [0, 'WORKDIR /src', 0],
      [0, 'COPY src ./src', 0],
      [0, 'RUN sleep 1 && h', 1.2],
      [0, 'RUN <<SCRIPT\nech', 0.1],
      [2, 'COPY --from=buil', 0],
      [2, 'RUN echo a > /sr', 0.1],
      [2, 'RUN echo "hi $WH', 0.3],
      [2, 'RUN rm /srv/big', 0.1],
      [2, 'RUN ["/bin/sh",', 0.1],
    ]);
  });

  it('takes finer ones of a rawjson log, whose steps come in any order', () => {
    const steps = rows(measured(read('rawjson.log')), 'seconds');
    assert.deepEqual(
      steps.map(([, text]) => text),
      rows(measured(read('plain.log')), 'seconds').map(([, text]) => text),
    );
    const sleep = steps[2]?.[2];
    assert.ok(typeof sleep === 'number' && sleep > 1 && sleep < 1.2, String(sleep));
  });

  it('reads logs with colours, other line ends, time stamps and names of services in front', () => {
    const plain = fixture('plain.log');
    const variants = [
      plain.replaceAll('\n', '\r\n'),
      plain.replace(/^#/gm, '2026-01-01T00:00:00Z #'),
      plain.replace(/^#/gm, '\x1b[34m#').replace(/$/gm, '\x1b[0m'),
      plain.replace(/\[(\S+ \d)/g, '[linux/amd64 $1'),
      plain.replace(/\[(\S+) (\d)/g, '[web $1  $2'),
    ];
    for (const variant of variants) {
      const outcome = importRecording(analyzeText(dockerfile).model, readRecording(variant), '');
      assert.equal(measured(outcome).steps.length, 9, variant.slice(0, 400));
    }
  });

  it('marks what has another text now, by its place', () => {
    const outcome = read('plain.log', dockerfile.replace('rm /srv/big', 'rm -f /srv/big'));
    assert.ok(outcome.kind === 'imported');
    assert.deepEqual([outcome.matched, outcome.stale], [9, 1]);
    assert.ok(outcome.measurements.steps.some(({ text }) => text === 'RUN rm /srv/big && echo b > /srv/a'));
  });

  it('refuses what is none, and says why', () => {
    const other = 'FROM node\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\n';
    assert.match(reasonOf(read('plain.log', other)), /another Dockerfile.* 0 of its 9 steps/);
    assert.match(reasonOf(read('history.json', other)), /image of another Dockerfile/);
    assert.match(reasonOf(read('inspect.json', `${other}USER 7\n`)), /another Dockerfile.*CMD, USER or WORKDIR/);
    assert.match(reasonOf(read('cached.log')), /taken from the cache/);
    assert.match(reasonOf(read('legacy.log')), /legacy builder/);
    for (const text of ['', 'hello', '{', '[]', '[1]', '{"a":1}', '#1 hello', 'null', '\0\0\0']) {
      const outcome = importRecording(analyzeText(dockerfile).model, readRecording(text), '');
      assert.equal(outcome.kind, 'refused', text);
    }
    assert.equal(importRecording(analyzeText('').model, readRecording(fixture('plain.log')), '').kind, 'refused');
    assert.equal(importRecording(analyzeText('').model, readRecording(fixture('history.json')), '').kind, 'refused');
  });

  it('takes from a failed build what it got to', () => {
    const steps = rows(measured(read('failed.log', 'FROM alpine:3.20\nRUN sleep 0.2\nRUN exit 3\n')), 'seconds');
    assert.deepEqual(steps, [[0, 'RUN sleep 0.2', 0.3]]);
  });
});

describe('import of images', () => {
  const sizes = [
    [2, 'COPY --from=buil', 300_000],
    [2, 'RUN echo a > /sr', 50_000],
    [2, 'RUN echo "hi $WH', 9],
    [2, 'RUN rm /srv/big', 2],
    [2, 'RUN ["/bin/sh",', 0],
  ];

  it('takes sizes of a history, shortened or not, and of one by the legacy builder', () => {
    assert.deepEqual(rows(measured(read('history.json')), 'size'), sizes);
    assert.deepEqual(rows(measured(read('history-short.json')), 'size'), sizes);
    const exact = sizes.map(([stage, text, size]) => [stage, text, size === 50_000 ? 50_002 : size]);
    assert.deepEqual(rows(measured(read('history-legacy.json')), 'size'), exact);
    assert.equal(measured(read('history-legacy.json')).baseSize, 1_984_172);
  });

  it('takes the size of the whole of an inspection', () => {
    assert.deepEqual(measured(read('inspect.json')), {
      steps: [],
      baseSize: null,
      notes: ['The whole image has 2.3 MB: inspect.json.'],
    });
  });

  it('reads sizes as docker writes them', () => {
    const texts = ['0B', '9B', '50kB', '1.98MB', '2GB', '50002', 7, 'x', null];
    assert.deepEqual(texts.map(readSize), [0, 9, 50_000, 1_980_000, 2_000_000_000, 50_002, 7, null, null]);
  });
});

describe('archives of images', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'layerwise-archive-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const text = 'FROM alpine\nCOPY big /srv/\nRUN rm /srv/big && echo > /etc/x\nENV A=1\nRUN make\n';
  const history = [
    { created_by: '/bin/sh -c #(nop) ADD file:1234 in / ' },
    { created_by: 'COPY big /srv/ # buildkit' },
    { created_by: 'RUN /bin/sh -c rm /srv/big && echo > /etc/x # buildkit' },
    { created_by: 'ENV A=1', empty_layer: true },
    { created_by: 'RUN /bin/sh -c make # buildkit' },
  ];
  const layers = [
    writeTar({ 'bin/': {}, 'bin/sh': 'x'.repeat(700), 'etc/x': 'old' }),
    writeTar({ 'srv/': {}, 'srv/big': 'b'.repeat(10_000), './srv/kept': 'k' }),
    writeTar({ 'srv/.wh.big': '', 'etc/x': '\n' }),
    writeTar({ 'out/': {}, 'out/.wh..wh..opq': '', 'out/a': 'aa', 'bin/link': { link: 'sh' } }),
  ];
  const config = JSON.stringify({ history, rootfs: { type: 'layers', diff_ids: [] } });
  const dockerSave = (files: readonly Buffer[]) =>
    writeTar({
      ...Object.fromEntries(files.map((content, index) => [`${index}/layer.tar`, { content }])),
      'config.json': config,
      'manifest.json': JSON.stringify([
        { Config: 'config.json', RepoTags: ['x'], Layers: files.map((_, index) => `${index}/layer.tar`) },
      ]),
    });
  const take = async (content: Buffer, source = text): Promise<ImportOutcome> => {
    const path = join(folder, 'image.tar');
    writeFileSync(path, content);
    return importRecording(analyzeText(source).model, await readFileToImport(path), 'image.tar');
  };
  const expected = [
    [0, 'COPY big /srv/', 10_001, 10_000],
    [0, 'RUN rm /srv/big', 1, 0],
    [0, 'RUN make', 2, 0],
  ];
  const both = (measurements: Measurements) =>
    rows(measurements, 'size').map((row, index) => [...row, measurements.steps[index]?.wasted]);

  it('tell the bytes of each layer and those that later ones hide', async () => {
    const measurements = measured(await take(dockerSave(layers)));
    assert.deepEqual(both(measurements), expected);
    assert.equal(measurements.baseSize, 703);
  });

  it('may be compressed, as a whole or layer by layer', async () => {
    assert.deepEqual(both(measured(await take(gzipSync(dockerSave(layers))))), expected);
    assert.deepEqual(both(measured(await take(dockerSave(layers.map((layer) => gzipSync(layer)))))), expected);
    // Made by zstd 1.5: srv/big with 5,000 bytes and srv/a with 3.
    const zstd = Buffer.from(
      'KLUv/WQAJ0UDABJEDRCg7ZA+9EX/T37bJquohBkpQq9Xo6pYCnGdAVtPD0MGIQb5tbbOXPQctEv6iHG9Szl3iOsCEyBALSwsN/3fg7Eq8U7jAZKafCoBo1bkCgdI3oA1nk1hGADb/8+ExwcOMGiA8aTeEZ2epw==',
      'base64',
    );
    const [base, , ...rest] = layers;
    const measurements = measured(await take(dockerSave([base ?? zstd, zstd, ...rest])));
    assert.deepEqual(both(measurements)[0], [0, 'COPY big /srv/', 5_003, 5_000]);
  });

  it('may be OCI layouts, with an index in an index', async () => {
    const blobs: Record<string, { content: Buffer | string }> = {};
    const put = (name: string, content: Buffer | string) => {
      blobs[`blobs/sha256/${name}`] = { content };
      return { digest: `sha256:${name}` };
    };
    const manifest = put(
      'm',
      JSON.stringify({
        config: put('c', config),
        layers: layers.map((layer, index) => put(`l${index}`, gzipSync(layer))),
      }),
    );
    const attestation = { ...put('a', '{}'), platform: { os: 'unknown' } };
    const inner = put('i', JSON.stringify({ manifests: [attestation, manifest] }));
    const oci = writeTar({ ...blobs, 'oci-layout': '{}', 'index.json': JSON.stringify({ manifests: [inner] }) });
    assert.deepEqual(both(measured(await take(oci))), expected);
  });

  it('are refused in clear words where they are damaged, cut, empty, or of something else', async () => {
    const whole = dockerSave(layers);
    for (const share of [0.2, 0.5, 0.9])
      assert.match(reasonOf(await take(whole.subarray(0, Math.floor(whole.length * share)))), /damaged|no image/);
    const packed = gzipSync(whole);
    assert.match(reasonOf(await take(packed.subarray(0, packed.length - 100))), /damaged/);
    const spoiled = Buffer.from(packed);
    spoiled.fill(7, 100, 200);
    assert.match(reasonOf(await take(spoiled)), /damaged/);
    const bad = Buffer.from(whole);
    bad.fill(0x41, 512, 700);
    assert.match(reasonOf(await take(bad)), /damaged|no image/);
    assert.match(reasonOf(await take(writeTar({ a: 'b' }))), /no image in this archive/);
    assert.match(reasonOf(await take(Buffer.alloc(4_000))), /no image in this archive/);
    assert.match(reasonOf(await take(Buffer.from('KLUv/WQA', 'base64'))), /damaged|no image/);
    assert.match(reasonOf(await take(whole, 'FROM alpine\nRUN other\nCOPY another /x\n')), /another Dockerfile/);
    const missing = async (path: string) =>
      reasonOf(importRecording(analyzeText(text).model, await readFileToImport(path), ''));
    assert.match(await missing(join(folder, 'gone')), /no such file/);
    assert.match(await missing(folder), /folder/);
  });

  it('stop when they are told to', async () => {
    const path = join(folder, 'image.tar');
    writeFileSync(path, dockerSave(layers));
    await assert.rejects(readFileToImport(path, AbortSignal.abort()));
  });
});

describe('bytes hidden in layers', () => {
  const file = (path: string, size = 0) => ({ path, size, isFolder: path.endsWith('/') });
  const layersOf = (...layers: readonly (readonly (readonly [string, number?])[])[]) =>
    hiddenBytes(
      layers.map((files) => files.map(([path, size]) => ({ ...file(path, size), path: path.replace(/\/$/, '') }))),
    );

  it('are those of files that are replaced or deleted, alone, with their folder, or by an opaque folder', () => {
    assert.deepEqual(layersOf([['a', 5]], [['a', 3]], [['a', 1]]), [5, 3, 0]);
    assert.deepEqual(
      layersOf(
        [
          ['d/a', 5],
          ['d/b', 6],
        ],
        [['.wh.d']],
      ),
      [11, 0],
    );
    assert.deepEqual(
      layersOf(
        [
          ['d/a', 5],
          ['d/b', 6],
        ],
        [['d/new', 2], ['d/.wh..wh..opq']],
      ),
      [11, 0],
    );
    assert.deepEqual(layersOf([['d/a', 5]], [['d/']], [['d/b', 1]]), [0, 0, 0]);
    assert.deepEqual(layersOf([['d/a', 5]], [['d', 1]]), [5, 0]);
    assert.deepEqual(layersOf([['d', 5]], [['d/'], ['d/a', 1]]), [5, 0]);
    assert.deepEqual(layersOf([['d/a', 5]], [['.wh.d'], ['d/a', 7]], [['d/.wh.a']]), [5, 7, 0]);
    assert.deepEqual(layersOf([], [['.wh.gone']]), [0, 0]);
  });
});

describe('kept measurements', () => {
  const times = measured(read('plain.log'));
  const sizes = measured(read('history.json'));

  it('are the same when they are read again', () => {
    assert.deepEqual(readMeasurements(writeMeasurements(times)), times);
    for (const text of ['', '{}', '[]', 'null', '{"format":0,"steps":[]}', '{"format":1,"steps":[{"stage":"x"}]}'])
      assert.deepEqual(readMeasurements(text)?.steps ?? [], []);
  });

  it('join times and sizes, and newer numbers replace older ones', () => {
    for (const merged of [mergeMeasurements(times, sizes), mergeMeasurements(sizes, times)]) {
      assert.equal(merged.steps.length, 9);
      const copy = merged.steps.find(({ text }) => text.startsWith('COPY --from'));
      assert.deepEqual([copy?.seconds, copy?.size], [0, 300_000]);
      assert.equal(merged.notes.length, 2);
      assert.deepEqual(
        merged.steps.map(({ stage }) => stage),
        [0, 0, 0, 0, 2, 2, 2, 2, 2],
      );
    }
    const again = mergeMeasurements(times, { ...times, steps: times.steps.map((step) => ({ ...step, seconds: 7 })) });
    assert.deepEqual(new Set(again.steps.map(({ seconds }) => seconds)), new Set([7]));
    assert.equal(again.steps.length, 9);
  });
});
