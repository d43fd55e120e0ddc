/** What scripts delete, create and leave in their shell. */
import assert from 'node:assert/strict';
import { directoriesOf, removals, stateLeaks, writesOf } from '../../server/src/shell/effects';
import type { ShellDialect } from '../../server/src/shell/script';
import { script } from './script';

describe('removals of a script', () => {
  const shown = (text: string, dialect: ShellDialect = 'posix') =>
    removals(script(text, dialect)).map(
      ({ path, text: written, recursive, partial }) =>
        `${path ?? `?${written}`}${recursive ? ' -r' : ''}${partial ? ' partly' : ''}`,
    );
  const cases: readonly (readonly [string, ...(readonly string[])])[] = [
    ['rm -rf /var/lib/apt/lists/*', '/var/lib/apt/lists/* -r'],
    ['rm -f /a /b/', '/a', '/b'],
    ['rm -Rf -- "/a b" -x', '/a b -r', '-x -r'],
    ['rm -r $HOME/.cache ~/.npm "${HOME}/x"', '~/.cache -r', '~/.npm -r', '~/x -r'],
    ['rm -rf $DIR /x/$Y', '?$DIR -r', '?/x/$Y -r'],
    ['cd /tmp && rm -rf x ../y ./z', '/tmp/x -r', '/y -r', '/tmp/z -r'],
    ['cd build; rm x', 'build/x'],
    ['cd $X && rm y; cd /a; rm z', '?y', '/a/z'],
    ['(cd /tmp && rm x); rm y', '?x', 'y'],
    ['sudo rm -rf /x', '/x -r'],
    ['rmdir /x; unlink /y', '/x', '/y'],
    ['find /x -delete', '/x -r'],
    ["find /x /y -name '*.pyc' -delete", '/x -r partly', '/y -r partly'],
    ['find /x -mindepth 1 -delete', '/x/* -r'],
    ['find /x -type f -exec rm -rf {} +', '/x -r partly'],
    ['find /x -name a'],
    ['apt-get clean', '/var/cache/apt/archives -r', '/var/cache/apt -r'],
    ['apt-get dist-clean', '/var/lib/apt/lists -r', '/var/cache/apt/archives -r', '/var/cache/apt -r'],
    ['apt-get autoclean', '/var/cache/apt/archives -r partly'],
    ['yum clean all', '/var/cache/yum -r', '/var/cache/dnf -r'],
    ['pip cache purge', '~/.cache/pip -r'],
    ['npm cache clean --force', '~/.npm -r'],
    ['npm cache clean'],
    ['go clean -modcache -cache', '/go/pkg/mod -r', '~/go/pkg/mod -r', '~/.cache/go-build -r'],
    [
      'conda clean --all -y',
      '/opt/conda/pkgs -r',
      '/root/miniconda3/pkgs -r',
      '/opt/miniconda3/pkgs -r',
      '/root/micromamba/pkgs -r',
      '~/.conda/pkgs -r',
    ],
    ['apt-get remove x'],
    ['echo rm /x'],
  ];
  for (const [text, ...expected] of cases) it(text, () => assert.deepEqual(shown(text), expected));

  it('knows braces in bash only', () => {
    const text = 'rm -rf /var/{cache,log}/x';
    assert.deepEqual(shown(text, 'bash'), ['/var/cache/x -r', '/var/log/x -r']);
    assert.deepEqual(shown(text), ['?/var/{cache,log}/x -r']);
  });
});

