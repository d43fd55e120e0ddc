/** Scripts joined by `&&` do what they did one after the other: as real shells judge it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { groupingNeeded, stateLeaks } from '../../server/src/shell/effects';
import { seededRandom } from '../harness/corpus';
import { script } from './script';

describe('joining scripts', () => {
  const shown = (text: string, stops = false) => {
    const { asFirst, asMiddle, asLast, inParentheses, obstacles } = groupingNeeded(script(text), stops);
    return [
      asFirst,
      asMiddle,
      asLast,
      ...(inParentheses ? [] : ['!()']),
      ...new Set(obstacles.map(({ kind }) => kind)),
    ].join(' ');
  };
  const cases: readonly (readonly [string, string])[] = [
    ['a', 'none none none'],
    ['a && b', 'none none none'],
    ['a && b;', 'none none none'],
    ['a | b', 'none none none'],
    ['! a', 'none none none'],
    ['if a; then b; fi', 'none none none'],
    ['(a; b)', 'none none none'],
    ['a || b', 'none braces braces'],
    ['a; b', 'none braces braces'],
    ['set -e; a', 'none impossible braces !() errexit'],
    ['set -e; a; for i in 1; do b; done', 'impossible impossible braces !() errexit'],
    ['set -e; a; f', 'none impossible braces !() errexit'],
    ['f() { a; b; }; set -e; f', 'impossible impossible braces !() errexit'],
    ['a && exit 0', 'impossible impossible none exit'],
    ['a || exit 1', 'none braces braces'],
    ['a || exit', 'impossible impossible braces exit'],
    ['exec a', 'impossible impossible none exit'],
    ['(exit 1)', 'none none none'],
    ['a &', 'impossible impossible impossible !() background'],
    ['a # b', 'impossible impossible impossible !() comment'],
    ['cat <<X\na\nX\n', 'impossible impossible impossible !() newline heredoc'],
    ['a\nb', 'impossible impossible impossible !() newline'],
    ['test $? = 0', 'impossible impossible impossible !() status'],
    ['a && echo $?', 'none none none'],
    ['', 'impossible impossible impossible !() empty'],
    ['a &&', 'impossible impossible impossible !() unknown'],
  ];
  for (const [text, expected] of cases) it(JSON.stringify(text), () => assert.equal(shown(text), expected));

  it('minds a shell that stops at failures', () => {
    assert.equal(shown('a; b', true), 'none impossible braces !() errexit');
    assert.equal(shown('a && b', true), 'none none none');
    assert.equal(shown('(a; b)', true), 'impossible impossible none !() errexit');
  });

  it('says what to keep of the text', () => {
    const { start, end } = groupingNeeded(script('  a && b ; '));
    assert.equal('  a && b ; '.slice(start, end), 'a && b');
  });

  it('keeps output and status in real shells', function () {
    const shells = ['sh', 'bash'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);
    if (process.platform === 'win32' || shells.length === 0) return this.skip();
    this.timeout(60_000);
    const random = seededRandom(7);
    let joined = 0;
    for (let round = 0; round < 150; round++) {
      const parts = Array.from({ length: 2 + (round % 2) }, (_, at) => randomScript(random, at * 100));
      const stops = round % 3 === 0;
      const text = joinAll(parts, stops);
      if (text === null) continue;
      joined++;
      const shell = shells[round % shells.length] ?? 'sh';
      assert.deepEqual(run(shell, stops, [text]), run(shell, stops, parts), `${shell}${stops ? ' -e' : ''}: ${text}`);
    }
    assert.ok(joined > 40, `only ${joined} could be joined`);
  });
});

/** The scripts as one; null where that is not possible. */
function joinAll(parts: readonly string[], stops: boolean): string | null {
  const texts: string[] = [];
  for (const [at, part] of parts.entries()) {
    const parsed = script(part);
    const { asFirst, asMiddle, asLast, inParentheses, start, end } = groupingNeeded(parsed, stops);
    const isLast = at === parts.length - 1;
    const grouping = at === 0 ? asFirst : isLast ? asLast : asMiddle;
    // The loop's variable is not read by anybody.
    const leaks = stateLeaks(parsed).filter(({ detail }) => detail !== 'i');
    if (inParentheses && (leaks.length > 0 || part.length % 5 === 0)) {
      texts.push(`( ${part.slice(start, end)} )`);
      continue;
    }
    if (grouping === 'impossible' || (!isLast && leaks.length > 0)) return null;
    texts.push(grouping === 'braces' ? `{ ${part.slice(start, end)}; }` : part.slice(start, end));
  }
  return texts.join(' && ');
}

/** Output and success of scripts that run one after the other, each in a shell of its own, until one fails. */
function run(shell: string, stops: boolean, parts: readonly string[]): { output: string; ok: boolean } {
  let output = '';
  for (const part of parts) {
    const { stdout, status } = spawnSync(shell, [stops ? '-ec' : '-c', part], { encoding: 'utf8' });
    output += stdout;
    if (status !== 0) return { output, ok: false };
  }
  return { output, ok: true };
}

/** A script of commands that say that they ran, and fail at times. */
function randomScript(random: () => number, from: number): string {
  let count = from;
  const pick = (choices: readonly string[]) => choices[Math.floor(random() * choices.length)] ?? '';
  const simple = () => {
    count++;
    return random() < 0.6 ? `echo ${count}` : `sh -c 'echo ${count}; exit 1'`;
  };
  const command = (depth: number): string => {
    const kind = random();
    if (depth === 0 || kind < 0.55) return simple();
    if (kind < 0.62) return `{ ${list(depth - 1)}; }`;
    if (kind < 0.69) return `( ${list(depth - 1)} )`;
    if (kind < 0.75) return `if ${simple()}; then ${list(depth - 1)}; else ${list(depth - 1)}; fi`;
    if (kind < 0.8) return `for i in 1 2; do ${list(depth - 1)}; done`;
    if (kind < 0.85) return `! ${simple()}`;
    if (kind < 0.88) return `${simple()} | cat`;
    if (kind < 0.92)
      return pick([
        'cd /',
        'X=1',
        'exit 0',
        'exit 3',
        'f() { echo f; }',
        'pwd',
        'echo ${X-none}',
        'trap "echo t" EXIT',
      ]);
    return `echo $( ${list(depth - 1)} )`;
  };
  const chain = (depth: number): string => {
    let text = command(depth);
    while (random() < 0.35) text += ` ${pick(['&&', '||'])} ${command(depth)}`;
    return text;
  };
  const list = (depth: number): string => {
    let text = chain(depth);
    while (random() < 0.3) text += `; ${chain(depth)}`;
    return text;
  };
  const text = list(2);
  return random() < 0.2 ? `set -e; ${text}` : text;
}
