/** Replacing files: in one step, only where nobody else wrote meanwhile. */
import { strict as assert } from 'node:assert';
import { chmodSync, linkSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFile, replaceFile } from '../../server/src/cli/write';
import { type Folder, makeFolder } from './command';

describe('writing files', () => {
  let folder: Folder;
  let file = '';
  beforeEach(() => {
    folder = makeFolder();
    file = folder.write('Dockerfile', 'old');
  });
  afterEach(() => folder.remove());

  it('replaces the file as a whole', () => {
    const before = statSync(file).ino;
    linkSync(file, join(folder.path, 'second-name'));
    replaceFile(file, Buffer.from('old'), 'new');
    assert.equal(readFileSync(file, 'utf8'), 'new');
    // It is another file that took the place: whoever had the old one open still reads all of it.
    assert.notEqual(statSync(file).ino, before);
    assert.equal(readFileSync(join(folder.path, 'second-name'), 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder.path), ['Dockerfile', 'second-name']);
  });

  it('leaves a file alone that changed meanwhile', () => {
    writeFileSync(file, 'theirs');
    assert.throws(() => replaceFile(file, Buffer.from('old'), 'new'), /changed on disk meanwhile/);
    assert.equal(readFileSync(file, 'utf8'), 'theirs');
    assert.deepEqual(readdirSync(folder.path), ['Dockerfile'], 'nothing is left behind, no backup either');
    assert.throws(() => replaceFile(file, Buffer.from('old'), 'new', true), /changed on disk meanwhile/);
    assert.deepEqual(readdirSync(folder.path), ['Dockerfile']);
  });

  it('keeps the mode, special bits too', function () {
    if (process.platform === 'win32') this.skip();
    for (const mode of [0o600, 0o644, 0o755, 0o666, 0o2775]) {
      chmodSync(file, mode);
      replaceFile(file, readFileSync(file), `mode ${mode}`);
      assert.equal(statSync(file).mode & 0o7777, mode);
    }
  });

  it('writes through a chain of links', () => {
    symlinkSync('Dockerfile', join(folder.path, 'one'));
    symlinkSync('one', join(folder.path, 'two'));
    replaceFile(join(folder.path, 'two'), Buffer.from('old'), 'new');
    assert.equal(readFileSync(file, 'utf8'), 'new');
    assert.equal(statSync(join(folder.path, 'two')).isFile(), true);
    assert.deepEqual(readdirSync(folder.path), ['Dockerfile', 'one', 'two']);
  });

  it('refuses what is no file', () => {
    assert.throws(() => replaceFile(folder.path, Buffer.from(''), 'new'), /not a regular file/);
    assert.throws(() => replaceFile(join(folder.path, 'missing'), Buffer.from(''), 'new'), /ENOENT/);
  });

  it('creates files and their folders, but never over another', () => {
    const target = join(folder.path, 'a/b/.dockerignore');
    assert.equal(createFile(target, 'x'), true);
    assert.equal(createFile(target, 'y'), false);
    assert.equal(readFileSync(target, 'utf8'), 'x');
  });
});
