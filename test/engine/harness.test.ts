/** The comparison of images sees what differs, and nothing else: with real builds, and with layers made by hand. */
import { strict as assert } from 'node:assert';
import { discardImage } from './harness/build';
import { compareImages, formatDifferences } from './harness/compare';
import { importImage } from './harness/daemon';
import { flattenLayers, type LayerFiles, readLayer } from './harness/flatten';
import type { Image } from './harness/image';
import { readTar } from './harness/tar-read';
import { type NewFiles, writeTar } from './harness/tar-write';
import { type Pair, prove, provePair, requireEngine } from './prove';

const from = 'FROM localhost/base\n';

describe('images compared', () => {
  prove('the same file', { before: `${from}RUN echo 1 > /one`, after: `${from}RUN echo 1 > /one` });
  prove('one RUN or two, other times, the same files', {
    before: `${from}RUN echo 1 > /one\nRUN echo 2 > /two && ln /two /three`,
    after: `${from}RUN echo 1 > /one && echo 2 > /two && ln /two /three`,
  });
  prove('a file stored twice and hard links broken by a later layer', {
    before: `${from}RUN echo 1 > /one && ln /one /two\nRUN chmod 600 /two`,
    after: `${from}RUN echo 1 > /one && cp /one /two && chmod 600 /two && chmod 644 /one`,
  });
  prove('a directory removed and made anew in another layer', {
    before: `${from}RUN mkdir -p /d/e && touch /d/e/f /d/g\nRUN rm -r /d && mkdir /d && touch /d/h`,
    after: `${from}RUN mkdir /d && touch /d/h`,
  });
  prove('a directory that became a file', {
    before: `${from}RUN mkdir -p /d/e && touch /d/e/f\nRUN rm -r /d && touch /d`,
    after: `${from}RUN touch /d`,
  });
  prove('variables in another order', { before: `${from}ENV A=1\nENV B=2`, after: `${from}ENV B=2 A=1` });
  prove('a Dockerfile that copies itself', {
    before: `${from}COPY . /app\nRUN true`,
    after: `${from}COPY . /app`,
    context: { 'a/b': '1' },
  });
  prove('a change that was declared', {
    before: `${from}RUN mkdir -p /var/lib/apt/lists && touch /var/lib/apt/lists/x\nCMD true`,
    after: `${from}RUN mkdir -p /var/lib/apt/lists\nCMD ["true"]`,
    changes: { files: ['/var/lib/apt/lists/**'], config: ['Cmd'] },
  });
  prove('every stage that has a name', {
    before: `${from}RUN touch /a\nFROM localhost/base AS b\nRUN touch /b\nFROM b\nCOPY --from=0 /a /`,
    after: `${from}RUN touch /a\nFROM localhost/base AS b\nRUN touch /b\nFROM b\nCOPY --from=0 /a /`,
  });

  const different: readonly (Pair & { readonly sees: string })[] = [
    { before: 'RUN touch /one', after: 'RUN touch /one && chmod 600 /one', sees: '~ file /one: mode "644" → "600"' },
    { before: 'RUN touch /one', after: 'RUN touch /one && chmod u+s /one', sees: '~ file /one: mode "644" → "4644"' },
    { before: 'RUN touch /one', after: 'RUN touch /one && chown 7 /one', sees: '~ file /one: uid 0 → 7' },
    { before: 'RUN touch /one', after: 'RUN touch /one && chgrp 7 /one', sees: '~ file /one: gid 0 → 7' },
    { before: 'RUN echo 1 > /one', after: 'RUN echo 2 > /one', sees: '~ file /one: content "4355a46b' },
    { before: 'RUN mkdir /one', after: 'RUN touch /one', sees: '~ file /one: type "directory" → "file"' },
    { before: 'RUN ln -s a /one', after: 'RUN ln -s b /one', sees: '~ file /one: link "a" → "b"' },
    { before: 'RUN touch /one', after: 'RUN true', sees: '- file /one: {' },
    { before: 'RUN true', after: 'RUN touch /tmp/one', sees: '+ file /tmp/one: {' },
    { before: 'RUN touch /one && rm /bin/vi', after: 'RUN touch /one', sees: '+ file /bin/vi: {' },
    { before: 'RUN mkdir /one && chmod 711 /one', after: 'RUN mkdir /one', sees: '~ file /one: mode "711" → "755"' },
    { before: 'ENV A=1', after: 'ENV A=2', sees: '~ config Env.A: value "1" → "2"' },
    { before: 'CMD true', after: 'CMD ["true"]', sees: '~ config Cmd: value ["/bin/sh","-c","true"] → ["true"]' },
    { before: 'ENTRYPOINT ["a"]', after: 'LABEL a=b', sees: '- config Entrypoint: ["a"]' },
    { before: 'USER a', after: 'USER b', sees: '~ config User: value "a" → "b"' },
    { before: 'WORKDIR /tmp', after: 'WORKDIR /var', sees: '~ config WorkingDir: value "/tmp" → "/var"' },
    { before: 'EXPOSE 80', after: 'EXPOSE 80/udp', sees: '- config ExposedPorts.80/tcp' },
    { before: 'VOLUME /a', after: 'VOLUME /b', sees: '- config Volumes./a' },
    { before: 'SHELL ["a"]', after: 'SHELL ["b"]', sees: '~ config Shell' },
    { before: 'STOPSIGNAL 1', after: 'STOPSIGNAL 2', sees: '~ config StopSignal' },
    { before: 'HEALTHCHECK CMD a', after: 'HEALTHCHECK NONE', sees: '~ config Healthcheck' },
    { before: 'ONBUILD RUN a', after: 'ONBUILD RUN b', sees: '~ config OnBuild' },
    { before: 'MAINTAINER a', after: 'LABEL maintainer=a', sees: '- config Author: "a"' },
  ];
  for (const { before, after, sees } of different)
    it(`sees that ${before} is not ${after}`, async function () {
      const engine = await requireEngine(this);
      const proofs = await provePair(engine, { before: from + before, after: from + after });
      for (const { builder, verdict, differences } of proofs) {
        assert.equal(verdict, 'different', builder);
        assert.ok(formatDifferences(differences).includes(sees), formatDifferences(differences));
      }
      assert.equal(proofs.length, engine.builders.length);
    });

  it('sees extended attributes', async function () {
    const engine = await requireEngine(this);
    // The capability to use low ports, as setcap writes it.
    const capability = '\u0001\0\0\u0002\0\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0';
    const name = 'localhost/layerwise-capable';
    for (const [tag, xattrs] of [
      ['a', {}],
      ['b', { 'security.capability': capability }],
    ] as const)
      await importImage(engine.daemon, `${name}:${tag}`, writeTar({ one: { content: '1', xattrs } }), []);
    const [proof] = await provePair(engine, {
      before: `FROM ${name}:a\nLABEL a=b`,
      after: `FROM ${name}:b\nLABEL a=b`,
    });
    for (const tag of ['a', 'b']) discardImage(`${name}:${tag}`);
    assert.deepEqual(
      proof?.differences.map(({ at, what }) => `${at} ${what}`),
      ['/one xattrs'],
    );
  });

  it('tells a failure before from one after', async function () {
    const engine = await requireEngine(this);
    const verdicts = async (pair: Pair) => (await provePair(engine, pair)).map(({ verdict }) => verdict);
    const [good, bad] = [`${from}RUN true`, `${from}RUN false`];
    assert.deepEqual(await verdicts({ before: bad, after: good }), ['before-fails', 'before-fails']);
    assert.deepEqual(await verdicts({ before: good, after: bad }), ['after-fails', 'after-fails']);
  });

  it('tells a file that is never the same twice', async function () {
    const engine = await requireEngine(this);
    const before = `${from}RUN head -c 9 /dev/urandom > /one`;
    const proofs = await provePair(engine, { before, after: `${before} && true`, builders: ['buildkit'] });
    assert.deepEqual(
      proofs.map(({ verdict }) => verdict),
      ['unsteady'],
    );
  });

  it('sees what differs in a stage that the last one does not show', async function () {
    const engine = await requireEngine(this);
    const file = (command: string) =>
      `${from.trim()} AS build\nRUN ${command}\nFROM localhost/base\nCOPY --from=build /one /`;
    const pair = { before: file('touch /one /two'), after: file('touch /one'), builders: ['buildkit'] as const };
    const proofs = await provePair(engine, pair);
    assert.deepEqual(
      proofs.map(({ stage, verdict }) => [stage, verdict]),
      [
        [undefined, 'equal'],
        ['build', 'different'],
      ],
    );
  });

  it('lets an image that is not there stand for the base', async function () {
    const engine = await requireEngine(this);
    const file = 'FROM --platform=linux/amd64 example.org/some/image:1.2 AS a\nFROM another\nCOPY --from=a /bin/vi /vi';
    for (const { builder, verdict } of await provePair(engine, { before: file, after: file }))
      assert.equal(verdict, 'equal', builder);
  });
});

