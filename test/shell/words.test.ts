/** What is known of a word before the shell runs. */
import assert from 'node:assert/strict';
import { script, shown } from './script';

/** [word, value, unquoted, kind, plain]. */
const words: readonly (readonly [string, string | null, string, string, boolean])[] = [
  ['abc', 'abc', 'abc', 'literal', true],
  ['/a/b-c_d.e:f=g@h,i+j%k', '/a/b-c_d.e:f=g@h,i+j%k', '/a/b-c_d.e:f=g@h,i+j%k', 'literal', true],
  ['"a b"', 'a b', 'a b', 'literal', false],
  ["'a $b'", 'a $b', 'a $b', 'literal', false],
  ['a\\ b', 'a b', 'a b', 'literal', false],
  ['"a\\"b\\$c"', 'a"b$c', 'a"b$c', 'literal', false],
  ["$'a\\tb'", 'a\tb', 'a\tb', 'literal', false],
  ['a"b"\'c\'', 'abc', 'abc', 'literal', false],
  ['""', '', '', 'literal', false],
  ['$X', null, '$X', 'expansion', false],
  ['a$X', null, 'a$X', 'expansion', false],
  ['"a $X"', null, 'a $X', 'expansion', false],
  ['$(a b)', null, '$(a b)', 'expansion', false],
  ['$((1+1))', null, '$((1+1))', 'expansion', false],
  ['*.c', null, '*.c', 'glob', false],
  ['a?', null, 'a?', 'glob', false],
  ['uvicorn[standard]', null, 'uvicorn[standard]', 'glob', false],
  ['"*.c"', '*.c', '*.c', 'literal', false],
  ['{a,b}', null, '{a,b}', 'braces', false],
  ['{}', '{}', '{}', 'literal', true],
  ['~/x', null, '~/x', 'expansion', false],
  ['-DX=~/x', '-DX=~/x', '-DX=~/x', 'literal', true],
  ['X=~/x', null, 'X=~/x', 'expansion', false],
  ['a~', 'a~', 'a~', 'literal', true],
  ['$X/*', null, '$X/*', 'expansion', false],
];

describe('words of a script', () => {
  for (const [text, value, unquoted, kind, plain] of words) {
    it(text, () => {
      const word = script(`x ${text} y`).commands[0]?.args[0];
      assert.deepEqual(
        [word?.text, word?.value, word?.unquoted, word?.kind, word?.plain],
        [text, value, unquoted, kind, plain],
      );
      assert.deepEqual([word?.start, word?.end], [2, 2 + text.length]);
    });
  }

  it('are arguments also where they assign', () => {
    const args = script('export A=1 B="$C" D').commands[0]?.args.map(({ text, value }) => [text, value]);
    assert.deepEqual(args, [
      ['A=1', 'A=1'],
      ['B="$C"', null],
      ['D', 'D'],
    ]);
  });
});

/** [script, its first command]. */
const prefixed: readonly (readonly [string, string])[] = [
  ['sudo apt-get update', '[sudo] apt-get update'],
  ['sudo -E -u root A=b apt-get update', 'A=b [sudo] apt-get update'],
  ['sudo -Hu root pip install x', '[sudo] pip install x'],
  ['sudo -- rm x', '[sudo] rm x'],
  ['sudo', 'sudo'],
  ['sudo -i', 'sudo -i'],
  ['sudo -v', 'sudo -v'],
  ['env A=1 B="x y" make', 'A=1 B="x y" [env] make'.replace('B="x y"', 'B=B="x y"')],
  ['env -i -u X make', '[env] make'],
  ['env', 'env'],
  ['env -S "a b"', 'env -S "a b"'],
  ['exec nginx -g x', '[exec] nginx -g x'],
  ['exec "$@"', '[exec] ?"$@"'],
  ['exec > log', 'exec'],
  ['exec -a name prog', '[exec] prog'],
  ['command ls', '[command] ls'],
  ['command -v curl', 'command -v curl'],
  ['command -p ls', '[command] ls'],
  ['time make', '[time] make'],
  ['/usr/bin/time -f %e make', '[time] make'],
  ['nice -n 10 make', '[nice] make'],
  ['nice make', '[nice] make'],
  ['ionice -c 3 -n 7 make', '[ionice] make'],
  ['nohup ./server', '[nohup] server'],
  ['eatmydata apt-get install x', '[eatmydata] apt-get install x'],
  ['timeout -k 5 10m make', '[timeout] make'],
  ['timeout --signal=KILL 10 make -j4', '[timeout] make -j4'],
  ['stdbuf -oL make', '[stdbuf] make'],
  ['gosu user cmd -x', '[gosu] cmd -x'],
  ['su-exec user:group cmd', '[su-exec] cmd'],
  ['xvfb-run -a npm test', '[xvfb-run] npm test'],
  ['sudo env X=1 nice apt-get update', 'X=1 [sudo env nice] apt-get update'],
  ['DEBIAN_FRONTEND=noninteractive apt-get install -y x', 'DEBIAN_FRONTEND=noninteractive apt-get install -y x'],
  ['xargs rm', 'xargs rm'],
  ['sudo $OPTS', '[sudo] ?$OPTS'],
];

describe('programs that run another one', () => {
  for (const [text, expected] of prefixed) {
    it(text, () => {
      const [command] = script(text).commands;
      assert.equal(command && shown(command), expected);
    });
  }
});
