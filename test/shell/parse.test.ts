/** Which commands a script has, in what order, and what they hang in. */
import assert from 'node:assert/strict';
import { script, shown } from './script';

/** [script, its commands]. */
const cases: readonly (readonly [string, readonly string[]])[] = [
  ['ls', ['ls']],
  ['  ls -la  ', ['ls -la']],
  ['', []],
  ['a && b || c; d & e', ['a', '&& b', '|| c', '(subshell) ; d', '& e']],
  ['a\nb\n\nc', ['a', '\\n b', '\\n c']],
  ['a &', ['(subshell) a']],
  ['a & b &', ['(subshell) a', '(subshell) & b']],
  ['a | b | c', ['(pipeline) a', '(pipeline) | b', '(pipeline) | c']],
  ['! a && b', ['a', '&& b']],
  ['(a; b)', ['(subshell) a', '(subshell) ; b']],
  ['{ a; b; }', ['(group) a', '(group) ; b']],
  ['{ a | b; }', ['(pipeline) a', '(pipeline) | b']],
  ['if a; then b; else c; fi', ['(conditional) a', '(conditional) b', '(conditional) c']],
  [
    'if a; then b; elif c; then d; fi; e',
    ['(conditional) a', '(conditional) b', '(conditional) c', '(conditional) d', '; e'],
  ],
  ['for i in 1 2; do a $i; done', ['(loop) a $i']],
  ['while read l; do a; done < f', ['(loop) read l', '(loop) a']],
  ['until a; do b; done', ['(loop) a', '(loop) b']],
  ['case $x in a) b;; *) c;; esac', ['(conditional) b', '(conditional) c']],
  ['f() { a; }; f', ['(function) a', '; f']],
  ['function f { a; }', ['(function) a']],
  ['echo $(a | b)', ['echo $(a | b)', '(substitution) a', '(substitution) | b']],
  ['echo `a`', ['echo `a`', '(substitution) a']],
  ['echo "x $(a "$(b)")"', ['echo "x $(a "$(b)")"', '(substitution) a "$(b)"', '(substitution) b']],
  ['echo `a \\`b c\\``', ['echo `a \\`b c\\``', '(substitution) a `b c`', '(substitution) b c']],
  ['X=$(a) b', ['X=$(a) b', '(substitution) a']],
  ['X=1', ['X=1']],
  ['X=1 Y="a b" cmd z', ['X=1 Y="a b" cmd z']],
  ['diff <(a) <(b)', ['diff <(a) <(b)', '(substitution) a', '(substitution) b']],
  ['(a && (b || c)) && d', ['(subshell) a', '(subshell) b', '(subshell) || c', '&& d']],
  ['for i in 1; do if a; then b; fi; done', ['(conditional) a', '(conditional) b']],
  ['if a; then for i in 1; do b; done; fi', ['(conditional) a', '(conditional) b']],
  ['f() { if a; then b; fi; }', ['(function) a', '(function) b']],
  ['[ -f x ] && rm x', ['[ -f x ]', '&& rm x']],
  ['[[ -f x ]] && rm x', ['&& rm x']],
  ['set -ex; a', ['set -ex', '; a']],
  ['a # not a && b', ['a']],
  ['a#b', ['a#b']],
  ['a \\\n && b', ['a', '&& b']],
  ['cat <<EOF > /x && b\nhello; c $(d)\nEOF\ne', ['cat', '&& b', '(substitution) d', '\\n e']],
  ["cat <<'EOF'\n$(d)\nEOF", ['cat']],
  ['/usr/bin/apt-get update', ['apt-get update']],
  ['./gradlew build', ['gradlew build']],
  ['$VENV/bin/pip install x', ['pip install x']],
  ['"$VENV/bin/pip" install x', ['pip install x']],
  ['${PIP} install x', ['?${PIP} install x']],
  ['"apt-get" install', ['apt-get install']],
  ["sh -c 'a && b'", ["sh -c 'a && b'", '(subshell) a', '(subshell) && b']],
  ['bash -exc "a; b \\"c d\\""', ['bash -exc "a; b \\"c d\\""', '(subshell) a', '(subshell) ; b "c d"']],
  ['bash -o pipefail -c "a | b"', ['bash -o pipefail -c "a | b"', '(subshell) a', '(subshell) | b']],
  ["su - postgres -c 'psql -c x'", ["su - postgres -c 'psql -c x'", '(subshell) psql -c x']],
  ["bash script.sh -c 'a'", ["bash script.sh -c 'a'"]],
  ['bash -c "echo $(a)"', ['bash -c "echo $(a)"', '(substitution) a']],
  ["eval 'a b'", ["eval 'a b'", 'a b']],
];

