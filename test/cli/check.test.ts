/** `check`: which files, which findings, which exit status. */
import { strict as assert } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  canRunAsNobody,
  cli,
  type Folder,
  layerwise,
  makeFolder,
  oneCommand,
  onlyOverridden,
  twoCommands,
} from './command';

interface Row {
  readonly file: string;
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly line: number }[];
}

describe('check', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  /** Checks paths in the folder; the rows that come out. */
  const rowsOf = (args: readonly string[], status: number, input?: string): Row[] => {
    const run = layerwise(['check', '--format', 'json', ...onlyOverridden, ...args], {
      cwd: folder.path,
      ...(input && { input }),
    });
    assert.equal(run.status, status, run.stderr);
    return JSON.parse(run.stdout) as Row[];
  };

  it('reports every file that was read, findings or not', () => {
    folder.write('bad', twoCommands);
    folder.write('good', oneCommand);
    const rows = rowsOf(['bad', 'good'], 1);
    assert.deepEqual(
      rows.map((row) => [row.file, row.findings.length]),
      [
        ['bad', 1],
        ['good', 0],
      ],
    );
  });

  it('searches folders for Dockerfiles only', () => {
    const names = ['Dockerfile', 'Dockerfile.dev', 'a/web.Dockerfile', 'a/b/Containerfile', 'Containerfile.x'];
    const others = [
      'dockerfile',
      'Dockerfile.dockerignore',
      'MyDockerfile',
      '.Dockerfile',
      'Dockerfile~',
      'a/Dockerfile.d/x',
      'x.Containerfile',
    ];
    for (const name of [...names, ...others, '.git/Dockerfile', 'node_modules/x/Dockerfile'])
      folder.write(name, oneCommand);
    assert.deepEqual(
      rowsOf(['.'], 0)
        .map((row) => row.file)
        .sort(),
      [...names].sort(),
    );
    assert.deepEqual(
      rowsOf(['a'], 0).map((row) => row.file),
      ['a/b/Containerfile', 'a/web.Dockerfile'],
    );
    // What is named is taken, whatever it is called.
    assert.deepEqual(rowsOf(['dockerfile', 'node_modules/x/Dockerfile'], 0).length, 2);
  });

  it('is safe from loops of links, and takes links to files', () => {
    folder.write('real/Dockerfile', oneCommand);
    symlinkSync('..', join(folder.path, 'real/up'));
    symlinkSync('real', join(folder.path, 'alias'));
    symlinkSync('real/Dockerfile', join(folder.path, 'Dockerfile'));
    symlinkSync('Dockerfile.loop', join(folder.path, 'Dockerfile.loop'));
    symlinkSync('nowhere', join(folder.path, 'Dockerfile.dangling'));
    assert.deepEqual(
      rowsOf(['.'], 0).map((row) => row.file),
      ['Dockerfile', 'real/Dockerfile'],
    );
    assert.deepEqual(
      rowsOf(['alias'], 0).map((row) => row.file),
      ['alias/Dockerfile'],
    );
  });

  it('takes a path once, however often it is given', () => {
    folder.write('Dockerfile', oneCommand);
    assert.equal(rowsOf(['Dockerfile', './Dockerfile', '.', 'Dockerfile'], 0).length, 1);
  });

  it('says so where a folder has no Dockerfile', () => {
    mkdirSync(join(folder.path, 'empty'));
    const { status, stdout, stderr } = layerwise(['check', '--format', 'json', 'empty'], { cwd: folder.path });
    assert.equal(status, 0);
    assert.equal(stdout, '[]\n');
    assert.match(stderr, /^empty: there is no Dockerfile/);
  });

  it('reads standard input, and where it would be', () => {
    const [row] = rowsOf(['-'], 1, twoCommands);
    assert.equal(row?.file, '-');
    assert.equal(row?.findings[0]?.rule, 'overridden-instruction');
    assert.equal(rowsOf(['--stdin-filename', 'app/Dockerfile', '-'], 1, twoCommands)[0]?.file, 'app/Dockerfile');
    folder.write('sub/.layerwise.yaml', 'ignore: [overridden-instruction]\n');
    const options = { cwd: folder.path, input: twoCommands };
    assert.equal(
      layerwise(['check', '--stdin-filename', 'sub/Dockerfile', '-'], options).stdout.includes('overridden'),
      false,
    );
  });

  it('names files that cannot be read, and does all the others', () => {
    folder.write('bad', twoCommands);
    symlinkSync('loop', join(folder.path, 'loop'));
    const run = layerwise(['check', '--format', 'json', ...onlyOverridden, 'missing', 'bad', 'loop', 'bad/x'], {
      cwd: folder.path,
    });
    assert.equal(run.status, 2);
    assert.match(run.stderr, /^missing: there is no such file$/m);
    assert.match(run.stderr, /^loop: /m);
    assert.match(run.stderr, /^bad\/x: /m);
    assert.deepEqual(
      (JSON.parse(run.stdout) as Row[]).map((row) => [row.file, row.findings.length]),
      [['bad', 1]],
    );
  });

  it('names folders that cannot be searched', function () {
    if (!canRunAsNobody()) this.skip();
    folder.write('closed/Dockerfile', oneCommand);
    chmodSync(join(folder.path, 'closed'), 0o000);
    const run = layerwise(['check', '.'], { cwd: folder.path, asNobody: true });
    chmodSync(join(folder.path, 'closed'), 0o755);
    assert.equal(run.status, 2);
    assert.match(run.stderr, /closed: permission denied/);
  });

  it('fails at --fail-on and above', () => {
    folder.write('Dockerfile', twoCommands);
    const statusWith = (...args: string[]) =>
      layerwise(['check', ...onlyOverridden, ...args, 'Dockerfile'], { cwd: folder.path }).status;
    assert.equal(statusWith(), 1);
    assert.equal(statusWith('--fail-on', 'error'), 0);
    assert.equal(statusWith('--fail-on', 'warning'), 1);
    assert.equal(statusWith('--fail-on', 'hint'), 1);
  });

  it('selects and ignores rules by id and alias', () => {
    folder.write('Dockerfile', twoCommands);
    const rulesWith = (...args: string[]) => {
      const run = layerwise(['check', '--format', 'json', ...args, 'Dockerfile'], { cwd: folder.path });
      return (JSON.parse(run.stdout) as Row[])[0]?.findings.map((finding) => finding.rule) ?? [];
    };
    assert.deepEqual(rulesWith('--select', 'DL4003'), ['overridden-instruction']);
    assert.deepEqual(rulesWith('--select', 'unknown-instruction'), []);
    assert.equal(rulesWith('--ignore', 'dl4003').includes('overridden-instruction'), false);
    assert.deepEqual(rulesWith('--select', 'overridden-instruction', '--ignore', 'DL4003'), []);
  });

  it('refuses rules that do not exist, except the names of other tools', () => {
    const run = layerwise(['check', '--ignore', 'overriden-instruction', '-']);
    assert.equal(run.status, 2);
    assert.match(run.stderr, /no rule `overriden-instruction`; did you mean `overridden-instruction`\?/);
    assert.equal(layerwise(['check', '--ignore', 'DL9999,SC2086', '-'], { input: oneCommand }).status, 0);
  });

  it('refuses a context and a configuration that are not there', () => {
    folder.write('Dockerfile', oneCommand);
    const context = layerwise(['check', '--context', 'nowhere', 'Dockerfile'], { cwd: folder.path });
    assert.equal(context.status, 2);
    assert.match(context.stderr, /nowhere/);
    const config = layerwise(['check', '--config', 'nowhere.yaml', 'Dockerfile'], { cwd: folder.path });
    assert.equal(config.status, 2);
    assert.match(config.stderr, /nowhere\.yaml: there is no such file/);
  });

  it('counts columns without the byte order mark and in UTF-16 units', () => {
    folder.write('Dockerfile', `\uFEFF${twoCommands.replace('CMD ["a"]', '# 😀\r\nCMD ["a"]')}`);
    assert.equal(rowsOf(['Dockerfile'], 1)[0]?.findings[0]?.line, 3);
    folder.write('mark', '\uFEFFFRM x\n');
    const run = layerwise(['check', '--format', 'json', '--select', 'unknown-instruction', 'mark'], {
      cwd: folder.path,
    });
    const [row] = JSON.parse(run.stdout) as { findings: { column: number; endColumn: number }[] }[];
    assert.deepEqual([row?.findings[0]?.column, row?.findings[0]?.endColumn], [1, 4]);
  });

  it('checks files that are no valid UTF-8', () => {
    folder.write('Dockerfile', Buffer.from('FROM scratch\n# caf\xe9\nCMD ["a"]\nCMD ["b"]\n', 'latin1'));
    assert.equal(rowsOf(['Dockerfile'], 1)[0]?.findings.length, 1);
    folder.write('empty', '');
    folder.write('zeros', Buffer.alloc(100));
    assert.equal(rowsOf(['empty', 'zeros'], 0).length, 2);
  });

  it('takes names with blanks, dashes and letters of all kinds', () => {
    folder.write('-', oneCommand);
    const names = ['my file', '--all', '한국어 Dockerfile', 'a\nb'];
    for (const name of names) folder.write(name, oneCommand);
    assert.deepEqual(
      rowsOf(['--', ...names, './-'], 0).map((row) => row.file),
      [...names, './-'],
    );
  });

  it('takes thousands of paths', function () {
    this.timeout(60_000);
    const names = Array.from({ length: 3000 }, (_, index) =>
      folder.write(`f${index}`, index % 2 ? oneCommand : twoCommands),
    );
    const rows = rowsOf(names, 1);
    assert.equal(rows.length, 3000);
    assert.equal(rows.filter((row) => row.findings.length === 1).length, 1500);
  });

  it('ends quietly when nobody reads on', async function () {
    if (process.platform === 'win32') this.skip();
    const names = Array.from({ length: 500 }, (_, index) => folder.write(`f${index}`, twoCommands));
    const child = spawn(process.execPath, [cli, 'check', ...names], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    await new Promise((resolve) => child.once('close', resolve));
    assert.equal(stderr, '');
  });

  it('writes all of a large report into a pipe', () => {
    folder.write('Dockerfile', `FROM scratch\n${'CMD ["a"]\n'.repeat(3000)}`);
    const run = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${cli}" check --format json ${onlyOverridden.join(' ')} Dockerfile | cat`],
      {
        cwd: folder.path,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    assert.equal((JSON.parse(run.stdout) as Row[])[0]?.findings.length, 2999);
  });

  it('takes a pipe as a file', function () {
    if (process.platform === 'win32') this.skip();
    folder.write('Dockerfile', twoCommands);
    const run = spawnSync(
      'bash',
      ['-c', `"${process.execPath}" "${cli}" check ${onlyOverridden.join(' ')} <(cat Dockerfile)`],
      {
        cwd: folder.path,
        encoding: 'utf8',
      },
    );
    if (run.error) this.skip();
    assert.equal(run.status, 1, run.stderr);
  });
});
