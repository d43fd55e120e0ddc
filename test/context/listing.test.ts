/** Build contexts read from real folders, lazily for the command and beforehand for the language server. */
import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isTarHeader } from '../../server/src/context/archives';
import { isManifest } from '../../server/src/context/manifests';
import { type ContextCache, entryLimit, openContext } from '../../server/src/context/node/listing';
import { loadContext } from '../../server/src/context/node/preload';

describe('build context of a folder', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'layerwise-context-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };

  /** The same context read both ways. */
  const both = async (dockerfile: string | null = join(folder, 'Dockerfile')) => [
    openContext(folder, dockerfile),
    await loadContext(folder, dockerfile),
  ];

  it('lists files, folders and links, but not what is inside .git and node_modules', async () => {
    write('Dockerfile', 'FROM scratch\n');
    write('src/lib/a.ts', 'abc');
    write('.git/HEAD', 'x');
    write('app/node_modules/x/index.js', 'x');
    symlinkSync('src', join(folder, 'link'));
    symlinkSync('..', join(folder, 'src/up'));
    for (const context of await both()) {
      assert.deepEqual(
        [...context.entries].map(([path, { type, size }]) => [path, type, type === 'link' ? 0 : size]),
        [
          ['.git', 'directory', 0],
          ['Dockerfile', 'file', 13],
          ['app', 'directory', 0],
          ['link', 'link', 0],
          ['src', 'directory', 0],
          ['app/node_modules', 'directory', 0],
          ['src/lib', 'directory', 0],
          ['src/up', 'link', 0],
          ['src/lib/a.ts', 'file', 3],
        ],
      );
      assert.equal(context.complete, true);
      assert.equal(context.dockerfilePath, 'Dockerfile');
      assert.equal(context.ignoreFile, null);
    }
  });

  it('takes the ignore file beside the Dockerfile before the common one', async () => {
    write('.dockerignore', 'a\n');
    for (const context of await both()) assert.deepEqual(context.ignoreFile, { path: '.dockerignore', text: 'a\n' });
    write('Dockerfile.dockerignore', '\uFEFFb\n');
    for (const context of await both())
      assert.deepEqual(context.ignoreFile, { path: 'Dockerfile.dockerignore', text: 'b\n' });
    for (const context of await both(join(folder, 'Other')))
      assert.deepEqual(context.ignoreFile, { path: '.dockerignore', text: 'a\n' });
    for (const context of await both(null)) assert.equal(context.dockerfilePath, null);
  });

  it('knows where the Dockerfile lies', async () => {
    write('docker/Dockerfile', '');
    write('context/a', '');
    assert.equal(openContext(folder, join(folder, 'docker/Dockerfile')).dockerfilePath, 'docker/Dockerfile');
    const outside = openContext(join(folder, 'context'), join(folder, 'docker/Dockerfile'));
    assert.equal(outside.dockerfilePath, null);
    write('docker/Dockerfile.dockerignore', 'x');
    assert.equal(
      openContext(join(folder, 'context'), join(folder, 'docker/Dockerfile')).ignoreFile?.path,
      '../docker/Dockerfile.dockerignore',
    );
  });

  it('reads manifests, but nothing large, outside or missing', async () => {
    write('package.json', '{"name":"x"}');
    write('big/package.json', 'x'.repeat(1_000_001));
    symlinkSync(join(tmpdir()), join(folder, 'out'));
    for (const context of await both()) {
      assert.equal(context.text('package.json'), '{"name":"x"}');
      assert.equal(context.text('big/package.json'), undefined);
      assert.equal(context.text('missing'), undefined);
      assert.equal(context.text('../package.json'), undefined);
      assert.equal(context.text('big'), undefined);
    }
  });

  it('tells archives by their content', async () => {
    const tar = tarOf('hello.txt');
    write('a.tar', tar);
    write('tar-without-a-name', tar);
    write('old-format', tarOf('hello.txt', ''));
    write('a.tgz', gzipSync(tar));
    write(
      'big.tgz',
      gzipSync(Buffer.concat([tar, Buffer.from(Array.from({ length: 60_000 }, (_, i) => (i * 7919) % 251))])),
    );
    write('text.gz', gzipSync('hello'));
    write('a.tar.bz2', Buffer.from('BZh91AY'));
    write('a.tar.xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1]));
    write('a.tar.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1]));
    write('fake.tar', 'no archive');
    write('zeros.tar', Buffer.alloc(10_240));
    write('empty.tar', '');
    const expected = {
      'a.tar': true,
      'a.tar.bz2': true,
      'a.tar.xz': true,
      'a.tar.zst': true,
      'a.tgz': true,
      'big.tgz': true,
      'empty.tar': false,
      'fake.tar': false,
      'old-format': true,
      'tar-without-a-name': true,
      'text.gz': false,
      'zeros.tar': false,
    };
    for (const context of await both())
      assert.deepEqual(
        Object.fromEntries([...context.entries].map(([path, entry]) => [path, entry.archive])),
        expected,
      );
  });

  it('refuses headers whose checksum or numbers are wrong', () => {
    const tar = tarOf('a');
    assert.equal(isTarHeader(tar), true);
    const broken = Buffer.from(tar);
    broken[0] = 0x62;
    assert.equal(isTarHeader(broken), false);
    assert.equal(isTarHeader(tar.subarray(0, 511)), false);
  });

  it('is cut, and says so, where there is too much', async function () {
    this.timeout(60_000);
    for (let index = 0; index < 210; index += 1) mkdirSync(join(folder, `d${index}`));
    for (let index = 0; index < entryLimit + 10; index += 1)
      writeFileSync(join(folder, `d${index % 210}`, `${index}`), '');
    for (const context of await both()) {
      assert.equal(context.entries.size, entryLimit);
      assert.equal(context.complete, false);
      assert.ok(context.entries.has('d209'), 'what lies on top is kept');
    }
  });

  it('is listed once for all Dockerfiles of a folder', () => {
    const cache: ContextCache = new Map();
    const first = openContext(folder, join(folder, 'A'), cache);
    const second = openContext(folder, join(folder, 'B'), cache);
    assert.equal(first.entries, second.entries);
    assert.equal(first.dockerfilePath, 'A');
    assert.equal(second.dockerfilePath, 'B');
  });

  it('is empty and incomplete where there is no such folder', async () => {
    const missing = join(folder, 'missing');
    for (const context of [openContext(missing, null), await loadContext(missing, null)]) {
      assert.equal(context.entries.size, 0);
      assert.equal(context.complete, false);
    }
  });

  it('stops loading when it is no longer wanted', async () => {
    await assert.rejects(loadContext(folder, null, AbortSignal.abort()));
  });

  it('knows manifests by their names', () => {
    const yes = [
      'package.json',
      'a/b/requirements-dev.txt',
      'requirements/base.txt',
      'App.csproj',
      'x/go.mod',
      'x.dockerignore',
    ];
    for (const path of yes) assert.equal(isManifest(path), true, path);
    for (const path of ['index.js', 'requirements', 'a.txt', 'package.json.bak'])
      assert.equal(isManifest(path), false, path);
  });
});

/** A tar with one empty file. `magic` is what tells the formats apart; the old one has none. */
function tarOf(name: string, magic = 'ustar\x0000'): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0001750\0', 108);
  header.write('0001750\0', 116);
  header.write('00000000000\0', 124);
  header.write('14000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write(magic, 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, Buffer.alloc(1024)]);
}