describe('writes of a script', () => {
  const shown = (text: string) =>
    writesOf(script(text)).map(({ path, text: written, kind }) => `${kind} ${path ?? `?${written}`}`);
  const cases: readonly (readonly [string, ...(readonly string[])])[] = [
    ['mkdir -p /a /b/c', 'directory /a', 'directory /b/c'],
    ['mkdir -m 755 x', 'directory x'],
    ['touch /a', 'file /a'],
    ['curl -fsSL https://x/y.tgz -o /tmp/y.tgz', 'file /tmp/y.tgz'],
    ['curl -fsSLo /tmp/y https://x/y', 'file /tmp/y'],
    ['cd /tmp && curl -O https://x/y.tgz?z=1', 'file /tmp/y.tgz'],
    ['curl https://x | sh'],
    ['curl -o- https://x'],
    ['curl -O https://x/$V.tgz'],
    ['wget https://x/y.tgz', 'file y.tgz'],
    ['wget -qO /tmp/y https://x/y', 'file /tmp/y'],
    ['wget -qO- https://x | tar -xz -C /opt', 'tree /opt'],
    ['wget -P /tmp https://x/y.tgz', 'file /tmp/y.tgz'],
    ['tar xzf y.tgz', 'tree '],
    ['tar -xzf y.tgz -C /opt --strip-components=1', 'tree /opt'],
    ['tar -czf y.tgz /x'],
    ['unzip -q x.zip -d /opt', 'tree /opt'],
    ['cp a b /c', 'any /c'],
    ['cp -t /c a', 'tree /c'],
    ['mv /a /b', 'any /b'],
    ['install -d /x && install -m 755 a /usr/bin/a', 'directory /x', 'any /usr/bin/a'],
    ['ln -s /a /b', 'any /b'],
    ['git clone --depth 1 -b v1 https://x/y.git', 'tree y'],
    ['git clone https://x/y /src', 'tree /src'],
    ['echo x > /a && echo y >> b', 'file /a', 'file b'],
    ['echo x > /dev/null 2>&1'],
    ['echo x | tee /a /b', 'file /a', 'file /b'],
    ['curl https://x | gpg --dearmor -o /k.gpg', 'file /k.gpg'],
    ['a || touch /x'],
    ['if a; then touch /x; fi'],
    ['touch $X', 'file ?$X'],
  ];
  for (const [text, ...expected] of cases) it(text, () => assert.deepEqual(shown(text), expected));
});

describe('directories of a script', () => {
  const shown = (text: string) => {
    const parsed = script(text);
    return parsed.commands.map((command) => directoriesOf(parsed).get(command) ?? null);
  };
  it('follow cd', () => {
    assert.deepEqual(shown('a; cd x; b; cd ../y/z; c; cd /r; d; cd; e; cd -; f'), [
      '',
      '',
      'x',
      'x',
      'y/z',
      'y/z',
      '/r',
      '/r',
      '~',
      '~',
      null,
    ]);
    assert.deepEqual(shown('(cd x; a); b'), [null, null, '']);
    assert.deepEqual(shown('if a; then cd x; fi; b'), ['', null, null]);
    assert.deepEqual(shown('{ cd x; }; b'), ['', 'x']);
    assert.deepEqual(shown('cd $X; b; cd y; c; pushd /z; d; popd; e'), ['', null, null, null, null, '/z', '/z', null]);
  });
});

describe('what leaks out of a script', () => {
  const shown = (text: string, dialect: ShellDialect = 'posix') =>
    stateLeaks(script(text, dialect)).map(
      ({ kind, detail, exported }) => `${kind}${detail ? ` ${detail}` : ''}${exported ? '!' : ''}`,
    );
  const cases: readonly (readonly [string, ...(readonly string[])])[] = [
    ['apt-get update && apt-get install -y x'],
    ['cd /x && make', 'directory'],
    ['(cd /x && make)'],
    ['(cd /x) | a'],
    ['pushd x; popd', 'directory', 'directory'],
    ['A=1 make'],
    ['A=1; make $A', 'variable A'],
    ['export A=1 B', 'variable A!', 'variable B!'],
    ['declare -x A=1', 'variable A!'],
    ['unset A', 'variable A'],
    ['for i in 1 2; do a; done', 'variable i'],
    ['read x < f', 'variable x'],
    ['echo x | read y'],
    ['set -ex; a', 'option -ex'],
    ['set -o pipefail', 'option -o pipefail'],
    ['set -- a b', 'parameters -- a b'],
    ['shopt -s globstar', 'option -s globstar'],
    ['umask 022', 'umask 022'],
    ['umask'],
    ["trap 'rm x' EXIT", 'trap'],
    ['alias a=b', 'alias'],
    ['f() { a; }; f', 'function f'],
    ['exec 2>&1', 'redirect'],
    ['exec make', 'exit'],
    ['exit 0', 'exit'],
    ['(exit 1)'],
    ['a || exit 1'],
    ['a || exit', 'exit'],
    ['a || exit $?', 'exit'],
    ['ulimit -n 10', 'limit'],
    ['. /etc/profile', 'source'],
    ['source x', 'source'],
    ['eval "$x"', 'source', 'unknown'],
    ['a &', 'background'],
    ['service postgresql start && psql', 'process service'],
    ['/etc/init.d/mysql start', 'process mysql'],
    ['nginx -t'],
    ['$CMD x', 'unknown'],
    ['$DIR/bin/x y'],
    ['make && echo $(cd /x && pwd)'],
    ['a &> /dev/null', 'background'],
    ['if', 'unknown'],
  ];
  for (const [text, ...expected] of cases) it(text, () => assert.deepEqual(shown(text), expected));

  it('reads &> as bash does in bash', () => assert.deepEqual(shown('a &> /dev/null', 'bash'), []));
});
