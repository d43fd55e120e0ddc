/** Joined scripts must do what they did one after another: the hardest cases run in real shells, before and after. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { joinTexts } from '../../server/src/rules/merge';
import { type JoinPlan, planJoin } from '../../server/src/rules/merge-scripts';
import { parseScript } from '../../server/src/shell/parse';
import type { ShellScript } from '../../server/src/shell/script';

const identity = { local: (at: number) => at, span: (start: number, end: number) => ({ from: start, to: end }) };
const scriptOf = (text: string): ShellScript => parseScript(text, identity, 'posix');

function plan(texts: readonly string[], shell: readonly string[] | null = null): JoinPlan {
  return planJoin(texts.map(scriptOf), {
    shell,
    workdir: '/work',
    user: null,
    isEnvironment: (name) => name === 'env_name',
  });
}

/** The joined text; null where joining is refused. */
function joined(texts: readonly string[], shell: readonly string[] | null = null): string | null {
  const found = plan(texts, shell);
  return 'wraps' in found ? joinTexts(texts.map(scriptOf), found.wraps) : null;
}

const candidates: readonly (readonly string[])[] = [['sh'], ['dash'], ['bash'], ['busybox', 'sh']];
const found = candidates.filter(([program = '', ...args]) => {
  const { status } = spawnSync(program, [...args, '-c', 'exit 7']);
  return status === 7;
});
/** `sh` is one of the others mostly. */
const shells = found.length > 1 ? found.filter(([program]) => program !== 'sh') : found;
if (found.length < candidates.length)
  console.log(
    `MERGE TESTS: only ${found.map((shell) => shell.join(' ')).join(', ') || 'no shell'} found; the others are not tried.`,
  );

/** More of them on request: LAYERWISE_RUNS=3000 LAYERWISE_SEED=7. */
const randomRuns = Number(process.env.LAYERWISE_RUNS ?? 60);

let root = '';

/** Runs scripts, each in a shell of its own, until one fails; gives the files afterwards and whether all succeeded. */
function runAll(shell: readonly string[], options: readonly string[], scripts: readonly string[]): string {
  const work = join(root, 'work');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  let succeeded = true;
  for (const script of scripts) {
    const [program = '', ...args] = shell;
    const env = {
      PATH: `${join(root, 'bin')}:${process.env.PATH ?? ''}`,
      HOME: work,
      env_name: 'from-env',
      WORK: work,
    };
    const result = spawnSync(program, [...args, ...options, '-c', script], {
      cwd: work,
      env,
      timeout: 10_000,
      stdio: 'ignore',
    });
    succeeded = result.status === 0;
    if (!succeeded) break;
  }
  return `${succeeded ? 'succeeds' : 'fails'}\n${succeeded ? listing(work) : ''}`;
}

/** Paths with modes and contents. */
function listing(folder: string, prefix = ''): string {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const stats = lstatSync(path);
      const mode = (stats.mode & 0o7777).toString(8);
      if (stats.isDirectory()) return `${prefix}${name}/ ${mode}\n${listing(path, `${prefix}${name}/`)}`;
      return `${prefix}${name} ${mode} ${JSON.stringify(readFileSync(path, 'utf8'))}\n`;
    })
    .join('');
}

function checkSame(texts: readonly string[], options: readonly string[] = []): void {
  const shellWords = options.length > 0 ? ['/bin/sh', ...options, '-c'] : null;
  const one = joined(texts, shellWords);
  if (one === null) return;
  for (const shell of shells) {
    const before = runAll(shell, options, texts);
    const after = runAll(shell, options, [one]);
    assert.equal(
      after,
      before,
      `${shell.join(' ')} ${options.join(' ')}\n${texts.map((text) => `RUN ${text}`).join('\n')}\n=> RUN ${one}`,
    );
  }
}

