/** Where BuildKit takes shell text from, and where it stands in the document. */
import assert from 'node:assert/strict';
import type { ShellScript } from '../../server/src/shell/script';
import { scriptsOf } from '../../server/src/shell/scripts-of';
import { parseDockerfile } from '../../server/src/syntax/parse';
import { shown } from './script';

interface Found {
  readonly scripts: readonly ShellScript[];
  /** The document's text at a place of a script. */
  readonly at: (span: { from: number; to: number }) => string;
}

/** The scripts of the last instruction. */
function found(text: string, shell: readonly string[] | null = null): Found {
  const file = parseDockerfile(text);
  const instruction = file.instructions.at(-1);
  assert.ok(instruction);
  return {
    scripts: scriptsOf(instruction.body, shell),
    at: (span) => {
      const place = instruction.at(span);
      return text.slice(place.start, place.end);
    },
  };
}

/** Form, dialect and commands of each script; and every plain word is where it says. */
function summary(text: string, shell: readonly string[] | null = null): string[] {
  const { scripts, at } = found(text, shell);
  return scripts.map(({ form, dialect, known, commands }) => {
    for (const command of commands) {
      for (const word of [command.nameWord, ...command.args]) {
        if (word?.plain && form !== 'json') assert.equal(at(word.span).replace('\\\n', ''), word.text);
      }
    }
    return `${form} ${dialect}${known ? '' : ' unknown'}: ${commands.map(shown).join(', ')}`;
  });
}

const cases: readonly (readonly [string, string, ...(readonly string[])])[] = [
  ['shell form', 'RUN a && b', 'shell posix: a, && b'],
  ['flags', 'RUN --mount=type=cache,target=/x --network=none a b', 'shell posix: a b'],
  ['continuations', 'RUN a \\\n  && b \\\n\n  # c\n  && d', 'shell posix: a, && b, && d'],
  ['a word across lines', 'RUN apt-get ins\\\ntall x', 'shell posix: apt-get install x'],
  ['CRLF', 'RUN a \\\r\n  && b\r\n', 'shell posix: a, && b'],
  ['escape', '# escape=`\nRUN a `\n  && b', 'shell posix: a, && b'],
  ['a comment at the end', 'RUN a # b', 'shell posix: a'],
  ['CMD', 'CMD a b', 'shell posix: a b'],
  ['ENTRYPOINT', 'ENTRYPOINT exec a', 'shell posix: [exec] a'],
  ['HEALTHCHECK', 'HEALTHCHECK --interval=5s CMD curl x || exit 1', 'shell posix: curl x, || exit 1'],
  ['HEALTHCHECK in exec form', 'HEALTHCHECK CMD ["curl", "x"]', 'exec posix: curl x'],
  ['HEALTHCHECK NONE', 'HEALTHCHECK NONE'],
  ['ONBUILD', 'ONBUILD RUN a && b', 'shell posix: a, && b'],
  ['exec form', 'RUN ["apt-get", "install", "-y", "a b"]', 'exec posix: apt-get install -y a b'],
  ['exec form with a shell', 'RUN ["/bin/bash", "-c", "a && b"]', 'json bash: a, && b'],
  [
    'exec form with options',
    'CMD ["bash", "-eo", "pipefail", "-c", "a | b"]',
    'json bash: (pipeline) a, (pipeline) | b',
  ],
  ['exec form of a script file', 'CMD ["sh", "run.sh"]', 'exec posix: sh run.sh'],
  ['exec form over lines', 'CMD ["a", \\\n  "b"]', 'exec posix: a b'],
  ['exec form with a prefix', 'ENTRYPOINT ["tini", "--", "node", "x.js"]', 'exec posix: [tini] node x.js'],
  ['a here-document', 'RUN <<EOF\na\nb && c\nEOF', 'heredoc posix: a, \\n b, && c'],
  ['a quoted one', "RUN <<'EOF'\na $X\nEOF", 'heredoc posix: a $X'],
  ['with tabs', 'RUN <<-EOF\n\ta\n\tb\n\tEOF', 'heredoc posix: a, \\n b'],
  ['with CRLF', 'RUN <<EOF\r\na\r\nb\r\nEOF\r\n', 'heredoc posix: a, \\n b'],
  ['with bash in its first line', 'RUN <<EOF\n#!/bin/bash\na\nEOF', 'heredoc bash: a'],
  ['with python in its first line', 'RUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF', 'heredoc other unknown: '],
  ['for a command', 'RUN cat <<EOF > /x && b\na b\nEOF', 'shell posix: cat, && b'],
  ['for python', 'RUN python3 <<EOF\nprint(1)\nEOF', 'shell posix: python3'],
  ['for bash', 'RUN bash <<EOF\na\nb\nEOF', 'shell posix: bash', 'heredoc bash: a, \\n b'],
  ['for sh with options', 'RUN sh -ex <<EOF\na\nEOF', 'shell posix: sh -ex', 'heredoc posix: a'],
  ['for sh -s', "RUN sh -s x <<'EOF'\na $X\nEOF", 'shell posix: sh -s x', 'heredoc posix: a $X'],
  ['for sh with a script', 'RUN sh x.sh <<EOF\na\nEOF', 'shell posix: sh x.sh'],
  ['two', 'RUN cat <<A <<B\nx\nA\ny\nB', 'shell posix: cat'],
  ['inside one', "RUN <<EOF\nbash <<'X'\na\nX\nb\nEOF", 'heredoc posix: bash, \\n b', 'heredoc bash: a'],
  ['nothing', 'RUN'],
  ['other instructions', 'COPY a b'],
  ['what does not parse', 'RUN a &&', 'shell posix unknown: '],
];