describe('layers put together', () => {
  it('removes what a whiteout names, with all below it, before the layer adds its own', () => {
    const image = flatten({ 'd/': {}, 'd/e/': {}, 'd/e/f': '1', g: '1' }, { '.wh.d': '', 'd/': {}, 'd/h': '2' });
    assert.deepEqual([...image.files.keys()], ['/g', '/d', '/d/h']);
  });

  it('removes the former content of an opaque directory only', () => {
    const image = flatten(
      { 'd/': {}, 'd/e': '1', 'dd/': {}, 'dd/e': '1' },
      { 'd/': {}, 'd/.wh..wh..opq': '', 'd/f': '2' },
    );
    assert.deepEqual([...image.files.keys()], ['/d', '/dd', '/dd/e', '/d/f']);
  });

  it('gives a hard link the content of its target', () => {
    const [one, two] = [flatten({ a: '1', b: { hardLink: 'a' } }), flatten({ a: '1', b: '1' })];
    assert.deepEqual(compareImages(one, two).undeclared, []);
  });

  it('reads long names, large owners and attributes', () => {
    const name = `${'a'.repeat(90)}/${'b'.repeat(90)}`;
    const files = { [name]: { content: 'x', uid: 65534, gid: 1000, xattrs: { 'user.note': 'ä=\n1' } } };
    const [entry] = readTar(writeTar(files));
    assert.equal(entry?.path, name);
    assert.deepEqual([entry?.uid, entry?.gid, entry?.content.toString()], [65534, 1000, 'x']);
    assert.deepEqual(Object.keys(entry?.xattrs ?? {}), ['user.note']);
  });
});