describe('merging scripts', () => {
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'layerwise-merge-'));
    mkdirSync(join(root, 'bin'));
    writeFileSync(join(root, 'bin', 'tool'), '#!/bin/sh\necho tool "$@" >> tool.log\n');
    chmodSync(join(root, 'bin', 'tool'), 0o755);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const shapes: readonly (readonly [readonly string[], string])[] = [
    [['a', 'b'], 'a && b'],
    [['a && b', 'c && d'], 'a && b && c && d'],
    [['a; b', 'c'], '{ a; b; } && c'],
    [['a;', 'b;'], 'a && b'],
    [['a || b', 'c'], '{ a || b; } && c'],
    [['a', 'b || c'], 'a && { b || c; }'],
    [['a', 'b; c'], 'a && { b; c; }'],
    [['a', 'b &'], 'a && { b & }'],
    [['cd /x && a', 'b'], '(cd /x && a) && b'],
    [['cd /x && a', 'cd /y && b'], 'cd /x && a && cd /y && b'],
    [['cd /x && a', 'cd /y && b', 'c'], 'cd /x && a && (cd /y && b) && c'.replace('cd /x && a', '(cd /x && a)')],
    [['cd /x && a', 'cd y && b'], '(cd /x && a) && cd y && b'],
    [['cd /x && a', 'cd /y; b'], '(cd /x && a) && { cd /y; b; }'],
    [['(a; b)', 'c'], '(a; b) && c'],
    [['(cd /x && a) && exit 0', 'c'], '( (cd /x && a) && exit 0 ) && c'],
    [['export A=1 && a', 'b'], '(export A=1 && a) && b'],
    [['V=1.2 && curl -o x $V', 'b'], '(V=1.2 && curl -o x $V) && b'],
    [['A=1 make', 'b'], 'A=1 make && b'],
    [['for i in a b; do touch $i; done', 'b'], 'for i in a b; do touch $i; done && b'],
    [['for i in a b; do touch $i; done', 'echo $i'], '(for i in a b; do touch $i; done) && echo $i'],
    [['set -x && a', 'b'], 'set -x && a && b'],
    [['set -x && a', 'b > log 2>&1'], '(set -x && a) && b > log 2>&1'],
    [['set -ex && a', 'b && c'], 'set -ex && a && b && c'],
    [['set -e && a', 'b; c'], '(set -e && a) && { b; c; }'],
    [['set -eu && a', 'echo $X'], '(set -eu && a) && echo $X'],
    [['set -o pipefail && a | b', 'c | d'], '(set -o pipefail && a | b) && c | d'],
    [['a', 'set -e; b; c'], 'a && { set -e; b; c; }'],
    [['set -eux && a', 'set -eux && echo $X'], 'set -eux && a && set -eux && echo $X'],
    [['set -eux && a', 'set -ex && echo $X'], '(set -eux && a) && set -ex && echo $X'],
    [['pip3 install pip==25', 'pip3 install x'], '(pip3 install pip==25) && pip3 install x'],
    [['umask 077 && a', 'b'], '(umask 077 && a) && b'],
    [["trap 'x' EXIT; a", 'b'], "(trap 'x' EXIT; a) && b"],
    [['f() { a; }; f', 'b'], '(f() { a; }; f) && b'],
    [['exec a', 'b'], '(exec a) && b'],
    [['a || exit 1', 'b'], '{ a || exit 1; } && b'],
    [['a && exit', 'b'], '(a && exit) && b'],
    [['. /venv/bin/activate && pip install x', 'b'], '(. /venv/bin/activate && pip install x) && b'],
    [['pip install --upgrade pip', 'pip install x'], '(pip install --upgrade pip) && pip install x'],
    [['npm install -g npm@10', 'npm ci'], '(npm install -g npm@10) && npm ci'],
    [['pip install -U setuptools', 'pip install x'], 'pip install -U setuptools && pip install x'],
    [
      ['apt-get update', 'apt-get install -y curl', 'curl -f https://a.b/curl -o x'],
      'apt-get update && apt-get install -y curl && curl -f https://a.b/curl -o x',
    ],
    [['! a', 'b'], '! a && b'],
    [['a', 'b # comment'], 'a && b'],
    [["echo 'a & b' > f", 'b'], "echo 'a & b' > f && b"],
    [['a 2>&1 | tee f', 'b >& g'], 'a 2>&1 | tee f && b >& g'],
  ];
  for (const [texts, expected] of shapes) it(`${texts.join(' / ')}`, () => assert.equal(joined(texts), expected));

  const refused: readonly (readonly string[])[] = [
    ['set -e; a; b', 'c'],
    ['set -ex; if a; then b; fi', 'c'],
    ['set -e && (a; b)', 'c'],
    ['set -e && a || b', 'c'],
    ['set -o errexit; a', 'c'],
    ['a & b', 'c'],
    ['{ a & b; }', 'c'],
    ['a &', 'c'],
    ['service postgresql start && psql -c x', 'c'],
    ['/etc/init.d/mysql start && a', 'c'],
    ['nohup a', 'c'],
    ['mongod --fork --logpath /x && a', 'c'],
    ['a # comment', 'b'],
    ['a', 'b; c # comment'],
    ['echo "1.2.3.4 x" >> /etc/hosts', 'b'],
    ['cd / && rm -rf /work', 'b'],
    ['mv /work /other', 'b'],
    ['rm -rf ../work', 'b'],
    ['usermod -d /x root', 'b'],
    ['. ./env.sh', 'b'],
    ['a; . ./env.sh', 'b'],
    ["trap 'x' ERR; a", 'b'],
    ['./gradlew build', 'b'],
    ['cat <(a)', 'b'],
    ['a &> log', 'b'],
  ];
  for (const texts of refused) it(`refuses ${texts.join(' / ')}`, () => assert.equal(joined(texts), null));

  it('knows -e of SHELL', () => {
    const shell = ['/bin/bash', '-eo', 'pipefail', '-c'];
    assert.equal(joined(['a; b', 'c'], shell), null);
    assert.equal(joined(['a', 'b; c'], shell), 'a && { b; c; }');
    assert.equal(joined(['a | b', 'c'], shell), 'a | b && c');
  });

  const executed: readonly (readonly string[])[] = [
    ['echo a > f; false; true', 'echo b > g'],
    ['false; echo a > f', 'echo b > g'],
    ['true || false', 'echo b > g'],
    ['false', 'echo b > g || true'],
    ['false', 'echo b > g; true'],
    ['mkdir d && cd d && echo a > f', 'echo b > g'],
    ['mkdir d && cd d && echo a > f', 'echo b > g', 'cd d; echo c > h'],
    ['mkdir d && cd "$WORK/d" && pwd > f', 'pwd > g'],
    ['export env_name=new; echo $env_name > f', 'echo "$env_name" > g'],
    ['env_name=new && echo $env_name > f', "sh -c 'echo $env_name' > g"],
    ['env_name=new; echo $env_name > f', 'printenv env_name > g'],
    ['umask 077; echo a > f', 'echo b > g; mkdir d'],
    ["trap 'echo t >> t' EXIT; echo a > f", 'cat t > g'],
    ["trap 'echo t >> t' 0; false; true", 'cat t > g'],
    ['echo a > f; exit 0; echo b > f', 'echo c > g'],
    ['test -f nothing || exit 0; echo b > f', 'echo c > g'],
    ['exit 3', 'echo c > g'],
    ['exec touch f', 'touch g'],
    ['exec > out; echo a', 'echo b'],
    ['f() { echo f > f; }; f', 'f || echo none > g'],
    ['alias tool=false; tool x', 'tool y'],
    ['tool() { echo mine > m; }; tool', 'tool y'],
    ['set -u; echo a > f', 'echo "$undefined_name" > g'],
    ['set -f && echo * > f', 'touch a b; echo * > g'],
    ['set -- 1 2 3; echo $2 > f', 'echo "$#" > g'],
    ['set -e && echo a > f', 'false; echo b > g'],
    ['echo a > f', 'set -e; false; echo b > g'],
    ['echo a > f', 'set -e; if false; then echo x; fi; (false); echo b > g'],
    ['set -e && echo a > f', 'set -e; true; echo b > g'],
    ['read x < /dev/null; echo "$x" > f', 'echo "[$x]" > g'],
    ['for i in 1 2; do echo $i >> f; done', 'echo "[$i]" > g'],
    ['while read l; do echo $l >> f; done < /dev/null', 'echo b > g'],
    [': ${late:=x}; echo $late > f', 'echo "[$late]" > g'],
    ['x=$((y=3)); echo $x > f', 'echo "[$y]" > g'],
    ['if true; then cd /; fi; echo a > "$WORK/f"', 'echo b > g'],
    ['! false', 'echo b > g'],
    ['! true', 'echo b > g'],
    ['(echo a > f; exit 1) || echo c > h', 'echo b > g'],
    ['echo a | while read x; do echo $x > f; done', 'echo b > g'],
    ['case a in a) echo 1 > f;; *) exit 1;; esac', 'echo b > g'],
    ['{ echo a; echo b; } > f', '{ cat f; } > g'],
    ['false && true; echo a > f', 'false || echo b > g'],
    ['true && false || echo a > f', 'echo b > g && false || true'],
    ['cd /nonexistent || true', 'pwd > g'],
    ['umask 000', 'mkdir d'],
    ['unset env_name', 'printenv env_name > g'],
    ['eval "cd /"', 'echo b > g'],
    ['echo "cd /" > s && . ./s && true', 'echo b > g'],
    ['mkdir d; echo \'echo "cd /" > x\' > s; sh ./s', 'echo b > g'],
  ];
  for (const texts of executed) it(`does the same: ${texts.join(' / ')}`, () => checkSame(texts));

  it('remembers no program that was replaced', () => {
    const install = `mkdir -p early && PATH=$WORK/early:$PATH && tool one && printf '#!/bin/sh\\necho early >> tool.log\\n' > early/tool && chmod 755 early/tool`;
    checkSame([install, 'PATH=$WORK/early:$PATH tool two']);
  });

  it('does the same with -e in SHELL', () => {
    for (const texts of executed) checkSame(texts, ['-e']);
  }).timeout(60_000);

  it('does the same for random scripts', () => {
    let joinable = 0;
    let all = 0;
    fc.assert(
      fc.property(
        fc.array(randomScript, { minLength: 2, maxLength: 4 }),
        fc.constantFrom<readonly string[]>([], [], ['-e']),
        (texts, options) => {
          all++;
          if (joined(texts, options.length > 0 ? ['/bin/sh', ...options, '-c'] : null) === null) return;
          joinable++;
          checkSame(texts, options);
        },
      ),
      { numRuns: randomRuns, seed: Number(process.env.LAYERWISE_SEED ?? 20) },
    );
    assert.ok(joinable > all / 4, `only ${joinable} of ${all} could be joined`);
  }).timeout(60_000 + randomRuns * 200);
});