describe('commands of a script', () => {
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => {
      const parsed = script(text);
      assert.equal(parsed.known, true);
      assert.deepEqual(parsed.commands.map(shown), expected);
    });
  }

  it('knows nothing of what does not parse', () => {
    for (const text of [
      'a &&',
      'if a; then b',
      'echo "x',
      'a )',
      '$(a',
      'echo $(if)',
      'a | | b',
      '&& a',
      'for i in; do',
    ]) {
      const parsed = script(text);
      assert.deepEqual([text, parsed.known, parsed.commands.length], [text, false, 0]);
    }
  });

  it('knows nothing of other shells', () => {
    const parsed = script('Write-Host x', 'other');
    assert.equal(parsed.known, false);
    assert.equal(parsed.text, 'Write-Host x');
  });

  it('places every command and every plain word', () => {
    for (const [text] of cases) {
      for (const command of script(text).commands) {
        const all = [command.nameWord, ...command.args].filter((word) => word?.plain);
        for (const word of all) assert.equal(text.slice(word?.start, word?.end), word?.text);
        assert.deepEqual(command.span, { from: command.start, to: command.end });
        assert.ok(command.start <= (command.nameWord?.start ?? command.start));
      }
    }
  });

  it('says which commands stand in quotes', () => {
    const quoted = script("a && sh -c 'b; c'").commands.filter((command) => command.quoted);
    assert.deepEqual(quoted.map(shown), ['(subshell) b', '(subshell) ; c']);
  });

  it('keeps the place of words behind escapes', () => {
    const text = 'bash -c "echo \\"a b\\" cc"';
    const inner = script(text).commands[1];
    assert.equal(inner?.args[1]?.text, 'cc');
    assert.equal(text.slice(inner?.args[1]?.start, inner?.args[1]?.end), 'cc');
    const ticks = 'echo `a \\`bb\\` cc`';
    assert.deepEqual(
      script(ticks)
        .commands.slice(1)
        .map((command) => ticks.slice(command.start, command.end)),
      ['a \\`bb\\` cc', 'bb'],
    );
  });
});

describe('statements of a script', () => {
  const shape = (text: string) =>
    script(text).statements.map(({ pipelines, operators, terminator, start, end }) => [
      text.slice(start, end),
      pipelines.map((pipeline) => (pipeline.negated ? '!' : '') + pipeline.kinds.join('|')).join(' '),
      operators.join(' '),
      terminator,
    ]);

  it('are told apart by what ends them', () => {
    assert.deepEqual(shape('a && b | c || ! d; e & f'), [
      ['a && b | c || ! d', 'Command Command|Command !Command', '&& ||', ';'],
      ['e', 'Command', '', '&'],
      ['f', 'Command', '', ''],
    ]);
    assert.deepEqual(shape('a\nb;\n'), [
      ['a', 'Command', '', '\n'],
      ['b', 'Command', '', ';'],
    ]);
    assert.deepEqual(shape('a # c\nb'), [
      ['a', 'Command', '', '\n'],
      ['b', 'Command', '', ''],
    ]);
  });

  it('name the kind of what is compound', () => {
    assert.deepEqual(
      shape('if a; then b; fi; (c); { d; } > x; for i in 1; do e; done; [[ f ]]; g() { h; }').map((row) => row[1]),
      ['If', 'Subshell', 'BraceGroup', 'For', 'TestCommand', 'Function'],
    );
  });

  it('give each command the index of its statement', () => {
    assert.deepEqual(
      script('a; b && (c; echo $(d)); e').commands.map(({ name, statement }) => `${name}${statement}`),
      ['a0', 'b1', 'c1', 'echo1', 'd1', 'e2'],
    );
  });
});

describe('variables and comments of a script', () => {
  it('which it reads', () => {
    const text = 'echo $A "${B:-$C}" \'$D\' ${#E} $1 $? $(echo $F) $((G + 1)) \\$H ${!I} <<X\n$J\nX';
    assert.deepEqual([...script(text).reads].sort(), ['A', 'B', 'C', 'E', 'F', 'G', 'I', 'J']);
    assert.deepEqual([...script("sh -c 'echo $A'; printenv B; let 'x=C+1'").reads].sort(), ['A', 'B', 'C', 'x']);
  });

  it('which it assigns, for good or for one command', () => {
    const text =
      'A=1; B=2 make; export C=3 D; read -r E; for F in x; do :; done; : ${G:=1}; ((H = 1)); unset I; env J=1 k';
    const parsed = script(text);
    assert.deepEqual([...parsed.assigns].sort(), ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J']);
    const changed = parsed.variables.map(({ name, exported }) => (exported ? `${name}!` : name)).sort();
    assert.deepEqual(changed, ['A', 'C!', 'D!', 'E', 'F', 'G', 'H', 'I']);
  });

  it('where comments are', () => {
    const text = 'a # one\nb "# no" c#no \\# no # two\n#three\ncat <<X\n# no\nX\n';
    const comments = script(text).comments.map(({ from, to }) => text.slice(from, to));
    assert.deepEqual(comments, ['# one', '# two', '#three']);
  });
});

describe('redirections of a command', () => {
  it('have operator, descriptor and target', () => {
    const [command] = script('a > x 2>&1 < "y z" 2>> $LOG <<< w', 'bash').commands;
    assert.deepEqual(
      command?.redirects.map(({ operator, descriptor, target }) => [operator, descriptor, target?.unquoted ?? null]),
      [
        ['>', null, 'x'],
        ['>&', 2, '1'],
        ['<', null, 'y z'],
        ['>>', 2, '$LOG'],
        ['<<<', null, 'w'],
      ],
    );
  });

  it('know the bodies of here-documents', () => {
    const text = "cat <<A <<-'B'\nx\nA\n\ty\nB\n";
    const redirects = script(text).commands[0]?.redirects ?? [];
    assert.deepEqual(
      redirects.map(({ heredoc }) => [heredoc?.quoted, text.slice(heredoc?.start, heredoc?.end)]),
      [
        [false, 'x\n'],
        [true, '\ty\n'],
      ],
    );
  });
});