describe('declared changes', () => {
  const before = imageOf(flattenLayers([layerOf({ 'a/': {}, 'a/b': '1', 'a/c/': {}, 'a/c/d': '1', e: '1' })]), {
    Cmd: ['a'],
    Env: { A: '1', B: '1' },
  });
  const after = imageOf(flattenLayers([layerOf({ 'a/': {}, e: '2' })]), { Cmd: ['b'], Env: { A: '2', B: '2' } });
  const left = (changes: Parameters<typeof compareImages>[2]) =>
    compareImages(before, after, changes).undeclared.map(({ at }) => at);

  it('take paths with one star for a name and two for a path', () => {
    const config = ['Cmd', 'Env'];
    assert.deepEqual(left({ config, files: ['/a/*'] }), ['/a/c/d', '/e', '/e'].slice(0, 2));
    assert.deepEqual(left({ config, files: ['/a/**'] }), ['/e']);
    assert.deepEqual(left({ config, files: ['/**'] }), []);
  });

  it('take whole keys of the configuration and entries of them', () => {
    const files = ['/**'];
    assert.deepEqual(left({ files, config: ['Env'] }), ['Cmd']);
    assert.deepEqual(left({ files, config: ['Env.A', 'Cmd'] }), ['Env.B']);
  });
});

function layerOf(files: NewFiles): LayerFiles {
  return readLayer(writeTar(files));
}

function imageOf(files: Image['files'], config: Image['config'] = {}): Image {
  return { files, config, layers: [], history: [] };
}

function flatten(...layers: readonly NewFiles[]): Image {
  return imageOf(flattenLayers(layers.map(layerOf)));
}