const simple = fc.constantFrom(
  'true',
  'false',
  'echo a > f',
  'echo b >> f',
  'echo c > g',
  'mkdir -p d',
  'touch d/x',
  'cd d',
  'cd /',
  'cd "$WORK"',
  'pwd > p',
  'test -f f',
  'rm -f f',
  'umask 077',
  'low=1',
  'UP=2',
  'env_name=3',
  'export UP=4',
  'echo "$low$UP" > v',
  'printenv env_name > e',
  'set -x',
  'set -e',
  'set -u',
  'set +e',
  'exit 0',
  'exit 1',
  'trap \'echo t >> "$WORK/t"\' EXIT',
  'tool 1',
  'tool() { echo fn > "$WORK/fn"; }',
  'unset env_name',
  'set -- 1 2',
  'echo $# > n',
  'low=9 tool x',
  '! false',
  'exec 3> three',
  'return 0',
  'read low < f',
);

const script = fc.letrec<{ list: string; item: string }>((tie) => ({
  item: fc.oneof(
    { weight: 9, arbitrary: simple },
    { weight: 1, arbitrary: tie('list').map((list) => `( ${list} )`) },
    { weight: 1, arbitrary: tie('list').map((list) => `{ ${list}; }`) },
    { weight: 1, arbitrary: fc.tuple(tie('list'), tie('list')).map(([a, b]) => `if ${a}; then ${b}; fi`) },
    { weight: 1, arbitrary: tie('list').map((list) => `for i in 1 2; do ${list}; done`) },
    { weight: 1, arbitrary: simple.map((command) => `${command} | wc -l > piped`) },
    { weight: 1, arbitrary: simple.map((command) => `low=$(${command}; echo s)`) },
  ),
  list: fc
    .tuple(
      tie('item'),
      fc.array(fc.tuple(fc.constantFrom(' && ', ' && ', ' && ', '; ', ' || '), tie('item')), { maxLength: 3 }),
    )
    .map(([first, more]) => first + more.map(([operator, item]) => operator + item).join('')),
}));
const randomScript = script.list;
