/** Which instruction makes a layer, on either builder: the facts of the model, measured on the engine at hand. */
import { strict as assert } from 'node:assert';
import { buildImage, discardImage } from './harness/build';
import type { Builder, Engine } from './harness/engine';
import { type Image, readImage } from './harness/image';
import { requireEngine } from './prove';

type Kind = 'layer' | 'empty' | 'none';

interface Row {
  readonly what: string;
  /** The last line is the instruction in question. */
  readonly dockerfile: string;
  readonly buildkit: Kind;
  readonly legacy: Kind;
}

const from = 'FROM localhost/base\n';
const none = { buildkit: 'none', legacy: 'none' } as const;
const layer = { buildkit: 'layer', legacy: 'layer' } as const;
const empty = { buildkit: 'empty', legacy: 'none' } as const;

const rows: readonly Row[] = [
  { what: 'RUN that changes files', dockerfile: `${from}RUN echo 1 > /one`, ...layer },
  { what: 'RUN that makes what is there', dockerfile: `${from}RUN mkdir -p /tmp`, ...empty },
  { what: 'RUN that only prints', dockerfile: `${from}RUN echo hello`, ...empty },
  { what: 'RUN that removes what it made', dockerfile: `${from}RUN touch /one && rm /one`, ...empty },
  { what: 'RUN chmod of a file from below', dockerfile: `${from}COPY one /\nRUN chmod 600 /one`, ...layer },
  { what: 'RUN chown of a file from below', dockerfile: `${from}COPY one /\nRUN chown 1:1 /one`, ...layer },
  { what: 'RUN touch of a file from below', dockerfile: `${from}COPY one /\nRUN touch /one`, ...layer },
  { what: 'RUN rm of a file from below', dockerfile: `${from}COPY one /\nRUN rm /one`, ...layer },
  { what: 'COPY', dockerfile: `${from}COPY one /`, ...layer },
  { what: 'COPY of an empty file', dockerfile: `${from}COPY empty /`, ...layer },
  { what: 'COPY of an empty directory', dockerfile: `${from}COPY nothing /nothing`, ...layer },
  { what: 'COPY of the same again', dockerfile: `${from}COPY one /\nCOPY one /`, ...layer },
  { what: 'ADD of a file', dockerfile: `${from}ADD one /`, ...layer },
  { what: 'ADD of a directory', dockerfile: `${from}ADD some /some`, ...layer },
  { what: 'WORKDIR of a new directory', dockerfile: `${from}WORKDIR /new`, ...layer },
  { what: 'WORKDIR of a directory that exists', dockerfile: `${from}WORKDIR /tmp`, ...empty },
  { what: 'WORKDIR /', dockerfile: `${from}WORKDIR /`, ...none },
  { what: 'ENV', dockerfile: `${from}ENV A=1`, ...none },
  { what: 'ARG', dockerfile: `${from}ARG A=1`, ...none },
  { what: 'LABEL', dockerfile: `${from}LABEL a=1`, ...none },
  { what: 'MAINTAINER', dockerfile: `${from}MAINTAINER somebody`, ...none },
  { what: 'EXPOSE', dockerfile: `${from}EXPOSE 80`, ...none },
  { what: 'USER', dockerfile: `${from}USER nobody`, ...none },
  { what: 'VOLUME', dockerfile: `${from}VOLUME /data`, ...none },
  { what: 'SHELL', dockerfile: `${from}SHELL ["/bin/bash", "-c"]`, ...none },
  { what: 'STOPSIGNAL', dockerfile: `${from}STOPSIGNAL SIGINT`, ...none },
  { what: 'HEALTHCHECK', dockerfile: `${from}HEALTHCHECK CMD true`, ...none },
  { what: 'ENTRYPOINT', dockerfile: `${from}ENTRYPOINT ["true"]`, ...none },
  { what: 'CMD', dockerfile: `${from}CMD ["true"]`, ...none },
  { what: 'ONBUILD', dockerfile: `${from}ONBUILD RUN touch /one`, ...none },
];

const context = { one: '1\n', empty: '', 'nothing/': {}, 'some/one': '1\n' };

describe('layers', () => {
  for (const row of rows)
    it(`${row.what}: ${row.buildkit} on BuildKit, ${row.legacy} on the legacy builder`, async function () {
      const engine = await requireEngine(this);
      // Only overlay2 stores again what is there already.
      if (row.what.endsWith('same again') && engine.driver !== 'overlay2') this.skip();
      for (const builder of engine.builders)
        assert.equal(await measureKind(engine, row, builder), row[builder], builder);
    });

  it('takes over the layers of the base image, and none from scratch', async function () {
    const engine = await requireEngine(this);
    for (const builder of engine.builders) {
      assert.equal((await build(engine, `${from}LABEL a=1`, builder)).layers.length, 1);
      assert.equal((await build(engine, 'FROM scratch\nCOPY one /', builder)).layers.length, 1);
    }
  });

  it('WORKDIR after USER belongs to the user on BuildKit and to root on the legacy builder', async function () {
    const engine = await requireEngine(this);
    for (const builder of engine.builders) {
      const image = await build(engine, `${from}USER 1000\nWORKDIR /new`, builder);
      assert.equal(image.files.get('/new')?.uid, builder === 'buildkit' ? 1000 : 0, builder);
    }
  });

  it('what is written below a VOLUME is kept on BuildKit and lost on the legacy builder', async function () {
    const engine = await requireEngine(this);
    for (const builder of engine.builders) {
      const image = await build(engine, `${from}VOLUME /data\nRUN mkdir -p /data && touch /data/one`, builder);
      assert.equal(image.files.has('/data/one'), builder === 'buildkit', builder);
    }
  });

  it('leaves no trace of ONBUILD in the history on BuildKit', async function () {
    const engine = await requireEngine(this);
    const image = await build(engine, `${from}ONBUILD RUN touch /one`, 'buildkit');
    assert.equal(image.history.length, 1);
    assert.deepEqual(image.config.OnBuild, ['RUN touch /one']);
  });
});

/** Builds a file with and without its last line: what the line adds to the layers. */
async function measureKind(engine: Engine, row: Row, builder: Builder): Promise<Kind> {
  const without = row.dockerfile.slice(0, row.dockerfile.lastIndexOf('\n'));
  const [below, all] = [
    await build(engine, `${without}\nLABEL x=1`, builder),
    await build(engine, row.dockerfile, builder),
  ];
  const added = all.layers.slice(below.layers.length);
  assert.ok(added.length <= 1);
  return added[0] ? (added[0].empty ? 'empty' : 'layer') : 'none';
}

async function build(engine: Engine, dockerfile: string, builder: Builder): Promise<Image> {
  const made = await buildImage(engine, dockerfile, { builder, context });
  if (made.image === undefined) throw new Error(made.error);
  const image = await readImage(engine, made.image);
  discardImage(made.image);
  return image;
}
