/** Histories of build contexts, read from real git repositories that are made here. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLogParser, pathLimit } from '../../server/src/context/git-log';
import type { ContextHistory } from '../../server/src/context/history';
import { commitLimit, type HistoryCache, readHistory } from '../../server/src/context/node/history';

const identity = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@localhost',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@localhost',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

describe('history of a build context', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'layerwise-history-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const git = (args: readonly string[], input?: string, cwd = folder): string =>
    execFileSync('git', args, { cwd, env: { ...process.env, ...identity }, input, encoding: 'utf8', stdio: 'pipe' });
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const commit = (message = 'change') => {
    git(['add', '-A']);
    git(['commit', '-q', '--allow-empty', '-m', message]);
  };
  const start = () => git(['init', '-q', '-b', 'main']);
  const paths = ({ commits }: ContextHistory) => commits.map((one) => one.paths);

  it('lists the changed files of each commit, newest first; the first commit is no rebuild', async () => {
    start();
    write('Dockerfile', 'FROM scratch\n');
    write('src/a.js', '1');
    commit();
    write('src/a.js', '2');
    write('dir with blank/ü.txt', 'x');
    commit();
    rmSync(join(folder, 'src/a.js'));
    commit();
    const history = await readHistory(folder);
    assert.deepEqual(paths(history), [['src/a.js'], ['dir with blank/ü.txt', 'src/a.js']]);
    assert.equal(history.source, 'git');
    assert.match(history.notes.join(), /last 2 commits/);
  });

  it('counts only what is in the context, by paths within it', async () => {
    start();
    write('app/a', '1');
    write('other/b', '1');
    commit();
    write('other/b', '2');
    commit();
    write('app/a', '2');
    write('other/b', '3');
    commit();
    assert.deepEqual(paths(await readHistory(join(folder, 'app'))), [['a']]);
  });

  it('follows renames: older commits name a file as it is called now', async () => {
    start();
    write('old/name.txt', 'one\ntwo\nthree\nfour\n');
    commit();
    write('old/name.txt', 'one\ntwo\nthree\nfive\n');
    commit();
    mkdirSync(join(folder, 'new'));
    renameSync(join(folder, 'old/name.txt'), join(folder, 'new/name.txt'));
    commit();
    write('new/name.txt', 'one\ntwo\nthree\nsix\n');
    write('old/name.txt', 'something else\n');
    commit();
    assert.deepEqual(paths(await readHistory(folder)), [
      ['new/name.txt', 'old/name.txt'],
      ['old/name.txt', 'new/name.txt'],
      ['new/name.txt'],
    ]);
  });

  it('takes merges by their first parent', async () => {
    start();
    write('a', '1');
    commit();
    git(['checkout', '-q', '-b', 'feature']);
    write('b', '1');
    commit();
    write('c', '1');
    commit();
    git(['checkout', '-q', 'main']);
    write('a', '2');
    commit();
    git(['merge', '-q', '--no-ff', '-m', 'merge', 'feature']);
    assert.deepEqual(paths(await readHistory(folder)), [['b', 'c'], ['a']]);
  });

  it('says that a clone is shallow and does not take its end for a change of everything', async () => {
    start();
    for (let index = 0; index < 5; index++) {
      write('a', String(index));
      write(`f${index}`, '1');
      commit();
    }
    const clone = join(folder, '..', `${folder.split('/').pop()}-clone`);
    try {
      git(['clone', '-q', '--depth', '3', `file://${folder}`, clone]);
      const history = await readHistory(clone);
      assert.deepEqual(paths(history), [
        ['a', 'f4'],
        ['a', 'f3'],
      ]);
      assert.match(history.notes.join(' '), /shallow/);
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });

  it('knows of a submodule that something in it changed, and reads the own history of a context inside one', async () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    git(['init', '-q', '-b', 'main'], undefined, inner);
    const commitInner = (content: string) => {
      writeFileSync(join(inner, 'x'), content);
      git(['add', '-A'], undefined, inner);
      git(['commit', '-q', '-m', 'x'], undefined, inner);
    };
    commitInner('1');
    start();
    write('a', '1');
    git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', `file://${inner}`, 'sub']);
    git(['commit', '-q', '-m', 'first', '.gitmodules', 'sub']);
    const sub = join(folder, 'sub');
    writeFileSync(join(sub, 'x'), '2');
    git(['commit', '-q', '-a', '-m', 'y'], undefined, sub);
    git(['commit', '-q', '-m', 'second', 'sub']);
    assert.deepEqual(paths(await readHistory(folder)), [['sub/']]);
    assert.deepEqual(paths(await readHistory(sub)), [['x']]);
  });

  it('looks at the last 500 commits of ten thousand, and takes huge ones for a change of everything', async function () {
    this.timeout(60_000);
    start();
    const stream: string[] = [];
    const add = (count: number, index: number) => {
      stream.push(
        `commit refs/heads/main\ncommitter a <a@localhost> ${1_700_000_000 + index} +0000\ndata 1\nx\n`,
        index > 0 ? '' : `M 100644 inline Dockerfile\ndata 1\nF\n`,
      );
      for (let file = 0; file < count; file++)
        stream.push(`M 100644 inline d${file % 100}/f${file}\ndata ${String(index).length}\n${index}\n`);
    };
    for (let index = 0; index < 10_000; index++) add(index === 0 || index === 9_990 ? 100_000 : 1, index);
    git(['fast-import', '--quiet'], stream.join(''));
    const started = Date.now();
    const history = await readHistory(folder);
    assert.equal(history.commits.length, commitLimit);
    assert.equal(history.commits.filter((one) => one.paths === null).length, 1);
    assert.ok(Date.now() - started < 15_000, `took ${Date.now() - started} ms`);
  });

  it('says what is missing: no git, no repository, no commit, no such folder', async () => {
    const note = async (...args: Parameters<typeof readHistory>) => {
      const history = await readHistory(...args);
      assert.deepEqual(history.commits, []);
      return history.notes.join(' ');
    };
    assert.match(await note(folder, { program: 'no-such-git' }), /git was not found/);
    assert.match(await note(folder), /not in a git repository/);
    assert.match(await note(join(folder, 'gone')), /no folder/);
    start();
    assert.match(await note(folder), /no commit yet/);
    commit();
    write('a', '1');
    assert.match(await note(folder), /No commit/);
  });

  it('stops when it is told to, and when git takes too long', async () => {
    start();
    write('a', '1');
    commit();
    write('a', '2');
    commit();
    await assert.rejects(readHistory(folder, { signal: AbortSignal.abort() }));
    const slow = join(folder, 'slow-git');
    writeFileSync(slow, `#!/bin/sh\ncase "$*" in *" log "*) git "$@"; exec sleep 30;; esac\nexec git "$@"\n`);
    chmodSync(slow, 0o755);
    const history = await readHistory(folder, { program: slow, timeout: 1_000 });
    assert.deepEqual(paths(history), [['a']]);
    assert.match(history.notes.join(' '), /too long/);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    await assert.rejects(readHistory(folder, { program: slow, signal: controller.signal }));
  });

  it('survives an aborted git and a broken repository', async () => {
    start();
    write('a', '1');
    commit();
    write('a', '2');
    commit();
    const dying = join(folder, 'dying-git');
    writeFileSync(
      dying,
      `#!/bin/sh\ncase "$*" in *" log "*) printf '\\036abc def\\000\\n:1 2 3'; kill -9 $$;; esac\nexec git "$@"\n`,
    );
    chmodSync(dying, 0o755);
    const history = await readHistory(folder, { program: dying });
    assert.deepEqual(history.commits, []);
    assert.match(history.notes.join(' '), /could not read/);
    writeFileSync(join(folder, '.git/HEAD'), 'nonsense');
    assert.deepEqual((await readHistory(folder)).commits, []);
  });

  it('is read once for a checked-out commit', async () => {
    start();
    write('a', '1');
    commit();
    write('a', '2');
    commit();
    const cache: HistoryCache = new Map();
    const first = await readHistory(folder, {}, cache);
    assert.equal(await readHistory(folder, {}, cache), first);
    write('a', '3');
    commit();
    assert.equal((await readHistory(folder, {}, cache)).commits.length, 2);
  });
});

describe('parser of git log', () => {
  it('takes its text in pieces of any size', () => {
    const text =
      '\x1eabc def\0\n:100644 100644 1 2 M\0a b\0:100644 100644 1 1 R100\0old\0new\0\x1edef 123\0\n:000000 100644 0 1 A\0old\0\x1e123 \0\n:000000 100644 0 1 A\0x\0';
    for (const size of [1, 7, 1_000]) {
      const parser = createLogParser();
      for (let at = 0; at < text.length; at += size) parser.push(text.slice(at, at + size));
      assert.deepEqual(
        parser.commits().map((commit) => commit.paths),
        [['a b', 'old', 'new'], ['new']],
      );
    }
  });

  it('gives up listing a commit that changes too much', () => {
    const parser = createLogParser();
    parser.push('\x1eabc def\0');
    for (let index = 0; index <= pathLimit; index++) parser.push(`:100644 100644 1 2 M\0f${index}\0`);
    assert.deepEqual(parser.commits(), [{ paths: null, weight: 1 }]);
  });
});