describe('scripts of an instruction', () => {
  for (const [name, text, ...expected] of cases) {
    it(name, () => assert.deepEqual(summary(text), expected));
  }

  it('are read by the shell of SHELL', () => {
    assert.deepEqual(summary('RUN a', ['/bin/bash', '-o', 'pipefail', '-c']), ['shell bash: a']);
    assert.deepEqual(summary('RUN a', ['powershell', '-Command']), ['shell other unknown: ']);
    assert.deepEqual(summary('RUN ["a"]', ['powershell', '-Command']), ['exec posix: a']);
  });

  it('are the same objects for the same body', () => {
    const body = parseDockerfile('RUN a').instructions[0]?.body;
    assert.ok(body);
    assert.equal(scriptsOf(body, null), scriptsOf(body, ['/bin/sh', '-c']));
    assert.notEqual(scriptsOf(body, null), scriptsOf(body, ['/bin/bash', '-c']));
  });

  it('map through the escapes of JSON', () => {
    const { scripts, at } = found('RUN ["sh", "-c", "echo \\"x\\u0041\\" \\n\\ttail end"]');
    const [script] = scripts;
    assert.equal(script?.text, 'echo "xA" \n\ttail end');
    assert.deepEqual(
      script?.commands.map((command) => at(command.span)),
      ['echo \\"x\\u0041\\"', 'tail end'],
    );
  });

  it('map through continuations, comments and here-documents', () => {
    const { scripts, at } = found('FROM x\nRUN one \\\n  # note\n  && two "a\\\nb" && cat <<EOF\nbody\nEOF\n');
    assert.deepEqual(
      scripts[0]?.commands.map((command) => at(command.span)),
      ['one', 'two "a\\\nb"', 'cat <<EOF'],
    );
    assert.equal(scripts[0]?.commands[1]?.args[0]?.text, '"ab"');
    const inner = found('RUN sh <<EOF\necho \\$X \\\n  tail\nEOF\n');
    assert.deepEqual(
      inner.scripts[1]?.commands.map((command) => inner.at(command.span)),
      ['echo \\$X \\\n  tail'],
    );
    assert.deepEqual([...(inner.scripts[1]?.reads ?? [])], ['X']);
  });
});
