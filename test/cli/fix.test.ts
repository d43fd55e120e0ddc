/** `fix` and `optimize`: what they write, what they show and what they leave alone. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { canRunAsNobody, type Folder, layerwise, makeFolder, oneCommand, onlyOverridden, twoCommands } from './command';

describe('fix', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder({ Dockerfile: twoCommands });
  });
  afterEach(() => folder.remove());

  const run = (command: string, ...args: string[]) =>
    layerwise([command, ...onlyOverridden, ...args], { cwd: folder.path });
  const read = (name = 'Dockerfile') => readFileSync(join(folder.path, name), 'utf8');

  it('writes the file in place and says what it did', () => {
    const { status, stdout, stderr } = run('fix', 'Dockerfile');
    assert.equal(status, 0, stderr);
    assert.equal(read(), oneCommand);
    assert.match(stdout, /^Dockerfile: 1 fix$/m);
    assert.match(stdout, /^ +2 {2}.*\[overridden-instruction\]$/m);
    const again = run('fix', 'Dockerfile');
    assert.deepEqual([again.status, again.stdout, again.stderr], [0, '', '']);
  });

  it('fixes all files of a folder', () => {
    folder.write('a/Dockerfile', twoCommands);
    folder.write('a/other', twoCommands);
    assert.equal(run('fix', '.').status, 0);
    assert.deepEqual([read(), read('a/Dockerfile'), read('a/other')], [oneCommand, oneCommand, twoCommands]);
  });

  it('takes what is safe for the legacy builder alone', () => {
    folder.write('Dockerfile', 'FROM scratch\nCOPY a b /srv\n');
    const fix = (...args: string[]) =>
      layerwise(['fix', '--stdout', '--select', 'invalid-destination', ...args, 'Dockerfile'], { cwd: folder.path });
    const legacy = fix('--builder', 'legacy');
    assert.deepEqual([legacy.status, legacy.stdout], [0, 'FROM scratch\nCOPY a b /srv/\n']);
    const buildkit = fix();
    assert.deepEqual([buildkit.status, buildkit.stdout], [1, 'FROM scratch\nCOPY a b /srv\n']);
  });

  it('reports what remains, and exits with 1 for it', () => {
    folder.write('Dockerfile', 'FROM scratch\nCMD ["a"]\nFRM x\nCMD ["b"]\n');
    const select = ['--select', 'overridden-instruction,unknown-instruction'];
    const { status, stdout } = layerwise(['fix', ...select, 'Dockerfile'], { cwd: folder.path });
    assert.equal(status, 1);
    assert.equal(read(), 'FROM scratch\nFRM x\nCMD ["b"]\n');
    assert.match(stdout, /^Dockerfile:2:1: error: .*unknown-instruction/m);
  });

  it('prints the result with --stdout and touches nothing', () => {
    const before = statSync(join(folder.path, 'Dockerfile')).mtimeMs;
    const { status, stdout } = run('fix', '--stdout', 'Dockerfile');
    assert.equal(status, 0);
    assert.equal(stdout, oneCommand);
    assert.equal(read(), twoCommands);
    assert.equal(statSync(join(folder.path, 'Dockerfile')).mtimeMs, before);
    assert.equal(layerwise(['fix', ...onlyOverridden, '-'], { input: twoCommands }).stdout, oneCommand);
    // What needs no fix comes out as it went in.
    const odd = '\uFEFFFROM scratch\r\n\tCMD ["b"]';
    assert.equal(layerwise(['fix', ...onlyOverridden, '-'], { input: odd }).stdout, odd);
  });

  it('takes one file with --stdout', () => {
    folder.write('Dockerfile.b', twoCommands);
    const { status, stdout, stderr } = run('fix', '--stdout', '.');
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /takes one file, but there are 2/);
  });

  it('shows a patch that patch and git take', () => {
    const texts: Record<string, string> = {
      Dockerfile: twoCommands,
      'a b/Dockerfile.crlf': twoCommands.replaceAll('\n', '\r\n'),
      'no-newline': 'FROM scratch\nCMD ["a"]\nCMD ["b"]',
      marked: `\uFEFF${twoCommands}`,
      long: `FROM scratch\n${'LABEL a=b\n'.repeat(20)}CMD ["a"]\n${'LABEL c=d\n'.repeat(20)}CMD ["b"]\n`,
      'umlaut-ü': 'FROM scratch\n# ü\nCMD ["a"]\nCMD ["ü"]\n',
    };
    for (const [name, text] of Object.entries(texts)) folder.write(name, text);
    const names = Object.keys(texts);
    const { status, stdout } = run('fix', '--diff', ...names);
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^--- a\/Dockerfile\n\+\+\+ b\/Dockerfile\n@@ -1,3 \+1,2 @@\n FROM scratch\n-CMD \["a"\]\n CMD \["b"\]\n/m,
    );
    assert.match(stdout, /\n\\ No newline at end of file\n/);
    for (const name of names) assert.equal(read(name), texts[name], 'nothing was written');
    const patchFile = folder.write('all.patch', stdout);
    const expected = names.map((name) => run('fix', '--stdout', name).stdout);
    const checked = spawnSync('git', ['apply', '--check', patchFile], { cwd: folder.path, encoding: 'utf8' });
    if (!checked.error) assert.equal(checked.status, 0, checked.stderr);
    const applied = spawnSync('patch', ['-p1', '--binary', '-i', patchFile], { cwd: folder.path, encoding: 'utf8' });
    const tool = applied.error
      ? spawnSync('git', ['apply', patchFile], { cwd: folder.path, encoding: 'utf8' })
      : applied;
    assert.equal(tool.status, 0, `${tool.stdout}${tool.stderr}`);
    for (const [index, name] of names.entries()) assert.equal(read(name), expected[index], name);
  });

  it('shows nothing where nothing changes', () => {
    folder.write('Dockerfile', oneCommand);
    assert.deepEqual(run('fix', '--diff', 'Dockerfile').stdout, '');
  });

  it('keeps line ends, the byte order mark and a missing last newline', () => {
    folder.write('Dockerfile', '\uFEFFFROM scratch\r\nCMD ["a"]\r\nCMD ["b"]');
    assert.equal(run('fix', 'Dockerfile').status, 0);
    assert.equal(read(), '\uFEFFFROM scratch\r\nCMD ["b"]');
  });

  it('keeps the mode, follows links and leaves nothing behind', () => {
    folder.write('real/Dockerfile', twoCommands);
    chmodSync(join(folder.path, 'real/Dockerfile'), 0o640);
    symlinkSync('real/Dockerfile', join(folder.path, 'link'));
    assert.equal(run('fix', 'link').status, 0);
    assert.equal(lstatSync(join(folder.path, 'link')).isSymbolicLink(), true);
    assert.equal(read('real/Dockerfile'), oneCommand);
    if (process.platform !== 'win32') assert.equal(statSync(join(folder.path, 'real/Dockerfile')).mode & 0o7777, 0o640);
    assert.deepEqual(readdirSync(join(folder.path, 'real')), ['Dockerfile']);
    assert.deepEqual(readdirSync(folder.path).sort(), ['Dockerfile', 'link', 'real']);
  });

  it('does not write over a file that is no valid UTF-8', () => {
    const bytes = Buffer.from('FROM scratch\n# caf\xe9\nCMD ["a"]\nCMD ["b"]\n', 'latin1');
    const file = folder.write('latin1', bytes);
    folder.write('clean', Buffer.from('FROM scratch\n# caf\xe9\nCMD ["b"]\n', 'latin1'));
    for (const args of [['latin1'], ['--diff', 'latin1'], ['--stdout', 'latin1']]) {
      const { status, stderr, stdout } = run('fix', ...args);
      assert.equal(status, 2);
      assert.match(stderr, /^latin1: not valid UTF-8/);
      assert.equal(stdout, '');
    }
    assert.equal(run('optimize', 'latin1').status, 2);
    assert.deepEqual(readFileSync(file), bytes);
    // Where there is nothing to fix there is nothing to refuse.
    assert.equal(run('fix', 'clean').status, 0);
  });

  it('does not write over a file that may not be written', function () {
    if (!canRunAsNobody()) this.skip();
    chmodSync(folder.path, 0o777);
    chmodSync(join(folder.path, 'Dockerfile'), 0o444);
    const args = ['fix', ...onlyOverridden, 'Dockerfile'];
    const { status, stderr } = layerwise(args, { cwd: folder.path, asNobody: true });
    assert.equal(status, 2);
    assert.match(stderr, /^Dockerfile: permission denied/);
    assert.equal(read(), twoCommands);
  });

  it('adds to a file that is there, and says so', () => {
    const ignoreFile = join(folder.path, '.dockerignore');
    folder.write('Dockerfile', 'FROM scratch\nCOPY . /\n');
    folder.write('.env', 'A=1\n');
    folder.write('.dockerignore', 'node_modules\n');
    const fix = (...args: string[]) =>
      layerwise(['fix', '--select', 'secret-copied', '--suggestions', ...args, 'Dockerfile'], { cwd: folder.path });
    assert.match(
      fix('--diff').stdout,
      /^--- a\/\.dockerignore\n\+\+\+ b\/\.dockerignore\n@@ -1 \+1,2 @@\n node_modules\n\+\.env\n/m,
    );
    assert.equal(readFileSync(ignoreFile, 'utf8'), 'node_modules\n');
    const { status, stdout } = fix();
    assert.equal(status, 0, stdout);
    assert.match(stdout, /added to \.dockerignore/);
    assert.equal(readFileSync(ignoreFile, 'utf8'), 'node_modules\n.env\n');
  });

  it('creates files only with --suggestions, never over one that is there', () => {
    folder.write('Dockerfile', 'FROM scratch\nCOPY . /\n');
    const ignoreFile = join(folder.path, '.dockerignore');
    const fix = (...args: string[]) =>
      layerwise(['fix', '--select', 'missing-dockerignore', ...args, 'Dockerfile'], { cwd: folder.path });
    assert.equal(fix().status, 1);
    assert.equal(existsSync(ignoreFile), false);
    const patch = fix('--suggestions', '--diff').stdout;
    assert.match(patch, /^--- \/dev\/null\n\+\+\+ b\/\.dockerignore\n@@ -0,0 \+1/m);
    const printed = fix('--suggestions', '--stdout');
    assert.equal(printed.stdout, 'FROM scratch\nCOPY . /\n');
    assert.match(printed.stderr, /\.dockerignore/);
    assert.equal(existsSync(ignoreFile), false);
    const { status, stdout } = fix('--suggestions');
    assert.equal(status, 0, stdout);
    assert.match(stdout, /created \.dockerignore/);
    assert.ok(existsSync(ignoreFile));
    assert.equal(read(), 'FROM scratch\nCOPY . /\n');
    assert.equal(fix('--suggestions').stdout, '');
  });
});

describe('optimize', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder({ Dockerfile: twoCommands });
  });
  afterEach(() => folder.remove());

  const run = (...args: string[]) => layerwise(['optimize', ...onlyOverridden, ...args], { cwd: folder.path });
  const read = (name = 'Dockerfile') => readFileSync(join(folder.path, name), 'utf8');

  it('writes in place, without a backup unless asked for one', () => {
    const { status, stdout } = run('Dockerfile');
    assert.equal(status, 0);
    assert.equal(read(), oneCommand);
    assert.match(stdout, /^Dockerfile: 1 fix, layers 0 → 0$/m);
    assert.match(stdout, /^Done$/m);
    assert.deepEqual(readdirSync(folder.path), ['Dockerfile']);
  });

  it('keeps backups that no search finds and no later one overwrites', () => {
    assert.match(run('--backup', 'Dockerfile').stdout, /kept as .*Dockerfile~/);
    assert.equal(read('Dockerfile~'), twoCommands);
    folder.write('Dockerfile', twoCommands.replace('"a"', '"c"'));
    run('--backup', 'Dockerfile');
    assert.equal(read('Dockerfile~'), twoCommands);
    assert.equal(read('Dockerfile~2'), twoCommands.replace('"a"', '"c"'));
    run('--backup', 'Dockerfile');
    assert.deepEqual(
      readdirSync(folder.path),
      ['Dockerfile', 'Dockerfile~', 'Dockerfile~2'],
      'nothing to keep, nothing kept',
    );
  });

  it('prints or shows instead of writing', () => {
    assert.equal(run('--stdout', 'Dockerfile').stdout, oneCommand);
    assert.match(run('--diff', 'Dockerfile').stdout, /^--- a\/Dockerfile\n/);
    assert.equal(JSON.parse(run('--json', 'Dockerfile').stdout).text, oneCommand);
    assert.equal(layerwise(['optimize', ...onlyOverridden, '-'], { input: twoCommands }).stdout, oneCommand);
    assert.equal(read(), twoCommands);
  });

  it('takes the one Dockerfile of a folder, not several', () => {
    assert.equal(run('--stdout', '.').stdout, oneCommand);
    folder.write('Dockerfile.b', '');
    const { status, stderr } = run('--stdout', '.');
    assert.equal(status, 2);
    assert.match(stderr, /takes one file, but there are 2/);
    assert.equal(run('missing').status, 2);
  });
});
